/** Lets time pass for a Rekey in a process of its own: as much as its next job waits for, once it has nothing to do. */

import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { RekeyProcess } from '../../sandbox/rekey-process.ts'

/** When the next job of a database is due, by the clock of the Rekey that has it. */
export class Waiting {
  readonly #database: string
  #client: pg.Client | undefined
  /** By how much Rekey's clock is ahead. */
  aheadMs = 0

  constructor(database: string) {
    this.#database = database
  }

  /**
   * How long until then, zero while there is something to do; undefined where nothing waits. What stands behind
   * another job in its lane waits for that one.
   */
  async nextDueMs(): Promise<number | undefined> {
    const due = await this.#ask(`select min(case when lease_until > not_before then lease_until
      else not_before end) as due from jobs where done_at is null and parked_at is null
      and not exists (select 1 from jobs as ahead where ahead.lane = jobs.lane
        and ahead.place < jobs.place and ahead.done_at is null and ahead.parked_at is null)`)
    return due === null ? undefined : Math.max(0, Number(due) - Date.now() - this.aheadMs)
  }

  async close(): Promise<void> {
    await this.#client?.end().catch(() => undefined)
  }

  async #ask(query: string): Promise<unknown> {
    if (this.#database.startsWith('sqlite:')) {
      const file = new DatabaseSync(this.#database.slice('sqlite:'.length), { readOnly: true })
      try {
        return file.prepare(query).get()?.['due'] ?? null
      } finally {
        file.close()
      }
    }
    if (this.#client === undefined) {
      this.#client = new pg.Client({ connectionString: this.#database })
      this.#client.on('error', () => undefined)
      await this.#client.connect()
    }
    return (await this.#client.query(query)).rows[0]?.due ?? null
  }
}

export interface Settling {
  readonly rekey: Pick<RekeyProcess, 'isRunning'>
  readonly waiting: Pick<Waiting, 'nextDueMs'>
  letAllPass(milliseconds: number): Promise<void>
}

// What a crash leaves waits for a lease of a minute, a look, and a second look; and somebody may do it once more.
const mostPassedMs = 155_000
const longestStrideMs = 61_000

// Each stride is a start of Rekey: what waits for seconds only may wait for half a minute.
const shortestStrideMs = 31_000

// A job that somebody has claimed is due when its lease is over, and may be being done: it gets a moment.
const idleMs = 1_000

// Where nothing comes of it, the limit of the test itself would say less.
const givenUpMs = 240_000

/**
 * Returns once it is so.
 *
 * @param pauseMs how long it waits before it looks again
 * @throws when there is nothing left that could make it so
 */
export async function settle(
  { rekey, waiting, letAllPass }: Settling,
  isSettled: () => unknown,
  pauseMs = 20,
): Promise<void> {
  const began = performance.now()
  let passedMs = 0
  let idleSince = began
  while (performance.now() - began < givenUpMs) {
    if (await isSettled()) return
    await sleep(pauseMs)
    const dueMs = rekey.isRunning ? await waiting.nextDueMs() : 0
    if (dueMs === 0) idleSince = performance.now()
    if (performance.now() - idleSince < idleMs || passedMs >= mostPassedMs) continue
    const wanted = (dueMs ?? longestStrideMs) + 500
    const stride = Math.min(Math.max(wanted, shortestStrideMs), longestStrideMs)
    await letAllPass(stride)
    passedMs += stride
    idleSince = performance.now()
  }
  throw new Error(`not settled, though ${passedMs / 1_000} s have passed: ${isSettled}`)
}
