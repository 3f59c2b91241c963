/** Signs the ledger as it stands, now and then: what is signed once can't be rewritten unseen. */

import { type CheckpointKey, readCheckpoint } from './checkpoint.ts'
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
    /** Of every entry from there to the sealed end; undefined where one does not hold on to the one before. */
    hashesFrom(seq: number): Promise<readonly string[] | undefined>
  }
  readonly checkpoints: {
    /** The newest that this key has signed of entries that there are. */
    latest(): Promise<SignedCheckpoint | undefined>
    /** The newest of all, where it is none of this log. */
    stray(): Promise<SignedCheckpoint | undefined>
    /** Keeps it, with what is to be done about it; the first one of a size stays. */
    add(checkpoint: SignedCheckpoint, at: Date, witnesses: readonly string[]): Promise<void>
  }
  /** The names of those who are shown every checkpoint. */
  readonly witnesses: readonly string[]
  /** Calls security. */
  readonly alarm: {
    /** Something is stored that passes for a checkpoint. */
    stray(checkpoint: SignedCheckpoint): Promise<void>
    /** Nothing was signed, since the ledger does not go on from what was. @param size how much was signed */
    withheld(size: number): Promise<void>
  }
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
    const { key, ledger, checkpoints, alarm, now } = this.#parts
    const stray = await checkpoints.stray()
    if (stray !== undefined) await alarm.stray(stray)
    const newest = await checkpoints.latest()
    const latest = newest && signedTree(newest, key.verifier) ? newest : undefined
    if ((await ledger.head()).seq <= (latest?.size ?? 0)) return { kind: 'done' }
    const tree = await this.#grown(latest)
    await (tree === undefined ? alarm.withheld(latest?.size ?? 0) : this.#add(tree))
    if (!comesBack) return { kind: 'done' }
    const at = new Date(now().getTime() + everyMs)
    return { kind: 'again', at, because: 'there may be more by then' }
  }

  /** @returns undefined where the entries do not go on from what was signed */
  async #grown(latest: SignedCheckpoint | undefined): Promise<MerkleTree | undefined> {
    const { key, ledger } = this.#parts
    const tree = latest === undefined ? new MerkleTree() : beforeLastSubtree(latest)
    const signed = latest && readCheckpoint(latest.note, key.verifier)
    const hashes = await ledger.hashesFrom(tree.size + 1)
    if (hashes === undefined) return undefined
    for (const hash of hashes) {
      tree.push(hash)
      const isOther = tree.size === signed?.size && tree.root().toString('base64') !== signed.root
      if (isOther) return undefined
    }
    return tree
  }

  async #add(tree: MerkleTree): Promise<void> {
    const { key, checkpoints, witnesses, now } = this.#parts
    const { size, frontier } = tree
    await checkpoints.add({ size, note: key.sign(size, tree.root()), frontier }, now(), witnesses)
  }
}

/** So that it grows past what was signed, and has to have that root there. */
function beforeLastSubtree({ size, frontier }: SignedCheckpoint): MerkleTree {
  let leaves = 1
  while (size % (leaves * 2) === 0) leaves *= 2
  return new MerkleTree(size - leaves, frontier.slice(0, -1))
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
