/**
 * Transactions: kept whole or not at all, tried again when the database asks for it, and looked for when
 * nobody has heard whether they were kept.
 */

import { setTimeout as pause } from 'node:timers/promises'
import type { Kysely, Transaction } from 'kysely'
import type { Recorded } from '../recovery/ports/store.ts'
import { codeOf } from './error-code.ts'
import { lockHead } from './head.ts'
import type { Tables } from './tables.ts'

/** What a transaction leaves behind, and no other could: an entry in its place. */
export interface Trace {
  readonly seq: number
  readonly hash: string
}

/**
 * Runs `work` in a transaction, which is kept only if it comes to `recorded`.
 *
 * @param work says what it leaves in the ledger, if anything: by that it is found when the answer to
 *   the COMMIT is lost
 * @throws when it was not kept, or when nobody can tell: then the database does not answer at all
 */
export function commit(
  db: Kysely<Tables>,
  work: (trx: Transaction<Tables>, leaves: (trace: Trace) => void) => Promise<Recorded>,
): Promise<Recorded> {
  return persisting(async () => {
    let trace: Trace | undefined
    let isAsked = false
    const trx = await db.startTransaction().execute()
    try {
      const outcome = await work(trx, (left) => {
        trace = left
      })
      isAsked = outcome === 'recorded'
      await (isAsked ? trx.commit() : trx.rollback()).execute()
      return outcome
    } catch (error) {
      // What broke first is what matters. Whether this succeeds or not, it gives the connection back.
      await trx
        .rollback()
        .execute()
        .catch(() => undefined)
      if (!isAsked || trace === undefined || isAnswer(error)) throw error
      if (await isKept(db, trace, error)) return 'recorded'
      throw new NotKept(error)
    }
  })
}

/** The answer to a COMMIT was lost, and so was the transaction: the same may well succeed. */
class NotKept extends Error {
  override readonly name = 'NotKept'

  constructor(cause: unknown) {
    super('a transaction was not kept', { cause })
  }
}

/** Whether the database itself says that it failed, rather than the network or a server that ends. */
function isAnswer(error: unknown): boolean {
  const severity = error instanceof Error && 'severity' in error && error.severity
  return severity === 'ERROR' || typeof codeOf(error) === 'number'
}

// A database that restarts is back within seconds, and somebody may be waiting before a window.
const lookForMs = 5_000
const betweenLooksMs = 250

/** @throws `lost`, when the database does not say */
async function isKept(db: Kysely<Tables>, trace: Trace, lost: unknown): Promise<boolean> {
  const end = performance.now() + lookForMs
  for (;;) {
    try {
      return await look(db, trace)
    } catch {
      if (performance.now() > end) throw lost
      await pause(betweenLooksMs)
    }
  }
}

/** The transaction holds the head for as long as it is alive: once it can be locked here, all is decided. */
async function look(db: Kysely<Tables>, { seq, hash }: Trace): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    await lockHead(trx, 0)
    const row = await trx
      .selectFrom('ledger')
      .select('hash')
      .where('seq', '=', seq)
      .executeTakeFirst()
    return row?.hash === hash
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
      if (tries === maxTries || !isPassing(error)) throw error
      // At random, or the same two would meet again.
      await pause(Math.random() * pauseMs * tries)
    }
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof NotKept || passing.has(codeOf(error))
}
