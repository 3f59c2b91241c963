/** Stopping all recoveries, and letting them go on. */

import type { EntryDraft } from '../audit/entry.ts'
import type { Witness } from '../audit/verify.ts'
import type { Policy } from '../policy/policy.ts'
import { names } from '../policy/who.ts'
import { drawCard, entryFor, entryWithout, person, rekey, tellRequester } from './change.ts'
import type { Refusal, Refused } from './decision.ts'
import { executionUse } from './execute.ts'
import type { Freeze, Pause } from './halt.ts'
import type { JobDraft } from './job.ts'
import { withoutAddresses } from './open.ts'
import type { Along, Person } from './ports.ts'
import type { RecoveryRequest } from './request.ts'

/** A change of what holds for everybody: its entry, and what is committed with it. */
export interface Halting {
  readonly kind: 'moved'
  readonly entry: EntryDraft
  readonly along: Along
}

/** What has to be looked up before the rules can be asked. */
export interface HaltFacts {
  readonly standing: Pause | undefined
  /** Every request whose outcome is open: whoever waits for it is told. */
  readonly open: readonly RecoveryRequest[]
}

// As long as a reason for a recovery, so that it fits wherever that does.
const longestReason = 500

/** Pauses everything, until somebody of the policy's `security` lets it go on. */
export function pause(
  by: Person,
  reason: string,
  { standing, open }: HaltFacts,
  policy: Policy,
  now: Date,
): Halting | Refused {
  if (!mayHalt(policy, by)) return refuseHalt('pause', by, policy, 'not-security')
  if (standing !== undefined) return refuseHalt('pause', by, policy, 'already-paused')
  const words = [...withoutAddresses(reason)].slice(0, longestReason).join('')
  if (words === '') return refuseHalt('pause', by, policy, 'reason-missing')
  return {
    kind: 'moved',
    entry: entryWithout('recovery.paused', person(by.id), policy, { reason: words }),
    along: { pause: { since: now, by: by.id, reason: words }, jobs: tellAll(open, now) },
  }
}

/** The breaker: too many executions in too short a time are an attack until somebody says otherwise. */
export function pauseByItself(facts: Pick<HaltFacts, 'open'>, policy: Policy, now: Date): Halting {
  const { most, windowMs } = policy.limits.executionsOverall
  const reason = `More than ${most} recoveries within ${windowMs / 60_000} minutes`
  return stop({ reason, because: 'breaker' }, facts, policy, now)
}

/**
 * The audit channel has witnessed an entry that is not in the ledger: what has been carried out since
 * then is not known here, and must not be carried out again before somebody has looked.
 */
export function pauseAsRestored(
  { seq, hash }: Witness,
  facts: Pick<HaltFacts, 'open'>,
  policy: Policy,
  now: Date,
): Halting {
  const reason = `The audit channel has seen entry #${seq} (${hash.slice(0, 16)}…), which this ledger does not have: the database is a backup, or another one. What was approved may have been carried out already`
  return stop({ reason, because: 'restored', witnessed: seq }, facts, policy, now)
}

function stop(
  data: EntryDraft['data'] & { readonly reason: string },
  { open }: Pick<HaltFacts, 'open'>,
  policy: Policy,
  now: Date,
): Halting {
  return {
    kind: 'moved',
    entry: entryWithout('recovery.paused', rekey, policy, data),
    along: { pause: { since: now, reason: data.reason }, jobs: tellAll(open, now) },
  }
}

/** Lets recoveries go on. What was executed before no longer counts towards the breaker: somebody has looked. */
export function resume(
  by: Person,
  { standing, open }: HaltFacts,
  policy: Policy,
  now: Date,
): Halting | Refused {
  if (!mayHalt(policy, by)) return refuseHalt('resume', by, policy, 'not-security')
  if (standing === undefined) return refuseHalt('resume', by, policy, 'not-paused')
  const minutes = Math.round((now.getTime() - standing.since.getTime()) / 60_000)
  return {
    kind: 'moved',
    entry: entryWithout('recovery.resumed', person(by.id), policy, {
      pausedMinutes: minutes,
      reason: standing.reason,
    }),
    along: { pause: 'over', forget: [executionUse(policy)], jobs: tellAll(open, now) },
  }
}

/** Lets an account be recovered again before its freeze is over. */
export function thaw(
  by: Person,
  request: RecoveryRequest | undefined,
  freeze: Freeze | undefined,
  policy: Policy,
): Halting | Refused {
  if (!mayHalt(policy, by)) return refuseHalt('thaw', by, policy, 'not-security')
  if (request === undefined || freeze === undefined) {
    return refuseHalt('thaw', by, policy, 'not-frozen')
  }
  return {
    kind: 'moved',
    entry: entryFor(request, 'freeze.lifted', person(by.id), policy, {
      until: freeze.until.toISOString(),
    }),
    along: { thaw: freeze.account },
  }
}

/** Whether the policy lets this person stop and restart everything. */
export function mayHalt(policy: Policy, by: Person): boolean {
  return by.member && names(policy.security, by)
}

function tellAll(open: readonly RecoveryRequest[], now: Date): JobDraft[] {
  return open.flatMap((request) => [drawCard(request, now), tellRequester(request, now)])
}

function refuseHalt(
  attempt: 'pause' | 'resume' | 'thaw',
  by: Person,
  policy: Policy,
  why: Refusal,
): Refused {
  const entry = entryWithout('decision.refused', person(by.id), policy, { attempt, why })
  return { kind: 'refused', why, entry }
}
