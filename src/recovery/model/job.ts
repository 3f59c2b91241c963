/** What there is to do after a commit. A job names what to look at, never what to say about it. */

import type { JobId, RequestId } from '../../ids.ts'

export type Task =
  /** Go on with an approved request until its outcome is known. */
  | { readonly kind: 'execute'; readonly request: RequestId }
  | { readonly kind: 'expire'; readonly request: RequestId }
  /** Post the card, or draw it again. */
  | { readonly kind: 'draw-card'; readonly request: RequestId }
  | { readonly kind: 'post-audit'; readonly seq: number; readonly request: RequestId | null }
  /** Call security because of an entry. */
  | { readonly kind: 'post-alert'; readonly seq: number; readonly request: RequestId | null }
  | { readonly kind: 'tell-requester'; readonly request: RequestId }
  /** Tell the requester, for all that waits of theirs, that a pause has begun or is over. */
  | {
      readonly kind: 'notify-pause'
      readonly request: RequestId
      readonly change: 'paused' | 'resumed'
      /** When the pause began, in milliseconds since 1970. */
      readonly since: number
    }
  /** Tell the account's owner, where they can be reached in Slack. */
  | { readonly kind: 'tell-owner'; readonly request: RequestId }
  /** See whether anybody has decided yet, and remind those who can. */
  | { readonly kind: 'remind'; readonly request: RequestId; readonly round: number }
  /** See whether there are people left who could decide. */
  | { readonly kind: 'see-who-is-left'; readonly request: RequestId }
  /** From now on others may decide as well. */
  | { readonly kind: 'escalate'; readonly request: RequestId }
  /** Call those who can decide, in the card's thread. */
  | {
      readonly kind: 'post-reminder'
      readonly request: RequestId
      /** 0 stands for the escalation. */
      readonly round: number
    }
  /** See whether what was sent can have gone to another address than the one that was approved. */
  | { readonly kind: 'check-addresses'; readonly request: RequestId }
  | { readonly kind: 'revoke-sessions'; readonly request: RequestId }
  /** Destroy a password that nobody has asked to see. */
  | { readonly kind: 'burn-password'; readonly request: RequestId }
  /** See whether the owner is back in; when time is up, make an unused temporary password useless. */
  | { readonly kind: 'follow-up'; readonly request: RequestId }
  /** Sign the ledger as it stands. */
  | { readonly kind: 'sign-checkpoint' }
  | { readonly kind: 'post-checkpoint'; readonly size: number }
  /** Show the newest checkpoint to a witness, and keep what it signs. */
  | { readonly kind: 'show-witness'; readonly witness: string }
  /** Compare the channels with what was posted there lately. */
  | { readonly kind: 'reconcile-audit' }
  /** The same for a month. */
  | { readonly kind: 'reconcile-month' }
  /** See who is in the user groups that the policy names. */
  | { readonly kind: 'look-at-groups' }
  /** Take a shown password off the screen. */
  | { readonly kind: 'clear-reveal'; readonly request: RequestId; readonly view: string }

export type TaskKind = Task['kind']

/**
 * A job as a rule orders it. Jobs of one lane are done one after the other, in the order they were
 * committed; lanes do not wait for each other.
 */
export interface JobDraft {
  readonly task: Task
  readonly lane: string
  readonly notBefore: Date
}

/** A job as the outbox holds it. */
export interface Job {
  readonly id: JobId
  readonly task: Task
  readonly lane: string
  /** When it was committed. */
  readonly createdAt: Date
  /** How often it has been started, this time included. */
  readonly attempts: number
}

/** What whoever does a job says of it. */
export type Progress =
  | { readonly kind: 'done' }
  /** Not yet: come back then. */
  | { readonly kind: 'again'; readonly at: Date; readonly because: string }
  /** It cannot succeed, ever, and must not hold up what waits behind it. */
  | { readonly kind: 'impossible'; readonly because: string }
