/** Brings a database to the schema that this code knows, or refuses it. */

import { type QueryExecutorProvider, sql } from 'kysely'
import { persisting } from './commit.ts'
import { CannotOpen, type Engine } from './engine.ts'
import { codeOf } from './error-code.ts'
import { type Migration, migrations } from './migrations/all.ts'

/**
 * Applies what is missing, all of it in one transaction. Processes that start together take turns:
 * each holds the row with the version, and who comes second finds the work done.
 *
 * @throws CannotOpen when the database is newer than the code
 */
export async function migrate(engine: Engine, known: readonly Migration[] = migrations) {
  const { db, kind } = engine
  // PostgreSQL fails one of two that make the same table at once. By then, it exists.
  await makeVersionTable(db).catch(() => makeVersionTable(db))
  await persisting(() =>
    db.transaction().execute(async (trx) => {
      const version = await lockVersion(trx)
      refuseNewer(version, known.length)
      for (const apply of known.slice(version)) await apply(trx, kind)
      await sql`update rekey_schema set version = ${known.length} where id = 1`.execute(trx)
    }),
  )
}

/** @throws CannotOpen unless the schema is exactly the one this code knows */
export async function expectCurrentSchema({ db }: Engine, known = migrations.length) {
  const version = await readVersion(db).catch((error: unknown) => {
    if (isNoTable(error)) return 0
    throw error
  })
  refuseNewer(version, known)
  if (version < known) {
    throw new CannotOpen(
      `the database has schema ${version} and this Rekey reads schema ${known}. Start Rekey on it once, which brings it up to date.`,
    )
  }
}

/** Whether a newer Rekey has changed the schema since. */
export async function isOutgrown({ db }: Engine): Promise<boolean> {
  return (await readVersion(db)) > migrations.length
}

// SQLite has no code of its own for it.
function isNoTable(error: unknown): boolean {
  return (
    codeOf(error) === '42P01' || (error instanceof Error && error.message.includes('no such table'))
  )
}

function refuseNewer(version: number, known: number): void {
  if (version <= known) return
  throw new CannotOpen(
    `the database has schema ${version} and this Rekey knows only up to ${known}: it was used by a newer Rekey. Run that one, or restore a backup made before the upgrade.`,
  )
}

async function makeVersionTable(db: QueryExecutorProvider): Promise<void> {
  await sql`create table if not exists rekey_schema
    (id integer primary key, version integer not null)`.execute(db)
  await sql`insert into rekey_schema (id, version) values (1, 0) on conflict do nothing`.execute(db)
}

// An update that changes nothing: it reads the row and locks it, in the same words on both engines.
async function lockVersion(trx: QueryExecutorProvider): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    update rekey_schema set version = version where id = 1 returning version`.execute(trx)
  return only(rows).version
}

async function readVersion(db: QueryExecutorProvider): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    select version from rekey_schema where id = 1`.execute(db)
  return only(rows).version
}

function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows
  if (row === undefined) throw new Error('the table rekey_schema has lost its row')
  return row
}
