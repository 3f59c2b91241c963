/** The intent that is written down before a call, and what stands in its way. */

import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/ids.ts'
import type { Effect } from '../../../../src/recovery/model/effect.ts'
import type {
  Approved,
  Executing,
  RecoveryRequest,
} from '../../../../src/recovery/model/request.ts'
import { claim, claimAgain, type FirstClaimFacts } from '../../../../src/recovery/rules/claim.ts'
import {
  deadlineOf,
  noLongerAsApproved,
  obstacle,
} from '../../../../src/recovery/rules/obstacle.ts'
import type { Sealed } from '../../../../src/sealing/password-sealer.ts'
import { entryAbout, moved, ordered } from '../../../support/decisions.ts'
import {
  account,
  ada,
  approved,
  availableMethods,
  effect,
  effectId,
  eve,
  executing,
  grace,
  later,
  mary,
  minute,
  noon,
  policy,
  someone,
  terms,
} from '../../../support/examples.ts'

const soon = later(minute)
const limit = { ...policy.limits.executionsOverall, name: 'executionsOverall', of: 'all' }
const told = [
  'draw-card | card REQ-0000000001 | 1 min',
  'tell-requester | requester REQ-0000000001 | 1 min',
]
const people = (...them: (typeof ada)[]) => new Map(them.map((one) => [one.id, one]))
const closed = { ...availableMethods, reset: { open: false, because: 'disabled' } } as const

function facts(differs: Partial<FirstClaimFacts> = {}): FirstClaimFacts {
  return {
    account: account(),
    participants: people(ada, grace, mary),
    effectId,
    sealed: undefined,
    earlier: [],
    ...differs,
  }
}

function claimed(request: Approved = approved(), differs: Partial<FirstClaimFacts> = {}) {
  return moved(claim(request, facts(differs), terms(soon)))
}

const intent = (request: Executing, attempt: number, fence: number) =>
  entryAbout(request, 'rekey', {
    type: 'effect.intended',
    effect: effectId,
    deed: 'reset',
    attempt,
    fence,
    statusBefore: 'CONFIRMED',
    modifiedBefore: account().modifiedAt.toISOString(),
  })

describe('the first claim', () => {
  it('is an intent, with the account as it is', () => {
    const { request, entry, jobs, effect: made, ...more } = claimed()
    expect(request).toEqual({
      ...approved(),
      version: 3,
      state: 'executing',
      effect: effectId,
    })
    expect(entry).toEqual(intent(request as Executing, 1, 1))
    expect(ordered(jobs)).toEqual(['draw-card | card REQ-0000000001 | 1 min'])
    expect(made).toEqual({
      id: effectId,
      request: request.id,
      kind: 'reset',
      number: 1,
      state: 'intended',
      fence: 1,
      attempts: 1,
      intendedAt: soon,
      firstIntendedAt: soon,
      leaseUntil: later(2 * minute),
      before: { status: 'CONFIRMED', modifiedAt: account().modifiedAt },
      unchangedLooks: 0,
    })
    expect(more).toEqual({ consumes: [limit], unlessPaused: true })
  })

  it('keeps the password that it will set', () => {
    const sealed = { keyId: 'a' } as Sealed
    expect(claimed(approved(), { sealed }).secret).toEqual({ keep: sealed })
  })

  it('is of what has not expired', () => {
    const at = (now: Date) => moved(claim(approved(), facts(), terms(now))).request.state
    expect(at(later(30 * minute - 1))).toBe('executing')
    expect(at(later(30 * minute))).toBe('expired')
  })

  it('F7 counts, where it has expired, with what came to nothing before', () => {
    const before: RecoveryRequest = {
      ...approved({ id: newId('request') }),
      state: 'expired',
      expiredAt: soon,
    }
    const late = facts({ earlier: [before] })
    const { alarm } = moved(claim(approved(), late, terms(later(30 * minute))))
    expect(alarm?.data).toMatchObject({ requests: [before.id, approved().id] })
  })

  it('voids approvals that count no more, and sees soon who is left', () => {
    const two = approved({
      tier: 'privileged',
      approvalsNeeded: 1,
      approvals: [grace, mary].map(({ id }) => ({ by: id, at: noon })),
    })
    const { request, entry, jobs, ...more } = claimed(two, { participants: people(ada, mary) })
    expect(request).toEqual({
      ...two,
      version: 3,
      pendingSince: 3,
      state: 'pending',
      approvals: [{ by: mary.id, at: noon }],
      approvalsNeeded: 2,
    })
    expect(entry).toEqual(
      entryAbout(request, 'rekey', {
        type: 'approvals.voided',
        voided: [grace.id],
        approvals: 1,
        approvalsNeeded: 2,
      }),
    )
    expect(ordered(jobs)).toEqual([...told, 'see-who-is-left | left REQ-0000000001 3 | 2 min'])
    expect(more).toEqual({})
  })

  it.each([
    ['RequesterLeft', { participants: people(grace) }],
    ['TierChanged', { account: account({ groups: ['admins'] }) }],
    ['MethodClosed', { account: account({ availability: closed }) }],
    ['AccountChanged', { account: account({ modifiedAt: soon }) }],
  ])('fails before anything is tried: %s', (name, differs) => {
    const { request, entry, effect: none } = claimed(approved(), differs)
    expect(request).toMatchObject({ state: 'failed', failure: { kind: 'account-state', name } })
    expect(entry.type).toBe('request.failed')
    expect(none).toBeUndefined()
  })
})

