/** What the ledger says of one request: its state as its entries alone give it, whatever the tables have. */

import type { z } from 'zod'
import type { EffectId, PersonId, RequestId } from '../../ids.ts'
import type { alteredPart, effectKind, method, requestState } from '../entries/words.ts'
import type { Target } from '../entry.ts'

export interface RecordedRequest {
  readonly id: RequestId
  readonly version: number
  readonly state: RecordedState
  /** Who asked for it: nobody else withdraws it, or sees its password. */
  readonly opener: PersonId
  /** The account's owner in Slack, where Rekey knew them when it was opened, and wrote it down. */
  readonly owner?: PersonId
  readonly target: Target
  readonly method: RecordedMethod
  readonly tier: string
  /** Hash of the policy that it was opened under. */
  readonly policy: string
  /** The highest number that a policy has asked for so far. */
  readonly approvalsNeeded: number
  /** Those that count, in the order in which they were given. */
  readonly approvals: readonly RecordedApproval[]
  /** Who asked for it, and whoever has approved it at any time: they lift no freeze that comes of it. */
  readonly tookPart: readonly PersonId[]
  /** The version since which approvals count. */
  readonly pendingSince: number
  /** ISO 8601, like the time of an entry. */
  readonly openedAt: string
  readonly expiresAt: string
  /** Every effect that was intended, the oldest first. */
  readonly effects: readonly RecordedEffect[]
  /** What carries out the method, or did so last. */
  readonly effect?: EffectId
  readonly password: RecordedPassword
  /** Its owner has said that it was not them. */
  readonly reported?: { readonly by: PersonId; readonly at: string }
  /** It has failed, and something may have come of it all the same. */
  readonly mayHaveLanded?: true
}

export type RecordedState = z.output<typeof requestState>
export type RecordedMethod = z.output<typeof method>
export type RecordedKind = z.output<typeof effectKind>

/** What of a request may be otherwise in the tables than its entries have it. */
export type AlteredPart = z.output<typeof alteredPart>

/** What became of the password; `none` where there is none, or none yet. */
export type RecordedPassword = 'none' | 'sealed' | 'revealing' | 'revealed' | 'burnt' | 'scrambled'

export interface RecordedApproval {
  readonly by: PersonId
  readonly at: string
}

export interface RecordedEffect {
  readonly id: EffectId
  readonly kind: RecordedKind
  readonly number: number
  readonly state:
    | 'intended'
    | 'unknown'
    | 'not-applied'
    | 'confirmed'
    | 'observed'
    | 'refused'
    | 'undecided'
  /** Of the last claim. */
  readonly fence: number
  readonly attempts: number
}

/** How many approvals a policy asks for in a tier; undefined where nobody knows any more what it said. */
export type ApprovalsAsked = (policy: string, tier: string) => number | undefined

/** Whether a sealed password is kept for it: from the intent to set it until it was shown or is no good. */
export function keepsPassword(request: RecordedRequest): boolean {
  const { state, password } = request
  if (state === 'executing') return makesPassword(request)
  return state === 'executed' && (password === 'sealed' || password === 'revealing')
}

/** Whether the method is one for which Rekey makes a password. */
export function makesPassword({ method: how }: Pick<RecordedRequest, 'method'>): boolean {
  return how === 'temporary-password' || how === 'permanent-password'
}
