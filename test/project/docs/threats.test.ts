/** docs/threats.md says of each threat what shows that it is met. This holds it to its word. */

import { describe, expect, it } from 'vitest'
import { numbered, rowsOf } from './rows.ts'
import { expectShown } from './shown.ts'

const rows = rowsOf('docs/threats.md')

describe('the page of threats', () => {
  it('leaves none out', () => {
    const all = [
      ...numbered('T', 28),
      ...numbered('B', 14),
      ...numbered('SE-', 15, 2),
      ...numbered('F', 9),
    ]
    expect(rows.map(({ id }) => id)).toEqual(all)
  })

  it.each(rows)('shows $id by tests that name it, or says why there is none', expectShown)
})
