/**
 * store/ keeps requests, effects, sealed passwords, jobs, posts and the ledger, and commits a decision
 * whole or not at all. SQLite or PostgreSQL, by URL; the same queries run on both.
 */

import type { EntryDraft } from '../audit/entry.ts'
import type { JobId } from '../ids.ts'
import { DatabaseAltered } from '../recovery/ports/altered.ts'
import type { Jobs } from '../recovery/ports/jobs.ts'
import type { Checkpoints, Ledger } from '../recovery/ports/ledger.ts'
import type { Posts } from '../recovery/ports/posts.ts'
import type { RateLimiter } from '../recovery/ports/rate-limiter.ts'
import type { Rows } from '../recovery/ports/rows.ts'
import type { Store } from '../recovery/ports/store.ts'
import type { RowSealer } from '../sealing/row-sealer.ts'
import { SqlCheckpoints } from './checkpoints.ts'
import type { ClockSource } from './clock.ts'
import { CannotOpen, type Engine } from './engine.ts'
import { forgetLeases, SqlJobs } from './jobs.ts'
import { lastWritten, SqlLedger } from './ledger.ts'
import { SqlRateLimiter } from './limits.ts'
import { expectCurrentSchema, isOutgrown, migrate } from './migrate.ts'
import { openPostgres } from './postgres.ts'
import { postgresFault } from './postgres-fault.ts'
import { SqlPosts } from './posts.ts'
import { SqlRows } from './rows.ts'
import { type FirstSealing, sealAnew, sealOnce } from './seal-rows.ts'
import { Seals } from './seals.ts'
import { openSqlite, openSqliteToRead } from './sqlite.ts'
import { sqliteFault, sqliteReadFault } from './sqlite-fault.ts'
import { SqlStore } from './store.ts'
import { text } from './text/text.ts'
import { VerifiedLedger } from './verified-ledger.ts'
import { WriteWatch } from './write-watch.ts'

export interface OpenStore {
  readonly store: Store
  readonly ledger: Ledger
  readonly jobs: Jobs
  readonly posts: Posts
  readonly rateLimiter: RateLimiter
  readonly checkpoints: Checkpoints
  /** The tables, to be compared with the ledger. */
  readonly rows: Rows
  /** What time it is, for everybody on this database, and when it was last written to. */
  readonly clock: ClockSource
  /**
   * Resolves while the database answers and, when that was last tried, took what was written; rejects when it does
   * not. Writes nothing itself.
   */
  ready(): Promise<void>
  /** Waits for what is under way. */
  close(): Promise<void>
}

export type OpenOptions = Opening & (ToRead | ToWrite)

interface Opening {
  /** Where the URL was written; DATABASE_URL unless told otherwise. */
  readonly source?: string
  /** Hears of every refusal that is one too many for the ledger. */
  readonly onlyCounted?: (entry: EntryDraft) => void
  /** Hears of every job that was set aside because nobody can read it. */
  readonly unreadable?: (job: JobId, fault: string) => void
  /** Called once when a newer Rekey changes the schema under this one, which must not go on then. */
  readonly outgrown?: () => void
}

/**
 * To look only, also beside a Rekey that runs on the same SQLite file: nothing is migrated or
 * locked. On PostgreSQL it is the caller's promise, kept by the rights of the database's user.
 */
interface ToRead {
  readonly readOnly: true
  /** Without it, nobody says whether what is read was stored by Rekey. */
  readonly sealer?: RowSealer
}

interface ToWrite extends FirstSealing {
  readonly readOnly?: false
  /** Whatever is stored is bound to the operator's key with it. */
  readonly sealer: RowSealer
}

/**
 * Opens the store, brings its schema up to date, and holds an SQLite file against other processes.
 *
 * @param url `sqlite:PATH` or `postgres://…`
 * @throws CannotOpen with a sentence for the operator
 */
