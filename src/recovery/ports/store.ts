import type { EntryDraft } from '../../audit/entry.ts'
import type { EffectId, PersonId, RequestId } from '../../ids.ts'
import type { LimitName, Policy } from '../../policy/policy.ts'
import type { Sealed } from '../../sealing/password-sealer.ts'
import type { AccountRef } from '../model/account.ts'
import type { Decision, LimitUse } from '../model/decision.ts'
import type { Effect, EffectKind } from '../model/effect.ts'
import type { GroupMemories, GroupMemory } from '../model/group.ts'
import type { JobDraft } from '../model/job.ts'
import type { Freeze, Pause } from '../model/pause.ts'
import type { OwnerTold, RecoveryRequest } from '../model/request.ts'
import type { KeptPost } from './posts.ts'

/**
 * - `recorded`: all of it is stored
 * - `stale`: the request, the pause, the freeze or the user group has changed since it was read; nothing is stored
 * - `repeated`: this very idempotency key is stored already; nothing new is stored
 * - `counted`: its person was refused so often that this one is not written down any more
 * - `paused`: recoveries are paused, or the account is frozen, and the change must not happen then
 */
export type Recorded = 'recorded' | 'stale' | 'repeated' | 'counted' | 'paused' | UsedUp

/** A limit that stands in the way; nothing is stored. */
export interface UsedUp {
  readonly usedUp: LimitName
}

/**
 * What is committed together with an entry that belongs to no decision on a request: one of these, and
 * the jobs that follow from it.
 */
export type CommitExtras =
  | Following
  | PauseStart
  | PauseEnd
  | FreezeEnd
  | LimitClearing
  | PolicyAdoption
  | PostLoss
  | NoticeOutcome
  | GroupNote

/** Nothing else changes. */
export interface Following extends WithJobs {
  readonly kind?: undefined
  /** It says what Cognito has answered: that is so under whichever policy is in force by now. */
  readonly isAnswer?: true
  readonly consumes?: readonly LimitUse[]
}

/** Begins a pause, unless one stands. */
export interface PauseStart extends WithJobs {
  readonly kind: 'pause'
  readonly pause: Pause
  /** It takes the place of one that stands. */
  readonly evenIfPaused?: true
  /** Only as long as there is none of this left. */
  readonly ifUsedUp?: LimitUse
}

/** Ends the pause that was read, if it still stands. */
export interface PauseEnd extends WithJobs {
  readonly kind: 'resume'
  readonly pause: Pause
  /** What no longer counts towards these limits. */
  readonly forget: readonly LimitUse[]
}

/** Ends the freeze that was read, if it still holds. */
export interface FreezeEnd extends WithJobs {
  readonly kind: 'unfreeze'
  readonly freeze: Freeze
}

/** Nothing that was counted so far counts towards these limits any more. */
export interface LimitClearing extends WithJobs {
  readonly kind: 'clear-limit'
  readonly forget: readonly LimitUse[]
}

/** The policy that is in force from this commit on, for every Rekey on this database. */
export interface PolicyAdoption extends WithJobs {
  readonly kind: 'adopt-policy'
  readonly policy: Policy
  /** What is noted of the user groups that it names for the first time, where nothing is noted yet. */
  readonly firstSeen?: readonly GroupMemory[]
}

/** What a look has shown of a user group, unless another one has been noted since. */
export interface GroupNote extends WithJobs {
  readonly kind: 'group'
  readonly memory: GroupMemory
}

/** A post that is gone, unless another has taken its place: it will be posted anew. */
export interface PostLoss extends WithJobs {
  readonly kind: 'post-lost'
  readonly post: Pick<KeptPost, 'key' | 'ts'>
}

/** What came of a message to the owner of this request's account. */
export interface NoticeOutcome extends WithJobs {
  readonly kind: 'owner-told'
  readonly request: RequestId
  readonly told: OwnerTold
}

interface WithJobs {
  readonly jobs?: readonly JobDraft[]
}

