/**
 * The ledger as far as its sealed head vouches for it: each entry holds on to the one before it, and the head to
 * the last. What Rekey acts by or says is read here, whatever the tables have besides.
 */

import type { Kysely, Transaction } from 'kysely'
import { type Head, hashOf } from '../audit/chain.ts'
import type { ChainedEntry, Entry } from '../audit/entry.ts'
import { isMove } from '../audit/replay/follow.ts'
import type { RequestId } from '../ids.ts'
import { DatabaseAltered } from '../recovery/ports/altered.ts'
import { readHead } from './head.ts'
import { type Holds, readHolds } from './holds.ts'
import { readLedgerRow } from './ledger-row.ts'
import type { Seals } from './seals.ts'
import type { LedgerTable, Tables } from './tables.ts'
import { text } from './text/text.ts'

const pageSize = 500

// A few megabytes. What is forgotten is read again.
const mostHashes = 20_000
const mostVersions = 10_000

export class VerifiedLedger {
  readonly seals: Seals
  /** The end that was seen last. */
  #last: Head | undefined
  /** The hashes of all entries from the first to the last that was seen, without a gap. */
  readonly #hashes = new Map<number, string>()
  #first = 0
  /** The versions that the entries up to the last one bring these requests to. */
  readonly #versions = new Map<RequestId, number>()

  constructor(seals: Seals) {
    this.seals = seals
  }

  /**
   * Reads what belongs together, as it was at one moment.
   * @throws DatabaseAltered when the head, or what holds recoveries up, is not as Rekey left it
   */
  read<Found>(
    db: Kysely<Tables>,
    reading: (trx: Transaction<Tables>, head: Head, holds: Holds) => Promise<Found>,
  ): Promise<Found> {
    const { highest } = this.seals
    return db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (trx) => {
        const head = await readHead(trx)
        const holds = await readHolds(trx)
        this.seals.expectHead(head, holds, highest)
        return await reading(trx, head, holds)
      })
  }

  /** @returns undefined where the ledger has not come so far */
  async entry(
    trx: Transaction<Tables>,
    head: Head,
    seq: number,
  ): Promise<ChainedEntry | undefined> {
    if (seq < 1 || seq > head.seq) return undefined
    await this.#catchUp(trx, head)
    const hash = this.#hashes.get(seq) ?? (await this.#hashBack(trx, seq))
    const row = await trx.selectFrom('ledger').selectAll().where('seq', '=', seq).executeTakeFirst()
    return { entry: linked(row, { seq, hash }), hash }
  }

  /**
   * The version that the newest entries bring a request to.
   * @param within how many entries are looked through; all, if nothing is said
   * @returns 0 where none of them does
   */
  async version(
    trx: Transaction<Tables>,
    head: Head,
    id: RequestId,
    within = Infinity,
  ): Promise<number> {
    await this.#catchUp(trx, head)
    const known = this.#last?.seq === head.seq ? this.#versions.get(id) : undefined
    if (known !== undefined) return known
    const version = await versionBack(trx, head, { request: id, within })
    if (version === 0) return 0
    // Others may have seen more by now than this moment has.
    if (this.#last?.seq === head.seq) this.#keep(id, version)
    return version
  }

  async #catchUp(trx: Transaction<Tables>, head: Head): Promise<void> {
    const last = this.#last
    if (last === undefined || head.seq - last.seq > pageSize) return this.#beginAt(head)
    if (head.seq <= last.seq) return
    for (const chained of await entriesBetween(trx, last, head)) this.#take(chained)
  }

  #beginAt(head: Head): void {
    this.#versions.clear()
    this.#hashes.clear()
    this.#hashes.set(head.seq, head.hash)
    this.#first = head.seq
    this.#last = head
  }

  /** Unless somebody who read at the same time has taken it already. */
  #take({ entry, hash }: ChainedEntry): void {
    if (entry.seq !== (this.#last?.seq ?? 0) + 1) return
    this.#last = { seq: entry.seq, hash }
    if (this.#hashes.size >= mostHashes) this.#beginAt(this.#last)
    this.#hashes.set(entry.seq, hash)
    const version = versionMade(entry)
    if (entry.request !== null && version !== undefined) this.#keep(entry.request, version)
  }

  #keep(id: RequestId, version: number): void {
    this.#versions.delete(id)
    this.#versions.set(id, version)
    const [oldest] = this.#versions.keys()
    if (this.#versions.size > mostVersions && oldest !== undefined) this.#versions.delete(oldest)
  }

  async #hashBack(trx: Transaction<Tables>, seq: number): Promise<string> {
    let end: Head = { seq: this.#first, hash: this.#hashes.get(this.#first) ?? '' }
    while (end.seq > seq) {
      for (const { entry, hash } of await pageBack(trx, end)) {
        if (this.#hashes.size < mostHashes && entry.seq === this.#first - 1) {
          this.#hashes.set(entry.seq, hash)
          this.#first = entry.seq
        }
        end = { seq: entry.seq - 1, hash: entry.prev }
        if (end.seq === seq) break
      }
    }
    return end.hash
  }
}

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

async function versionBack(
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
function versionMade({ type, version }: Entry): number | undefined {
  return isMove(type) ? (version ?? undefined) : undefined
}

async function entriesBetween(
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
async function pageBack(
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
function linked(row: LedgerTable | undefined, { seq, hash }: Head): Entry {
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
