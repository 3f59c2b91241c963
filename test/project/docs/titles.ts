/** The titles of the tests in a file, as they are written. */

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** @param file as the documents name it: below `test/`, without its ending. What it imports from beside it counts. */
export function titlesOf(file: string): readonly string[] {
  const stem = join(import.meta.dirname, '../..', file)
  const path = [`${stem}.test.ts`, `${stem}.ts`].find(existsSync)
  if (path === undefined) throw new Error(`the documents name test/${file}, which is not there`)
  return [...withNeighbours(path)].flatMap((each) => titlesIn(readFileSync(each, 'utf8')))
}

function withNeighbours(path: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(path)) return seen
  seen.add(path)
  for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(/ from '\.\/([^']+)'/g))
    withNeighbours(join(dirname(path), name), seen)
  return seen
}

function titlesIn(text: string): string[] {
  const called = /(?:describe|it|test)(?:\.each\([^;]*?\))?\(\s*(['`])(.*?)\1/gms
  const rows = /^\s*(?:\[|\{? ?title: )?'([A-Z]+-?\d+(?:[: ].*?)?)',/gm
  return [
    ...[...text.matchAll(called)].map(([, , title]) => title ?? ''),
    ...[...text.matchAll(rows)].map(([, title]) => title ?? ''),
  ]
}
