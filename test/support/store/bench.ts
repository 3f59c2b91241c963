/** What the contract suites stand on: one of the two engines, with as many databases as they ask for. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import type { Engine } from '../../../src/store/engine.ts'
import { type OpenStore, openStore } from '../../../src/store/open.ts'
import { openPostgres } from '../../../src/store/postgres.ts'
import { openSqlite } from '../../../src/store/sqlite.ts'
import { type Postgres, patient, startPostgres } from '../postgres.ts'
import { rowSealer } from '../row-sealer.ts'

export interface Bench {
  start(): Promise<void>
  stop(): Promise<void>
  freshUrl(): Promise<string>
  /** As many as may be open on one database: two on PostgreSQL, one on SQLite. */
  replicas(url: string): Promise<readonly OpenStore[]>
  /** The engine itself, to migrate with. */
  engine(url: string): Promise<Engine>
  /** Does something behind the store's back. */
  query(url: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]>
}

export function sqliteBench(): Bench {
  let folder = ''
  let made = 0
  return {
    start: async () => {
      folder = mkdtempSync(join(tmpdir(), 'rekey-sqlite-'))
    },
    stop: async () => rmSync(folder, { recursive: true }),
    freshUrl: async () => {
      made += 1
      return `sqlite:${join(folder, `${made}`, 'rekey.db')}`
    },
    replicas: async (url) => [await openStore(url, { sealer: rowSealer })],
    engine: (url) => openSqlite(url.slice('sqlite:'.length)),
    query: async (url, text) => {
      const database = new DatabaseSync(url.slice('sqlite:'.length), { timeout: 5_000 })
      try {
        return database.prepare(text).all()
      } finally {
        database.close()
      }
    },
  }
}

export function postgresBench(): Bench {
  let server: Postgres | undefined
  const running = () => {
    if (server === undefined) throw new Error('the bench is not started')
    return server
  }
  return {
    start: async () => {
      server = await startPostgres()
    },
    stop: () => running().stop(),
    freshUrl: async () => patient(await running().freshUrl()),
    replicas: (url) =>
      Promise.all([openStore(url, { sealer: rowSealer }), openStore(url, { sealer: rowSealer })]),
    engine: async (url) => openPostgres(url, { statementMs: 10_000 }),
    query: async (url, text) => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      try {
        return (await client.query(text)).rows
      } finally {
        await client.end()
      }
    },
  }
}
