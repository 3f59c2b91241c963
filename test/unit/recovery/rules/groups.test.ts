import { describe, expect, it } from 'vitest'
import type { GroupMemory } from '../../../../src/recovery/model/group.ts'
import { firstSeen, groupChanges, withGroupsSince } from '../../../../src/recovery/rules/groups.ts'
import { grace, later, minute, noon, policy } from '../../../support/examples.ts'

const terms = { policy, now: noon }

const leads: GroupMemory = {
  group: 'S0LEADS',
  version: 3,
  lookedAt: later(-minute),
  members: new Map([
    ['U0MIA', 0],
    ['U0NOOR', later(-2 * minute).getTime()],
  ]),
  isGone: false,
}

const remembered = (memory = leads) => new Map([[memory.group, memory]])

function changes(ids: readonly string[] | undefined, memory = leads) {
  const members = new Map(ids === undefined ? [] : [['S0LEADS', ids]])
  return groupChanges({ at: noon, members }, remembered(memory), 'routine', terms)
}

describe('F4 a look at a group', () => {
  it('says who came and went, and keeps since when the others are there', () => {
    const [change, ...more] = changes(['U0NOOR', 'U0ANA'])
    expect(more).toEqual([])
    expect(change?.entry.data).toEqual({
      group: 'S0LEADS',
      look: 'routine',
      came: ['U0ANA'],
      cameInAll: 1,
      went: ['U0MIA'],
      wentInAll: 1,
      members: 2,
    })
    expect(change?.memory).toEqual({
      ...leads,
      version: 4,
      lookedAt: noon,
      members: new Map([
        ['U0NOOR', later(-2 * minute).getTime()],
        ['U0ANA', noon.getTime()],
      ]),
    })
  })

  it('names twenty of many, and counts the rest', () => {
    const crowd = Array.from({ length: 500 }, (_, n) => `U0N${n}`)
    const [change] = changes(['U0MIA', 'U0NOOR', ...crowd])
    expect(change?.entry.data).toMatchObject({ came: crowd.slice(0, 20), cameInAll: 500 })
  })

  it('says nothing where nothing changed', () => {
    expect(changes(['U0NOOR', 'U0MIA'])).toEqual([])
    expect(changes(undefined, { ...leads, isGone: true })).toEqual([])
  })

  it('forgets nobody while the group is gone', () => {
    const [gone] = changes(undefined)
    expect(gone?.entry.data).toEqual({ group: 'S0LEADS', look: 'routine', gone: true })
    expect(gone?.memory.members).toEqual(leads.members)
    const [back] = changes(['U0MIA', 'U0NOOR'], gone?.memory)
    expect(back?.entry.data).toMatchObject({ back: true, members: 2 })
    expect(back?.memory).toMatchObject({ members: leads.members, isGone: false, version: 5 })
    const [other] = changes(['U0MIA', 'U0ANA'], gone?.memory)
    expect(other?.entry.data).toMatchObject({ came: ['U0ANA'], went: ['U0NOOR'] })
  })

  it('for the first time is the beginning, only of groups that are not remembered', () => {
    const seen = { at: noon, members: new Map([['S0SUPPORT', ['U0SAM']]]) }
    const first = firstSeen(policy, seen, remembered())
    expect(first.map(({ group }) => group)).not.toContain('S0LEADS')
    expect(first.find(({ group }) => group === 'S0SUPPORT')?.members).toEqual(
      new Map([['U0SAM', 0]]),
    )
  })
})

describe('F4 somebody in a group', () => {
  const someone = (id: string) => withGroupsSince({ ...grace, id: id as never }, remembered(), noon)

  it('has been there from the beginning, or since they were first seen', () => {
    expect(someone('U0MIA').groupsSince?.has('S0LEADS')).toBe(false)
    expect(someone('U0NOOR').groupsSince?.get('S0LEADS')).toEqual(later(-2 * minute))
  })

  it('who is not remembered has come into it now', () => {
    expect(someone('U0ANA').groupsSince?.get('S0LEADS')).toEqual(noon)
  })
})
