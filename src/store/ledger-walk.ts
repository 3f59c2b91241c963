/**
 * Walks back through the ledger from an end that is known to be Rekey's: each entry holds on to the one before it, so
 * that nothing else can stand in between.
 */

import type { Transaction } from 'kysely'
import { type Head, hashOf } from '../audit/chain.ts'
import type { ChainedEntry, Entry } from '../audit/entry.ts'
import { isMove } from '../audit/replay/follow.ts'
import type { RequestId } from '../ids.ts'
import { DatabaseAltered } from '../recovery/ports/altered.ts'
import { readLedgerRow } from './ledger-row.ts'
import type { LedgerTable, Tables } from './tables.ts'
import { text } from './text/text.ts'

export const pageSize = 500

/**
 * All entries of a request from its opening on, or of whatever passes for one, as the end vouches for them.
 * @throws DatabaseAltered where one does not hold on to the one before
 */
export async function entriesBack(
  trx: Transaction<Tables>,
  head: Head,
  request: RequestId,
): Promise<readonly Entry[]> {
  const found: Entry[] = []
  let end = head
  while (end.seq > 0) {
    for (const { entry } of await pageBack(trx, end)) {
      if (entry.request === request || entry.data['named'] === request) found.push(entry)
      if (entry.request === request && entry.type === 'request.opened') return found.reverse()
      end = { seq: entry.seq - 1, hash: entry.prev }
    }
  }
  return found.reverse()
}

export interface RecentFrom {
  readonly after: number
  readonly since: Date
}

/** @throws DatabaseAltered where one does not hold on to the one before */
export async function recentEntries(
  trx: Transaction<Tables>,
  head: Head,
  { after, since, isWanted }: RecentFrom & { readonly isWanted: (entry: Entry) => boolean },
): Promise<readonly Entry[]> {
  const found: Entry[] = []
  let end = head
  while (end.seq > after) {
    for (const { entry } of await pageBack(trx, end, Math.min(pageSize, end.seq - after))) {
      if (new Date(entry.time) < since) return found.reverse()
      if (isWanted(entry)) found.push(entry)
      end = { seq: entry.seq - 1, hash: entry.prev }
    }
  }
  return found.reverse()
}

/**
 * The hashes of all entries from `seq` to the end, each made anew.
 * @returns undefined where one does not hold on to the one before
 */
export async function hashesBack(
  trx: Transaction<Tables>,
  head: Head,
  seq: number,
): Promise<readonly string[] | undefined> {
  const hashes: string[] = []
  let end = head
  try {
    while (end.seq >= seq) {
      const most = Math.min(pageSize, end.seq - seq + 1)
      for (const { entry, hash } of await pageBack(trx, end, most)) {
        hashes.push(hash)
        end = { seq: entry.seq - 1, hash: entry.prev }
      }
    }
  } catch (error) {
    if (error instanceof DatabaseAltered) return undefined
    throw error
  }
  return hashes.reverse()
}

/** The version that the newest of `within` entries brings a request to; 0 where none of them does. */
export async function versionBack(
  trx: Transaction<Tables>,
  head: Head,
  { request, within }: { readonly request: RequestId; readonly within: number },
): Promise<number> {
  let end = head
  while (end.seq > Math.max(0, head.seq - within)) {
    for (const { entry } of await pageBack(trx, end)) {
      const version = entry.request === request ? versionMade(entry) : undefined
      if (version !== undefined) return version
      end = { seq: entry.seq - 1, hash: entry.prev }
    }
  }
  return 0
}

/** The version that an entry has brought its request to; undefined where it only notes something. */
export function versionMade({ type, version }: Entry): number | undefined {
  return isMove(type) ? (version ?? undefined) : undefined
}

/** Those after one end up to another, in order. */
export async function entriesBetween(
  trx: Transaction<Tables>,
  from: Head,
  to: Head,
): Promise<readonly ChainedEntry[]> {
  const newestFirst = await pageBack(trx, to, to.seq - from.seq)
  const oldest = newestFirst.at(-1)?.entry
  if (oldest?.seq !== from.seq + 1 || oldest.prev !== from.hash)
    throw new DatabaseAltered(text.altered.entry(from.seq + 1))
  return newestFirst.toReversed()
}

/** The newest first. */
export async function pageBack(
  trx: Transaction<Tables>,
  end: Head,
  most = pageSize,
): Promise<readonly ChainedEntry[]> {
  const rows = await trx
    .selectFrom('ledger')
    .selectAll()
    .where('seq', '<=', end.seq)
    .orderBy('seq', 'desc')
    .limit(most)
    .execute()
  if (rows.length === 0) throw new DatabaseAltered(text.altered.entry(end.seq))
  let next = end
  return rows.map((row) => {
    const entry = linked(row, next)
    const { hash } = next
    next = { seq: entry.seq - 1, hash: entry.prev }
    return { entry, hash }
  })
}

/** The entry in its place, as whatever comes after it holds on to it. */
export function linked(row: LedgerTable | undefined, { seq, hash }: Head): Entry {
  const read = row?.seq === seq && row.hash === hash ? tryReading(row) : undefined
  if (read === undefined || hashOf(read) !== hash)
    throw new DatabaseAltered(text.altered.entry(seq))
  return read
}

function tryReading(row: LedgerTable): Entry | undefined {
  try {
    return readLedgerRow(row).entry
  } catch {
    return undefined
  }
}
