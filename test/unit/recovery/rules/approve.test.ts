/** What an approval leaves behind. Who may give one is in deciding.test.ts. */

import { describe, expect, it } from 'vitest'
import type { Pending, RecoveryRequest } from '../../../../src/recovery/model/request.ts'
import type { Person } from '../../../../src/recovery/ports/directory.ts'
import {
  type ApproveFacts,
  approvalsNeeded,
  approve,
  cannotApprove,
  idToType,
  isPrivileged,
  nameToType,
  stillMissing,
  validApprovals,
} from '../../../../src/recovery/rules/approve.ts'
import { entryAbout, expectRefused, moved, ordered } from '../../../support/decisions.ts'
import {
  account,
  ada,
  approved,
  grace,
  later,
  mary,
  minute,
  noon,
  pending,
  policy,
  someone,
  terms,
} from '../../../support/examples.ts'

const among = new Map([ada, grace, mary].map((one) => [one.id, one]))
const soon = later(minute)
const needsTwo = pending({ tier: 'privileged', approvalsNeeded: 2 })

function approving(
  request: RecoveryRequest,
  differs: Partial<ApproveFacts> = {},
  by: Person = grace,
) {
  const facts = { participants: among, seenVersion: 1, since: noon, ...differs }
  return approve(request, by, facts, terms(soon))
}

describe('an approval', () => {
  it('is the last one needed', () => {
    const { request, entry, jobs, consumes, ...more } = moved(approving(pending()))
    expect(request).toEqual({
      ...pending(),
      version: 2,
      state: 'approved',
      approvals: [{ by: grace.id, at: soon }],
    })
    expect(entry).toEqual(
      entryAbout(request, grace, {
        type: 'request.approved',
        heldBy: 'S0LEADS',
        approvals: 1,
        approvalsNeeded: 1,
        complete: true,
      }),
    )
    expect(ordered(jobs)).toEqual([
      'execute | effect REQ-0000000001 | 1 min',
      'draw-card | card REQ-0000000001 | 1 min',
      'tell-requester | requester REQ-0000000001 | 1 min',
    ])
    expect(consumes).toHaveLength(1)
    expect(more).toEqual({})
  })

  it('is the first of two', () => {
    const { request, entry, jobs } = moved(approving(needsTwo))
    expect(request).toEqual({
      ...needsTwo,
      version: 2,
      approvals: [{ by: grace.id, at: soon }],
    })
    expect(entry.data).toEqual({
      account: 'Jane Doe',
      heldBy: 'S0SECURITY',
      approvals: 1,
      approvalsNeeded: 2,
      complete: false,
    })
    expect(ordered(jobs)).toEqual([
      'draw-card | card REQ-0000000001 | 1 min',
      'tell-requester | requester REQ-0000000001 | 1 min',
    ])
  })

  it('tells the owner where they can be told', () => {
    const { jobs } = moved(approving(pending({ ownerReach: 'slack' })))
    expect(ordered(jobs)).toContain('tell-owner | owner REQ-0000000001 | 1 min')
    for (const ownerReach of ['not-verified', 'not-in-slack'] as const) {
      expect(moved(approving(pending({ ownerReach }))).jobs).toHaveLength(3)
    }
  })

  it('says who is missing yet', () => {
    const from = [
      { kind: 'group', id: 'S0SECURITY' },
      { kind: 'group', id: 'S0HEADS' },
    ] as const
    const { request, entry } = moved(
      approving(pending({ from, missing: ['S0SECURITY', 'S0HEADS'] })),
    )
    expect(request).toMatchObject({ state: 'pending', missing: ['S0HEADS'] })
    expect(entry.data).toMatchObject({ complete: false, missing: ['S0HEADS'] })
  })

  it('is refused, and the refusal is in the ledger', () => {
    expect(approving(approved())).toEqual({
      kind: 'refused',
      why: 'already-decided',
      request: approved(),
      entry: entryAbout(approved(), grace, {
        type: 'decision.refused',
        attempt: 'approve',
        why: 'already-decided',
      }),
    })
  })

  it('is refused while the owner says that somebody else is at work', () => {
    expectRefused(approving(pending(), { isFrozen: true }), 'account-frozen')
    expect(approving(pending(), { isFrozen: false }).kind).toBe('moved')
  })
})

describe('reading a request', () => {
  const readFor = (ms: number | undefined, now = policy) =>
    approve(
      pending(),
      grace,
      {
        participants: among,
        seenVersion: 1,
        since: ms === undefined ? undefined : later(-ms, soon),
      },
      terms(soon, now),
    )

  it('takes as long as the policy says', () => {
    expectRefused(readFor(2_999), 'too-fast')
    expect(readFor(3_000).kind).toBe('moved')
    expectRefused(readFor(undefined), 'too-fast')
  })

  it('takes no time where the policy asks for none', () => {
    const quick = { ...policy, minimumReadingTimeMs: 0 }
    expect(readFor(0, quick).kind).toBe('moved')
    expect(readFor(undefined, quick).kind).toBe('moved')
  })
})

describe('whether somebody could approve, asked before the window opens', () => {
  const why = (request: RecoveryRequest, by = grace) =>
    cannotApprove(request, by, { participants: among, seenVersion: 1 }, terms(soon))

  it('is asked of the same rules', () => {
    expect(why(pending())).toBeUndefined()
    expect(why(pending(), ada)).toBe('not-an-approver')
    expect(why({ ...needsTwo, approvals: [{ by: grace.id, at: noon }] })).toBe('already-approved')
    expect(why(pending({ requestedBy: someone('U0SAM').id }))).toBe('requester-left')
    expect(why(pending({ owner: ada.id }))).toBe('requesters-account')
  })
})

