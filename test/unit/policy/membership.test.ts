import { describe, expect, it } from 'vitest'
import { lineOf, memberWait, settled } from '../../../src/policy/membership.ts'
import type { Principal } from '../../../src/policy/policy.ts'

const noon = new Date('2026-11-22T12:00:00Z')
const hour = 60 * 60_000
const ago = (hours: number) => new Date(noon.getTime() - hours * hour)
const group = (id: string): Principal => ({ kind: 'group', id })
const user = (id: string): Principal => ({ kind: 'user', id })

const ana = {
  id: 'U0ANA',
  groups: ['S0OLD', 'S0LEADS', 'S0HEADS'],
  subjects: ['U0ANA'],
  groupsSince: new Map([
    ['S0LEADS', ago(2)],
    ['S0HEADS', ago(1)],
  ]),
}

describe('F4 somebody who came into groups', () => {
  it.each<[string, number, string[]]>([
    ['none where nobody waits', 0, ['S0OLD', 'S0LEADS', 'S0HEADS']],
    ['none whose wait ends at that very moment', hour, ['S0OLD', 'S0LEADS', 'S0HEADS']],
    ['the newer ones', hour + 1, ['S0OLD', 'S0LEADS']],
    ['all but what they were in from the beginning', 24 * hour, ['S0OLD']],
  ])('is without %s', (_, waitMs, groups) => {
    const { groupsSince, ...rest } = ana
    expect(settled(ana, waitMs, noon)).toEqual({ ...rest, groups })
    expect(groupsSince.size).toBe(2)
  })

  it.each<[string, Principal[], string | undefined]>([
    ['their own line', [group('S0OLD'), user('U0ANA')], 'U0ANA'],
    ['the group they were in from the beginning', [group('S0LEADS'), group('S0OLD')], 'S0OLD'],
    ['the group they came into first', [group('S0HEADS'), group('S0LEADS')], 'S0LEADS'],
    ['no line where none names them', [group('S0NONE'), user('U0BOB')], undefined],
  ])('holds a right by %s', (_, lines, id) => {
    expect(lineOf(lines, ana)?.id).toBe(id)
  })

  it('waits for the first of their groups, those of the escalation among them', () => {
    const tier = {
      approvers: [group('S0HEADS'), user('U0MIA')],
      escalation: { to: [group('S0LEADS')], afterMs: hour },
      newMembersWaitMs: 24 * hour,
    }
    const { approvers } = tier
    const until = (since: Date) => new Date(since.getTime() + 24 * hour)
    expect(memberWait(tier, ana, 0)).toEqual({
      group: 'S0HEADS',
      since: ago(1),
      until: until(ago(1)),
      deciders: approvers,
    })
    expect(memberWait(tier, ana, hour)).toMatchObject({ group: 'S0LEADS', until: until(ago(2)) })
    expect(memberWait({ ...tier, approvers: [group('S0OLD')] }, ana, 0)).toBeUndefined()
  })
})
