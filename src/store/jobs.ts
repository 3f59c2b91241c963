/** The jobs that wait: claimed by one process at a time, lane by lane, in the order of commits. */

import type { ExpressionBuilder, Kysely, Transaction } from 'kysely'
import type { JobId } from '../ids.ts'
import type { Backlog } from '../recovery/model/backlog.ts'
import type { Job, JobDraft, Task, TaskKind } from '../recovery/model/job.ts'
import { auditLane } from '../recovery/model/lanes.ts'
import type { Jobs } from '../recovery/ports/jobs.ts'
import { commit, persisting } from './commit.ts'
import { lockHead } from './head.ts'
import { jobColumns, jobRow, knownKinds, readJob } from './job-row.ts'
import {
  isOpen,
  isSound,
  isWaitingSound,
  makeDue,
  notOurs,
  setStrangersAside,
} from './sound-jobs.ts'
import type { JobTable, Tables } from './tables.ts'

/** Orders jobs inside a commit that holds the head. */
export async function insertJobs(
  trx: Transaction<Tables>,
  drafts: readonly JobDraft[],
  firstPlace: number,
  at: Date,
): Promise<void> {
  if (drafts.length === 0) return
  const rows = drafts.map((draft, index) => jobRow(draft, firstPlace + index, at))
  for (let done = 0; done < rows.length; done += rowsAtOnce) {
    await trx
      .insertInto('jobs')
      .values(rows.slice(done, done + rowsAtOnce))
      .execute()
  }
}

// SQLite takes 32,766 values in a statement, and a pause with thousands of open requests has more.
const rowsAtOnce = 1_000

/** Those of `lanes` that have a job which is neither done nor set aside. */
export async function awakeLanes(
  trx: Transaction<Tables>,
  lanes: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await trx
    .selectFrom('jobs')
    .select('lane')
    .where('lane', 'in', lanes)
    .where(isOpen)
    .execute()
  return new Set(rows.map(({ lane }) => lane))
}

/** What waits in these lanes. */
async function waitingIn(
  trx: Transaction<Tables>,
  lanes: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (let done = 0; done < lanes.length; done += rowsAtOnce) {
    const rows = await trx
      .selectFrom('jobs')
      .select(['lane', 'task_json'])
      .where('lane', 'in', lanes.slice(done, done + rowsAtOnce))
      .where(isOpen)
      .where(isSound)
      .execute()
    for (const { lane, task_json } of rows) found.add(`${lane} ${task_json}`)
  }
  return found
}

function sameness(lane: string, task: Task): string {
  return `${lane} ${JSON.stringify(task)}`
}

/** Frees every job that somebody has claimed and not settled. */
export async function forgetLeases(db: Kysely<Tables>): Promise<void> {
  await db.updateTable('jobs').set({ lease_until: 0 }).where('lease_until', '>', 0).execute()
}

export class SqlJobs implements Jobs {
  readonly #db: Kysely<Tables>
  readonly #unreadable: (job: JobId, fault: string) => void

  /** @param unreadable hears of every job that was set aside because nobody can read it */
  constructor(db: Kysely<Tables>, unreadable: (job: JobId, fault: string) => void = () => {}) {
    this.#db = db
    this.#unreadable = unreadable
  }

  async claim(
    now: Date,
    leaseMs: number,
    limit: number,
    kinds: readonly TaskKind[] = knownKinds,
  ): Promise<readonly Job[]> {
    const most = { limit, kinds }
    const rows = await persisting(() => take(this.#db, now.getTime(), leaseMs, most))
    // The database returns them in any order.
    rows.sort((one, other) => one.place - other.place)
    const jobs: Job[] = []
    for (const row of rows) {
      const job = readOrFault(row)
      if ('fault' in job) await this.#setAside(row, now, job.fault)
      else jobs.push(job)
    }
    return jobs
  }

  async finish(job: Job, now: Date): Promise<void> {
    await this.#settle(job, { done_at: now.getTime() })
  }

  async putBack(job: Job, notBefore: Date, because: string): Promise<void> {
    await this.#settle(job, { not_before: notBefore.getTime(), last_error: because })
  }

  async park(job: Job, now: Date, because: string): Promise<void> {
    await this.#settle(job, { parked_at: now.getTime(), last_error: because })
  }

  async add(drafts: readonly JobDraft[], now: Date): Promise<void> {
    if (drafts.length === 0) return
    await commit(this.#db, async (trx) => {
      const { firstPlace } = await lockHead(trx, drafts.length)
      await insertJobs(trx, drafts, firstPlace, now)
      return 'recorded'
    })
  }

  async addMissing(drafts: readonly JobDraft[], now: Date): Promise<number> {
    let added = 0
    await commit(this.#db, async (trx) => {
      const { firstPlace } = await lockHead(trx, drafts.length)
      const waiting = await waitingIn(trx, [...new Set(drafts.map(({ lane }) => lane))])
      const missing = drafts.filter((each) => !waiting.has(sameness(each.lane, each.task)))
      added = missing.length
      if (added === 0) return 'stale'
      await insertJobs(trx, missing, firstPlace, now)
      return 'recorded'
    })
    return added
  }

