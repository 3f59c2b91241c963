/** The titles of the tests in a file, as they are written. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @param file as the documents name it: below `test/`, without its ending */
export function titlesOf(file: string): readonly string[] {
  const stem = join(import.meta.dirname, '..', file)
  const path = [`${stem}.test.ts`, `${stem}.ts`].find(existsSync)
  if (path === undefined) throw new Error(`the documents name test/${file}, which is not there`)
  const text = readFileSync(path, 'utf8')
  const called = /(?:describe|it|test)(?:\.each\([^;]*?\))?\(\s*(['`])(.*?)\1/gms
  const rows = /^\s*\[?\s*'([A-Z]+-?\d+ .*?)',/gm
  return [
    ...[...text.matchAll(called)].map(([, , title]) => title ?? ''),
    ...[...text.matchAll(rows)].map(([, title]) => title ?? ''),
  ]
}
