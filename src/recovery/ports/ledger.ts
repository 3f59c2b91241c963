import type { SignedCheckpoint } from '../../audit/checkpoint-signer.ts'
import type { ChainedEntry } from '../../audit/entry.ts'

/** The ledger, for those who read it. */
export interface Ledger {
  head(): Promise<{ readonly seq: number; readonly hash: string }>
  entry(seq: number): Promise<ChainedEntry | undefined>
  /** Every entry from `fromSeq` on, in order, read in pages. */
  entries(fromSeq?: number): AsyncIterable<ChainedEntry>
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
