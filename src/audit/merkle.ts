/**
 * The Merkle tree over the ledger (RFC 6962, section 2.1): its root stands for every entry before it,
 * and two roots can't be made for the same entries. Only the frontier is kept, so that a tree grows by
 * one entry without the others being read again.
 */

import { createHash } from 'node:crypto'

/** The roots of the whole subtrees that the leaves so far make up, the largest first, each in hex. */
export type Frontier = readonly string[]

export class MerkleTree {
  #size: number
  readonly #frontier: Buffer[]

  /** @param frontier of a tree of this size, as `frontier` gave it; without one, the empty tree */
  constructor(size = 0, frontier: Frontier = []) {
    if (frontier.length !== onesIn(size)) throw new Error(`this is no frontier of ${size} leaves`)
    this.#size = size
    this.#frontier = frontier.map((hash) => Buffer.from(hash, 'hex'))
  }

  get size(): number {
    return this.#size
  }

  get frontier(): Frontier {
    return this.#frontier.map((hash) => hash.toString('hex'))
  }

  /** @param leaf the hash of the next ledger entry, in hex */
  push(leaf: string): void {
    let hash = sha256(Buffer.of(0), Buffer.from(leaf, 'hex'))
    // As in counting: every whole subtree of the same size is carried over.
    for (let carry = this.#size; carry % 2 === 1; carry = Math.floor(carry / 2)) {
      hash = node(this.#frontier.pop() ?? hash, hash)
    }
    this.#frontier.push(hash)
    this.#size += 1
  }

  /** 32 bytes. */
  root(): Buffer {
    const [last, ...larger] = this.#frontier.toReversed()
    if (last === undefined) return sha256()
    return larger.reduce((right, left) => node(left, right), last)
  }
}

/**
 * That a larger tree begins with a smaller one (RFC 6962, section 2.1.2). Of the smaller one its frontier is
 * enough, so that only what has come since is read.
 * @param old a tree that isn't empty
 * @param later the hashes of the ledger's entries after it, in hex
 * @returns hashes of 32 bytes
 */
export function consistencyProof(
  old: Pick<MerkleTree, 'size' | 'frontier'>,
  later: readonly string[],
): Buffer[] {
  const known = subtreesOf(old)
  return later.length === 0 ? [] : prove(0, old.size + later.length, true)

  function prove(from: number, to: number, isBeginning: boolean): Buffer[] {
    if (to === old.size) return isBeginning ? [] : [root(from, to)]
    const middle = from + largestPowerBelow(to - from)
    return old.size <= middle
      ? [...prove(from, middle, isBeginning), root(middle, to)]
      : [...prove(middle, to, false), root(from, middle)]
  }

  function root(from: number, to: number): Buffer {
    const kept = known.get(from)
    if (kept !== undefined) return kept
    const tree = new MerkleTree()
    for (const leaf of later.slice(from - old.size, to - old.size)) tree.push(leaf)
    return tree.root()
  }
}

/** By the leaf that each begins with. */
function subtreesOf({ size, frontier }: Pick<MerkleTree, 'size' | 'frontier'>) {
  const subtrees = new Map<number, Buffer>()
  let from = 0
  for (const hash of frontier) {
    subtrees.set(from, Buffer.from(hash, 'hex'))
    from += largestPowerBelow(size - from + 1)
  }
  return subtrees
}

function largestPowerBelow(count: number): number {
  let power = 1
  while (power * 2 < count) power *= 2
  return power
}

function node(left: Buffer, right: Buffer): Buffer {
  return sha256(Buffer.of(1), left, right)
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function onesIn(size: number): number {
  let ones = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2
  return ones
}
