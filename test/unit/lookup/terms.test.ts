import { describe, expect, it } from 'vitest'
import {
  needsCountry,
  type PoolRules,
  signInName,
  termsNamed,
  termsTyped,
  termText,
} from '../../../src/lookup/terms.ts'

const sub = '6f1a2b3c-0d4e-4f5a-8b6c-7d8e9f0a1b2c'
const japan = [{ defaultCountry: 'JP' }]
const email = (address: string) => ({ kind: 'email', address })
const phone = (number: string) => ({ kind: 'phone', number })
const name = (written: string, words: readonly string[], bare = written) => ({
  kind: 'name',
  written,
  name: bare,
  words,
})

describe('what somebody typed', () => {
  it.each([
    ['jane@example.com', [email('jane@example.com')]],
    ['Jane Doe <jane@example.com>', [email('jane@example.com')]],
    ['"Doe, Jane" <jane@example.com>', [email('jane@example.com')]],
    ['"jane@elsewhere.example" <jane@example.com>', [email('jane@example.com')]],
    [
      'jane@elsewhere.example <jane@example.com>',
      [email('jane@elsewhere.example'), email('jane@example.com')],
    ],
    ['From: Jane Doe <jane@example.com>', [email('jane@example.com')]],
    ['jane@example.com,', [email('jane@example.com')]],
    ['“jane@example.com”;', [email('jane@example.com')]],
    ['ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', [email('jane@example.com')]],
    ['jane@example.com or bob@example.com', [email('jane@example.com'), email('bob@example.com')]],
    ['jane@example.com jane@example.com', [email('jane@example.com')]],
    [sub, [{ kind: 'sub', sub }]],
    [` ${sub.toUpperCase()}.`, [{ kind: 'sub', sub: sub.toUpperCase() }]],
    ['+81 90-1234-5678', [phone('+81 90-1234-5678')]],
    ['tel:+12065550109', [phone('+12065550109')]],
    ['+49 (0)151 555‑01234', [phone('+49 (0)151 555‑01234')]],
    ['+44 7700 900123', [phone('+44 7700 900123')]],
    ['0049 151 55501234', [phone('0049 151 55501234')]],
    ['090-1234-5678', [phone('090-1234-5678')]],
    ['12345678', [phone('12345678')]],
    ['Doe, Jane', [name('Doe, Jane', ['Doe', 'Jane'])]],
    [
      '山田taro@example.com',
      [email('taro@example.com'), name('山田taro@example.com', ['山田taro@example.com'])],
    ],
    ['julian@', [name('julian@', ['julian'], 'julian')]],
    ['@mary.lane', [name('@mary.lane', ['mary.lane'], 'mary.lane')]],
    ['`mary.lane`,', [name('`mary.lane`,', ['mary.lane'], 'mary.lane')]],
    ['mary_', [name('mary_', ['mary_'])]],
    ['山田　花子', [name('山田 花子', ['山田', '花子'])]],
    ['か\u3099', [name('が', ['が'])]],
    ['+ada', [name('+ada', ['+ada'])]],
    ['007', [name('007', ['007'])]],
    ['jane@example', [name('jane@example', ['jane@example'])]],
    ['', []],
    ['   ', []],
    ['@', []],
    ['ada\u0000lovelace', []],
    ['ada\nlovelace', []],
    ['a'.repeat(257), []],
  ])('%j is %j', (typed, terms) => {
    expect(termsTyped(typed, [])).toEqual(terms)
  })

  it('is a number by the country of any pool, and needs one where a pool has none', () => {
    const terms = termsTyped('090-1234-5678', japan)
    expect(terms).toEqual([phone('090-1234-5678')])
    expect(needsCountry(terms, japan)).toBe(false)
    expect(needsCountry(terms, [...japan, {}])).toBe(true)
    expect(needsCountry(termsTyped('+819012345678', []), [{}])).toBe(false)
    expect(needsCountry(termsTyped('0049 151 55501234', []), [{}])).toBe(false)
    expect(needsCountry(termsTyped('mary.lane', []), [{}])).toBe(false)
  })
})

