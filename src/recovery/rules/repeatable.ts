/**
 * Two calls that may be made as often as it takes, because doing them twice is doing them once:
 * ending sessions, and overwriting an unused password with one that nobody knows. They are written
 * down before they are tried like every other, but need no observing.
 */

import type { EffectId } from '../../ids.ts'
import type { Moved } from '../model/decision.ts'
import { advance, after, entryFor, moved, rekey, tellAll } from '../model/drafts.ts'
import type { AccountSnapshot, Answer, Effect, Failure } from '../model/effect.ts'
import { callLeaseMs } from '../model/effect.ts'
import type { Done } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import { failureData } from './own-failure.ts'
import { unsettled } from './settle.ts'

/** What is to be done, with the tries at it so far. */
export interface Repeatable {
  readonly kind: 'sign-out' | 'scramble'
  /** For the first of them. */
  readonly id: EffectId
  readonly storedEffect: Effect | undefined
}

/** Each try is written down anew, so that a change of the account can be told from what it did. */
export function intend(
  request: Done,
  { kind, id, storedEffect }: Repeatable,
  before: AccountSnapshot,
  { policy, now }: Terms,
): Moved<Done> {
  const next = advance(request)
  const effect: Effect = {
    id,
    request: request.id,
    kind,
    number: 1,
    firstIntendedAt: now,
    unchangedLooks: 0,
    ...storedEffect,
    state: 'intended',
    fence: (storedEffect?.fence ?? 0) + 1,
    attempts: (storedEffect?.attempts ?? 0) + 1,
    intendedAt: now,
    leaseUntil: after(now, callLeaseMs),
    before,
  }
  return moved(
    next,
    entryFor(next, rekey, policy, {
      type: 'effect.intended',
      effect: effect.id,
      deed: kind,
      attempt: effect.attempts,
    }),
    [],
    { effect },
  )
}

/** What can be said of a try; where its answer is lost, the intent says as much. */
export type Said = Exclude<Answer, { readonly kind: 'unknown' }>

/** Records what came of ending the sessions. */
export function settleSignOut(
  request: Done,
  effect: Effect,
  answer: Said,
  terms: Terms,
): Moved<Done> {
  switch (answer.kind) {
    case 'done':
      return sessionsRevoked(request, effect, answer.awsRequestId, terms)
    case 'refused':
      return sessionsNotRevoked(request, effect, answer.failure, terms)
    case 'not-applied':
      return unsettled(request, effect, { state: 'not-applied', failure: answer.failure }, terms)
    default:
      return answer satisfies never
  }
}

/**
 * Until when somebody may have signed in who is to be out: up to the owner's report, and with what they
 * have reported for as long as it could be used.
 */
function lastEntryMs(request: Done): number {
  const reportedMs = request.reported?.at.getTime() ?? -Infinity
  const isReportedAndOver = request.reported !== undefined && request.state === 'lapsed'
  return isReportedAndOver ? Math.max(reportedMs, request.lapsedAt.getTime()) : reportedMs
}

/** The owner's sessions, and those of whoever else had the old password, are over. */
function sessionsRevoked(
  request: Done,
  effect: Effect,
  awsRequestId: string,
  { policy, now }: Terms,
): Moved<Done> {
  const isLate = effect.intendedAt.getTime() > lastEntryMs(request)
  const next: Done = advance(request, { sessions: isLate ? 'revoked' : 'to-revoke' })
  return moved(
    next,
    entryFor(next, rekey, policy, {
      type: 'sessions.revoked',
      effect: effect.id,
      awsRequestId,
    }),
    tellAll(next, now),
    { effect: { ...effect, state: 'confirmed' } },
  )
}

/** Cognito will not end the sessions: people have to know. */
export function sessionsNotRevoked(
  request: Done,
  effect: Effect | undefined,
  failure: Failure,
  { policy, now }: Terms,
): Moved<Done> {
  const next: Done = advance(request, { sessions: 'not-revoked' })
  return moved(
    next,
    entryFor(next, rekey, policy, {
      type: 'effect.refused',
      ...(effect === undefined ? {} : { effect: effect.id }),
      deed: 'sign-out',
      ...failureData(failure),
    }),
    tellAll(next, now),
    effect === undefined ? {} : { effect: { ...effect, state: 'refused' } },
  )
}