describe('another claim', () => {
  const waiting = effect({ state: 'not-applied', unchangedLooks: 2 })
  const again = (differs: Partial<Effect> = {}, known = {}, at = soon) =>
    moved(claimAgain(executing(), { ...waiting, ...differs }, { ...facts(), ...known }, terms(at)))

  it('overtakes the one before', () => {
    const { request, entry, jobs, effect: made, ...more } = again({ fence: 3, attempts: 2 })
    expect(request).toEqual({ ...executing(), version: 4 })
    expect(entry).toEqual(intent(request as Executing, 3, 4))
    expect(jobs).toEqual([])
    expect(made).toEqual({
      ...waiting,
      state: 'intended',
      fence: 4,
      attempts: 3,
      intendedAt: soon,
      leaseUntil: later(2 * minute),
      unchangedLooks: 0,
    })
    expect(more).toEqual({ unlessPaused: true })
  })

  it('counts as an execution where it is the first try at what was sent again', () => {
    expect(again({ attempts: 0, fence: 0 }).consumes).toEqual([limit])
  })

  it('counts as none where the one before was claimed, and then not called', () => {
    expect(again({ attempts: 0, fence: 1 }).consumes).toBeUndefined()
  })

  it('fails with the effect that there was', () => {
    const { request, entry, effect: known } = again({}, { participants: people(ada) })
    expect(request).toMatchObject({
      state: 'failed',
      failure: { kind: 'account-state', name: 'ApprovalVoid' },
    })
    expect(entry.type).toBe('effect.refused')
    expect(known).toMatchObject({ state: 'refused' })
  })
})

describe('what stands in the way of a call', () => {
  const why = (differs: Partial<Executing>, known: Partial<FirstClaimFacts> = {}, at = soon) =>
    obstacle(executing(differs), effect(), facts(known), terms(at))

  it('is nothing', () => {
    expect(why({})).toBeUndefined()
  })

  it.each([
    ['OwnerReported', { reported: { by: eve.id, at: noon } }, {}],
    ['RequesterLeft', {}, { participants: people(grace) }],
    ['RequestersAccount', { owner: ada.id }, {}],
    ['ApprovalVoid', {}, { participants: people(ada) }],
    ['ApprovalVoid', { approvalsNeeded: 2 }, {}],
    ['ApprovalVoid', { from: [{ kind: 'user', id: mary.id }] }, {}],
    ['TierChanged', {}, { account: account({ groups: ['admins'] }) }],
    ['MethodClosed', {}, { account: account({ availability: closed }) }],
    ['AccountChanged', {}, { account: account({ modifiedAt: soon }) }],
  ] as const)('is %s', (name, differs, known) => {
    expect(why(differs, known)).toBe(name)
  })

  it('is that its time is up', () => {
    expect(why({}, {}, later(30 * minute - 1))).toBeUndefined()
    expect(why({}, {}, later(30 * minute))).toBe('TimeUp')
    const sentAgain = effect({ number: 2, firstIntendedAt: later(25 * minute) })
    expect(deadlineOf(executing(), sentAgain)).toEqual(later(40 * minute))
    expect(deadlineOf(executing(), effect())).toEqual(later(30 * minute))
  })

  it('is no time that has passed since the account was classed', () => {
    const [, standard] = policy.tiers
    if (standard === undefined) throw new Error('there is a standard tier')
    const fresh = { ...standard, name: 'fresh', when: { changedWithinMs: minute } }
    const careful = { ...policy, tiers: [fresh, standard] }
    const seen = { ...executing().seen, modifiedAt: noon }
    const request = executing({ tier: 'fresh', seen })
    const now = account({ modifiedAt: noon })
    expect(noLongerAsApproved(request, now, noon, careful)).toBeUndefined()
    expect(noLongerAsApproved({ ...request, tier: 'standard' }, now, noon, careful)).toBe(
      'TierChanged',
    )
  })
})

describe('F3 another address, although its date has not moved', () => {
  const seen = { ...approved().seen, addresses: 'k1:jane' }
  const known = (addresses: string) => facts({ account: account({ addresses }) })

  it.each([
    ['k1:jane', undefined],
    ['k1:joe', 'AccountChanged'],
    ['k2:jane', undefined],
  ])('is met at the first claim and at every other: %s', (addresses, why) => {
    const first = moved(claim(approved({ seen }), known(addresses), terms(soon)))
    const again = moved(claimAgain(executing({ seen }), effect(), known(addresses), terms(soon)))
    for (const { request } of [first, again])
      expect(request.state === 'failed' ? request.failure.name : undefined).toBe(why)
  })
})

describe('an approver who has left since', () => {
  it('is nobody whose approval is kept', () => {
    const gone = someone(grace.id, grace.groups, false)
    const { request } = claimed(approved(), { participants: people(ada, gone) })
    expect(request).toMatchObject({ state: 'pending', approvals: [] })
  })
})
