/** Whether the database takes what is written. Reading does not tell: a full disk can be read. */

import type { Kysely } from 'kysely'
import { commit } from './commit.ts'
import { lockHead } from './head.ts'
import type { Tables } from './tables.ts'

// As often as Kubernetes asks a program by default, and for one small row: an idle database is not kept busy by it.
const everyMs = 10_000
// Somebody may be waiting for the disk to have room again.
const afterFailureMs = 1_000

/**
 * Tries by itself, from time to time: whoever asks only hears how the last try went, so that no number of
 * questions is felt by the database.
 */
export class WriteWatch {
  readonly #db: Kysely<Tables>
  #timer: NodeJS.Timeout | undefined
  #trying: Promise<void> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined

  constructor(db: Kysely<Tables>) {
    this.#db = db
    this.#tryIn(everyMs)
  }

  /** @throws what the last try has failed with */
  expectWritable(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }

  /** Tries no more, and waits for the try that is under way. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#trying
  }

  #tryIn(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      this.#trying = this.#try()
    }, milliseconds).unref()
  }

  async #try(): Promise<void> {
    const timer = this.#timer
    try {
      await commit(this.#db, async (trx) => {
        // A place for a job that never comes: SQLite does not write a row that stays the same.
        await lockHead(trx, 1)
        return 'recorded'
      })
      this.#failure = undefined
    } catch (error) {
      this.#failure = { error }
    }
    if (this.#timer === timer) this.#tryIn(this.#failure === undefined ? everyMs : afterFailureMs)
  }
}
