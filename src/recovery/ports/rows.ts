import type { ChainedEntry } from '../../audit/entry.ts'
import type { EffectId, RequestId } from '../../ids.ts'
import type { Effect } from '../model/effect.ts'
import type { RecoveryRequest } from '../model/request.ts'

/** What the tables hold, for whoever compares it with the ledger. */
export interface Rows {
  /** Reads as much as it takes, all of it as it was at one moment, while Rekey goes on. */
  atOneMoment<Found>(read: (then: RowsThen) => Promise<Found>): Promise<Found>
  /** What every policy said that ever was in force, by its hash, as far as the table is to be believed. */
  policies(): Promise<readonly StoredPolicy[]>
}

/** The tables as they were at one moment. */
export interface RowsThen {
  entries(fromSeq: number): AsyncIterable<ChainedEntry>
  /** Every request with its effects, in pages. */
  requests(): AsyncIterable<StoredRequest>
  /** What belongs to requests that there are not. */
  strays(): Promise<readonly Stray[]>
  pause(): Promise<StoredPause | undefined>
  freezes(): Promise<readonly StoredFreeze[]>
  groups(): Promise<readonly StoredGroup[]>
  /** Of the ledger's head, and of what holds recoveries up. */
  headSeal(): Promise<SealCheck>
}

/**
 * Whether something is as Rekey has stored it:
 * - `fits`: with a key that is known here
 * - `altered`: somebody else has changed it, or taken its seal away
 * - `other-key`: it says that it was sealed with a key that is not known here
 * - `unchecked`: there is no key here
 */
export type SealCheck = 'fits' | 'altered' | 'other-key' | 'unchecked'

/** A row of no request. */
export interface Stray {
  readonly table: 'approvals' | 'effects' | 'secrets'
  /** The request that it names. */
  readonly request: string
}

export interface StoredRequest {
  readonly id: RequestId
  /** Undefined where the rows cannot be read: no Rekey has written them so. */
  readonly rows:
    | { readonly request: RecoveryRequest; readonly effects: readonly Effect[] }
    | undefined
  /** The effects that a sealed password is kept for. */
  readonly passwords: readonly EffectId[]
  /** Of all that belongs to it. */
  readonly seal: SealCheck
}

/** A pause as its row has it, whether Rekey could have written it so or not. Milliseconds since 1970. */
export interface StoredPause {
  readonly since: number
  readonly by: string | undefined
  readonly reason: string
}

/** A freeze, in the same way. */
export interface StoredFreeze {
  readonly userPoolId: string
  readonly sub: string
  readonly until: number
  readonly request: string
}

/** What is noted of a user group, in the same way. */
export interface StoredGroup {
  readonly group: string
  readonly isGone: boolean
  /** Since when each is in it, in milliseconds since 1970, 0 from the beginning; undefined where it cannot be read. */
  readonly members: ReadonlyMap<string, number> | undefined
}

export interface StoredPolicy {
  readonly hash: string
  /** What it says, as plain data; undefined where it is not JSON. */
  readonly meaning: unknown
}
