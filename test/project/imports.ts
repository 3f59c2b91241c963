/** What imports what, read from the files as text. */

import { globSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'

const root = join(import.meta.dirname, '../..')

export interface Import {
  /** From the project's root. */
  readonly file: string
  /** A file from the project's root, or a package as it is named. */
  readonly to: string
}

/** Every TypeScript file below these folders, with its text. */
export function textsOf(folders: readonly string[]): ReadonlyMap<string, string> {
  const files = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
  return new Map(
    files.map((file) => [file.replaceAll(sep, '/'), readFileSync(join(root, file), 'utf8')]),
  )
}

/** Every import and re-export in these folders, types included. */
export function importsOf(folders: readonly string[]): readonly Import[] {
  return [...textsOf(folders)].flatMap(([file, text]) =>
    [...text.matchAll(/(?:\bfrom |^import |\bimport\()'([^'\n]+)'/gm)].map(([, from = '']) => ({
      file,
      to: from.startsWith('.') ? join(dirname(file), from).replaceAll(sep, '/') : from,
    })),
  )
}

/** The groups of files of which each can be reached from each other: Tarjan's strongly connected components. */
export function circlesIn(imports: readonly Import[]): readonly (readonly string[])[] {
  const targets = Map.groupBy(imports, ({ file }) => file)
  const found: string[][] = []
  const index = new Map<string, number>()
  const lowest = new Map<string, number>()
  const path: string[] = []
  for (const file of targets.keys()) if (!index.has(file)) visit(file)
  return found

  function visit(file: string): void {
    index.set(file, index.size)
    lowest.set(file, index.size - 1)
    path.push(file)
    for (const { to } of targets.get(file) ?? []) {
      if (!targets.has(to)) continue
      if (!index.has(to)) visit(to)
      if (path.includes(to)) {
        lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(to) ?? 0))
      }
    }
    if (lowest.get(file) !== index.get(file)) return
    const circle = path.splice(path.indexOf(file))
    if (circle.length > 1) found.push(circle)
  }
}
