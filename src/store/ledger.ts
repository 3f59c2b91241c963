/** The ledger: appended to inside a commit, and read by whoever verifies or exports it. */

import type { Kysely, Transaction } from 'kysely'
import { chain } from '../audit/chain.ts'
import type { ChainedEntry, EntryDraft } from '../audit/entry.ts'
import { isRefusal } from '../audit/refusals.ts'
import type { JobDraft } from '../recovery/model/job.ts'
import type { Ledger } from '../recovery/ports/ledger.ts'
import { PolicyOutdated } from '../recovery/ports/store.ts'
import { jobsAfterEntry, mostJobsPerEntry, routineLanes } from '../recovery/rules/ledger-jobs.ts'
import type { Trace } from './commit.ts'
import { lockHead } from './head.ts'
import { awakeLanes, insertJobs } from './jobs.ts'
import { ledgerRow, readLedgerRow } from './ledger-row.ts'
import type { Tables } from './tables.ts'

/** What is written down, and when. */
interface Appending {
  readonly entry: EntryDraft
  readonly jobs: readonly JobDraft[]
  readonly at: Date
  readonly isAnswer?: boolean | undefined
}

/**
 * Puts an entry at the end, and orders the jobs that follow from it.
 *
 * Nothing is appended under another policy than the one in force: a Rekey that runs beside this one
 * with an older file must not decide by it. That somebody was refused there is true all the same, and so
 * is what Cognito has answered it.
 *
 * The head stays locked until the commit. That is why every commit takes it last, and why entries and
 * jobs are numbered in the order in which they become visible.
 *
 * @returns where it stands, and its hash
 */
export async function append(
  trx: Transaction<Tables>,
  { entry: draft, jobs, at, isAnswer = false }: Appending,
): Promise<Trace> {
  const head = await lockHead(trx, jobs.length + mostJobsPerEntry)
  const isOutdated = head.policy !== null && head.policy !== draft.policy
  if (isOutdated && !isAnswer && !isRefusal(draft)) throw new PolicyOutdated()
  const chained = chain(head, draft, at)
  const { seq } = chained.entry
  await trx.insertInto('ledger').values(ledgerRow(chained)).execute()
  await trx.updateTable('head').set({ seq, hash: chained.hash }).where('id', '=', 1).execute()
  // The head is locked, so that nobody else wakes the same routine.
  const following = jobsAfterEntry(draft, seq, await awakeLanes(trx, routineLanes), at)
  await insertJobs(trx, [...jobs, ...following], head.firstPlace, at)
  return { seq, hash: chained.hash }
}

/** The time in the newest entry, in milliseconds since 1970; 0 before there is one. */
export async function lastWritten(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('ledger')
    .selectAll()
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? 0 : new Date(readLedgerRow(row).entry.time).getTime()
}

const pageSize = 500

export class SqlLedger implements Ledger {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  async head() {
    return await this.#db
      .selectFrom('head')
      .select(['seq', 'hash'])
      .where('id', '=', 1)
      .executeTakeFirstOrThrow()
  }

  async entry(seq: number): Promise<ChainedEntry | undefined> {
    const row = await this.#db
      .selectFrom('ledger')
      .selectAll()
      .where('seq', '=', seq)
      .executeTakeFirst()
    return row && readLedgerRow(row)
  }

  async *entries(fromSeq = 1): AsyncIterable<ChainedEntry> {
    let next = fromSeq
    for (;;) {
      const rows = await this.#page(next)
      // One at a time, so that a bad one is met in its place.
      for (const row of rows) yield readLedgerRow(row)
      const last = rows.at(-1)
      if (last === undefined || rows.length < pageSize) return
      next = last.seq + 1
    }
  }

  #page(fromSeq: number) {
    return this.#db
      .selectFrom('ledger')
      .selectAll()
      .where('seq', '>=', fromSeq)
      .orderBy('seq')
      .limit(pageSize)
      .execute()
  }
}
