/** Ending sessions and overwriting a password: what is written down before each try, and after it. */

import { describe, expect, it } from 'vitest'
import type { Lapsed } from '../../../../src/recovery/model/request.ts'
import {
  intend,
  type Said,
  sessionsNotRevoked,
  settleSignOut,
} from '../../../../src/recovery/rules/repeatable.ts'
import { entryAbout, moved, ordered } from '../../../support/decisions.ts'
import {
  effect,
  effectId,
  executed,
  later,
  minute,
  noon,
  pending,
  terms,
} from '../../../support/examples.ts'

const soon = later(minute)
const before = { status: 'RESET_REQUIRED', modifiedAt: later(5_000) } as const
const signOut = effect({ kind: 'sign-out', intendedAt: later(30_000) })
const told = [
  'draw-card | card REQ-0000000001 | 1 min',
  'tell-requester | requester REQ-0000000001 | 1 min',
]
const throttled = {
  kind: 'throttled',
  name: 'TooManyRequestsException',
  awsRequestId: 'aws-1',
} as const

describe('a try', () => {
  it('is written down before it is made', () => {
    const what = { kind: 'sign-out', id: effectId, storedEffect: undefined } as const
    const change = moved(intend(executed(), what, before, terms(soon)))
    expect(change.request).toEqual({ ...executed(), version: 5 })
    expect(change.entry).toEqual(
      entryAbout(change.request, 'rekey', {
        type: 'effect.intended',
        effect: effectId,
        deed: 'sign-out',
        attempt: 1,
      }),
    )
    expect(change.jobs).toEqual([])
    expect(change.effect).toEqual({
      id: effectId,
      request: pending().id,
      kind: 'sign-out',
      number: 1,
      firstIntendedAt: soon,
      unchangedLooks: 0,
      state: 'intended',
      fence: 1,
      attempts: 1,
      intendedAt: soon,
      leaseUntil: later(2 * minute),
      before,
    })
  })

  it('overtakes the one before, and is still the same effect', () => {
    const stored = effect({ kind: 'scramble', state: 'not-applied', fence: 3, attempts: 2 })
    const id = 'EFF-00000000000000000002' as typeof effectId
    const what = { kind: 'scramble', id, storedEffect: stored } as const
    const change = moved(intend(executed(), what, before, terms(soon)))
    expect(change.effect).toEqual({
      ...stored,
      state: 'intended',
      fence: 4,
      attempts: 3,
      intendedAt: soon,
      leaseUntil: later(2 * minute),
      before,
    })
    expect(change.entry.data).toMatchObject({ effect: effectId, deed: 'scramble', attempt: 3 })
  })
})

describe('ending the sessions', () => {
  const settled = (answer: Said, request: ReturnType<typeof executed> | Lapsed = executed()) =>
    moved(settleSignOut(request, signOut, answer, terms(soon)))

  it('is done', () => {
    const change = settled({ kind: 'done', awsRequestId: 'aws-1' })
    expect(change.request).toEqual({ ...executed(), version: 5, sessions: 'revoked' })
    expect(change.entry).toEqual(
      entryAbout(change.request, 'rekey', {
        type: 'sessions.revoked',
        effect: effectId,
        awsRequestId: 'aws-1',
      }),
    )
    expect(ordered(change.jobs)).toEqual(told)
    expect(change.effect).toEqual({ ...signOut, state: 'confirmed' })
  })

  it('is refused, which people have to know', () => {
    const failure = { ...throttled, kind: 'refused' } as const
    const change = settled({ kind: 'refused', failure })
    expect(change.request).toEqual({ ...executed(), version: 5, sessions: 'not-revoked' })
    expect(change.entry).toEqual(
      entryAbout(change.request, 'rekey', {
        type: 'effect.refused',
        effect: effectId,
        deed: 'sign-out',
        failure: 'refused',
        error: 'TooManyRequestsException',
        awsRequestId: 'aws-1',
      }),
    )
    expect(ordered(change.jobs)).toEqual(told)
    expect(change.effect).toEqual({ ...signOut, state: 'refused' })
  })

  it('is given up without a call, where there is nothing to call', () => {
    const failure = { kind: 'account-gone', name: 'AccountGone' } as const
    const change = moved(sessionsNotRevoked(executed(), undefined, failure, terms(soon)))
    expect(change.request.sessions).toBe('not-revoked')
    expect(change.entry).toEqual(
      entryAbout(change.request, 'rekey', {
        type: 'effect.refused',
        deed: 'sign-out',
        failure: 'account-gone',
        error: 'AccountGone',
      }),
    )
    expect(change).not.toHaveProperty('effect')
  })

  it('may work later', () => {
    const change = settled({ kind: 'not-applied', failure: throttled })
    expect(change.request).toEqual({ ...executed(), version: 5 })
    expect(change.entry).toMatchObject({
      type: 'effect.not-applied',
      data: { effect: effectId, deed: 'sign-out', attempt: 1, failure: 'throttled' },
    })
    expect(change.effect).toEqual({ ...signOut, state: 'not-applied' })
  })
})

describe('SE-14: a sign-out that was begun', () => {
  const done = { kind: 'done', awsRequestId: 'aws-1' } as const
  const sessionsAfter = (request: ReturnType<typeof executed> | Lapsed) =>
    moved(settleSignOut(request, signOut, done, terms(soon))).request.sessions
  const reportedAt = (at: Date) => ({ reported: { by: pending().requestedBy, at } })
  const lapsedAt = (at: Date): Lapsed => ({
    ...executed(),
    state: 'lapsed',
    lapsedAt: at,
    because: 'scrambled',
  })

  it.each([
    ['after the owner’s report', executed(reportedAt(later(29_999))), 'revoked'],
    ['at the very moment of it', executed(reportedAt(later(30_000))), 'to-revoke'],
    ['before it', executed(reportedAt(soon)), 'to-revoke'],
    ['before it could be used no longer', { ...lapsedAt(soon), ...reportedAt(noon) }, 'to-revoke'],
    ['after that', { ...lapsedAt(later(29_999)), ...reportedAt(noon) }, 'revoked'],
    ['after that, and before the report', { ...lapsedAt(noon), ...reportedAt(soon) }, 'to-revoke'],
    ['before it lapsed, which nobody has reported', lapsedAt(soon), 'revoked'],
  ])('%s', (_, request, sessions) => {
    expect(sessionsAfter(request)).toBe(sessions)
  })
})
