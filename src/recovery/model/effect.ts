/** One call that changes something in Cognito, and what is known of its outcome. */

import type { EffectId, RequestId } from '../../ids.ts'
import type { Method } from '../../policy/method.ts'
import type { Account, AccountStatus, Addresses } from './account.ts'

/** What a call does. `scramble` replaces an unused temporary password by one that nobody knows. */
export type EffectKind = Method | 'sign-out' | 'scramble'

/** The account as read just before the call, or just after it. */
export interface AccountSnapshot {
  readonly status: AccountStatus
  readonly modifiedAt: Date
}

/** The account as it is read with nothing between that and the call. */
export interface LastLook extends AccountSnapshot, Addresses {}

/**
 * - `intended`: written down, and the call may be under way or not
 * - `unknown`: the call was made and no answer can be trusted; only looking can tell
 * - `not-applied`: the call certainly changed nothing, and may be made again
 * - `confirmed`: Cognito answered that it is done
 * - `observed`: no answer, but the account has changed the way the call would change it
 * - `refused`: Cognito will not do it
 * - `undecided`: looking did not settle it; a person has to
 */
export const effectStates = [
  'intended',
  'unknown',
  'not-applied',
  'confirmed',
  'observed',
  'refused',
  'undecided',
] as const

/** The first, and two that people may ask for. */
export const mostEffects = 3

export type EffectState = (typeof effectStates)[number]

export interface Effect {
  readonly id: EffectId
  readonly request: RequestId
  readonly kind: EffectKind
  /** 1 for the first; a person who has it sent again makes the second, and at most the third. */
  readonly number: number
  readonly state: EffectState
  /** Rises with every claim. Whoever comes with an older one has been overtaken and changes nothing. */
  readonly fence: number
  /** How often the call has been made, as far as is known. */
  readonly attempts: number
  readonly intendedAt: Date
  /** Until then, whoever made the claim is expected to settle it. */
  readonly leaseUntil: Date
  readonly before: AccountSnapshot
  readonly after?: AccountSnapshot
  /** How often somebody looked after an unclear outcome and found the account unchanged. */
  readonly unchangedLooks: number
  readonly lastLookAt?: Date
  /** When the first attempt was made: the time until it is given up is counted from here. */
  readonly firstIntendedAt: Date
}

/** Why Cognito did not do what was asked, in classes that each ask for different advice. */
export type FailureKind =
  | 'account-state'
  | 'no-channel'
  | 'account-gone'
  | 'pool-gone'
  | 'password-policy'
  | 'password-history'
  | 'attempt-limit'
  | 'mail-limit'
  | 'throttled'
  | 'delivery'
  | 'configuration'
  | 'refused'
  | 'no-answer'

export interface Failure {
  readonly kind: FailureKind
  /** The name of Cognito's exception, or of the transport's error. Safe to show; messages are not. */
  readonly name: string
  /** AWS's request id, the key that joins with CloudTrail; absent when there was no answer. */
  readonly awsRequestId?: string
}

/**
 * What Rekey itself can find in the way, or somebody has seen, named like Cognito's exceptions. Each has its
 * sentence in slack/text/en/failures.ts.
 */
export type OwnFailure =
  | 'AccountChanged'
  | 'AccountFrozen'
  | 'AccountGone'
  | 'ApprovalVoid'
  | 'LookTooOld'
  | 'MethodClosed'
  | 'OwnerReported'
  | 'PoolNotInPolicy'
  | 'RecordAltered'
  | 'ReportedByPerson'
  | 'RequesterLeft'
  | 'RequestersAccount'
  | 'TierChanged'
  | 'TimeUp'

/** How a call ended, in terms of whether it changed anything. */
export type Answer =
  | {
      readonly kind: 'done'
      readonly awsRequestId: string
      /** Where Cognito says that it has sent something, masked by Cognito. */
      readonly destination?: string
      /** That is none of the account's addresses, as they were read right before. */
      readonly sentElsewhere?: true
    }
  /** It changed nothing and never will. */
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** It changed nothing, and may work later. `uncalled`: Rekey has not even called. */
  | { readonly kind: 'not-applied'; readonly failure: Failure; readonly uncalled?: true }
  /** It may or may not have changed the account. */
  | { readonly kind: 'unknown'; readonly failure: Failure }

/** Why a call is not made after all. */
export type Objection = Extract<Answer, { readonly kind: 'refused' | 'not-applied' }>

export function snapshotOf(account: Pick<Account, 'status' | 'modifiedAt'>): AccountSnapshot {
  return { status: account.status, modifiedAt: account.modifiedAt }
}

// The longest a call may take is 28 s (1 for credentials, 2 to connect, 25 to answer, since a Lambda
// trigger may use 5 s three times). Twice that, and nobody else looks while it can still be under way.
export const callLeaseMs = 60_000

/** Gives up on a call that was made as often as we dare, and certainly never landed. */
export function attemptsUsedUp(effect: Effect): boolean {
  return effect.attempts >= maxAttempts
}

/** Calls that were looked for and had certainly not landed, before we stop trying. */
export const maxAttempts = 3
