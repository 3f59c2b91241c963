/** The ledger: appended to inside a commit, and read by whoever verifies or exports it. */

import type { Kysely, Transaction } from 'kysely'
import { chain, type Head } from '../audit/chain.ts'
import type { ChainedEntry, Entry, EntryDraft, Target } from '../audit/entry.ts'
import { isRefusal } from '../audit/refusals.ts'
import { Check } from '../audit/verify.ts'
import type { RequestId } from '../ids.ts'
import type { Policy } from '../policy/policy.ts'
import type { AccountRef } from '../recovery/model/account.ts'
import type { JobDraft } from '../recovery/model/job.ts'
import { DatabaseAltered, RecordAltered } from '../recovery/ports/altered.ts'
import type { Ledger } from '../recovery/ports/ledger.ts'
import { PolicyOutdated } from '../recovery/ports/store.ts'
import { jobsAfterEntry, mostJobsPerEntry, routineLanes } from '../recovery/rules/ledger-jobs.ts'
import type { Trace } from './commit.ts'
import { headGone, lockHead } from './head.ts'
import { type HoldsChange, isPausedOrFrozen, readHolds } from './holds.ts'
import { awakeLanes, insertJobs } from './jobs.ts'
import { ledgerRow, readLedgerRow } from './ledger-row.ts'
import { entriesBack, hashesBack, type RecentFrom, recentEntries } from './ledger-walk.ts'
import type { Tables } from './tables.ts'
import { text } from './text/text.ts'
import type { VerifiedLedger } from './verified-ledger.ts'

/** What is written down, and when. */
interface Appending {
  readonly entry: EntryDraft
  readonly jobs: readonly JobDraft[]
  readonly at: Date
  readonly isAnswer?: boolean | undefined
  /** The policy that is in force from this commit on. */
  readonly adopts?: Policy | undefined
  /** What changes of whatever holds recoveries up. */
  readonly holds?: HoldsChange | undefined
  /** An account that must not be held up. */
  readonly unlessHeld?: AccountRef | undefined
  /** The version of the request that it was made from: no other may be the newest. */
  readonly follows?: { readonly id: RequestId; readonly version: number } | undefined
}

/**
 * Puts an entry at the end, and orders the jobs that follow from it; unless the head, or what holds
 * recoveries up, is not as Rekey left it.
 *
 * Nothing is appended under another policy than the one in force: a Rekey that runs beside this one
 * with an older file must not decide by it. That somebody was refused there is true all the same, and so
 * is what Cognito has answered it.
 *
 * The head stays locked until the commit. That is why every commit takes it last, and why entries and
 * jobs are numbered in the order in which they become visible.
 *
 * @returns where it stands, and its hash; or why nothing may be stored
 * @throws DatabaseAltered
 * @throws RecordAltered where the ledger knows the request in another version
 */
export async function append(
  trx: Transaction<Tables>,
  verified: VerifiedLedger,
  appending: Appending,
): Promise<Trace | 'stale' | 'paused'> {
  const { entry: draft, jobs, at } = appending
  const head = await lockHead(trx, jobs.length + mostJobsPerEntry)
  const before = await readHolds(trx)
  const { seals } = verified
  seals.expectHead(head, before)
  await expectNewest(trx, { verified, head }, appending.follows)
  const policy = appending.adopts?.hash ?? head.policy
  expectPolicy(policy, appending)
  if (!isAnnounced(head.policy, appending)) return 'stale'
  const { unlessHeld } = appending
  if (unlessHeld !== undefined && isPausedOrFrozen(before, unlessHeld, at)) return 'paused'
  const after = appending.holds === undefined ? before : await appending.holds(trx, before)
  if (after === undefined) return 'stale'
  const chained = chain(head, draft, at)
  const { seq } = chained.entry
  await trx.insertInto('ledger').values(ledgerRow(chained)).execute()
  const next = { seq, hash: chained.hash, policy }
  await trx
    .updateTable('head')
    .set({ ...next, seal: seals.ofHead(next, after) })
    .where('id', '=', 1)
    .execute()
  // The head is locked, so that nobody else wakes the same routine.
  const following = jobsAfterEntry(draft, seq, await awakeLanes(trx, routineLanes), at)
  await insertJobs(trx, [...jobs, ...following], head.firstPlace, at)
  return { seq, hash: chained.hash }
}

