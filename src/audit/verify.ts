/** Whether a chain still tells what was written, and if not, from where on it doesn't. */

import { emptyHead, type Head, hashOf } from './chain.ts'
import type { ChainedEntry } from './entry.ts'

export type Verdict =
  | { readonly kind: 'intact'; readonly head: Head }
  | { readonly kind: 'broken'; readonly seq: number; readonly because: string }

/** A head seen by an outside witness, such as a post in the audit channel. */
export type Witness = Head

/**
 * Recomputes every hash in order and compares the heads that witnesses have seen. A chain that
 * was rewritten whole is intact in itself: only a witness can tell, so give as many as there are.
 */
export function verify(
  entries: Iterable<ChainedEntry>,
  witnesses: readonly Witness[] = [],
): Verdict {
  const seen = new Map(witnesses.map(({ seq, hash }) => [seq, hash]))
  let head = emptyHead
  for (const { entry, hash } of entries) {
    const place = head.seq + 1
    if (entry.seq !== place)
      return broken(place, `entry ${place} is missing; ${entry.seq} stands there`)
    if (entry.prev !== head.hash) return broken(place, 'it does not follow from the entry before')
    if (hashOf(entry) !== hash) return broken(place, 'its content does not match its hash')
    const witnessed = seen.get(place)
    if (witnessed !== undefined && witnessed !== hash) {
      return broken(place, 'a witness saw another hash in this place')
    }
    head = { seq: place, hash }
  }
  const beyond = witnesses.map(({ seq }) => seq).filter((seq) => seq > head.seq)
  if (beyond.length > 0) {
    return broken(
      head.seq + 1,
      `the chain ends before entry ${Math.max(...beyond)}, which a witness saw`,
    )
  }
  return { kind: 'intact', head }
}

function broken(seq: number, because: string): Verdict {
  return { kind: 'broken', seq, because }
}
