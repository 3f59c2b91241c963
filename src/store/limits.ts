/** What strangers have tried lately, counted where it outlives a restart and holds for all replicas. */

import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { Limits } from '../recovery/ports.ts'
import { persisting } from './commit.ts'
import { reading } from './fields.ts'
import type { Tables } from './tables.ts'

export class SqlLimits implements Limits {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  async take(key: string, most: number, windowMs: number, at: Date): Promise<boolean> {
    const now = at.getTime()
    await this.#forget(now)
    return await persisting(() =>
      this.#db.transaction().execute(async (trx) => {
        const { times_json } = await trx
          .insertInto('limits')
          .values({ key, times_json: '[]', forget_at: now + windowMs })
          // Written even when it stays the same: the update is the lock, so two at once take turns.
          .onConflict((conflict) => conflict.column('key').doUpdateSet({ key }))
          .returning('times_json')
          .executeTakeFirstOrThrow()
        const recent = timesOf(key, times_json).filter((time) => now - time < windowMs)
        if (recent.length >= most) return false
        await trx
          .updateTable('limits')
          .set({ times_json: JSON.stringify([...recent, now]), forget_at: now + windowMs })
          .where('key', '=', key)
          .execute()
        return true
      }),
    )
  }

  // In a statement of its own: two transactions that each hold a row and delete others could wait
  // for each other.
  async #forget(now: number): Promise<void> {
    await persisting(() => this.#db.deleteFrom('limits').where('forget_at', '<=', now).execute())
  }
}

function timesOf(key: string, json: string): readonly number[] {
  return reading(`limit ${key}`, () => z.array(z.int()).parse(JSON.parse(json)))
}
