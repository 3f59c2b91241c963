/** PostgreSQL as the engine, for any number of processes over the same tables. */

import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Engine } from './engine.ts'
import type { Tables } from './tables.ts'

/** How long one statement may take, waiting for locks included. */
export interface Patience {
  readonly statementMs: number
}

const connectMs = 5_000

// The server gives up on a statement first and says so; this is for a server that says nothing more.
const networkMs = 3_000

// A process that stops between two statements must not keep the ledger's head locked for the others.
const idleInTransactionMs = 10_000

/** @param url may carry a password: it must not show up in any message */
export function openPostgres(url: string, { statementMs }: Patience): Engine {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'rekey',
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    query_timeout: statementMs + networkMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    keepAlive: true,
    types: { getTypeParser: parserFor },
  })
  // An idle connection that breaks is replaced; a query that meets a broken server reports it itself.
  pool.on('error', () => undefined)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    kind: 'postgresql',
    db,
    // A deleted row stays in its page until autovacuum, and in the write-ahead log for longer. Nothing
    // here can change that: what protects a shredded secret on PostgreSQL is that it was sealed.
    wipe: async () => undefined,
    close: async () => {
      // Kysely ends only a pool that it has used.
      await db.destroy()
      if (!pool.ending) await pool.end()
    },
  }
}

// pg hands out 64-bit integers as text. Ours are milliseconds and counters, far below 2^53.
const parserFor: typeof pg.types.getTypeParser = (oid, format) =>
  oid === pg.types.builtins.INT8 && format !== 'binary'
    ? Number
    : pg.types.getTypeParser(oid, format)
