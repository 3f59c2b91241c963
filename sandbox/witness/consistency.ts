/** Checking that one Merkle tree begins with another, step by step as RFC 9162 (section 2.1.4.2) lists it. */

import { createHash } from 'node:crypto'

interface Tree {
  readonly size: number
  readonly root: Buffer
}

/** @param old not empty, and smaller than `next` */
export function isConsistent(old: Tree, next: Tree, proof: readonly Buffer[]): boolean {
  const path = [...(isPowerOfTwo(old.size) ? [old.root] : []), ...proof]
  const [first, ...rest] = path
  if (proof.length === 0 || first === undefined) return false
  let fn = BigInt(old.size - 1)
  let sn = BigInt(next.size - 1)
  while (fn & 1n) {
    fn >>= 1n
    sn >>= 1n
  }
  let fr = first
  let sr = first
  for (const c of rest) {
    if (sn === 0n) return false
    if (fn & 1n || fn === sn) {
      fr = hashOf(c, fr)
      sr = hashOf(c, sr)
      while (fn !== 0n && !(fn & 1n)) {
        fn >>= 1n
        sn >>= 1n
      }
    } else {
      sr = hashOf(sr, c)
    }
    fn >>= 1n
    sn >>= 1n
  }
  return sn === 0n && fr.equals(old.root) && sr.equals(next.root)
}

function hashOf(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest()
}

function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(Math.log2(size))
}
