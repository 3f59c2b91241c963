import { describe, expect, test } from 'vitest'
import {
  fits,
  isPattern,
  isSlow,
  matches,
  proseTaken,
  withoutAddresses,
} from '../../../src/policy/text-form.ts'
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

describe('what a policy may ask for', () => {
  test.each(['x', '.*', '\\p{L}+', '(?:a|b)'])('/%s/ is a pattern', (source) => {
    expect(isPattern(source)).toBe(true)
    expect(isSlow({ pattern: source, example: 'x' })).toBe(false)
  })

  test.each(['(', '[', '\\p', '\\-'])('/%s/ is none, and takes nothing', (source) => {
    expect(isPattern(source)).toBe(false)
    expect(isSlow({ pattern: source, example: 'x' })).toBe(false)
    expect(fits(source, source)).toBe(false)
    expect(proseTaken(source)).toBeUndefined()
  })

  // Of each, only one kind of text keeps it busy.
  test.each([
    ['something like the example that ends in a letter', '([^x]+)+', 'ab'],
    ['one that ends in a digit', '([^0]+)+', 'ab'],
    ['one that ends in a line feed', '([^\\n]+)+', 'ab'],
    ['one that ends in a zero byte', '([^\\0]+)+', 'ab'],
    ['one character of it over and over', 'A(?:1+)+2?', 'A12'],
    ['all of it over and over', '(?:(?:ab)+)+', 'ab'],
    ['its end over and over', 'HELP(?:(?:ab)+)+', 'HELPab'],
  ])('a pattern is slow that is kept busy by %s', (_, pattern, example) => {
    expect(isSlow({ pattern, example })).toBe(true)
  })

  test('a reference is no prose', () => {
    expect(proseTaken('.*')).toBe('she sounded right')
    expect(proseTaken('[A-Z].*')).toBe('She sounded right.')
    expect(proseTaken('[a-z]{3}')).toBe('yes')
    expect(proseTaken('[a-z]{4,}')).toBe('confirmed')
    expect(proseTaken('[A-Z]+-\\d+')).toBeUndefined()
  })

  test('what it gives as an example is taken without being tried', () => {
    expect(matches({ ...slow, example: busying }, busying)).toBe(true)
  })
})

describe('what people write, without addresses', () => {
  test.each([
    ['Lost her phone', 'Lost her phone'],
    ['  Lost her phone\n', 'Lost her phone'],
    ['mail jane@example.com, please', 'mail [e-mail address], please'],
    ['<jane@example.com>', '<[e-mail address]>'],
    ['mailto:jane@example.com|jane', 'mailto:[e-mail address]|jane'],
    ['(jane@example.com)', '([e-mail address])'],
    ['jane＠example.com', '[e-mail address]'],
    ['jane%40example.com', '[e-mail address]'],
    ['jane@@example.com', '[e-mail address]'],
    ['jane@example.com;mary@example.com', '[e-mail address];[e-mail address]'],
    ['a@b c@d', '[e-mail address] [e-mail address]'],
    ['at 5 @ home', 'at 5 @ home'],
    ['@jane', '@jane'],
    ['jane@', 'jane@'],
    [`${'x'.repeat(65)}@y`, 'x[e-mail address]'],
    [`x@${'y'.repeat(256)}`, '[e-mail address]y'],
    ['half \ud800 a pair', 'half \ufffd a pair'],
  ])('%j', (written, kept) => {
    expect(withoutAddresses(written)).toBe(kept)
  })
})