/** Between a look and the commit somebody may have put back what Rekey once stored. What is opened has no version yet. */
async function expectNewest(
  trx: Transaction<Tables>,
  { verified, head }: { readonly verified: VerifiedLedger; readonly head: Head },
  follows: Appending['follows'],
): Promise<void> {
  if (follows === undefined || follows.version === 0) return
  if ((await verified.versionLocked(trx, head, follows.id)) !== follows.version)
    throw new RecordAltered(follows.id, ['version'])
}

function expectPolicy(
  policy: string | null,
  { entry, isAnswer = false }: Pick<Appending, 'entry' | 'isAnswer'>,
): void {
  const isOutdated = policy !== null && policy !== entry.policy
  if (isOutdated && !isAnswer && !isRefusal(entry)) throw new PolicyOutdated()
}

/** The first policy on a database needs no announcement. Every other one does, which says what it takes the place of. */
function isAnnounced(
  before: string | null,
  { entry, adopts }: Pick<Appending, 'entry' | 'adopts'>,
): boolean {
  if (adopts === undefined) return true
  if (entry.type === 'policy.changed') return entry.data['before'] === before
  return before === null || before === adopts.hash
}

/** The time in the newest entry, in milliseconds since 1970; 0 before there is one. */
export async function lastWritten(ledger: Ledger): Promise<number> {
  const { seq } = await ledger.head()
  const newest = await ledger.entry(seq)
  return newest === undefined ? 0 : new Date(newest.entry.time).getTime()
}

const pageSize = 500

export class SqlLedger implements Ledger {
  readonly #db: Kysely<Tables>
  readonly #verified: VerifiedLedger | undefined

  /** @param verified undefined for whoever only reads, and has no key */
  constructor(db: Kysely<Tables>, verified?: VerifiedLedger) {
    this.#db = db
    this.#verified = verified
  }

  async head() {
    return await this.#db
      .selectFrom('head')
      .select(['seq', 'hash'])
      .where('id', '=', 1)
      .executeTakeFirstOrThrow(headGone)
  }

  async entry(seq: number): Promise<ChainedEntry | undefined> {
    const verified = this.#verified
    if (verified !== undefined)
      return verified.read(this.#db, (trx, head) => verified.entry(trx, head, seq))
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

  async entriesOf(request: RequestId): Promise<readonly Entry[]> {
    return this.#keyed().read(this.#db, (trx, head) => entriesBack(trx, head, request))
  }

  async recent(from: RecentFrom, isWanted: (entry: Entry) => boolean) {
    return this.#keyed().read(this.#db, async (trx, head) => ({
      seq: head.seq,
      entries: await recentEntries(trx, head, { ...from, isWanted }),
    }))
  }

  async entriesAbout({ userPoolId, sub }: Target): Promise<readonly Entry[]> {
    const head = await this.#keyed().read(this.#db, async (_, sealed) => sealed)
    const check = new Check([head])
    const found: Entry[] = []
    // Page by page, so that others get on with their work; what is before the head stays as it is.
    for await (const chained of this.entries()) {
      const { entry } = chained
      if (entry.seq > head.seq) break
      const fault = check.next(chained)
      if (fault !== undefined) throw new DatabaseAltered(text.altered.entry(fault.seq))
      if (entry.target?.userPoolId === userPoolId && entry.target.sub === sub) found.push(entry)
    }
    const verdict = check.end()
    if (verdict.kind === 'broken') throw new DatabaseAltered(text.altered.entry(verdict.seq))
    return found
  }

  async hashesFrom(seq: number): Promise<readonly string[] | undefined> {
    return this.#keyed().read(this.#db, (trx, head) => hashesBack(trx, head, seq))
  }

  #keyed(): VerifiedLedger {
    if (this.#verified === undefined)
      throw new Error('the store was opened without a key: no entry can be checked')
    return this.#verified
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
