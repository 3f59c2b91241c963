/** A person's word on what became of a call: whose it may be, and what follows from it. */

import { describe, expect, it } from 'vitest'
import type { Method } from '../../../../src/policy/method.ts'
import type { Effect } from '../../../../src/recovery/model/effect.ts'
import type { NeedsAttention, RecoveryRequest } from '../../../../src/recovery/model/request.ts'
import type { Person } from '../../../../src/recovery/ports/directory.ts'
import {
  canSendAgain,
  type ResolveFacts,
  resolve,
  type SendAgainFacts,
  sendAgain,
} from '../../../../src/recovery/rules/resolve.ts'
import { entryAbout, expectRefused, moved, ordered } from '../../../support/decisions.ts'
import {
  account,
  ada,
  availableMethods,
  effect,
  type effectId,
  eve,
  executing,
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

const soon = later(minute)
const unclear: NeedsAttention = {
  ...executing(),
  version: 4,
  state: 'needs-attention',
  because: 'changed-otherwise',
  since: noon,
  looked: { before: effect().before },
}
const undecided = effect({ state: 'undecided' })
const participants = new Map([ada, grace].map((one) => [one.id, one]))
const told = [
  'draw-card | card REQ-0000000001 | 1 min',
  'tell-requester | requester REQ-0000000001 | 1 min',
]

function word(by: Person, differs: Partial<ResolveFacts> = {}, of: RecoveryRequest = unclear) {
  const facts = { participants, seenVersion: 4, effect: undecided, ...differs }
  return resolve(of, by, { verdict: 'worked', ...facts }, terms(soon))
}

describe('whose word it is', () => {
  const guard = someone('U0GIL', ['S0SECURITY'])
  const lead = someone('U0LEO', ['S0LEADS'])
  const twoNeeded = { ...unclear, tier: 'privileged' }
  /** Somebody who may ask, and may not decide. */
  const asker = (differs: Partial<Person> = {}): Person => ({ ...ada, ...differs })

  it.each<[string, Person, RecoveryRequest]>([
    ['of whoever asked', ada, unclear],
    ['of an approver', lead, unclear],
    ['of an approver who has approved it', grace, unclear],
    ['of security, where the tier has gone', guard, { ...unclear, tier: 'gone' }],
    ['of security, where the tier is another’s', guard, unclear],
  ])('may be that %s', (_, by, request) => {
    expect(word(by, {}, request).kind).toBe('moved')
  })

  it.each<[string, Person, RecoveryRequest]>([
    ['of somebody outside', eve, unclear],
    ['of somebody else who may ask', someone('U0SAM', ['S0SUPPORT']), unclear],
    ['of whoever asked and may not any more', asker({ groups: [] }), unclear],
    ['of whoever asked and has left', asker({ member: false }), unclear],
    ['of an approver of another tier', lead, twoNeeded],
    ['of a guest', someone('U0LEO', ['S0LEADS'], false), unclear],
    ['of security who has left', someone('U0GIL', ['S0SECURITY'], false), unclear],
    [
      'of security who has approved it, once the tier has gone',
      grace,
      { ...unclear, tier: 'gone' },
    ],
    [
      'of security who asked for it, once the tier has gone',
      guard,
      { ...unclear, requestedBy: guard.id, tier: 'gone' },
    ],
  ])('is not that %s', (_, by, request) => {
    const why = 'not-an-approver'
    expect(word(by, {}, request)).toEqual({
      kind: 'refused',
      why,
      request,
      entry: entryAbout(request, by, { type: 'decision.refused', attempt: 'resolve', why }),
    })
  })

  it.each<[string, 'already-decided' | 'stale-view', Partial<ResolveFacts>, RecoveryRequest]>([
    ['what is not unclear', 'already-decided', {}, executing()],
    ['what was never called', 'already-decided', { effect: undefined }, unclear],
    ['an older card', 'stale-view', { seenVersion: 3 }, unclear],
    ['a version that never was', 'stale-view', { seenVersion: 5 }, unclear],
  ])('is not about %s', (_, why, differs, request) => {
    expect(word(ada, differs, request)).toEqual({
      kind: 'refused',
      why,
      request,
      entry: entryAbout(request, ada, { type: 'decision.refused', attempt: 'resolve', why }),
    })
  })
})

describe('a word', () => {
  it('that it worked goes on as if Cognito had answered', () => {
    const { request, entry, jobs, effect: known, ...more } = moved(word(ada))
    const { because: _, since: __, looked: ___, ...kept } = unclear
    expect(request).toEqual({
      ...kept,
      version: 5,
      state: 'executed',
      executedAt: soon,
      confirmedBy: 'person',
      sessions: 'to-revoke',
      password: 'none',
      passwordSince: soon,
    })
    expect(entry).toEqual(
      entryAbout(request, ada, { type: 'attention.resolved', verdict: 'worked' }),
    )
    expect(ordered(jobs)).toEqual([
      ...told,
      'revoke-sessions | sessions REQ-0000000001 | 1 min',
      'follow-up | follow REQ-0000000001 | 2 min',
    ])
    expect(known).toEqual({ ...undecided, state: 'observed' })
    expect(more).toEqual({})
  })

  it('that it worked brings no password back: it is destroyed by then', () => {
    const password = { ...unclear, method: 'temporary-password' } as const
    expect(moved(word(ada, {}, password)).request).toMatchObject({ password: 'burnt' })
  })

  it('that nothing came of it ends the request', () => {
    const { request, entry, jobs, ...more } = moved(word(grace, { verdict: 'not-worked' }))
    const { because: _, since: __, looked: ___, ...kept } = unclear
    expect(request).toEqual({
      ...kept,
      version: 5,
      state: 'failed',
      failedAt: soon,
      failure: { kind: 'no-answer', name: 'ReportedByPerson' },
    })
    expect(entry).toEqual(
      entryAbout(request, grace, { type: 'attention.resolved', verdict: 'not-worked' }),
    )
    expect(ordered(jobs)).toEqual(told)
    expect(more).toEqual({})
  })
})

describe('sending it again', () => {
  const newId = 'EFF-00000000000000000002' as typeof effectId
  const facts: SendAgainFacts = {
    participants,
    seenVersion: 4,
    effect: undecided,
    pauseState: { isPaused: false, isFrozen: false },
    account: account(),
    effectId: newId,
  }
  const again = (
    differs: Partial<SendAgainFacts> = {},
    of: RecoveryRequest = unclear,
    by = ada,
    at = soon,
  ) => sendAgain(of, by, { ...facts, ...differs }, terms(at))

  it('is an effect of its own', () => {
    const { request, entry, jobs, effect: made, ...more } = moved(again())
    const { because: _, since: __, looked: ___, ...kept } = unclear
    expect(request).toEqual({ ...kept, version: 5, state: 'executing', effect: newId })
    expect(entry).toEqual(
      entryAbout(request, ada, {
        type: 'attention.resolved',
        verdict: 'send-again',
        effect: newId,
        number: 2,
      }),
    )
    expect(ordered(jobs)).toEqual([...told, 'execute | effect REQ-0000000001 | 1 min'])
    expect(made).toEqual({
      ...undecided,
      id: newId,
      number: 2,
      state: 'not-applied',
      fence: 0,
      attempts: 0,
      intendedAt: soon,
      firstIntendedAt: soon,
      leaseUntil: soon,
      before: { status: account().status, modifiedAt: account().modifiedAt },
      unchangedLooks: 0,
    })
    expect(more).toEqual({})
  })

  const closed = { ...availableMethods, reset: { open: false, because: 'disabled' } } as const
  const held = (isPaused: boolean, isFrozen: boolean) => ({ pauseState: { isPaused, isFrozen } })
  it.each([
    ['somebody outside', 'not-an-approver', {}, unclear, eve],
    ['what is not unclear', 'already-decided', {}, executing(), ada],
    ['what was never called', 'already-decided', { effect: undefined }, unclear, ada],
    ['an older card', 'stale-view', { seenVersion: 3 }, unclear, ada],
    ['a frozen account', 'account-frozen', held(false, true), unclear, ada],
    ['a frozen account, in a pause', 'account-frozen', held(true, true), unclear, ada],
    [
      'a reported request',
      'account-frozen',
      {},
      { ...unclear, reported: { by: eve.id, at: noon } },
      ada,
    ],
    ['anything in a pause', 'paused', held(true, false), unclear, ada],
    ['a fourth time', 'sent-too-often', { effect: { ...undecided, number: 3 } }, unclear, ada],
    ['a password', 'sent-too-often', {}, { ...unclear, method: 'temporary-password' }, ada],
    ['an account that nobody can look at', 'method-closed', { account: undefined }, unclear, ada],
    [
      'a changed account',
      'account-changed',
      { account: account({ modifiedAt: soon }) },
      unclear,
      ada,
    ],
    [
      'a method that is closed',
      'method-closed',
      { account: account({ availability: closed }) },
      unclear,
      ada,
    ],
    ['another tier', 'method-closed', { account: account({ groups: ['admins'] }) }, unclear, ada],
  ] as const)('is refused for %s', (...[, why, differs, request, by]) => {
    const decision = again(differs as Partial<SendAgainFacts>, request, by)
    expect(decision).toEqual({
      kind: 'refused',
      why,
      request,
      entry: entryAbout(request, by, { type: 'decision.refused', attempt: 'resolve', why }),
    })
  })

  it('happens within an hour of the first try, and twice at most', () => {
    expect(again({}, unclear, ada, later(60 * minute - 1)).kind).toBe('moved')
    expectRefused(again({}, unclear, ada, later(60 * minute)), 'expired')
    const second: Effect = { ...undecided, number: 2 }
    expect(moved(again({ effect: second })).effect?.number).toBe(3)
  })

  it('goes on from an account that the call explains', () => {
    const reset = account({ status: 'RESET_REQUIRED', modifiedAt: later(2_000) })
    expect(moved(again({ account: reset })).effect?.before).toEqual({
      status: 'RESET_REQUIRED',
      modifiedAt: later(2_000),
    })
  })

  it.each<[Method, boolean]>([
    ['reset', true],
    ['recovery-code', true],
    ['resend-invitation', true],
    ['temporary-password', false],
    ['permanent-password', false],
  ])('is for messages, and for no password: %s', (method, can) => {
    expect(canSendAgain(pending({ method }))).toBe(can)
  })

  it('is for whoever may resolve it', () => {
    expect(again({}, unclear, mary).kind).toBe('moved')
    expect(policy.security).toEqual([{ kind: 'group', id: 'S0SECURITY' }])
  })
})
