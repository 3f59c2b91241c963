import { expect, test } from 'vitest'
import { durationMs } from '../../../src/policy/duration.ts'

test.each([
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['0s', 0],
])('%s is a duration', (text, ms) => {
  expect(durationMs(text)).toBe(ms)
})

test.each(['', '30', 'm', '1.5h', '-1m', '1h30m', ' 1m', '1m\n', '1w', '1M', '٣m', '1e3s'])(
  '%j is none',
  (text) => {
    expect(durationMs(text)).toBeUndefined()
  },
)
