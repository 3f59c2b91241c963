/** Passwords by the thousand: for every policy that a pool can have, and without a favourite among the characters. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { demandPolicy } from '../../sandbox/cognito/password-policy.ts'
import { conforms, generatePassword } from '../../src/cognito/password.ts'
import type { PasswordRules } from '../../src/recovery/ports/owner-recovery.ts'
import { soak } from '../support/soak.ts'

const strict: PasswordRules = {
  minimumLength: 8,
  uppercase: true,
  lowercase: true,
  numbers: true,
  symbols: true,
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
        // The pretend Cognito judges by its own lights.
        demandPolicy(password, {
          minimumLength: each.minimumLength,
          requireUppercase: each.uppercase,
          requireLowercase: each.lowercase,
          requireNumbers: each.numbers,
          requireSymbols: each.symbols,
        })
      }),
      { numRuns: soak.passwordPolicies },
    )
  })

  // Throwing away whole strings leaves the characters of one class equally likely, whatever was asked.
  it('favours no character over another of its class, in any place, and never comes twice', () => {
    const counts = Array.from({ length: 16 }, () => new Map<string, number>())
    const all = new Set<string>()
    for (let times = 0; times < soak.passwords; times += 1) {
      const password = generatePassword(strict).reveal()
      all.add(password)
      for (const [place, sign] of [...password].entries())
        counts[place]?.set(sign, (counts[place].get(sign) ?? 0) + 1)
    }
    const perPlace = counts.map((here) =>
      classes
        .map((kind) => unevenness([...kind].map((sign) => here.get(sign) ?? 0)))
        .reduce((sum, each) => sum + each),
    )
    // 60 degrees of freedom in each place, 53 at the two edges, which have no symbols: an even
    // generator exceeds the first bound in none of 16 places, and the second, once in a million runs.
    expect(Math.max(...perPlace)).toBeLessThan(142)
    expect(perPlace.reduce((sum, each) => sum + each)).toBeLessThan(1_170)
    expect(all.size).toBe(soak.passwords)
  })
})

function unevenness(counts: readonly number[]): number {
  const expected = counts.reduce((sum, each) => sum + each, 0) / counts.length
  if (expected === 0) return 0
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}
