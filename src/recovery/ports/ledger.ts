import type { SignedCheckpoint } from '../../audit/checkpoint-signer.ts'
import type { ChainedEntry, Entry, Target } from '../../audit/entry.ts'
import type { RequestId } from '../../ids.ts'

/** The ledger, for those who read it. */
export interface Ledger {
  head(): Promise<{ readonly seq: number; readonly hash: string }>
  entry(seq: number): Promise<ChainedEntry | undefined>
  /**
   * What the ledger says of a request, from its opening on, or of whatever passes for one. Each entry is
   * checked against the next, and the last against the head that is bound to the key.
   * @throws DatabaseAltered where one does not fit
   */
  entriesOf(request: RequestId): Promise<readonly Entry[]>
  /**
   * The entries after a place that were written since a time and are wanted, in order, as far as the sealed head
   * vouches for them; and where the ledger ends.
   * @throws DatabaseAltered where one does not fit
   */
  recent(
    from: { readonly after: number; readonly since: Date },
    isWanted: (entry: Entry) => boolean,
  ): Promise<{ readonly seq: number; readonly entries: readonly Entry[] }>
  /**
   * All that the ledger says of an account, checked in the same way, from its first entry on: not for every day.
   * @throws DatabaseAltered where one does not fit
   */
  entriesAbout(account: Target): Promise<readonly Entry[]>
  /**
   * The hash of each entry from `seq` to the end, which is bound to the key: each is made anew.
   * @returns undefined where an entry does not hold on to the one before
   */
  hashesFrom(seq: number): Promise<readonly string[] | undefined>
  /** Every entry from `fromSeq` on, in order, read in pages. */
  entries(fromSeq?: number): AsyncIterable<ChainedEntry>
}

/** Signed statements about the ledger. */
export interface Checkpoints {
  /** @param below the size that it is smaller than; any, without one */
  latest(below?: number): Promise<SignedCheckpoint | undefined>
  find(size: number): Promise<SignedCheckpoint | undefined>
  /** The smallest first. */
  all(): Promise<readonly SignedCheckpoint[]>
  /** Keeps a checkpoint, and orders its post and that it is shown to these witnesses. The first of a size stays. */
  add(checkpoint: SignedCheckpoint, at: Date, witnesses: readonly string[]): Promise<void>
  /** Keeps what a witness has signed. The first of a size stays. */
  addCosignature(cosignature: Cosignature): Promise<void>
  /** The smallest checkpoint first. */
  cosignatures(): Promise<readonly Cosignature[]>
  /** The size of the largest checkpoint that a witness has cosigned; 0 where there is none. */
  lastCosigned(witness: string): Promise<number>
}

export interface Cosignature {
  /** Of the checkpoint. */
  readonly size: number
  /** The witness's name. */
  readonly witness: string
  /** As it stands below the checkpoint's note. */
  readonly line: string
}

/** How far what a witness has signed goes. */
export interface Coverage {
  readonly witness: string
  /** Of the newest checkpoint that it has signed: how many entries, and when, by its clock. */
  readonly signed?: { readonly size: number; readonly at: Date }
  /** When the first entry was written that a checkpoint has, and nothing that it signed. */
  readonly unsignedSince?: Date
}
