/**
 * The core's answer to anything anybody tries.
 *
 * A request moves only inside a `Change`, and a change carries its ledger entry and the jobs that
 * follow from it. The store commits all of it or nothing, so nothing can move without a trace.
 */

import type { EntryDraft } from '../../audit/entry.ts'
import type { MemberWait } from '../../policy/membership.ts'
import type { Limit, LimitName } from '../../policy/policy.ts'
import type { Sealed } from '../../sealing/password-sealer.ts'
import type { Effect } from './effect.ts'
import type { JobDraft } from './job.ts'
import type { Freeze } from './pause.ts'
import type { RecoveryRequest } from './request.ts'

/** What a rule answers: the change to be committed, or why not. */
export type Decision<Request extends RecoveryRequest = RecoveryRequest> = Moved<Request> | Refused

/** Yes, with everything that follows from it. */
export interface Moved<Request extends RecoveryRequest = RecoveryRequest> {
  readonly kind: 'moved'
  readonly change: Change<Request>
}

/** No, and why. The refusal is recorded like any change. */
export interface Refused {
  readonly kind: 'refused'
  readonly why: Refusal
  readonly entry: EntryDraft
  /** Which limit, where one was reached. */
  readonly limit?: LimitName
  /** Until when they have to wait, where they have come into a group lately. */
  readonly wait?: MemberWait
  /** The request that was met, so that the answer can say who decided and when. */
  readonly request?: RecoveryRequest
}

/** Counts one more of something that is limited. Committed only if there is one left. */
export interface LimitUse extends Limit {
  readonly name: LimitName
  /** Of whom, or of what: a person, an account, or `all`. */
  readonly of: string
}

/** One use that counts no more: the one that was counted at that moment. */
export interface LimitReturn extends Pick<LimitUse, 'name' | 'of'> {
  readonly countedAt: Date
}

/** A request in its next version, with all that is committed together with it. */
export interface Change<Request extends RecoveryRequest = RecoveryRequest> {
  /** The request as it will be; its version is already one higher. */
  readonly request: Request
  readonly entry: EntryDraft
  readonly jobs: readonly JobDraft[]
  readonly effect?: Effect
  /** A password to be kept, or the order to destroy the one that is kept. */
  readonly secret?: { readonly keep: Sealed } | { readonly shred: true }
  /** What it uses up. When one of them is used up already, nothing is stored. */
  readonly consumes?: readonly LimitUse[]
  /** What it gives back of what was used up before. */
  readonly returns?: readonly LimitReturn[]
  /** Written after its own entry, for security, where more has come to light than this one request. */
  readonly alarm?: EntryDraft
  /** True for what must not happen while recoveries are paused or the account is frozen. */
  readonly unlessPaused?: true
  /** It says what Cognito or Slack has answered: that is so under whichever policy is in force by now. */
  readonly isAnswer?: true
  /** Lets nobody recover the account until then. */
  readonly freeze?: Freeze
}

/** A change, but for what the ledger says of it. */
export type ChangeWithoutEntry<Request extends RecoveryRequest = RecoveryRequest> = Omit<
  Change<Request>,
  'entry'
>

/** Everything Rekey can say no to. Each has its sentence in slack/text/en/refusals.ts. */
export const refusals = [
  'not-a-requester',
  'not-an-approver',
  'new-member',
  'own-request',
  'own-account',
  'already-approved',
  'already-decided',
  'expired',
  'stale-view',
  'unknown-request',
  'account-gone',
  'request-open',
  'method-closed',
  'check-unknown',
  'reason-missing',
  'ticket-missing',
  'ticket-malformed',
  'evidence-missing',
  'evidence-malformed',
  'name-mismatch',
  'account-frozen',
  'nobody-can-decide',
  'sent-too-often',
  'not-the-owner',
  'already-reported',
  'not-frozen',
  'took-part',
  'took-part-lately',
  'limit-reached',
  'too-fast',
  'not-security',
  'already-paused',
  'not-paused',
  'not-involved',
  'not-your-request',
  'requester-left',
  'requesters-account',
  'account-changed',
  'other-pause',
  'not-executed-yet',
  'paused',
  'password-shown',
  'password-gone',
  'record-altered',
] as const

export type Refusal = (typeof refusals)[number]
