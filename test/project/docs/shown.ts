/** Whether a page's word about what shows a row is true. */

import { expect } from 'vitest'
import type { Row } from './rows.ts'
import { titlesOf } from './titles.ts'

/** Fails unless each file named has a test that names the id, or a reason stands where none is named. */
export function expectShown({ id, left, files }: Row): void {
  if (files.length === 0) expect(left).toMatch(/^— \S+/)
  for (const file of files) {
    const named = titlesOf(file).filter((title) => new RegExp(`\\b${id}\\b`).test(title))
    expect(named, `${file} has no test that names ${id}`).not.toEqual([])
  }
}