describe('what a message names', () => {
  const world = [...japan, { defaultCountry: 'US' }, { defaultCountry: 'DE' }, {}]
  const named = (message: string, pools: readonly PoolRules[] = world) =>
    termsNamed(message, pools).map(termText)

  it.each([
    ['call +49 151 55501234 or +1 (415) 555-0123', ['+49 151 55501234', '+1 (415) 555-0123']],
    ['（＋４９　１５１　５５５０１２３４）', ['+49 151 55501234']],
    ['call 090-1234-5678 now', ['090-1234-5678']],
    ['call (206) 555-0111, or 0151 55501234', ['(206) 555-0111', '0151 55501234']],
    ['1. 206-555-0111\n2. 206-555-0112', ['206-555-0111', '206-555-0112']],
    ['206-555-0111 206-555-0112', ['206-555-0111', '206-555-0112']],
    ['CSV: 1,Jane,206-555-0111,x', ['206-555-0111']],
    ['電話は+81 90-1234-5678です', ['+81 90-1234-5678']],
    ['tel:+4915155501234', ['+4915155501234']],
    ['+14155550123@example.com', ['+14155550123@example.com']],
    [`the account ${sub}`, [sub]],
    ['jane@example.com, 090-1234-5678', ['jane@example.com', '090-1234-5678']],
    ['Jane@example.com jane@example.com', ['Jane@example.com', 'jane@example.com']],
    ['Jane Doe <jane@example.com>\nsee o-\nneill@example.com', ['jane@example.com']],
    ['Reset Jane Doe\nFrom: "jane@elsewhere.example" <jane@example.com>', ['jane@example.com']],
  ])('%j: %j', (message, terms) => {
    expect(named(message)).toEqual(terms)
  })

  it.each([
    ...[
      'She can’t get in!',
      'HELP-1234567890',
      'order 12345678',
      '2026-11-30 14:05',
      '+1415555012345678',
    ],
    ...['+44 206-555-0111', '(+44) 206-555-0111', '+353 (206) 555-0111', '206-555-0111 2222 3333'],
    ...['4111 1111 1111 1111', '2026-11-30', '30.11.2026', '01.12.2026', '20261130', '10.20.30.40'],
    ...['1764543210', '1.234.567,89', '12345-67890', 'https://x.example/tickets/2065550123'],
    ...['#4155550123', 'id=2065550123', '978-3-16-148410-0', '206-555-01112', '1206-555-0111'],
    ...['ABC+14155550123', '+14155550123x', `x-${sub}`, `Google_${sub}`, '192.0.2.17', ''],
  ])('%j names nobody', (message) => {
    expect(named(message)).toEqual([])
  })

  it('a number without a country is none where no pool has one', () => {
    expect(named('call 090-1234-5678 now', [])).toEqual([])
  })
})

describe('the name that an owner signs in with', () => {
  it.each([
    [' jane@example.com ', 'jane@example.com'],
    ['Jane Doe <jane@example.com>', 'jane@example.com'],
    ['mailto:jane@example.com', 'jane@example.com'],
    ['sean.o’neill@example.com', "sean.o'neill@example.com"],
    ['ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'jane@example.com'],
    ['+81 90-1234-5678', '+819012345678'],
    ['090-1234-5678', '+819012345678'],
    ['mary.lane', 'mary.lane'],
    ['jane doe@example.com', 'jane doe@example.com'],
    ['jane,doe@example.com', 'jane,doe@example.com'],
    ['sean.o&apos;neill@example.com', 'sean.o&apos;neill@example.com'],
    ['山田taro@example.com', '山田taro@example.com'],
    ['mary 09012345678', 'mary 09012345678'],
    ['12345678', '12345678'],
    ['mary.lane.', 'mary.lane.'],
    ['jane@example.com bob@example.com', 'jane@example.com bob@example.com'],
    ['', ''],
  ])('%j is %j', (typed, signIn) => {
    expect(signInName(typed, { defaultCountry: 'JP' })).toBe(signIn)
  })

  it('is left alone where nothing says how to read a number', () => {
    expect(signInName('090-1234-5678', {})).toBe('090-1234-5678')
  })
})
