/** Transactions: kept whole or not at all, and tried again when the database asks for it. */

import { setTimeout as pause } from 'node:timers/promises'
import type { Kysely, Transaction } from 'kysely'
import type { Recorded } from '../recovery/ports.ts'
import { codeOf } from './error-code.ts'
import type { Tables } from './tables.ts'

/** Runs `work` in a transaction, which is kept only if it comes to `recorded`. */
export function commit(
  db: Kysely<Tables>,
  work: (trx: Transaction<Tables>) => Promise<Recorded>,
): Promise<Recorded> {
  return persisting(async () => {
    const trx = await db.startTransaction().execute()
    try {
      const outcome = await work(trx)
      await (outcome === 'recorded' ? trx.commit() : trx.rollback()).execute()
      return outcome
    } catch (error) {
      // What broke first is what matters. Whether this succeeds or not, it gives the connection back.
      await trx
        .rollback()
        .execute()
        .catch(() => undefined)
      throw error
    }
  })
}

// Serialization failure and deadlock: nothing was stored, and the same may well succeed at once.
const passing: ReadonlySet<unknown> = new Set(['40001', '40P01'])
const maxTries = 5
const pauseMs = 10

/** Tries again, a bounded number of times, what the database turned away only because of others. */
export async function persisting<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (tries === maxTries || !passing.has(codeOf(error))) throw error
      // At random, or the same two would meet again.
      await pause(Math.random() * pauseMs * tries)
    }
  }
}
