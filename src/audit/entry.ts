/** audit/ owns what a ledger entry is, how entries are chained, and how a chain is verified. */

import type { PersonId, RequestId, Sub } from '../ids.ts'
import type { EntryData, EntryType } from './entry-data.ts'

/** A person in Slack, or Rekey itself (time passed, an effect was settled). */
export type Actor = { readonly kind: 'person'; readonly id: PersonId } | { readonly kind: 'rekey' }

/** The account an entry is about: the pool's id at AWS, and the `sub`. Never an e-mail address. */
export interface Target {
  readonly userPoolId: string
  readonly sub: Sub
}

export type EntryValue = string | number | boolean | null | readonly string[]

interface EntrySubject {
  readonly actor: Actor
  readonly request: RequestId | null
  /** The version of the request that this entry made, or met when it was a refusal; null without one. */
  readonly version: number | null
  readonly target: Target | null
  /** SHA-256 of the policy that was in force, in hex; for a refusal or an answer of Cognito's, of the one that it was asked under. */
  readonly policy: string
}

/**
 * What a rule says happened. The store adds the place in the chain.
 *
 * `data` has facts for the auditor. Never a password, a code, a token or a full e-mail address.
 */
export type EntryDraft<Type extends EntryType = EntryType> = {
  [Each in Type]: EntrySubject & { readonly type: Each; readonly data: EntryData[Each] }
}[Type]

/** An entry but for its place, whichever Rekey wrote it: its facts are as `readEntry` finds them. */
export interface EntryBody extends EntrySubject {
  readonly type: EntryType
  readonly data: Readonly<Record<string, EntryValue>>
}

/** An entry in its place: what is hashed, stored and exported. */
export interface Entry extends EntryBody {
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
