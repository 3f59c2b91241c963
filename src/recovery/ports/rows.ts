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
  /** The effects of requests that there are not. */
  strayEffects(): Promise<readonly EffectId[]>
  pause(): Promise<StoredPause | undefined>
  freezes(): Promise<readonly StoredFreeze[]>
}

export interface StoredRequest {
  readonly id: RequestId
  /** Undefined where the rows cannot be read: no Rekey has written them so. */
  readonly rows:
    | { readonly request: RecoveryRequest; readonly effects: readonly Effect[] }
    | undefined
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

export interface StoredPolicy {
  readonly hash: string
  /** What it says, as plain data; undefined where it is not JSON. */
  readonly meaning: unknown
}
