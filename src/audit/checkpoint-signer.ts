/** Signs the ledger as it stands, now and then: what is signed once can't be rewritten unseen. */

import { type CheckpointKey, readCheckpoint } from './checkpoint.ts'
import type { ChainedEntry } from './entry.ts'
import { type Frontier, MerkleTree } from './merkle.ts'

/** A checkpoint as it is kept. */
export interface SignedCheckpoint {
  readonly size: number
  /** The signed note. */
  readonly note: string
  /** Of the tree, so that the next one goes on from here. */
  readonly frontier: Frontier
}

export interface CheckpointSignerDeps {
  readonly key: CheckpointKey
  readonly ledger: {
    head(): Promise<{ readonly seq: number }>
    entries(fromSeq?: number): AsyncIterable<ChainedEntry>
  }
  readonly checkpoints: {
    latest(): Promise<SignedCheckpoint | undefined>
    /** Keeps it, with what is to be done about it; the first one of a size stays. */
    add(checkpoint: SignedCheckpoint, at: Date, witnesses: readonly string[]): Promise<void>
  }
  /** The names of those who are shown every checkpoint. */
  readonly witnesses: readonly string[]
  readonly now: () => Date
}

type Next =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly at: Date; readonly because: string }

const everyMs = 60 * 60_000

export class CheckpointSigner {
  readonly #parts: CheckpointSignerDeps

  constructor(parts: CheckpointSignerDeps) {
    this.#parts = parts
  }

  /**
   * Signs every entry up to now, unless the newest checkpoint does already.
   * @param comesBack whether this is the signing of every hour, and not one for which there was cause
   * @returns when to come back, while there is anything new
   */
  async sign(comesBack: boolean): Promise<Next> {
    const { key, ledger, checkpoints, witnesses, now } = this.#parts
    const latest = await checkpoints.latest()
    const { seq } = await ledger.head()
    const tree = (latest && signedTree(latest, key.verifier)) ?? new MerkleTree()
    if (seq <= tree.size) return { kind: 'done' }
    for await (const { entry, hash } of ledger.entries(tree.size + 1)) {
      if (entry.seq !== tree.size + 1) throw new Error(`ledger entry ${tree.size + 1} is missing`)
      tree.push(hash)
    }
    const note = key.sign(tree.size, tree.root())
    await checkpoints.add({ size: tree.size, note, frontier: tree.frontier }, now(), witnesses)
    if (!comesBack) return { kind: 'done' }
    const at = new Date(now().getTime() + everyMs)
    return { kind: 'again', at, because: 'there may be more by then' }
  }
}

/**
 * The tree that was signed, to go on from.
 * @returns undefined where the kept parts of it are not what this key has signed: then it is made from the beginning
 */
export function signedTree(
  { size, note, frontier }: SignedCheckpoint,
  verifier: string,
): MerkleTree | undefined {
  const signed = readCheckpoint(note, verifier)
  const tree = signed?.size === size ? treeOf(size, frontier) : undefined
  return tree?.root().toString('base64') === signed?.root ? tree : undefined
}

function treeOf(size: number, frontier: Frontier): MerkleTree | undefined {
  try {
    return new MerkleTree(size, frontier)
  } catch {
    return undefined
  }
}
