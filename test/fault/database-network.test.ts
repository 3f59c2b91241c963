// biome-ignore-all lint/style/noExcessiveLinesPerFile: every way in which one connection breaks

/** The store on PostgreSQL, while the network between them, or the server, fails. */

import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { verify } from '../../src/audit/verify.ts'
import { type OpenStore, openStore } from '../../src/store/open.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { Seals } from '../../src/store/seals.ts'
import { SqlStore } from '../../src/store/store.ts'
import { VerifiedLedger } from '../../src/store/verified-ledger.ts'
import { later, noon } from '../support/examples.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { rowSealer } from '../support/row-sealer.ts'
import {
  approvedOf,
  entryAbout,
  executingOf,
  moved,
  refused,
  someEffect,
  somePending,
  withdrawnOf,
} from '../support/store/things.ts'
import { type AtCommit, startProxy, type TcpProxy } from '../support/tcp-proxy.ts'

let postgres: Postgres
let proxy: TcpProxy
let url: string
let opened: OpenStore
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  proxy = await startProxy(postgres.port)
  url = await postgres.freshUrl()
  opened = await openStore(proxy.urlOf(url), { sealer: rowSealer })
})
afterEach(async () => {
  proxy.become('pass')
  await opened.close()
  await proxy.close()
})

/** Who answers again, and takes something new. */
async function recovered(): Promise<void> {
  await expect.poll(() => opened.ready().then(() => 'ready', String), patient).toBe('ready')
  expect(await opened.store.record(moved(somePending()), noon)).toBe('recorded')
}

const patient = { timeout: 20_000 }

async function entries() {
  const all = await Array.fromAsync(opened.ledger.entries())
  expect(verify(all)).toStrictEqual({ kind: 'intact', head: await opened.ledger.head() })
  return all.map(({ entry }) => entry)
}

