/**
 * How entries hold on to each other: each carries the hash of the one before, so that a change
 * anywhere changes every head after it.
 */

import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ChainedEntry, Entry, EntryBody } from './entry.ts'

/** What the first entry has in place of a hash before it. */
export const noHash = '0'.repeat(64)

/** Where a chain ends: the place and hash of its last entry. */
export interface Head {
  readonly seq: number
  readonly hash: string
}

export const emptyHead: Head = { seq: 0, hash: noHash }

/** Puts a draft in its place behind `head`. */
export function chain(head: Head, draft: EntryBody, time: Date): ChainedEntry {
  const entry: Entry = {
    v: 1,
    seq: head.seq + 1,
    time: time.toISOString(),
    type: draft.type,
    actor: draft.actor,
    request: draft.request,
    version: draft.version,
    target: draft.target,
    policy: draft.policy,
    data: draft.data,
    prev: head.hash,
  }
  return { entry, hash: hashOf(entry) }
}

/**
 * SHA-256, in hex, over a line that names the format and the entry as canonical JSON (RFC 8785).
 * The line in front keeps these hashes apart from hashes of the same bytes made for another purpose.
 */
export function hashOf(entry: Entry): string {
  const bytes = canonicalize(entry)
  if (bytes === undefined) throw new Error(`ledger entry ${entry.seq} has no canonical form`)
  return createHash('sha256').update('rekey-ledger/v1\n').update(bytes, 'utf8').digest('hex')
}
