/** What may stand in the way of a call that is written down, in the moment before it leaves. */

import type { Effect, LastLook, Objection } from '../model/effect.ts'
import type { Executing } from '../model/request.ts'
import { addressesDiffer } from './addresses.ts'
import { unchanged } from './observe.ts'
import { localFailure } from './own-failure.ts'

/**
 * How old a look at the account may be when the call leaves, in milliseconds, counted from before it was
 * asked for. A look takes a tenth of a second; one that took longer is taken again.
 */
export const lookGateMs = 3_000

/**
 * How long after its intent a call may still leave. Whoever comes after the lease takes a call for over that
 * leaves by then and lasts as long as a call may: see `callLeaseMs`.
 */
export const intentGateMs = 30_000

/** Milliseconds, on a clock that only goes forward. */
export interface Elapsed {
  readonly sinceIntentMs: number
  readonly sinceLookMs: number
}

/** Why the call must not be made: too much time has gone by, or the account is not as it was written down. */
export function lastObjection(
  request: Executing,
  effect: Effect,
  found: LastLook,
  { sinceIntentMs, sinceLookMs }: Elapsed,
): Objection | undefined {
  if (sinceLookMs > lookGateMs || sinceIntentMs > intentGateMs)
    return { kind: 'not-applied', failure: localFailure('LookTooOld'), uncalled: true }
  const isAsClaimed = unchanged(effect.before, found) && !addressesDiffer(request.seen, found)
  return isAsClaimed ? undefined : { kind: 'refused', failure: localFailure('AccountChanged') }
}
