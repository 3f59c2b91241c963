/** What the core asks of the world, in its own words. Other rooms answer; `main.ts` introduces them. */

import type { SignedCheckpoint } from '../audit/checkpoint-signer.ts'
import type { ChainedEntry, EntryDraft } from '../audit/entry.ts'
import type { EffectId, PersonId, RequestId, Sub } from '../ids.ts'
import type { LimitName, Policy, Principal } from '../policy/policy.ts'
import type { Someone } from '../policy/who.ts'
import type { Sealed } from '../sealing/password-sealer.ts'
import type { Secret } from '../secret.ts'
import type { Account, AccountRef } from './model/account.ts'
import type { Decision, Use } from './model/decision.ts'
import type { Answer, Deed, Effect, Failure } from './model/effect.ts'
import type { Job, JobDraft, TaskKind } from './model/job.ts'
import type { Freeze, Pause } from './model/pause.ts'
import type { OwnerTold, RecoveryRequest } from './model/request.ts'

/**
 * - `recorded`: all of it is stored
 * - `stale`: the request, the pause or the freeze has changed since it was read; nothing is stored
 * - `repeated`: this very gesture is stored already; nothing new is stored
 * - `counted`: its person was refused so often that this one is not written down any more
 * - `halted`: recoveries are paused, or the account is frozen, and the change must not happen then
 */
export type Recorded = 'recorded' | 'stale' | 'repeated' | 'counted' | 'halted' | UsedUp

/** A limit that stands in the way; nothing is stored. */
export interface UsedUp {
  readonly usedUp: LimitName
}

/** What is committed together with an entry that belongs to no decision on a request. */
export interface Along {
  readonly jobs?: readonly JobDraft[]
  /** It says what Cognito has answered: that is so under whichever policy is in force by now. */
  readonly isAnswer?: true
  readonly uses?: readonly Use[]
  /** Begins the pause, unless one stands; or ends the one that was read, if it still stands. */
  readonly pause?: Pause | { readonly over: Pause }
  /** The pause takes the place of one that stands. */
  readonly evenIfPaused?: true
  /** Only as long as there is none of this left. */
  readonly ifUsedUp?: Use
  /** The freeze that ends, if it is still the one that was read. */
  readonly thaw?: Freeze
  /** What no longer counts towards these limits. */
  readonly forget?: readonly Use[]
  /** The policy that is in force from this commit on, for every Rekey on this database. */
  readonly adopt?: Policy
  /** A post that is gone, unless another has taken its place: it will be posted anew. */
  readonly unpost?: Pick<KeptPost, 'key' | 'ts'>
  /** What came of a message to the owner of this request's account. */
  readonly ownerTold?: OwnerTold & { readonly request: RequestId }
  /** Somebody has a request before their eyes in order to decide on it. */
  readonly reading?: {
    readonly request: RequestId
    readonly by: PersonId
    readonly version: number
  }
}

export interface PolicyInForce {
  readonly hash: string
  /** What it said, as plain data. */
  readonly meaning: unknown
}

/** Where requests, effects, sealed passwords and the ledger are kept. */
export interface Store {
  find(id: RequestId): Promise<RecoveryRequest | undefined>
  /** The request that stands in the way of another one for this account, if there is one. */
  findOpen(account: AccountRef): Promise<RecoveryRequest | undefined>
  /** The newest effect of this kind for a request, in whatever state. */
  findEffect(request: RequestId, deed: Deed): Promise<Effect | undefined>
  findSecret(effect: EffectId): Promise<Sealed | undefined>
  /**
   * Commits a decision whole, or nothing of it.
   * @param at the time written in the ledger
   * @param gesture names what a person did, so that the same click delivered twice counts once
   */
  record(decision: Decision, at: Date, gesture?: string): Promise<Recorded>
  /** Adds an entry that belongs to no decision on a request, such as a look-up. */
  write(entry: EntryDraft, at: Date, gesture?: string, along?: Along): Promise<Recorded>
  /** The pause that holds now, if there is one. */
  findPause(): Promise<Pause | undefined>
  /** The freeze of this account that holds at that time, if there is one. */
  findFreeze(account: AccountRef, at: Date): Promise<Freeze | undefined>
  /** The policy that was put in force last, if ever one was. */
  findPolicyInForce(): Promise<PolicyInForce | undefined>
  /** When this person first had the request before their eyes, in a version from this one on. */
  findReading(request: RequestId, by: PersonId, fromVersion: number): Promise<Date | undefined>
  /** Every request whose outcome is not known yet, the oldest first. */
  listOpen(): Promise<readonly RecoveryRequest[]>
  /** The requests for this account that its owner has reported, the oldest first. */
  listReported(account: AccountRef): Promise<readonly RecoveryRequest[]>
  /** The requests somebody opened, the newest first. */
  listOpenedBy(person: PersonId, most: number): Promise<readonly RecoveryRequest[]>
}

