/**
 * A recovery request, in every state it can be in.
 *
 * A field exists only in the states where it means something: code that reads `deniedBy` from a
 * request that still waits for approval does not compile.
 */

import type { EffectId, PersonId, RequestId } from '../../ids.ts'
import type { Method } from '../../policy/method.ts'
import type { Principal } from '../../policy/policy.ts'
import type { AccountAsSeen, AccountRef } from './account.ts'
import type { AccountSnapshot, Failure } from './effect.ts'

export const requestStates = [
  'pending',
  'approved',
  'executing',
  'executed',
  'needs-attention',
  'denied',
  'withdrawn',
  'expired',
  'failed',
  'recovered',
  'lapsed',
] as const

export type RequestState = (typeof requestStates)[number]

/** While a request is in one of these, its account cannot have a second one. */
export const openStates = ['pending', 'approved', 'executing', 'needs-attention'] as const

/** What a request is about. None of it changes after it was opened. */
interface Opened {
  readonly id: RequestId
  /** Rises by one with every change. The store turns away a change made from an older version. */
  readonly version: number
  /** The version since which approvals count: what somebody saw before it, they cannot approve. */
  readonly pendingSince: number
  readonly account: AccountRef
  readonly seen: AccountAsSeen
  readonly method: Method
  readonly tier: string
  readonly approvalsNeeded: number
  /** Hash of the policy the request was opened under, in hex. */
  readonly policy: string
  readonly requestedBy: PersonId
  /** The account's owner among the people in Slack, where there is one. */
  readonly owner?: PersonId
  /** Whether Rekey can tell the owner in Slack, and if not, why not. */
  readonly ownerReach?: 'slack' | 'not-verified' | 'not-in-slack'
  /**
   * What came of the last message to the owner. Kept beside the versions: telling moves nothing, and
   * must not get in the way of what does.
   */
  readonly ownerTold?: OwnerTold
  /** The owner has said that they did not ask for this. */
  readonly reported?: { readonly by: PersonId; readonly at: Date }
  /** What was sent for it may have gone to an address that was not approved. */
  readonly addressChanged?: true
  /** Too few people are left who could approve it. */
  readonly stuck?: true
  readonly reason: string
  readonly ticket: string
  readonly identityCheck: {
    readonly id: string
    readonly label: string
    /** What shows that it was made, under the name that the policy gives it. */
    readonly evidence: { readonly label: string; readonly value: string }
  }
  /** The message in Slack that asked for help. */
  readonly source?: string
  /** Its tier was privileged when it was opened. */
  readonly privileged?: true
  readonly openedAt: Date
  readonly expiresAt: Date
  readonly approvals: readonly Approval[]
  /** The users and user groups of whom one each had to approve by the policy that it was opened under. */
  readonly from?: readonly Principal[]
  /** The users and user groups of whom one each has to be among those who approve, and is not yet. */
  readonly missing: readonly string[]
}

/** Since when Slack has it, or why Slack has refused it. */
export type OwnerTold = { readonly at: Date } | { readonly refused: string }

export interface Approval {
  readonly by: PersonId
  readonly at: Date
}

export interface Pending extends Opened {
  readonly state: 'pending'
}

export interface Approved extends Opened {
  readonly state: 'approved'
}

export interface Executing extends Opened {
  readonly state: 'executing'
  readonly effect: EffectId
}

/**
 * How we know that the effect took place: Cognito said so, the account shows it, or a person says so.
 * `nobody` knows: it may not have, but its owner has reported it, and it is taken back as if it had.
 */
export type Confirmation = 'answer' | 'observation' | 'person' | 'nobody'

interface WasExecuted extends Opened {
  readonly effect: EffectId
  readonly executedAt: Date
  readonly confirmedBy: Confirmation
  /** Where Cognito said it sent a code, masked by Cognito. */
  readonly sentTo?: string
  /** And that looks like none of the addresses that the account had right before. */
  readonly sentElsewhere?: true
  readonly sessions: 'to-revoke' | 'revoked' | 'kept' | 'not-revoked'
  readonly password: PasswordFate
  /** Since when the password's fate is what it is. */
  readonly passwordSince: Date
}

/** What became of the temporary password; `none` where the method makes none. */
export type PasswordFate = 'none' | 'sealed' | 'revealing' | 'revealed' | 'burnt' | 'scrambled'

export interface Executed extends WasExecuted {
  readonly state: 'executed'
}

export interface Recovered extends WasExecuted {
  readonly state: 'recovered'
  readonly recoveredAt: Date
}

export interface Lapsed extends WasExecuted {
  readonly state: 'lapsed'
  readonly lapsedAt: Date
  /** `used`: its owner has reported it, and somebody has used it. */
  readonly because:
    | 'time-up'
    | 'scrambled'
    | 'not-scrambled'
    | 'account-gone'
    | 'pool-removed'
    | 'used'
}

export interface NeedsAttention extends Opened {
  readonly state: 'needs-attention'
  readonly effect: EffectId
  readonly because: 'changed-otherwise' | 'never-observed'
  readonly since: Date
  /** The account before the call, and as it was found since, if it could be looked at. */
  readonly looked?: { readonly before: AccountSnapshot; readonly found?: AccountSnapshot }
}

/** A request that was tried, as it was while it was being carried out. */
export function asTried(request: NeedsAttention | Failed, effect: EffectId): Executing {
  if (request.state === 'needs-attention') {
    const { because: _, since: __, looked: ___, ...tried } = request
    return { ...tried, state: 'executing', effect }
  }
  const { failedAt: _, failure: __, sentBefore: ___, ...tried } = request
  return { ...tried, state: 'executing', effect }
}

export interface Denied extends Opened {
  readonly state: 'denied'
  readonly deniedBy: PersonId
  readonly deniedAt: Date
  readonly comment: string
}

export interface Withdrawn extends Opened {
  readonly state: 'withdrawn'
  readonly withdrawnAt: Date
}

export interface Expired extends Opened {
  readonly state: 'expired'
  readonly expiredAt: Date
}

export interface Failed extends Opened {
  readonly state: 'failed'
  readonly failedAt: Date
  readonly failure: Failure
  /** Absent when it failed before anything was tried. */
  readonly effect?: EffectId
  /** Only what was to be sent again has failed: what was sent before may have arrived. */
  readonly sentBefore?: true
}

export type RecoveryRequest =
  | Pending
  | Approved
  | Executing
  | Executed
  | Recovered
  | Lapsed
  | NeedsAttention
  | Denied
  | Withdrawn
  | Expired
  | Failed

/** An executed request, whatever became of it since. */
export type Done = Executed | Recovered | Lapsed

export function isDone(request: RecoveryRequest): request is Done {
  return request.state === 'executed' || request.state === 'recovered' || request.state === 'lapsed'
}
