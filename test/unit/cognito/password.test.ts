import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { afterEach, describe, expect, it } from 'vitest'
import { conforms, generatePassword } from '../../../src/cognito/password.ts'
import type { PasswordRules } from '../../../src/recovery/ports/owner-recovery.ts'

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

const { randomInt: genuine } = crypto
afterEach(() => inject('randomInt', genuine))

function inject<Name extends keyof typeof crypto>(name: Name, fake: (typeof crypto)[Name]): void {
  crypto[name] = fake
  syncBuiltinESMExports()
}

describe('a temporary password', () => {
  it('has all four classes and letters or digits at both ends, even where the pool asks for less', () => {
    for (let times = 0; times < 2_000; times += 1) {
      const password = generatePassword(lax).reveal()
      expect(password).toMatch(
        /^[A-HJ-NP-Za-km-np-z2-9][A-HJ-NP-Za-km-np-z2-9!#%+=?@-]{14}[A-HJ-NP-Za-km-np-z2-9]$/,
      )
      for (const kind of classes) expect([...password].some((c) => kind.includes(c))).toBe(true)
    }
  })

  it('P10 has at least 90 bits, all that is turned away allowed for', () => {
    // Counted, not estimated: strings of letters and digits at both ends that lack none of the classes.
    const sizes = classes.map((kind) => kind.length)
    const symbolCount = 8
    let good = 0
    for (let lacking = 0; lacking < 16; lacking += 1) {
      const left = sizes.filter((_, at) => (lacking & (1 << at)) === 0)
      const signs = left.reduce((sum, size) => sum + size, 0)
      const edges = (lacking & 8) === 0 ? signs - symbolCount : signs
      good += (-1) ** (4 - left.length) * edges ** 2 * signs ** 14
    }
    expect(Math.log2(good)).toBeGreaterThan(90)

    // And this is what is really drawn: as large a part of all strings is accepted.
    let drawn = 0
    const { randomInt } = crypto
    inject('randomInt', ((max: number) => {
      drawn += 1
      return randomInt(max)
    }) as typeof randomInt)
    for (let times = 0; times < 5_000; times += 1) generatePassword(lax)
    const accepted = 5_000 / (drawn / 16)
    expect(accepted).toBeGreaterThan(good / 64 ** 16 - 0.04)
    expect(accepted).toBeLessThan(good / 64 ** 16 + 0.04)
  })

  it('does not print', () => {
    expect(`${generatePassword(strict)}`).toBe('[secret]')
  })

  it('is not made for a pool that nobody could satisfy', () => {
    expect(() => generatePassword({ ...strict, minimumLength: 100 })).toThrow(/at most 99/)
  })

  it('SX-05 is given up, and not shown, where chance never brings a good one', () => {
    inject('randomInt', (() => 7) as typeof crypto.randomInt)
    expect(() => generatePassword(strict)).toThrow(
      /^no password met the pool's policy in 500 tries$/,
    )
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
