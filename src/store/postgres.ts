/** PostgreSQL as the engine, for any number of processes over the same tables. */

import {
  Kysely,
  type PostgresCursor,
  PostgresDialect,
  type PostgresPool,
  type PostgresQueryResult,
  sql,
} from 'kysely'
import pg from 'pg'
import { withHost } from '../database-url.ts'
import { CannotOpen, type Engine } from './engine.ts'
import { codeOf } from './error-code.ts'
import type { Tables } from './tables.ts'
import { text } from './text/text.ts'

export interface PostgresOptions {
  /** How long one statement may take, waiting for locks included. */
  readonly statementMs: number
  /** How much longer an answer is waited for: the server gives up first and says so, if it still can. */
  readonly networkMs?: number
  /** Whether a server that takes no writes will do. */
  readonly toRead?: boolean
}

const connectMs = 5_000

// A process that stops between two statements must not keep the ledger's head locked for the others:
// this long after it would itself have given up.
const goneMs = 2_000

/** @param url may carry a password: it must not show up in any message */
export function openPostgres(url: string, options: PostgresOptions): Engine {
  const { statementMs, networkMs = 3_000, toRead } = options
  const { connectionString, limits } = withoutLimits(url, {
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: statementMs + networkMs + goneMs,
  })
  const pool = new pg.Pool({
    connectionString,
    application_name: 'rekey',
    connectionTimeoutMillis: connectMs,
    query_timeout: statementMs + networkMs,
    keepAlive: true,
    types: { getTypeParser: parserFor },
    ...(toRead ? {} : { onConnect: expectToWrite }),
  })
  // A connection that breaks while it is not asked anything is replaced; a query that meets a broken
  // one reports it itself. Unheard, either would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: limited(pool, inEach(limits)) }),
  })
  return {
    kind: 'postgresql',
    db,
    time: () => timeOf(db),
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

type Limits = Readonly<Record<'statement_timeout' | 'idle_in_transaction_session_timeout', number>>

/** The limits that the URL sets are kept, and are no part of the address, where a pooler would refuse them. */
function withoutLimits(url: string, usual: Limits) {
  const address = new URL(withHost(url))
  const limits = Object.entries(usual).map(([name, milliseconds]) => {
    const given = Number.parseInt(address.searchParams.get(name) ?? '', 10)
    address.searchParams.delete(name)
    return [name, Number.isNaN(given) ? milliseconds : given] as const
  })
  return { connectionString: address.href, limits }
}

/**
 * What follows the beginning of each transaction: all that has to hold in it. Not said once for the connection: a
 * pooler such as PgBouncer gives each transaction another one, refuses what it does not know at the start,
 * or passes over it. Where commits count before they are on a disk, an effect could come to be without its
 * ledger entry: not here.
 */
function inEach(limits: readonly (readonly [name: string, milliseconds: number])[]): string {
  return [
    ...limits.map(([name, milliseconds]) => `set local ${name} = ${milliseconds}`),
    "select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') = 'off'",
  ].join('; ')
}

async function timeOf(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ ms: number }>`
    select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as ms`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('the database does not say what time it is')
  return row.ms
}

/**
 * Asked of every new connection, since the address may lead to another server than before. A standby
 * answers, with what was true some time ago: whoever decides by that decides wrongly.
 */
async function expectToWrite(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query(`select pg_is_in_recovery() as is_standby,
    current_setting('default_transaction_read_only') = 'on' as is_read_only`)
  const [{ is_standby, is_read_only }] = rows
  if (is_standby) throw new CannotOpen(text.postgres.standby)
  if (is_read_only) throw new CannotOpen(text.postgres.readOnly)
}

/**
 * The pool, where whatever is asked is in a transaction with its limits, alone if it does not begin one; and
 * without the connections that have stopped answering. The driver gives up on a statement
 * after a while, and would go on to queue the next ones behind it, on a connection that may stay
 * silent for a quarter of an hour. The same for one on which nothing can be written any more.
 */
function limited(pool: pg.Pool, inEach: string): PostgresPool {
  return {
    options: pool.options,
    connect: async () => {
      const client = await pool.connect()
      let fault: unknown
      let isOpen = false
      return {
        query,
        release: (discard) => client.release(discard || fault !== undefined),
      }

      function query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>>
      function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>
      function query(text: unknown, values: readonly unknown[] = []): unknown {
        if (typeof text !== 'string') throw new Error('nothing here reads through a cursor')
        // One of the two, as the transaction has a level of its own or not.
        if (text === 'begin' || text.startsWith('start transaction')) {
          isOpen = true
          return begin(text)
        }
        if (!isOpen) return alone(text, values)
        if (text === 'commit' || text === 'rollback') isOpen = false
        return ask(text, values)
      }

      async function alone(text: string, values: readonly unknown[]) {
        await begin('begin')
        try {
          const result = await ask(text, values)
          await ask('commit')
          return result
        } catch (error) {
          await ask('rollback').catch(() => undefined)
          throw error
        }
      }

      async function begin(how: string) {
        try {
          return await ask(`${how}; ${inEach}`)
        } catch (error) {
          // Where the beginning failed in its middle, a transaction may be open.
          fault = error
          throw error
        }
      }

      async function ask(text: string, values: readonly unknown[] = []) {
        if (fault !== undefined) throw fault
        try {
          return await client.query(text, [...values])
        } catch (error) {
          if (isUseless(error)) fault = error
          throw error
        }
      }
    },
    end: () => pool.end(),
  }
}

const readOnly = '25006'

// The driver's own time limit has no code.
function isUseless(error: unknown): boolean {
  if (codeOf(error) === readOnly) return true
  return error instanceof Error && error.message === 'Query read timeout'
}

// pg hands out 64-bit integers as text. Ours are milliseconds and counters, far below 2^53.
const parserFor: typeof pg.types.getTypeParser = (oid, format) =>
  oid === pg.types.builtins.INT8 && format !== 'binary'
    ? Number
    : pg.types.getTypeParser(oid, format)
