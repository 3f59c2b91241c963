import { describe, expect, it } from 'vitest'
import { canBeUsername, filterOf, readQuery } from '../../../src/cognito/query.ts'

const sub = '6f1a2b3c-0d4e-4f5a-8b6c-7d8e9f0a1b2c'

describe('what somebody typed', () => {
  it.each([
    [sub, { kind: 'sub', sub }],
    [` ${sub.toUpperCase()} `, { kind: 'sub', sub }],
    ['jane@example.com', { kind: 'email', email: 'jane@example.com' }],
    ['<mailto:jane@example.com|jane@example.com>', { kind: 'email', email: 'jane@example.com' }],
    ['<mailto:jane@example.com>', { kind: 'email', email: 'jane@example.com' }],
    ['a&amp;b@example.com', { kind: 'email', email: 'a&b@example.com' }],
    ['ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', { kind: 'email', email: 'jane@example.com' }],
    ['\u200bjane@example.com\u2069', { kind: 'email', email: 'jane@example.com' }],
    ['+81 90-1234-5678', { kind: 'phone', phone: '+819012345678' }],
    ['<tel:+12065550109|+1 (206) 555-0109>', { kind: 'phone', phone: '+12065550109' }],
    ['julian@', { kind: 'name', name: 'julian', words: ['julian'] }],
    ['mary.lane', { kind: 'name', name: 'mary.lane', words: ['mary.lane'] }],
    ['<http://mary.lane|mary.lane>', { kind: 'name', name: 'mary.lane', words: ['mary.lane'] }],
    ['山田　花子', { kind: 'name', name: '山田　花子', words: ['山田', '花子'] }],
    ['か\u3099', { kind: 'name', name: 'が', words: ['が'] }],
    ['+ada', { kind: 'name', name: '+ada', words: ['+ada'] }],
  ])('%j is read as %j', (typed, query) => {
    expect(readQuery(typed)).toEqual(query)
  })

  it.each([[''], ['   '], ['@'], ['ada\u0000lovelace'], ['ada\nlovelace'], ['a'.repeat(257)]])(
    '%j can be nobody',
    (typed) => {
      expect(readQuery(typed)).toEqual({ kind: 'nothing' })
    },
  )
})

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
