/** Calling those who can decide, and how often. */

import { describe, expect, it } from 'vitest'
import type { Policy } from '../../../src/policy/policy.ts'
import { remind } from '../../../src/recovery/rules/reminders.ts'
import { later, minute, noon, pending, policy, terms } from '../../support/examples.ts'

const every10: Policy = { ...policy, reminders: { afterMs: 10 * minute, times: 3 } }
const day = 24 * 60 * minute

describe('a reminder', () => {
  const next = (round: number, expiresAt = later(day)) =>
    remind(pending({ expiresAt }), round, terms(noon, every10)).jobs.find(
      ({ task }) => task.kind === 'remind',
    )

  it('is followed by the next after twice the time, and then after twice that', () => {
    expect(next(1)).toMatchObject({ task: { round: 2 }, notBefore: later(20 * minute) })
    expect(next(2)).toMatchObject({ task: { round: 3 }, notBefore: later(40 * minute) })
  })

  it('is the last after as many as the policy says, or when the request ends before the next', () => {
    expect(next(3)).toBeUndefined()
    expect(next(1, later(20 * minute))).toBeUndefined()
    expect(next(1, later(20 * minute + 1))).toBeDefined()
  })
})
