import { describe, expect, it } from 'vitest'
import type { GroupMemory } from '../../../../src/recovery/model/group.ts'
import {
  asNoted,
  firstSeen,
  groupChanges,
  type Look,
  withGroupsSince,
} from '../../../../src/recovery/rules/groups.ts'
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

const routine: Look = { kind: 'routine', about: new Set(), counted: new Map() }

function changes(ids: readonly string[] | undefined, memory = leads, look = routine) {
  const members = new Map(ids === undefined ? [] : [['S0LEADS', ids]])
  return groupChanges({ at: noon, members }, remembered(memory), look, terms)
}

const crowd = Array.from({ length: 50 }, (_, n) => `U0N${n}`)
const withCrowd = ['U0MIA', 'U0NOOR', ...crowd]

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
      cameDecideFrom: later(24 * 60 * minute).toISOString(),
      nobodyUntil: later((24 * 60 - 2) * minute).toISOString(),
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

  it('names twenty of many, remembers no others, and leaves those to the next', () => {
    const [first] = changes(withCrowd)
    expect(first?.entry.data).toMatchObject({ came: crowd.slice(0, 20), cameInAll: 50 })
    expect([...(first?.memory.members.keys() ?? [])]).toEqual(withCrowd.slice(0, 22))
    expect(first?.unnamed).toEqual(new Set(crowd.slice(20).map((id) => `+${id}`)))
    const [second] = changes(withCrowd, first?.memory)
    expect(second?.entry.data).toMatchObject({ came: crowd.slice(20, 40), cameInAll: 30 })
    const [third] = changes(['U0MIA'], {
      ...leads,
      members: new Map(withCrowd.map((id) => [id, 0])),
    })
    expect(third?.entry.data).toMatchObject({ went: ['U0NOOR', ...crowd.slice(0, 19)] })
    expect(third?.memory.members.size).toBe(32)
  })

  it('names first whose right is asked for', () => {
    const [change] = changes(withCrowd, leads, { ...routine, about: new Set(['U0N49']) })
    expect(change?.entry.data).toMatchObject({ came: ['U0N49', ...crowd.slice(0, 19)] })
    expect(change?.isAbout).toBe(true)
  })

  it('goes on with a crowd that was counted, unless somebody else is in it, or another memory', () => {
    const [first] = changes(withCrowd)
    const { memory = leads, unnamed = new Set<string>() } = first ?? {}
    const counted = (version: number) => ({
      ...routine,
      counted: new Map([['S0LEADS', { version, changes: unnamed }]]),
    })
    const [next] = changes(withCrowd, memory, counted(memory.version))
    expect(next?.entry.data).toMatchObject({ continues: true })
    const [other] = changes([...withCrowd, 'U0ANA'], memory, counted(memory.version))
    expect(other?.entry.data).not.toHaveProperty('continues')
    const [later] = changes(withCrowd, memory, counted(memory.version - 1))
    expect(later?.entry.data).not.toHaveProperty('continues')
  })

  it('is all that it shows, for whoever only looks', () => {
    const seen = { at: noon, members: new Map([['S0LEADS', withCrowd]]) }
    const noted = asNoted(seen, remembered(), routine, terms)
    expect(noted.get('S0LEADS')?.members.size).toBe(52)
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

  it('who is not remembered holds nothing by it', () => {
    expect(someone('U0ANA').groups).not.toContain('S0LEADS')
    expect(someone('U0MIA').groups).toContain('S0LEADS')
  })
})
