/** The table of rooms in ARCHITECTURE.md. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const page = join(import.meta.dirname, '../../ARCHITECTURE.md')

export interface Room {
  /** A file, or a folder with a slash at its end. */
  readonly path: string
  /** Rooms, by their paths. */
  readonly mayImport: readonly string[]
  readonly packages: readonly string[]
}

/** Every row: `| room | what it owns | may import | packages |`. One row may be about several files. */
export const rooms: readonly Room[] = readFileSync(page, 'utf8')
  .split('\n')
  .filter((line) => /^\| `(src|sandbox)\//.test(line))
  .flatMap((line) => {
    const [names = '', , mayImport = '', packages = ''] = line.split('|').slice(1, -1)
    return namesIn(names).map((path) => ({
      path,
      mayImport: namesIn(mayImport).map((name) => pathOf(name, path)),
      packages: namesIn(packages),
    }))
  })

/** The room that a file belongs to: of a room and its sub-room, the sub-room. */
export function roomOf(file: string): Room | undefined {
  return rooms
    .filter(({ path }) => (path.endsWith('/') ? file.startsWith(path) : file === path))
    .toSorted((one, other) => other.path.length - one.path.length)[0]
}

function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
}

/** Rooms of the same house are named without it. */
function pathOf(name: string, from: string): string {
  return name.startsWith('src/') || name.startsWith('sandbox/')
    ? name
    : `${from.slice(0, from.indexOf('/'))}/${name}`
}
