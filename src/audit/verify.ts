/** Whether a chain still tells what was written, and if not, from where on it doesn't. */

import { emptyHead, type Head, hashOf } from './chain.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { ChainedEntry } from './entry.ts'
import { MerkleTree } from './merkle.ts'

export type Verdict =
  | { readonly kind: 'intact'; readonly head: Head }
  | { readonly kind: 'broken'; readonly seq: number; readonly because: string }

/** A head seen by an outside witness, such as a post in the audit channel; the hash may be its beginning only. */
export type Witness = Head

/** What a checkpoint signs, once its signature was checked. */
export type Signed = Pick<Checkpoint, 'size' | 'root'>

/**
 * Recomputes every hash in order and compares the heads that witnesses have seen. A chain that
 * was rewritten whole is intact in itself: only a witness can tell, so give as many as there are.
 */
export function verify(
  entries: Iterable<ChainedEntry>,
  witnesses: readonly Witness[] = [],
): Verdict {
  const check = new Check(witnesses)
  for (const chained of entries) {
    const fault = check.next(chained)
    if (fault !== undefined) return fault
  }
  return check.end()
}

/** One walk along the chain, an entry at a time, so that a ledger of any length can be checked. */
export class Check {
  readonly #witnesses: readonly Witness[]
  readonly #seen: ReadonlyMap<number, readonly string[]>
  readonly #checkpoints: readonly Signed[]
  readonly #tree = new MerkleTree()
  #head: Head = emptyHead

  constructor(witnesses: readonly Witness[], checkpoints: readonly Signed[] = []) {
    this.#checkpoints = checkpoints
    this.#witnesses = witnesses
    const seen = new Map<number, string[]>()
    for (const { seq, hash } of witnesses) seen.set(seq, [...(seen.get(seq) ?? []), hash])
    this.#seen = seen
  }

  /** What is wrong with this entry in this place; undefined if nothing is. */
  next({ entry, hash }: ChainedEntry): Verdict | undefined {
    const place = this.#head.seq + 1
    if (entry.seq !== place)
      return broken(place, `entry ${place} is missing; ${entry.seq} stands there`)
    if (entry.prev !== this.#head.hash)
      return broken(place, 'it does not follow from the entry before')
    if (hashOf(entry) !== hash) return broken(place, 'its content does not match its hash')
    const differs = this.#seen.get(place)?.some((witnessed) => !hash.startsWith(witnessed))
    if (differs) return broken(place, 'a witness saw another hash in this place')
    this.#tree.push(hash)
    if (!this.#isAsSigned(place))
      return broken(place, 'a signed checkpoint has another root for the entries up to here')
    this.#head = { seq: place, hash }
    return undefined
  }

  end(): Verdict {
    const head = this.#head
    const last = this.#witnesses.reduce((most, { seq }) => Math.max(most, seq), 0)
    if (last > head.seq) {
      return broken(head.seq + 1, `the chain ends before entry ${last}, which a witness saw`)
    }
    const signed = this.#checkpoints.reduce((most, { size }) => Math.max(most, size), 0)
    if (signed > head.seq) {
      return broken(head.seq + 1, `the chain ends before entry ${signed}, which a checkpoint has`)
    }
    return { kind: 'intact', head }
  }

  #isAsSigned(size: number): boolean {
    const here = this.#checkpoints.filter((checkpoint) => checkpoint.size === size)
    if (here.length === 0) return true
    const root = this.#tree.root().toString('base64')
    return here.every((checkpoint) => checkpoint.root === root)
  }
}

function broken(seq: number, because: string): Verdict {
  return { kind: 'broken', seq, because }
}
