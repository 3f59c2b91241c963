/** The store through a pooler that knows no sessions. */

import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { verify } from '../../../src/audit/verify.ts'
import { openStore } from '../../../src/store/open.ts'
import { openPostgres } from '../../../src/store/postgres.ts'
import { noon } from '../../support/examples.ts'
import { type PgBouncer, startPgBouncer } from '../../support/pgbouncer.ts'
import { type Postgres, startPostgres } from '../../support/postgres.ts'
import { rowSealer } from '../../support/row-sealer.ts'
import { moved, somePending } from '../../support/store/things.ts'

let postgres: Postgres
let url: string
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  url = await postgres.freshUrl()
})

describe.each([
  ['refuses what it does not know', false],
  ['passes over what it does not know', true],
])('PgBouncer in transaction mode, which %s', (_, ignores) => {
  let pooler: PgBouncer
  beforeEach(async () => {
    pooler = await startPgBouncer(postgres.port, ignores)
  })
  afterEach(() => pooler.close())

  it('serves Rekey as the database itself does', async () => {
    const opened = await openStore(pooler.urlOf(url), { sealer: rowSealer })
    const other = await openStore(pooler.urlOf(`${url}?statement_timeout=9000`), {
      sealer: rowSealer,
    })
    for (const each of [opened, other]) {
      for (let count = 0; count < 3; count += 1)
        expect(await each.store.record(moved(somePending()), noon)).toBe('recorded')
    }
    const jobs = await opened.jobs.claim(noon, 60_000, 100)
    for (const job of jobs) await opened.jobs.finish(job, noon)
    expect(jobs.length).toBeGreaterThan(0)
    const entries = await Array.fromAsync(opened.ledger.entries())
    expect(entries).toHaveLength(6)
    expect(verify(entries)).toStrictEqual({ kind: 'intact', head: await opened.ledger.head() })
    await opened.close()
    await other.close()
    expect(pooler.handedOn).toBeGreaterThan(10)
  })

  it('DB-10 has every commit on the disk, and every statement its limits, on whichever connection', async () => {
    await alter('synchronous_commit = off')
    const { db, close } = openPostgres(pooler.urlOf(`${url}?statement_timeout=9000`), {
      statementMs: 1_000,
    })
    const show = sql<
      Record<string, string>
    >`select current_setting('synchronous_commit') as commits,
      current_setting('statement_timeout') as statement,
      current_setting('idle_in_transaction_session_timeout') as idle`
    for (let count = 0; count < 3; count += 1) {
      const limits = [{ commits: 'on', statement: '9s', idle: '6s' }]
      expect((await show.execute(db)).rows).toEqual(limits)
      const inside = await db.transaction().execute((trx) => show.execute(trx))
      expect(inside.rows).toEqual(limits)
    }
    await close()
  })

  it('keeps nothing of Rekey’s on the connections of others', async () => {
    await alter('synchronous_commit = off')
    const opened = await openStore(pooler.urlOf(url), { sealer: rowSealer })
    await opened.store.record(moved(somePending()), noon)
    const other = new pg.Client({ connectionString: pooler.urlOf(url) })
    await other.connect()
    const { rows } = await other.query(`select current_setting('synchronous_commit') as commits,
      current_setting('statement_timeout') as statement`)
    expect(rows).toEqual([{ commits: 'off', statement: '0' }])
    await other.end()
    await opened.close()
  })
})

it('a statement that fails outside of a transaction leaves none behind', async () => {
  const { db, close } = openPostgres(url, { statementMs: 1_000 })
  await expect(sql`select 1 / 0`.execute(db)).rejects.toThrow('division by zero')
  await expect(sql`select pg_sleep(5)`.execute(db)).rejects.toThrow('statement timeout')
  const { rows } = await sql<{ state: string }>`
    select count(*)::int as open from pg_stat_activity
    where datname = current_database() and state like 'idle in%'`.execute(db)
  expect(rows).toEqual([{ open: 0 }])
  await close()
})

async function alter(setting: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`alter database ${new URL(url).pathname.slice(1)} set ${setting}`)
  await client.end()
}