describe('a privileged account', () => {
  const named = (name: string, differs: Partial<Pending> = {}) =>
    pending({ ...differs, seen: { ...pending().seen, name } })
  const privilegedTier = {
    ...policy,
    tiers: policy.tiers.map((tier) => ({ ...tier, privileged: true })),
  }

  it('is one that was when it was asked for, or is today', () => {
    expect(isPrivileged(pending(), policy)).toBe(false)
    expect(isPrivileged(pending({ privileged: true }), policy)).toBe(true)
    expect(isPrivileged(pending(), privilegedTier)).toBe(true)
    expect(isPrivileged(pending({ tier: 'gone' }), privilegedTier)).toBe(false)
  })

  it('needs no name to be typed where it is none', () => {
    expect(approving(pending(), { typed: 'nobody' }).kind).toBe('moved')
  })

  it.each([
    ['its name', 'Jane Doe', 'Jane Doe'],
    ['its name on one line', ' Jane\nDoe ', 'Jane Doe'],
    ['its name of sixty characters', 'x'.repeat(60), 'x'.repeat(60)],
    ['the end of its id, where the name is longer', 'x'.repeat(61), '111111'],
    ['the end of its id, where the name is an address', 'jane@example.com', '111111'],
    ['the end of its id, where an address is in it', 'Jane (jane@example.com)', '111111'],
    ['the end of its id, where the name is masked', 'j***', '111111'],
    ['the end of its id, where there is no name', '', '111111'],
  ])('is named by %s', (_, name, expected) => {
    expect(nameToType(named(name))).toBe(expected)
  })

  it('has an id that ends in six characters', () => {
    const sub = '0a1b2c3d-4e5f-4a6b-8c7d-9e8f7a6b5c4d' as Pending['account']['sub']
    expect(idToType(pending({ account: { ...account().ref, sub } }))).toBe('6b5c4d')
  })

  it('is approved by the end of its id as well as by its name', () => {
    const request = pending({ privileged: true })
    expect(approving(request, { typed: 'jane  DOE' }).kind).toBe('moved')
    expect(approving(request, { typed: '111111' }).kind).toBe('moved')
    expectRefused(approving(request, { typed: 'Jane' }), 'name-mismatch')
    expectRefused(approving(request), 'name-mismatch')
  })
})

describe('approvals that count', () => {
  const two = pending({
    tier: 'privileged',
    approvals: [grace, mary].map(({ id }) => ({ by: id, at: noon })),
  })
  const valid = (people: readonly Person[]) => {
    const participants = new Map(people.map((one) => [one.id, one]))
    const { approvals, givers } = validApprovals(two, { participants }, terms(soon))
    return [approvals.map(({ by }) => by), givers.map(({ id }) => id)]
  }

  it('are those whose givers may still decide, each human being’s once', () => {
    expect(valid([ada, grace, mary])).toEqual([
      [grace.id, mary.id],
      [grace.id, mary.id],
    ])
    expect(valid([ada, mary])).toEqual([[mary.id], [mary.id]])
    expect(valid([ada, grace, someone(mary.id, [])])).toEqual([[grace.id], [grace.id]])
    const same = { ...mary, subjects: [mary.id, grace.id] }
    expect(valid([ada, grace, same])).toEqual([[grace.id], [grace.id]])
  })

  it('are as many as at the opening, or as the policy asks for today', () => {
    expect(approvalsNeeded(pending({ approvalsNeeded: 3 }), policy)).toBe(3)
    expect(approvalsNeeded(pending({ tier: 'privileged' }), policy)).toBe(2)
    expect(approvalsNeeded(pending({ tier: 'gone' }), policy)).toBe(1)
  })

  it('F4 are not stood for by whoever has just come into the group', () => {
    const from = [{ kind: 'group', id: 'S0LEADS' }] as const
    const since = (minutes: number) => ({
      ...grace,
      groupsSince: new Map([['S0LEADS', later(-minutes * minute)]]),
    })
    const missing = (one: Person) =>
      stillMissing({ tier: 'standard', from }, [one], { policy, now: noon })
    expect(missing(grace)).toEqual([])
    expect(missing(since(24 * 60))).toEqual([])
    expect(missing(since(24 * 60 - 1))).toEqual(['S0LEADS'])
  })

  it('are of those whom the policy asked for then, and asks for today, each named once', () => {
    const group = (id: string) => ({ kind: 'group', id }) as const
    const today = {
      ...policy,
      tiers: policy.tiers.map((tier) => ({ ...tier, from: [group('S0LEADS'), group('S0HEADS')] })),
    }
    const missing = (from: readonly string[], by: readonly Person[], tier = 'standard') =>
      stillMissing({ tier, from: from.map(group) }, by, { policy: today, now: noon })
    expect(missing(['S0HEADS', 'S0SECURITY'], [])).toEqual(['S0HEADS', 'S0SECURITY', 'S0LEADS'])
    expect(missing(['S0SECURITY'], [grace])).toEqual(['S0HEADS'])
    expect(missing(['S0SECURITY'], [], 'gone')).toEqual(['S0SECURITY'])
    expect(stillMissing({ tier: 'gone' }, [], { policy: today, now: noon })).toEqual([])
  })
})
