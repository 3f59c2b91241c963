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
