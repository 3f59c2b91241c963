/** What entries do to a request that waits: approvals are counted, taken back, and in time. */

import type { RecordedEntry } from '../recorded-entry.ts'
import { text } from '../text/text.ts'
import type { Step } from './effect-steps.ts'
import type { ApprovalsAsked, RecordedRequest, RecordedState } from './recorded-request.ts'

/** Decided before its time was up. */
export function inTime(state: RecordedState) {
  return ({ expiresAt }: RecordedRequest, { time }: RecordedEntry): Step =>
    isBefore(time, expiresAt) ? { state } : text.replay.tooLate(expiresAt)
}

/** Its time is up. */
export function expired({ expiresAt }: RecordedRequest, { time }: RecordedEntry): Step {
  return isBefore(time, expiresAt) ? text.replay.tooSoon(expiresAt) : { state: 'expired' }
}

/** One more person has approved, in place of what they gave before. */
export function approved(
  was: RecordedRequest,
  { actor, time, policy, data }: RecordedEntry<'request.approved'>,
  asked: ApprovalsAsked,
): Step {
  if (actor.kind !== 'person') return text.replay.byOther('request.approved')
  if (!isBefore(time, was.expiresAt)) return text.replay.tooLate(was.expiresAt)
  const replaced = [actor.id, ...(data.inPlaceOf ?? [])]
  const approvals = [
    ...was.approvals.filter(({ by }) => !replaced.includes(by)),
    { by: actor.id, at: time },
  ]
  const counts = counted(was, { approvals, policy, data }, asked)
  if (typeof counts === 'string') return counts
  const step = { ...counts, tookPart: [...was.tookPart, actor.id] }
  if (data.complete !== true) return step
  const { approvalsNeeded: needed = 0 } = step
  if (approvals.length < needed) return text.replay.completeWithTooFew(approvals.length, needed)
  if ((data.missing ?? []).length > 0) return text.replay.completeWithout(data.missing ?? [])
  return { ...step, state: 'approved' }
}

/** Approvals that count no more are taken back, and what is left waits for others. */
export function voided(
  was: RecordedRequest,
  { version, policy, data }: RecordedEntry<'approvals.voided'>,
  asked: ApprovalsAsked,
): Step {
  const lost: readonly string[] = data.voided ?? []
  const approvals = was.approvals.filter(({ by }) => !lost.includes(by))
  const step = counted(was, { approvals, policy, data }, asked)
  if (typeof step === 'string') return step
  return { ...step, state: 'pending', pendingSince: version ?? was.version + 1 }
}

/** As many approvals as the entry says, and no fewer are needed than before, or than the policy of then asks for. */
function counted(
  was: RecordedRequest,
  { approvals, policy, data }: Counted,
  asked: ApprovalsAsked,
): Pick<RecordedRequest, 'approvals' | 'approvalsNeeded'> | string {
  if (data.approvals !== approvals.length)
    return text.replay.otherApprovals(approvals.length, data.approvals ?? 0)
  const needed = Math.max(was.approvalsNeeded, asked(policy, was.tier) ?? 0)
  const { approvalsNeeded = 0 } = data
  if (approvalsNeeded < needed) return text.replay.asksForLess(approvalsNeeded, needed)
  return { approvals, approvalsNeeded }
}

interface Counted {
  readonly approvals: RecordedRequest['approvals']
  readonly policy: string
  readonly data: { readonly approvals?: number; readonly approvalsNeeded?: number }
}

function isBefore(time: string, end: string): boolean {
  return Date.parse(time) < Date.parse(end)
}
