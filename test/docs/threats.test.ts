/** docs/threats.md says of each threat what shows that it is met. This holds it to its word. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { titlesOf } from './titles.ts'

const root = join(import.meta.dirname, '../..')

interface Row {
  readonly id: string
  readonly left: string
  readonly files: readonly string[]
}

const rows: readonly Row[] = readFileSync(join(root, 'docs/threats.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| [A-Z]+-?\d+ \|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, id = '', , , left = '', shown = '']) => ({
    id,
    left,
    files: shown === '—' ? [] : shown.split(', '),
  }))

describe('the page of threats', () => {
  it('leaves none out', () => {
    const numbered = (prefix: string, count: number, width = 1) =>
      Array.from({ length: count }, (_, at) => `${prefix}${String(at + 1).padStart(width, '0')}`)
    const all = [...numbered('T', 28), ...numbered('B', 14), ...numbered('SE-', 15, 2)]
    expect(rows.map(({ id }) => id)).toEqual(all)
  })

  it.each(rows)(
    'shows $id by tests that name it, or says why there is none',
    ({ id, left, files }) => {
      if (files.length === 0) expect(left).toMatch(/^— \S+/)
      for (const file of files) {
        const named = titlesOf(file).filter((title) => new RegExp(`\\b${id}\\b`).test(title))
        expect(named, `${file} has no test that names ${id}`).not.toEqual([])
      }
    },
  )
})