export async function openStore(url: string, options: OpenOptions): Promise<OpenStore> {
  const seals = new Seals(options.sealer)
  const opening = options.readOnly === true ? toRead(url) : toWrite(url, seals, options)
  const engine = await opening.catch((error) => {
    throw asCannotOpen(error, url, options)
  })
  const verified = options.sealer && new VerifiedLedger(seals)
  const ledger = new SqlLedger(engine.db, verified)
  const stopWatching = options.outgrown && watchSchema(engine, options.outgrown)
  const writes = options.readOnly === true ? undefined : new WriteWatch(engine.db)
  return {
    store: new SqlStore(engine, { seals, verified, onlyCounted: options.onlyCounted }),
    ledger,
    jobs: new SqlJobs(engine.db, options.unreadable),
    posts: new SqlPosts(engine.db, seals),
    rateLimiter: new SqlRateLimiter(engine.db),
    checkpoints: new SqlCheckpoints(engine.db),
    rows: new SqlRows(engine.db, seals),
    clock: { time: () => engine.time(), lastWritten: () => lastWritten(ledger) },
    ready: async () => {
      writes?.expectWritable()
      await verified?.read(engine.db, async () => undefined)
    },
    close: async () => {
      stopWatching?.()
      await writes?.stop()
      await engine.close()
    },
  }
}

const lookAtSchemaEveryMs = 2_000

function watchSchema(engine: Engine, outgrown: () => void): () => void {
  const timer = setInterval(async () => {
    // A database that does not answer is others' business.
    if (!(await isOutgrown(engine).catch(() => false))) return
    clearInterval(timer)
    outgrown()
  }, lookAtSchemaEveryMs).unref()
  return () => clearInterval(timer)
}

async function toWrite(url: string, seals: Seals, first: FirstSealing): Promise<Engine> {
  const path = sqlitePath(url)
  if (path !== undefined) {
    return await checked(await openSqlite(path), async (engine) => {
      await migrate(engine)
      await sealAll(engine, seals, first)
      // The file is ours alone, so whoever held a lease in it has died.
      await forgetLeases(engine.db)
    })
  }
  return await checked(openPostgres(url, { statementMs }), async (engine) => {
    await greet(engine)
    // On connections of its own, since a migration may take longer than any query is allowed to.
    const patient = await checked(openPostgres(url, { statementMs: migrationMs }), async (each) => {
      await migrate(each)
      await sealAll(each, seals, first)
    })
    await patient.close()
  })
}

async function sealAll(engine: Engine, seals: Seals, first: FirstSealing): Promise<void> {
  await sealOnce(engine, seals, first)
  if (seals.hasFormer) await sealAnew(engine, seals)
}

async function toRead(url: string): Promise<Engine> {
  const path = sqlitePath(url)
  const engine =
    path === undefined ? openPostgres(url, { statementMs, toRead: true }) : openSqliteToRead(path)
  return await checked(engine, async () => {
    await greet(engine)
    await expectCurrentSchema(engine)
  })
}

// Our statements take milliseconds. Whatever takes seconds waits for something that is stuck.
const statementMs = 5_000
const migrationMs = 120_000

async function checked(engine: Engine, check: (engine: Engine) => Promise<void>): Promise<Engine> {
  try {
    await check(engine)
    return engine
  } catch (error) {
    await engine.close()
    throw error
  }
}

function sqlitePath(url: string): string | undefined {
  return url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : undefined
}

/** Whatever the system, the driver or the database says, as a sentence that says where to look. */
function asCannotOpen(error: unknown, url: string, options: OpenOptions): CannotOpen {
  if (error instanceof CannotOpen) return error
  if (error instanceof DatabaseAltered)
    return new CannotOpen(text.cannotOpen(options.source ?? 'DATABASE_URL', error.message))
  const path = sqlitePath(url)
  const why = path === undefined ? postgresFault(error, url) : sqliteWhy(error, path, options)
  return new CannotOpen(text.cannotOpen(options.source ?? 'DATABASE_URL', why), { cause: error })
}

function sqliteWhy(error: unknown, path: string, { readOnly }: OpenOptions): string {
  return readOnly === true ? sqliteReadFault(error, path) : sqliteFault(error, path)
}

// Whether it answers at all, before anything is asked of its tables.
async function greet({ db }: Engine): Promise<void> {
  await db.selectNoFrom(({ lit }) => lit(1).as('one')).execute()
}
