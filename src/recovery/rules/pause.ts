/** Stopping all recoveries, and letting them go on. */

import type { EntryDraft } from '../../audit/entry.ts'
import type { Witness } from '../../audit/verify.ts'
import type { Policy } from '../../policy/policy.ts'
import { withoutAddresses } from '../../policy/text-form.ts'
import { mayPause } from '../../policy/who.ts'
import type { Backlog } from '../model/backlog.ts'
import type { Refusal, Refused } from '../model/decision.ts'
import { entryWithout, executionLimitUse, job, person, rekey, tellAll } from '../model/drafts.ts'
import type { JobDraft } from '../model/job.ts'
import { pauseNoticeLane } from '../model/lanes.ts'
import type { Pause } from '../model/pause.ts'
import type { RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { Person } from '../ports/directory.ts'
import type { FreezeEnd, LimitClearing, PauseEnd, PauseStart } from '../ports/store.ts'
import { text } from '../text/text.ts'

/** A change of what holds for everybody: its entry, and what is committed with it. */
export interface PauseChange<Extras = PauseStart | PauseEnd | FreezeEnd | LimitClearing> {
  readonly kind: 'moved'
  readonly entry: EntryDraft
  readonly extras: Extras
}

/** What has to be looked up before the rules can be asked. */
export interface PauseFacts {
  readonly currentPause: Pause | undefined
  /** Every request whose outcome is open: whoever waits for it is told. */
  readonly open: readonly RecoveryRequest[]
}

// As long as a reason for a recovery, so that it fits wherever that does.
const longestReason = 500

/** Pauses everything, until somebody of the policy's `security` lets it go on. */
export function pause(
  by: Person,
  reason: string,
  { currentPause, open }: PauseFacts,
  { policy, now }: Terms,
): PauseChange<PauseStart> | Refused {
  if (!mayPause(policy, by)) return refusePauseChange('pause', by, policy, 'not-security')
  if (currentPause !== undefined) return refusePauseChange('pause', by, policy, 'already-paused')
  const words = [...withoutAddresses(reason)].slice(0, longestReason).join('')
  if (words === '') return refusePauseChange('pause', by, policy, 'reason-missing')
  return {
    kind: 'moved',
    entry: entryWithout(person(by.id), policy, {
      type: 'recovery.paused',
      reason: words,
      since: now.toISOString(),
    }),
    extras: {
      kind: 'pause',
      pause: { since: now, by: by.id, reason: words },
      jobs: tellEverybody(open, 'paused', now, now),
    },
  }
}

/** The breaker: too many executions in too short a time are an attack until somebody says otherwise. */
export function pauseByItself(
  facts: Pick<PauseFacts, 'open'>,
  terms: Terms,
): PauseChange<PauseStart> {
  const { policy } = terms
  const { most, windowMs } = policy.limits.executionsOverall
  const reason = text.tooMany(most, windowMs)
  const stopped = stop({ reason, because: 'breaker' }, facts, terms)
  // Somebody may have looked since the count was taken.
  return { ...stopped, extras: { ...stopped.extras, ifUsedUp: executionLimitUse(policy) } }
}

/**
 * The audit channel has witnessed an entry that is not in the ledger: what has been carried out since
 * then is not known here, and must not be carried out again before somebody has looked.
 */
export function pauseAsRestored(
  { seq, hash }: Witness,
  facts: Pick<PauseFacts, 'open'>,
  terms: Terms,
): PauseChange<PauseStart> {
  const reason = text.restored(seq, hash)
  const stopped = stop({ reason, because: 'restored', witnessed: seq }, facts, terms)
  // Whoever lets go on what stands now has to read this first.
  return { ...stopped, extras: { ...stopped.extras, evenIfPaused: true } }
}

/** What a witness says against the ledger. */
export interface Witnessed {
  readonly witness: string
  readonly finding: 'behind' | 'rewritten'
  /** Of the newest checkpoint here. */
  readonly size: number
  /** Of the one that it has signed last. */
  readonly witnessed: number
}

/** A witness has signed more than this ledger has, or something else: the same holds as for a restored one. */
export function pauseAsWitnessed(
  finding: Witnessed,
  facts: Pick<PauseFacts, 'open'>,
  terms: Terms,
): PauseChange<PauseStart> {
  const reason = text.witnessed[finding.finding](finding)
  const stopped = stop({ reason, because: 'witness', ...finding }, facts, terms)
  return { ...stopped, extras: { ...stopped.extras, evenIfPaused: true } }
}

/** The audit channel has not taken what is due there: security hears of it, once in an hour. */
export function behind(
  { waiting, since = new Date(0) }: Backlog,
  { policy, now }: Terms,
): { readonly entry: EntryDraft; readonly idempotencyKey: string } {
  const entry = entryWithout(rekey, policy, {
    type: 'audit.behind',
    waiting,
    since: since.toISOString(),
  })
  return {
    entry,
    idempotencyKey: `audit behind ${now.toISOString().slice(0, 'YYYY-MM-DDTHH'.length)}`,
  }
}

function stop(
  why:
    | { readonly reason: string; readonly because: 'breaker' }
    | { readonly reason: string; readonly because: 'restored'; readonly witnessed: number }
    | ({ readonly reason: string; readonly because: 'witness' } & Witnessed),
  { open }: Pick<PauseFacts, 'open'>,
  { policy, now }: Terms,
): PauseChange<PauseStart> {
  return {
    kind: 'moved',
    entry: entryWithout(rekey, policy, {
      type: 'recovery.paused',
      ...why,
      since: now.toISOString(),
    }),
    extras: {
      kind: 'pause',
      pause: { since: now, reason: why.reason },
      jobs: tellEverybody(open, 'paused', now, now),
    },
  }
}

/**
 * Lets recoveries go on. What was executed before no longer counts towards the breaker: somebody has looked.
 * @param since when the pause began that they mean; any, if they do not say
 */
export function resume(
  by: Person,
  since: Date | undefined,
  { currentPause, open }: PauseFacts,
  { policy, now }: Terms,
): PauseChange<PauseEnd> | Refused {
  if (!mayPause(policy, by)) return refusePauseChange('resume', by, policy, 'not-security')
  if (currentPause === undefined) return refusePauseChange('resume', by, policy, 'not-paused')
  if (since !== undefined && since.getTime() !== currentPause.since.getTime()) {
    return refusePauseChange('resume', by, policy, 'other-pause')
  }
  const minutes = Math.round((now.getTime() - currentPause.since.getTime()) / 60_000)
  return {
    kind: 'moved',
    entry: entryWithout(person(by.id), policy, {
      type: 'recovery.resumed',
      pausedMinutes: minutes,
      reason: currentPause.reason,
    }),
    extras: {
      kind: 'resume',
      pause: currentPause,
      forget: [executionLimitUse(policy)],
      jobs: tellEverybody(open, 'resumed', currentPause.since, now),
    },
  }
}

/** Draws anew what people have, and calls each requester once, however many requests of theirs wait. */
function tellEverybody(
  open: readonly RecoveryRequest[],
  change: 'paused' | 'resumed',
  since: Date,
  now: Date,
): JobDraft[] {
  const calls = [...Map.groupBy(open, ({ requestedBy }) => requestedBy)].flatMap(([by, [first]]) =>
    first === undefined
      ? []
      : job(
          { kind: 'notify-pause', request: first.id, change, since: since.getTime() },
          pauseNoticeLane(by),
          now,
        ),
  )
  return [...open.flatMap((request) => tellAll(request, now)), ...calls]
}

/** Says no to a change that is about no one request, and leaves the attempt in the ledger. */
export function refusePauseChange(
  attempt: 'pause' | 'resume' | 'thaw',
  by: Person,
  policy: Policy,
  why: Refusal,
): Refused {
  const entry = entryWithout(person(by.id), policy, { type: 'decision.refused', attempt, why })
  return { kind: 'refused', why, entry }
}
