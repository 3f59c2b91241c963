/** docs/promises.md says of each promise and each fault what shows it. This holds it to its word. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { measures } from '../../support/soak.ts'
import { numbered, rowsOf } from './rows.ts'
import { expectShown } from './shown.ts'

const page = 'docs/promises.md'
const rows = rowsOf(page)

describe('the page of promises', () => {
  it('leaves none out', () => {
    const promises = numbered('P', 18)
    const faults = Object.entries({
      'CR-': 25,
      'DB-': 12,
      'SI-': 10,
      'SO-': 13,
      'CG-': 16,
      'CO-': 7,
      'TI-': 4,
      'AU-': 6,
      'SX-': 5,
    }).flatMap(([prefix, count]) => numbered(prefix, count, 2))
    expect(rows.map(({ id }) => id)).toEqual([...promises, ...faults])
  })

  it.each(rows)('shows $id by tests that name it, or says why there is none', expectShown)

  it('says how much is tried, as it is', () => {
    const text = readFileSync(join(import.meta.dirname, '../../..', page), 'utf8')
    const number = new Intl.NumberFormat('en')
    const lines = Object.values(measures).map(
      ({ variable, short, long, counts }) =>
        `| \`${variable}\` | ${counts} | ${number.format(short)} | ${number.format(long)} |`,
    )
    const written = text.split('\n').filter((line) => line.startsWith('| `SOAK_'))
    expect(written).toEqual(lines)
  })
})
