/**
 * Two calls that may be made as often as it takes, because doing them twice is doing them once:
 * ending sessions, and overwriting an unused password with one that nobody knows. They are written
 * down before they are tried like every other, but need no observing.
 */

import type { EffectId } from '../names.ts'
import type { Policy } from '../policy/policy.ts'
import { after, entryFor, rekey, tellAll } from './change.ts'
import type { Moved } from './decision.ts'
import type { Effect, Failure, Image } from './effect.ts'
import { failureData, leaseMs } from './execute.ts'
import type { Executed, Lapsed, Recovered } from './request.ts'

/** An executed request, whatever became of it since. */
export type Done = Executed | Recovered | Lapsed

export function intend(
  request: Done,
  deed: 'sign-out' | 'scramble',
  id: EffectId,
  before: Image,
  policy: Policy,
  now: Date,
): Moved<Done> {
  const next = { ...request, version: request.version + 1 }
  const effect: Effect = {
    id,
    request: request.id,
    deed,
    number: 1,
    state: 'intended',
    fence: 1,
    attempts: 1,
    intendedAt: now,
    firstIntendedAt: now,
    leaseUntil: after(now, leaseMs),
    before,
    unchangedLooks: 0,
  }
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(next, 'effect.intended', rekey, policy, { effect: id, deed, attempt: 1 }),
      jobs: [],
      effect,
    },
  }
}

/** Writes down another try, so that a change of the account can be told from what it did. */
export function intendAgain(
  request: Done,
  standing: Effect,
  before: Image,
  policy: Policy,
  now: Date,
): Moved<Done> {
  const next = { ...request, version: request.version + 1 }
  const { id, deed } = standing
  const attempt = standing.attempts + 1
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(next, 'effect.intended', rekey, policy, { effect: id, deed, attempt }),
      jobs: [],
      effect: {
        ...standing,
        state: 'intended',
        fence: standing.fence + 1,
        attempts: attempt,
        intendedAt: now,
        leaseUntil: after(now, leaseMs),
        before,
      },
    },
  }
}

/** The owner's sessions, and those of whoever else had the old password, are over. */
export function sessionsRevoked(
  request: Done,
  effect: Effect,
  awsRequestId: string,
  policy: Policy,
  now: Date,
): Moved<Done> {
  const next: Done = { ...request, version: request.version + 1, sessions: 'revoked' }
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(next, 'sessions.revoked', rekey, policy, { effect: effect.id, awsRequestId }),
      jobs: tellAll(next, now),
      effect: { ...effect, state: 'confirmed' },
    },
  }
}

/** Cognito will not end the sessions: people have to know. */
export function sessionsNotRevoked(
  request: Done,
  effect: Effect | undefined,
  failure: Failure,
  policy: Policy,
  now: Date,
): Moved<Done> {
  const next: Done = { ...request, version: request.version + 1, sessions: 'not-revoked' }
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(next, 'effect.refused', rekey, policy, {
        ...(effect === undefined ? {} : { effect: effect.id }),
        deed: 'sign-out',
        ...failureData(failure),
      }),
      jobs: tellAll(next, now),
      ...(effect === undefined ? {} : { effect: { ...effect, state: 'refused' as const } }),
    },
  }
}
