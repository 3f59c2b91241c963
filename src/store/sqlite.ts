/** SQLite as the engine: one file, one process, and every commit on the disk before it counts. */

import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { steady } from './clock.ts'
import type { Engine } from './engine.ts'
import { NodeSqliteDialect } from './sqlite-dialect.ts'
import { lockBeside } from './sqlite-lock.ts'
import type { Tables } from './tables.ts'

// Only a reader, such as an export of the ledger, can hold the file up, and never for long.
const busyMs = 5_000

const pragmas = [
  'journal_mode = wal',
  // A commit that a power failure takes back would be an effect without its ledger entry.
  'synchronous = full',
  // macOS answers a plain fsync before the disk has written.
  'fullfsync = on',
  'foreign_keys = on',
  // Deleted rows are overwritten with zeros.
  'secure_delete = on',
  'temp_store = memory',
]

/** Opens the file for this process alone, and makes it, readable only to its owner, if there is none. */
export async function openSqlite(path: string): Promise<Engine> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const unlock = lockBeside(path)
  try {
    makePrivate(path)
    const database = new DatabaseSync(path, { timeout: busyMs })
    for (const pragma of pragmas) database.exec(`pragma ${pragma}`)
    const engine = engineOver(database, unlock)
    // A process that was killed after shredding a secret may not have come to this.
    await engine.wipe()
    return engine
  } catch (error) {
    unlock()
    throw error
  }
}

/** Opens the file beside the process that owns it, to look and not to touch. */
export function openSqliteToRead(path: string): Engine {
  return engineOver(new DatabaseSync(path, { timeout: busyMs, readOnly: true }), () => undefined)
}

// The journal beside the file gets the same permissions from SQLite.
function makePrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
  chmodSync(path, 0o600)
}

function engineOver(database: DatabaseSync, unlock: () => void): Engine {
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) })
  // The file has no clock of its own, and one process: the machine's, as it stands at the start.
  const steadyMs = steady()
  const beganAt = Date.now() - steadyMs()
  return {
    kind: 'sqlite',
    db,
    time: async () => Math.round(beganAt + steadyMs()),
    wipe: async () => emptyJournal(database),
    close: async () => {
      // Kysely closes only what it has used.
      await db.destroy()
      if (database.isOpen) database.close()
      unlock()
    },
  }
}

// A reader, such as an export, may need the journal for a while, and so may what is just being written.
// It is never waited for here: that would hold up everything else in this process. Nor is a disk that
// takes nothing: what led here is stored, and the next write meets it, too.
const tryAgainMs = 1_000

/** Empties the journal, which still holds the pages as they were before a row was overwritten. */
function emptyJournal(database: DatabaseSync): void {
  if (!database.isOpen) return
  if (isJournalBusy(database)) setTimeout(() => emptyJournal(database), tryAgainMs).unref()
}

function isJournalBusy(database: DatabaseSync): boolean {
  database.exec('pragma busy_timeout = 0')
  try {
    return database.prepare('pragma wal_checkpoint(truncate)').get()?.['busy'] !== 0
  } catch {
    return true
  } finally {
    database.exec(`pragma busy_timeout = ${busyMs}`)
  }
}