/** The ledger, for those who read it. */
export interface Ledger {
  head(): Promise<{ readonly seq: number; readonly hash: string }>
  entry(seq: number): Promise<ChainedEntry | undefined>
  /** Every entry from `fromSeq` on, in order, read in pages. */
  entries(fromSeq?: number): AsyncIterable<ChainedEntry>
}

/** The jobs that wait. */
export interface Jobs {
  /**
   * Takes up to `limit` jobs that are due, the first of each lane, and nobody else's, until the lease ends.
   * @param kinds those alone; every kind, if it is not given
   */
  claim(
    now: Date,
    leaseMs: number,
    limit: number,
    kinds?: readonly TaskKind[],
  ): Promise<readonly Job[]>
  finish(job: Job, now: Date): Promise<void>
  /** Puts a job back until `notBefore`. It keeps its place in its lane. */
  putBack(job: Job, notBefore: Date, because: string): Promise<void>
  /** Sets a job aside that cannot succeed, so that its lane goes on. */
  park(job: Job, now: Date, because: string): Promise<void>
  add(drafts: readonly JobDraft[], now: Date): Promise<void>
  /** How the audit posts stand that have not been posted yet. */
  auditBacklog(): Promise<Backlog>
  /** How many jobs were set aside. */
  parked(): Promise<number>
}

export interface Backlog {
  readonly waiting: number
  /** When the oldest was ordered. */
  readonly since?: Date
}

/** Which Slack messages stand for what, so that they are edited and not posted again. */
export interface Posts {
  find(key: string): Promise<Post | undefined>
  keep(key: string, post: Post): Promise<void>
  /** The posts with this time or a later one, the oldest first. @param ts as Slack has it */
  since(ts: string): Promise<readonly KeptPost[]>
}

export interface Post {
  readonly channel: string
  readonly ts: string
  /** Of what it said, where somebody compares it later. */
  readonly digest?: string
}

export interface KeptPost extends Post {
  /** What it stands for. */
  readonly key: string
}

/** Under which key the audit channel's post for an entry is found. */
export function auditPostKey(seq: number): string {
  return `audit entry ${seq}`
}

/** The same for the post of a checkpoint. */
export function checkpointPostKey(size: number): string {
  return `checkpoint ${size}`
}

/** What a post bears witness to, by its key; undefined where it is no witness. */
export function witnessOf(
  key: string,
):
  | { readonly kind: 'entry'; readonly seq: number }
  | { readonly kind: 'checkpoint'; readonly size: number }
  | undefined {
  const [, what, number] = /^(audit entry|checkpoint) (\d+)$/.exec(key) ?? []
  if (what === undefined) return undefined
  return what === 'checkpoint'
    ? { kind: 'checkpoint', size: Number(number) }
    : { kind: 'entry', seq: Number(number) }
}

/** Signed statements about the ledger. */
export interface Checkpoints {
  latest(): Promise<SignedCheckpoint | undefined>
  find(size: number): Promise<SignedCheckpoint | undefined>
  /** The smallest first. */
  all(): Promise<readonly SignedCheckpoint[]>
  /** Keeps a checkpoint and orders its post. The first of a size stays. */
  add(checkpoint: SignedCheckpoint, at: Date): Promise<void>
}

