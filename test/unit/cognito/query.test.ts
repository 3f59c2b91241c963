import { describe, expect, it } from 'vitest'
import { canBeUsername, filterOf } from '../../../src/cognito/query.ts'

describe('a filter', () => {
  it('keeps quotes and backslashes inside the value', () => {
    expect(filterOf('name', '^=', 'Ada" or status = "Enabled')).toBe(
      'name ^= "Ada\\" or status = \\"Enabled"',
    )
    expect(filterOf('name', '=', 'back\\slash')).toBe('name = "back\\\\slash"')
  })

  it('is as long as Cognito takes, and no longer, counted after escaping', () => {
    const room = 256 - 'name = ""'.length
    expect(filterOf('name', '=', 'a'.repeat(room))).toHaveLength(256)
    expect(filterOf('name', '=', 'a'.repeat(room + 1))).toBeUndefined()
    expect(filterOf('name', '=', `"${'a'.repeat(room - 1)}`)).toBeUndefined()
  })
})

it('takes for a username only what Cognito would', () => {
  expect(canBeUsername('ユーザー')).toBe(true)
  expect(canBeUsername('a'.repeat(128))).toBe(true)
  expect(canBeUsername('a'.repeat(129))).toBe(false)
  expect(canBeUsername('ada lovelace')).toBe(false)
})