/** Past Rekey and the proxy, and whatever the database is told about writing. */
async function query(text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const options = '-c default_transaction_read_only=off'
  const client = new pg.Client({ connectionString: url, options })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

describe('DB-02: a connection that breaks in the middle of a transaction', () => {
  it.each(['cut', 'paused'] as const)(
    'leaves nothing behind, and the next one works (%s)',
    async (how) => {
      const request = somePending()
      const effect = someEffect(request.id)
      await opened.store.record(moved(request), noon)
      await opened.store.record(moved(approvedOf(request)), noon)
      // Somebody else holds the head, so that the claim is caught in the middle.
      const holder = new pg.Client({ connectionString: url })
      await holder.connect()
      await holder.query('begin; update head set place = place')
      const claimed = { ...executingOf(request, effect), version: 3 }
      const claim = opened.store.record(moved(claimed, { effect }), noon)
      claim.catch(() => undefined)
      await expect.poll(() => waiting(holder), patient).toBe(1)
      holder.on('error', () => undefined)
      if (how === 'cut') proxy.become('cut')
      else await postgres.shutDown('immediate')

      await expect(claim).rejects.toThrow()
      await holder.end().catch(() => undefined)
      proxy.become('pass')
      if (how === 'paused') await postgres.resume()
      await recovered()
      expect((await opened.store.find(request.id))?.state).toBe('approved')
      expect(await opened.store.findEffect(request.id, 'reset')).toBeUndefined()
      expect(await opened.store.record(moved(claimed, { effect }), noon)).toBe('recorded')
      expect(await entries()).toHaveLength(4)
    },
  )

  async function waiting(client: pg.Client): Promise<number> {
    const { rows } = await client.query(
      `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'`,
    )
    return rows[0].n
  }
})

describe('DB-05: a network that swallows everything', () => {
  it('is given up on, statement by statement, and forgotten once it is over', async () => {
    const { engine, close } = await hastyStore()
    const ask = () => engine.db.selectFrom('head').selectAll().execute()
    // As many connections as there can be, all of them open.
    await Promise.all(Array.from({ length: 20 }, ask))
    proxy.become('black-hole')
    const lost = await Promise.allSettled(Array.from({ length: 10 }, ask))
    expect(lost.map(({ status }) => status)).not.toContain('fulfilled')
    proxy.become('pass')
    const again = await Promise.allSettled(Array.from({ length: 10 }, ask))
    expect(again.map(({ status }) => status)).not.toContain('rejected')
    await close()
  })

  it('leaves locks that others hold, which a statement waits for, and then gives up', async () => {
    const holder = new pg.Client({ connectionString: url })
    await holder.connect()
    await holder.query('begin; update head set place = place')
    const hasty = await hastyStore()
    await expect(hasty.store.record(moved(somePending()), noon)).rejects.toMatchObject({
      code: '57014',
    })
    await holder.query('rollback')
    await holder.end()
    expect(await hasty.store.record(moved(somePending()), noon)).toBe('recorded')
    await hasty.close()
  })
})

/** Rekey's own store, which loses its patience sooner. */
async function hastyStore() {
  const engine = openPostgres(proxy.urlOf(url), { statementMs: 1_000, networkMs: 1_000 })
  const seals = new Seals(rowSealer)
  const verified = new VerifiedLedger(seals)
  return { engine, store: new SqlStore(engine, { seals, verified }), close: () => engine.close() }
}

describe('DB-06: a COMMIT whose answer nobody hears', () => {
  const ways: readonly Omit<AtCommit, 'writing'>[] = [
    { is: 'lost', by: 'reset' },
    { is: 'unanswered', by: 'reset' },
    { is: 'lost', by: 'silence' },
    { is: 'unanswered', by: 'silence' },
    { is: 'late', by: 'reset' },
  ]

  it.each(ways)('counts once, and is known to count ($is, $by)', async (way) => {
    const { store, close } = await hastyStore()
    const request = somePending()
    await store.record(moved(request), noon, 'form')
    proxy.strikeAt({ writing: '"type":"request.approved"', ...way })
    const approving = moved(approvedOf(request), {
      entry: entryAbout(approvedOf(request), { type: 'request.approved' }),
    })
    expect(await store.record(approving, noon, 'click')).toBe('recorded')
    expect(proxy.struck).toBe(1)
    await close()

    expect(await opened.store.record(approving, noon, 'click')).toBe('repeated')
    expect(await opened.store.record(approving, noon, 'another click')).toBe('stale')
    expect((await opened.store.find(request.id))?.version).toBe(2)
    expect((await entries()).map(({ type }) => type)).toEqual([
      'request.opened',
      'request.approved',
    ])
  })

  it('is no success while nobody can tell; sent again, it counts once', async () => {
    const request = somePending()
    await opened.store.record(moved(request), noon)
    const lost = { is: 'unanswered', by: 'reset', andThen: 'cut' } as const
    proxy.strikeAt({ writing: '"type":"request.withdrawn"', ...lost })
    const withdrawing = moved(withdrawnOf(request), {
      entry: entryAbout(withdrawnOf(request), { type: 'request.withdrawn' }),
    })
    await expect(opened.store.record(withdrawing, noon, 'click')).rejects.toThrow()
    expect(proxy.struck).toBe(1)
    proxy.become('pass')
    expect(await opened.store.record(withdrawing, noon, 'click')).toBe('repeated')
    expect(await entries()).toHaveLength(2)
  })
})

describe('DB-07: a database that turns transactions away', () => {
  it('has each tried again, five times at most, and nothing is kept by halves', async () => {
    // Three in ten of all writes to the ledger and of all claims of jobs, one way or the other.
    await query(`create function moody() returns trigger language plpgsql as $$ begin
      if random() < 0.15 then raise sqlstate '40001'; end if;
      if random() < 0.15 then raise sqlstate '40P01'; end if;
      return new; end $$;
      create trigger moody before insert on ledger for each row execute function moody();
      create trigger moody before update on jobs for each row execute function moody()`)
    const requests = Array.from({ length: 60 }, () => somePending())
    const outcomes: PromiseSettledResult<unknown>[] = []
    // A few at once: whoever waits too long for a connection is turned away for another reason.
    for (let first = 0; first < requests.length; first += 6) {
      const some = requests.slice(first, first + 6).map(async (request) => {
        await opened.store.record(moved(request), noon)
        return opened.store.record(moved(approvedOf(request)), noon)
      })
      outcomes.push(...(await Promise.allSettled(some)))
    }
    const given = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    // By chance: 0.3^5 of the writes fail five times running. Those are told so.
    expect(given.length).toBeLessThan(6)
    for (const error of given) expect(['40001', '40P01']).toContain(error.code)

    const all = await entries()
    for (const request of requests) {
      const stored = await opened.store.find(request.id)
      const own = all.filter((entry) => entry.request === request.id)
      expect(own.map(({ version }) => version)).toEqual([1, 2].slice(0, stored?.version ?? 0))
    }
    for (let round = 0; round < 20; round++) {
      const claimed = await opened.jobs.claim(noon, 60_000, 4).catch(() => [])
      for (const job of claimed) await opened.jobs.finish(job, noon).catch(() => undefined)
    }
    expect(all.length).toBeGreaterThan(100)
  })

  it('gives up after the fifth time, and has kept nothing', async () => {
    await query(`create sequence tried; create function never() returns trigger language plpgsql as
      $$ begin perform nextval('tried'); raise sqlstate '40001'; end $$;
      create trigger never before insert on ledger for each row execute function never()`)
    const request = somePending()
    await expect(opened.store.record(moved(request), noon)).rejects.toMatchObject({ code: '40001' })
    expect(await opened.store.find(request.id)).toBeUndefined()
    await query('drop trigger never on ledger')
    await query(
      `do $$ begin if (select last_value from tried) <> 5 then raise 'not five'; end if; end $$`,
    )
    await recovered()
  })
})

describe('DB-08: a server that takes no writes', () => {
  it('is refused at the start, in a sentence that says what to do', async () => {
    await opened.store.record(moved(somePending()), noon)
    const standby = await postgres.standby()
    await expect(openStore(standby.urlOf(url), { sealer: rowSealer })).rejects.toThrow(
      'the database is a standby, which takes no writes and may be behind: let DATABASE_URL lead to the primary',
    )
    // To look only, it will do.
    const reader = await openStore(standby.urlOf(url), { readOnly: true })
    expect(await Array.fromAsync(reader.ledger.entries())).toHaveLength(1)
    await reader.close()
    await query(`do $$ begin execute format('alter database %I set default_transaction_read_only = on',
      current_database()); end $$`)
    await expect(openStore(url, { sealer: rowSealer })).rejects.toThrow(
      'the database takes no writes',
    )
  })

  it('is not believed when the address suddenly leads to it, until it is the primary', async () => {
    const request = somePending()
    await opened.store.record(moved(request), noon)
    const standby = await postgres.standby()
    // What the standby does not know of.
    await recovered()
    await opened.store.record(moved(withdrawnOf(request)), noon)
    proxy.leadTo(standby.port)
    const said = new Set<string>()
    const ask = () => opened.store.find(request.id).then(() => 'an answer', String)
    await expect
      .poll(async () => said.add(await ask()), patient)
      .toContain(
        'CannotOpen: the database is a standby, which takes no writes and may be behind: let DATABASE_URL lead to the primary',
      )
    expect(said).not.toContain('an answer')
    await expect(opened.ready()).rejects.toThrow('standby')
    await standby.promote()
    // It has lost what the primary knew last: a ledger that goes back is for people to look at.
    await expect
      .poll(() => opened.ready().then(() => 'ready', String), patient)
      .toContain('DatabaseAltered: the ledger was put back under a running Rekey')
    await opened.close()
    opened = await openStore(proxy.urlOf(url), { sealer: rowSealer })
    await recovered()
    expect((await opened.store.find(request.id))?.state).toBe('pending')
  })

  it('says so in the middle of everything: nothing is stored, and it is looked at anew', async () => {
    const request = somePending()
    await opened.store.record(moved(request), noon)
    // As a hosted database does when its disk is full: for everybody, connected or not.
    await query('alter system set default_transaction_read_only = on')
    await query('select pg_reload_conf()')
    const said: string[] = []
    const refuse = () => opened.store.record(refused(request), later(1)).catch(String)
    await expect
      .poll(async () => said.push(String(await refuse())) && said.at(-1), patient)
      .toContain('CannotOpen: the database takes no writes')
    expect(said.some((each) => each.includes('read-only transaction'))).toBe(true)
    await query('alter system reset default_transaction_read_only')
    await query('select pg_reload_conf()')
    await recovered()
    const isStored = said.filter((each) => each === 'recorded').length
    expect(await entries()).toHaveLength(2 + isStored)
  })
})

describe('DB-10: a server on which commits count before they are on a disk', () => {
  it('is told otherwise, by every connection', async () => {
    await query(`do $$ begin execute format('alter database %I set synchronous_commit = off',
      current_database()); end $$`)
    expect(await query('show synchronous_commit')).toEqual([{ synchronous_commit: 'off' }])
    const { engine, close } = await hastyStore()
    const { rows } = await sql`show synchronous_commit`.execute(engine.db)
    expect(rows).toEqual([{ synchronous_commit: 'on' }])
    await close()
  })
})