/** What a search for an account came to. */
export type Search = (
  | { readonly kind: 'found'; readonly accounts: readonly Account[]; readonly more: boolean }
  | { readonly kind: 'failed'; readonly failure: Failure }
) &
  Incomplete

export interface Incomplete {
  /** The pools that could not be searched, by name: an account that matches may be there. Empty after a whole search. */
  readonly unasked: readonly string[]
}

export type Inspection =
  | { readonly kind: 'account'; readonly account: Account }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** The user pools. cognito/ provides it. */
export interface Accounts {
  /** Accounts that match what somebody typed: an e-mail, a phone number, a username, a sub, a name's beginning. */
  search(query: string): Promise<Search>
  /** Reads one account afresh. */
  inspect(pool: string, sub: Sub): Promise<Inspection>
  /** A temporary password that the pool's own policy accepts. */
  newPassword(pool: string): Promise<Secret>
  /** Makes the one call. Never tries twice by itself, and never throws for what Cognito or the network does. */
  perform(deed: Deed, account: AccountRef, effect: EffectId, password?: Secret): Promise<Answer>
}

/** A person as the workspace knows them at this moment. */
export interface Person extends Someone {
  readonly id: PersonId
  /** False for guests, strangers, bots and people who have left: they may do nothing at all. */
  readonly member: boolean
}

/** The people. slack/ provides it. */
export interface Directory {
  /** Who this is now, with the user groups that the policy names. Never older than a few seconds. */
  person(id: PersonId): Promise<Person | undefined>
  /** The member with this verified e-mail address. */
  findByEmail(email: string): Promise<PersonId | undefined>
  /** Everybody whom these name, themself or by a group, as they are now; each once. */
  members(principals: readonly Principal[]): Promise<readonly Person[]>
}

// The recovery page, where an account's owner helps themself. It knows no requests.

/** What a user pool asks of a new password. */
export interface PasswordRules {
  readonly minimumLength: number
  readonly uppercase: boolean
  readonly lowercase: boolean
  readonly numbers: boolean
  readonly symbols: boolean
}

/**
 * - `asked`: nothing that speaks against it, or nothing that may be told. Whether there is such an
 *   account, and whether a code went out, is the same answer on purpose; the failure is for the log.
 * - `unavailable`: it could not be asked for, whoever it was for
 */
export type CodeAsked =
  | { readonly kind: 'asked'; readonly failure?: Failure }
  | { readonly kind: 'unavailable'; readonly failure: Failure }

/** Why a password was not changed by its owner. */
export type OwnerRefusal =
  /** Also the answer for accounts that don't exist or are disabled. */
  | 'wrong-code'
  /** Too old, used already, or none was ever sent. */
  | 'expired-code'
  | 'too-many-tries'
  | 'password-policy'
  | 'password-history'
  | 'not-confirmed'
  /** Nothing was changed, and it may work later. */
  | 'unavailable'
  /** It may or may not have been changed. */
  | 'unclear'

export type PasswordChanged =
  | { readonly kind: 'changed' }
  | { readonly kind: 'refused'; readonly why: OwnerRefusal; readonly failure: Failure }

/** What an owner can do for themself, without anybody's approval. cognito/ provides it. */
export interface OwnerRecovery {
  /** The names of the pools whose owners can, in the policy's order. */
  readonly pools: readonly string[]
  /** Undefined while the pool can't be read. */
  rules(pool: string): Promise<PasswordRules | undefined>
  /** Has a code sent, once. @param username whatever the owner signs in with */
  sendCode(pool: string, username: string): Promise<CodeAsked>
  /** Sets the password if the code fits, in one try. */
  confirm(pool: string, username: string, code: Secret, password: Secret): Promise<PasswordChanged>
}

/** What strangers have tried lately, over restarts and replicas. store/ provides it. */
export interface Limits {
  /**
   * Counts one more of `key`, unless there have been `most` of them within the last `windowMs`.
   * @param key names nobody: whoever calls has made it unreadable
   * @returns false when there have been; then nothing is counted
   */
  take(key: string, most: number, windowMs: number, at: Date): Promise<boolean>
}