  async auditBacklog(): Promise<Backlog> {
    const row = await this.#db
      .selectFrom('jobs')
      .select(({ fn }) => [fn.countAll().as('waiting'), fn.min('created_at').as('since')])
      .where('lane', '=', auditLane)
      .where(isOpen)
      .where(isSound)
      .executeTakeFirstOrThrow()
    const since = row.since as number | null
    return { waiting: Number(row.waiting), ...(since === null ? {} : { since: new Date(since) }) }
  }

  async tidy(now: Date): Promise<void> {
    const aside = await persisting(() => setStrangersAside(this.#db, now.getTime()))
    for (const { id } of aside) this.#unreadable(id, notOurs)
    await persisting(() => makeDue(this.#db, now.getTime()))
  }

  async parked(): Promise<number> {
    const row = await this.#db
      .selectFrom('jobs')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('parked_at', 'is not', null)
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }

  async #setAside(row: Pick<Job, 'id' | 'attempts'>, now: Date, fault: string): Promise<void> {
    await this.#settle(row, { parked_at: now.getTime(), last_error: fault })
    this.#unreadable(row.id, fault)
  }

  // The attempts are the fence: whoever took too long, and was overtaken, changes nothing.
  async #settle(job: Pick<Job, 'id' | 'attempts'>, outcome: Partial<JobTable>): Promise<void> {
    await persisting(() =>
      this.#db
        .updateTable('jobs')
        .set({ ...outcome, lease_until: 0 })
        .where('id', '=', job.id)
        .where('attempts', '=', job.attempts)
        .where(isOpen)
        .execute(),
    )
  }
}

/**
 * One statement. Two claimers may pick the same jobs, and the second then waits for the first; but
 * what is asked of the job itself is asked again of the row as the first has left it.
 */
function take(db: Kysely<Tables>, now: number, leaseMs: number, most: Most) {
  return (
    db
      // Materialized, or PostgreSQL may work it out again for every open job.
      .with(
        (cte) => cte('due').materialized(),
        () => dueJobs(db, now, most),
      )
      .updateTable('jobs')
      .set((eb) => ({ lease_until: now + leaseMs, attempts: eb('attempts', '+', 1) }))
      .where('id', 'in', ({ selectFrom }) => selectFrom('due').select('due.id'))
      .where(isOpen)
      .where('lease_until', '<=', now)
      .returning([...jobColumns, 'place'])
      .execute()
  )
}

/** How many, and of which kinds. */
interface Most {
  readonly limit: number
  readonly kinds: readonly TaskKind[]
}

function dueJobs(db: Kysely<Tables>, now: number, { limit, kinds }: Most) {
  return db
    .selectFrom('jobs')
    .select('id')
    .where(isOpen)
    .where(isSound)
    .where('not_before', '<=', now)
    .where('lease_until', '<=', now)
    .where('kind', 'in', kinds)
    .where('place', '=', firstOfLane)
    .orderBy('place')
    .limit(limit)
}

// One look into the index for each due job. A join could say the same, but its cost hangs on how many
// open jobs PostgreSQL believes there are, and that can be long out of date.
function firstOfLane({ selectFrom }: ExpressionBuilder<Tables, 'jobs'>) {
  return selectFrom('jobs as waiting')
    .select(({ fn }) => fn.min('waiting.place').as('place'))
    .whereRef('waiting.lane', '=', 'jobs.lane')
    .where('waiting.done_at', 'is', null)
    .where('waiting.parked_at', 'is', null)
    .where(isWaitingSound)
}

// A job that nobody can read would otherwise be claimed forever, and what was claimed with it lost.
function readOrFault(row: Parameters<typeof readJob>[0]): Job | { readonly fault: string } {
  try {
    return readJob(row)
  } catch (error) {
    return { fault: String(error) }
  }
}
