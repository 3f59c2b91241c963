/**
 * The ledger as far as its sealed head vouches for it: each entry holds on to the one before it, and the head to
 * the last. What Rekey acts by or says is read here, whatever the tables have besides.
 */

import type { Kysely, Transaction } from 'kysely'
import type { Head } from '../audit/chain.ts'
import type { ChainedEntry } from '../audit/entry.ts'
import type { RequestId } from '../ids.ts'
import { readHead } from './head.ts'
import { type Holds, readHolds } from './holds.ts'
import { entriesBetween, linked, pageBack, versionBack, versionMade } from './ledger-walk.ts'
import type { Seals } from './seals.ts'
import type { Tables } from './tables.ts'

// A few megabytes. What is forgotten is read again.
const mostHashes = 20_000
const mostVersions = 50_000

// So many new entries are read on from; where there are more, what was known is forgotten.
const mostNew = 5_000

export class VerifiedLedger {
  readonly seals: Seals
  /** The end that was seen last. */
  #last: Head | undefined
  /** The hashes of all entries from the first to the last that was seen, without a gap. */
  readonly #hashes = new Map<number, string>()
  #first = 0
  /** To which version the entries after `#walked`, up to the last, bring requests. */
  readonly #versions = new Map<RequestId, number>()
  #walked: Head = { seq: 0, hash: '' }
  /** Rises whenever what was known is forgotten: whoever has waited meanwhile begins anew. */
  #generation = 0

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
        // What is read here is kept for good; in a commit it may still be taken back.
        this.seals.saw(head.seq)
        await this.#catchUp(trx, head)
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
    const hash = this.#hashes.get(seq) ?? (await this.#hashBack(trx, head, seq))
    const row = await trx.selectFrom('ledger').selectAll().where('seq', '=', seq).executeTakeFirst()
    return { entry: linked(row, { seq, hash }), hash }
  }

  /**
   * The version that the newest entries bring a request to, in a reading.
   * @param within how many entries are looked through; all, if nothing is said
   * @returns 0 where none of them does
   */
  async version(
    trx: Transaction<Tables>,
    head: Head,
    id: RequestId,
    within = Infinity,
  ): Promise<number> {
    const generation = this.#generation
    const until = Math.max(0, head.seq - within)
    // Others may have seen more by now than this moment has.
    while (generation === this.#generation && this.#last?.seq === head.seq) {
      const known = this.#versions.get(id)
      if (known !== undefined) return known
      if (this.#walked.seq <= until) return 0
      await this.#walkOn(trx)
    }
    return await versionBack(trx, head, { request: id, within })
  }

  /** The same in a commit, under the head's lock. Nothing is remembered: it may yet be taken back. */
  async versionLocked(trx: Transaction<Tables>, head: Head, id: RequestId): Promise<number> {
    const last = this.#last
    const known = this.#versions.get(id)
    if (last === undefined || known === undefined || head.seq < last.seq)
      return await versionBack(trx, head, { request: id, within: Infinity })
    if (head.seq === last.seq) return known
    const since = await versionBack(trx, head, { request: id, within: head.seq - last.seq })
    return since === 0 ? known : since
  }

  async #catchUp(trx: Transaction<Tables>, head: Head): Promise<void> {
    const last = this.#last
    if (last === undefined || head.seq - last.seq > mostNew) return this.#beginAt(head)
    if (head.seq <= last.seq) return
    for (const chained of await entriesBetween(trx, last, head)) this.#take(chained)
  }

  #beginAt(head: Head): void {
    this.#last = head
    this.#forgetVersions(head)
    this.#forgetHashes(head)
  }

  /** Unless somebody who read at the same time has taken it already. */
  #take({ entry, hash }: ChainedEntry): void {
    if (entry.seq !== (this.#last?.seq ?? 0) + 1) return
    this.#last = { seq: entry.seq, hash }
    if (this.#hashes.size >= mostHashes) this.#forgetHashes(this.#last)
    this.#hashes.set(entry.seq, hash)
    const version = versionMade(entry)
    if (entry.request !== null && version !== undefined) this.#versions.set(entry.request, version)
    if (this.#versions.size > mostVersions) this.#forgetVersions(this.#last)
  }

  #forgetHashes(end: Head): void {
    this.#hashes.clear()
    this.#hashes.set(end.seq, end.hash)
    this.#first = end.seq
  }

  #forgetVersions(end: Head): void {
    this.#versions.clear()
    this.#walked = end
    this.#generation += 1
  }

  /** One page further back: every request on the way is known then, and nobody walks there again. */
  async #walkOn(trx: Transaction<Tables>): Promise<void> {
    const from = this.#walked
    const page = await pageBack(trx, from)
    if (this.#walked !== from) return
    for (const { entry } of page) {
      const { request } = entry
      const version = versionMade(entry)
      if (request !== null && version !== undefined && !this.#versions.has(request))
        this.#versions.set(request, version)
      this.#walked = { seq: entry.seq - 1, hash: entry.prev }
    }
  }

  /** From the first that is known; or from the end of this moment, where that is farther back. */
  async #hashBack(trx: Transaction<Tables>, head: Head, seq: number): Promise<string> {
    const first = { seq: this.#first, hash: this.#hashes.get(this.#first) ?? '' }
    let end = first.seq <= head.seq ? first : head
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
