/** Why an SQLite file can't be used, from what the system or SQLite says. */

import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { codeOf } from './error-code.ts'
import { text } from './text/text.ts'

// https://www.sqlite.org/rescode.html, primary codes. Extended ones have more in their higher bits.
const names: ReadonlyMap<number, string> = new Map([
  [3, 'SQLITE_PERM'],
  [8, 'SQLITE_READONLY'],
  [10, 'SQLITE_IOERR'],
  [11, 'SQLITE_CORRUPT'],
  [13, 'SQLITE_FULL'],
  [14, 'SQLITE_CANTOPEN'],
  [26, 'SQLITE_NOTADB'],
])

/** @returns a sentence */
export function sqliteFault(error: unknown, path: string): string {
  const found = codeOf(error)
  const code = typeof found === 'number' ? (names.get(found & 0xff) ?? String(found)) : found
  const { noDatabase, damaged, diskFull, unwritableFile, other } = text.sqlite
  if (code === 'SQLITE_NOTADB') return noDatabase(path)
  if (code === 'SQLITE_CORRUPT') return damaged(path)
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return diskFull(path, code)
  const place = placeFault(path, code ?? 'no code')
  if (place !== undefined) return place
  return unwritable.has(code) ? unwritableFile(path, String(code)) : other(path, code ?? 'no code')
}

/** The same for whoever only reads. */
export function sqliteReadFault(error: unknown, path: string): string {
  if (!existsSync(path)) return text.sqlite.nothingToRead(path)
  if (codeOf(error) === 26) return text.sqlite.noDatabase(path)
  const folder = statSync(path).isDirectory()
  return folder
    ? text.sqlite.folderForFile(path)
    : text.sqlite.unreadable(path, String(codeOf(error) ?? 'no code'))
}

const unwritable: ReadonlySet<unknown> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'SQLITE_CANTOPEN',
  'SQLITE_PERM',
  'SQLITE_READONLY',
])

function placeFault(path: string, code: string): string | undefined {
  const { noParent, fileForFolder, folderForFile, unwritableFolder } = text.sqlite
  const folder = dirname(path)
  if (code === 'ENOTDIR' || code === 'EEXIST') return fileForFolder(path)
  if (!existsSync(folder)) return noParent(folder, code)
  if (!statSync(folder).isDirectory()) return fileForFolder(path)
  if (!existsSync(path)) return unwritable.has(code) ? unwritableFolder(folder, code) : undefined
  return statSync(path).isDirectory() ? folderForFile(path) : undefined
}
