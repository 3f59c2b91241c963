/** Keeps a second Rekey away from an SQLite file. */

import { DatabaseSync } from 'node:sqlite'
import { CannotOpen } from './engine.ts'
import { codeOf } from './error-code.ts'

const sqliteBusy = 5

/**
 * Locks a small database beside the file for as long as the process lives. The lock is the operating
 * system's, so that it is gone when the process is, even after `kill -9`.
 *
 * @returns how to let go of it
 * @throws CannotOpen when another process holds it
 */
export function lockBeside(path: string): () => void {
  const lock = new DatabaseSync(`${path}.lock`)
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if (codeOf(error) !== sqliteBusy) throw error
    throw new CannotOpen(
      `another Rekey is using ${path}: an SQLite file serves one process. Stop the other one, or set DATABASE_URL to a PostgreSQL database to run several.`,
      { cause: error },
    )
  }
  return () => lock.close()
}
