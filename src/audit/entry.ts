/** audit/ owns what a ledger entry is, how entries are chained, and how a chain is verified. */

import type { PersonId, RequestId, Sub } from '../ids.ts'

/** Everything that can be written in the ledger. An event that is not here cannot happen. */
export const entryTypes = [
  'rekey.started',
  'policy.changed',
  'policy.refused',
  'recovery.paused',
  'recovery.resumed',
  'channel.shared',
  'ingress.refused',
  'account.looked-up',
  'open.refused',
  'request.opened',
  'approval.opened',
  'request.approved',
  'request.denied',
  'request.withdrawn',
  'request.expired',
  'request.failed',
  'decision.refused',
  'approvals.voided',
  'effect.intended',
  'effect.confirmed',
  'effect.observed',
  'effect.refused',
  'effect.not-applied',
  'effect.unknown',
  'effect.looked',
  'effect.undecided',
  'effect.duplicate',
  'attention.resolved',
  'sessions.revoked',
  'secret.revealing',
  'secret.revealed',
  'secret.released',
  'secret.burnt',
  'secret.scrambled',
  'request.recovered',
  'request.lapsed',
  'owner.told',
  'owner.not-told',
  'owner.reported',
  'recovery.misused',
  'freeze.lifted',
  'request.reminded',
  'request.escalated',
  'request.stuck',
  'request.unstuck',
  'post.missing',
  'post.altered',
  'audit.behind',
] as const

export type EntryType = (typeof entryTypes)[number]

/** A person in Slack, or Rekey itself (time passed, an effect was settled). */
export type Actor = { readonly kind: 'person'; readonly id: PersonId } | { readonly kind: 'rekey' }

/** The account an entry is about: the pool's id at AWS, and the `sub`. Never an e-mail address. */
export interface Target {
  readonly userPoolId: string
  readonly sub: Sub
}

export type EntryValue = string | number | boolean | null | readonly string[]

/** What a rule says happened. The store adds the place in the chain. */
export interface EntryDraft {
  readonly type: EntryType
  readonly actor: Actor
  readonly request: RequestId | null
  /** The version of the request that this entry made, or met when it was a refusal; null without one. */
  readonly version: number | null
  readonly target: Target | null
  /** SHA-256 of the policy that was in force, in hex; for a refusal or an answer of Cognito's, of the one that it was asked under. */
  readonly policy: string
  /** Facts for the auditor. Never a password, a code, a token or a full e-mail address. */
  readonly data: Readonly<Record<string, EntryValue>>
}

/** An entry in its place: what is hashed, stored and exported. */
export interface Entry extends EntryDraft {
  readonly v: 1
  /** 1 for the first entry; no gaps. */
  readonly seq: number
  /** UTC, ISO 8601 with milliseconds. */
  readonly time: string
  /** The hash of the entry before, in hex; 64 zeros for the first. */
  readonly prev: string
}

/** An entry and its own hash, the head of the chain at that moment. */
export interface ChainedEntry {
  readonly entry: Entry
  readonly hash: string
}