/** What is stored of a request from now on that somebody else has changed, whatever is in its rows. */
export interface Stop {
  /** In their order: the first is that it was changed. */
  readonly entries: readonly EntryDraft[]
  /** Bound to the key again; without it, its row is good for nothing any more. Its sealed passwords are gone. */
  readonly stored?: { readonly request: RecoveryRequest; readonly effects: readonly Effect[] }
  readonly jobs: readonly JobDraft[]
}

/** Requests as Rekey itself has stored them. */
export interface Listed {
  readonly requests: readonly RecoveryRequest[]
  /** Those that somebody else has changed, or that cannot be read: they are among the requests no more. */
  readonly altered: readonly RequestId[]
}

/** A request as it was found under its lock. */
export interface Found {
  /** Its rows, where they fit their seal and are of the version that the ledger has. */
  readonly intact:
    | { readonly request: RecoveryRequest; readonly effects: readonly Effect[] }
    | undefined
}

export interface PolicyInForce {
  readonly hash: string
  /** What it said, as plain data. Absent where what is stored under the hash is gone, or not what it was made of. */
  readonly meaning?: unknown
}

/** Where requests, effects, sealed passwords and the ledger are kept. */
export interface Store {
  /**
   * A request as it is by now, undefined where there is none.
   * @throws RecordAltered where its rows are not as Rekey has stored them, or not as its newest entries say
   */
  find(id: RequestId): Promise<RecoveryRequest | undefined>
  /**
   * The request that stands in the way of another one for this account, if there is one.
   * @throws RecordAltered when somebody else has changed it
   */
  findOpen(account: AccountRef): Promise<RecoveryRequest | undefined>
  /** The requests for this account that were opened after that time, the oldest first; without what was changed. */
  listForAccount(account: AccountRef, since: Date): Promise<readonly RecoveryRequest[]>
  /** The newest effect of this kind for a request, in whatever state. */
  findEffect(request: RequestId, kind: EffectKind): Promise<Effect | undefined>
  findSecret(effect: EffectId): Promise<Sealed | undefined>
  /**
   * Commits a decision whole, or nothing of it.
   * @param at the time written in the ledger
   * @param idempotencyKey names what a person did, so that the same click delivered twice counts once
   */
  record(decision: Decision, at: Date, idempotencyKey?: string): Promise<Recorded>
  /** Adds an entry that belongs to no decision on a request, such as a look-up. */
  write(
    entry: EntryDraft,
    at: Date,
    idempotencyKey?: string,
    extras?: CommitExtras,
  ): Promise<Recorded>
  /**
   * Replaces all that is stored of a request that somebody else has changed.
   * @param version the one that the ledger has brought it to, by what the rule goes by; 0 where it has none
   * @param rule undefined where there is nothing to replace
   * @returns `stale`, too, where the ledger has another version by now, or the rule has nothing to do
   */
  stop(
    request: { readonly id: RequestId; readonly version: number },
    rule: (found: Found) => Stop | undefined,
    at: Date,
  ): Promise<Recorded>
  /** The pause that holds now, if there is one. */
  findPause(): Promise<Pause | undefined>
  /** The freeze of this account that holds at that time, if there is one. */
  findFreeze(account: AccountRef, at: Date): Promise<Freeze | undefined>
  /** The policy that was put in force last, if ever one was. */
  findPolicyInForce(): Promise<PolicyInForce | undefined>
  /** What is remembered of the user groups' members. */
  findGroups(): Promise<GroupMemories>
  /** Every request whose outcome is not known yet, the oldest first. */
  listOpen(): Promise<Listed>
  /** The requests somebody opened, the newest first. */
  listOpenedBy(person: PersonId, most: number): Promise<Listed>
}

/** Another Rekey on this database runs under a newer policy: this one may decide nothing until it has read it. */
export class PolicyOutdated extends Error {
  override readonly name = 'PolicyOutdated'

  constructor() {
    super('another Rekey has put a newer policy in force: give this one the same, and reload it')
  }
}
