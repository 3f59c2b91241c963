import { describe, expect, test } from 'vitest'
import { matches } from '../../../src/policy/text-form.ts'
import { provesCheck } from '../../../src/recovery/rules/eligibility.ts'

const slow = { pattern: '(\\d+-?)+', example: '1-2-3' }
// By itself this takes a quarter of a minute, and each digit more doubles it.
const busying = `${'1'.repeat(27)}x`

describe('a pattern that some texts keep busy', () => {
  test('is given up at once, and the text counts as one that does not fit', () => {
    const before = process.threadCpuUsage()
    expect(matches(slow, busying)).toBe(false)
    const evidence = { kind: 'reference', label: 'Call record', form: slow } as const
    expect(provesCheck({ id: 'call', label: 'Called', evidence }, busying)).toBe(false)
    // Of this thread's own time, in microseconds: others may be at work as well.
    expect(process.threadCpuUsage(before).user).toBeLessThan(5_000_000)
  })

  test('still takes what fits, before and after', () => {
    expect(matches(slow, '12-34')).toBe(true)
    expect(matches(slow, busying)).toBe(false)
    expect(matches(slow, '56-78')).toBe(true)
    expect(matches(slow, '56-78!')).toBe(false)
  })
})

describe('a form', () => {
  test.each([
    ['VID-\\d{2,}', 'VID-12', true],
    ['VID-\\d{2,}', ' VID-12', false],
    ['VID-\\d{2,}', 'VID-12 or so', false],
    ['A|B', 'AB', false],
    ['\\p{L}+', 'Ünal', true],
  ])('/%s/ holds for the whole of “%s”: %s', (pattern, text, fit) => {
    expect(matches({ pattern, example: '' }, text)).toBe(fit)
  })
})
