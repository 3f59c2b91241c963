/** The tables of the documents that say what shows a promise. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

/** A line about something that has an id. */
export interface Row {
  readonly id: string
  readonly about: string
  /** What is not met, or not promised; it begins with a dash where no test can show anything. */
  readonly left: string
  /** Below test/, without their endings. */
  readonly files: readonly string[]
}

/** Every line of a page's tables that begins with an id, cell by cell. */
export function cellsOf(page: string): string[][] {
  return readFileSync(join(root, page), 'utf8')
    .split('\n')
    .filter((line) => /^\| [A-Z]+-?\d+ \|/.test(line))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    )
}

/** The rows of a page, whose last two cells are what is left and what shows the rest. */
export function rowsOf(page: string): Row[] {
  return cellsOf(page).map((cells) => {
    const [id = '', about = ''] = cells
    const [left = '', shown = ''] = cells.slice(-2)
    return { id, about, left, files: shown === '—' ? [] : shown.split(', ') }
  })
}

/** `numbered('SO-', 12, 2)` is `SO-01` to `SO-12`. */
export function numbered(prefix: string, count: number, width = 1): string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}${String(at + 1).padStart(width, '0')}`)
}
