import { expect, it } from 'vitest'
import { fromPage } from '../../../src/page-process/messages.ts'

const line = (fields: unknown) => ({ kind: 'log', level: 'info', message: 'x', fields })

it('F1 no more than so much is logged for whoever has taken the page’s process', () => {
  expect(fromPage.safeParse(line({ a: 'y'.repeat(3_900) })).success).toBe(true)
  for (const much of [
    { a: 'y'.repeat(4_000) },
    { a: '\u0000'.repeat(1_000) },
    { ['y'.repeat(4_000)]: 1 },
    Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [n, n])),
    { a: { b: [{ c: ['y'.repeat(4_000)] }] } },
  ])
    expect(fromPage.safeParse(line(much)).success).toBe(false)
})
