import { describe, expect, test } from 'vitest'
import { abridged, differences } from '../../../src/policy/difference.ts'

describe('what is different between two policies', () => {
  test('is nothing, where they say the same', () => {
    expect(differences({ a: [1, { b: true }] }, { a: [1, { b: true }] })).toEqual([])
  })

  test('is a line for each value, with where it stands', () => {
    const before = { tiers: [{ approvals: 2, methods: ['reset'] }], signOutAfter: true }
    const after = { tiers: [{ approvals: 1, methods: ['reset', 'magic'] }], ticket: null }
    expect(differences(before, after)).toEqual([
      'tiers[0].approvals: 2 → 1',
      'signOutAfter: true → nothing',
      'tiers[0].methods[1]: nothing → magic',
      'ticket: nothing → null',
    ])
  })

  test('is what was and what is, where a value has become a list', () => {
    expect(differences({ from: 'S0LEADS' }, { from: ['S0LEADS'] })).toEqual([
      'from: S0LEADS → nothing',
      'from[0]: nothing → S0LEADS',
    ])
  })
})

describe('lines that an entry has to hold', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, line) => `line ${line}`)

  test('are twenty, and the number of the others', () => {
    expect(abridged(lines(20))).toEqual(lines(20))
    expect(abridged(lines(21))).toEqual([...lines(20), 'and 1 more'])
    expect(abridged(lines(45))).toEqual([...lines(20), 'and 25 more'])
  })

  test('are at most 200 characters long', () => {
    const [fits, long] = ['x'.repeat(200), 'x'.repeat(201)]
    expect(abridged([fits, long])).toEqual([fits, `${'x'.repeat(199)}…`])
  })
})
