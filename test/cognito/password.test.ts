import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conforms, generatePassword } from '../../src/cognito/password.ts'
import type { PasswordRules } from '../../src/recovery/ports.ts'

const strict: PasswordRules = {
  minimumLength: 8,
  uppercase: true,
  lowercase: true,
  numbers: true,
  symbols: true,
}
const lax: PasswordRules = {
  minimumLength: 6,
  uppercase: false,
  lowercase: false,
  numbers: false,
  symbols: false,
}

const classes = ['abcdefghijkmnpqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '!#%+-=?@']

describe('a temporary password', () => {
  it('is accepted by whatever policy a pool can have', () => {
    const rules = fc.record({
      minimumLength: fc.integer({ min: 6, max: 99 }),
      uppercase: fc.boolean(),
      lowercase: fc.boolean(),
      numbers: fc.boolean(),
      symbols: fc.boolean(),
    })
    fc.assert(
      fc.property(rules, (each) => {
        const password = generatePassword(each).reveal()
        expect(password).toHaveLength(Math.max(16, each.minimumLength))
        expect(conforms(password, each)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('has all four classes and letters or digits at both ends, even where the pool asks for less', () => {
    for (let times = 0; times < 2_000; times += 1) {
      const password = generatePassword(lax).reveal()
      expect(password).toMatch(
        /^[A-HJ-NP-Za-km-np-z2-9][A-HJ-NP-Za-km-np-z2-9!#%+=?@-]{14}[A-HJ-NP-Za-km-np-z2-9]$/,
      )
      for (const kind of classes) expect([...password].some((c) => kind.includes(c))).toBe(true)
    }
  })

  // Throwing away whole strings leaves the characters of one class equally likely, whatever was asked.
  it('favours no character over another of its class', () => {
    const counts = new Map<string, number>()
    for (let times = 0; times < 100_000; times += 1) {
      for (const c of generatePassword(strict).reveal()) counts.set(c, (counts.get(c) ?? 0) + 1)
    }
    const chiSquare = classes
      .map((kind) => unevenness([...kind].map((c) => counts.get(c) ?? 0)))
      .reduce((sum, each) => sum + each)
    // 60 degrees of freedom: an even generator exceeds this once in a thousand million runs.
    expect(chiSquare).toBeLessThan(151)
  })

  it('never comes twice', () => {
    const all = Array.from({ length: 20_000 }, () => generatePassword(strict).reveal())
    expect(new Set(all).size).toBe(all.length)
  })

  it('does not print', () => {
    expect(`${generatePassword(strict)}`).toBe('[secret]')
  })

  it('is not made for a pool that nobody could satisfy', () => {
    expect(() => generatePassword({ ...strict, minimumLength: 100 })).toThrow(/at most 99/)
  })
})

describe('a policy', () => {
  it.each([
    ['too short', 'Aa2!xyz', strict],
    ['without an upper-case letter', 'abcdefg2!', strict],
    ['without a lower-case letter', 'ABCDEFG2!', strict],
    ['without a digit', 'Abcdefgh!', strict],
    ['without a symbol', 'Abcdefgh2', strict],
  ])('turns away what is %s', (_, password, rules) => {
    expect(conforms(password, rules)).toBe(false)
  })

  it('asks for no more than it says', () => {
    expect(conforms('abcdef', lax)).toBe(true)
  })
})

function unevenness(counts: readonly number[]): number {
  const expected = counts.reduce((sum, each) => sum + each, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}
