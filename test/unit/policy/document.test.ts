import { describe, expect, test } from 'vitest'
import { readDocument } from '../../../src/policy/document.ts'

/** Where each fault is, and what it says. */
function faults(yaml: string): string[] {
  const { faults, lineAndColumn } = readDocument(yaml)
  return faults.map(({ offset, problem }) => `${lineAndColumn(offset)} ${problem}`)
}

describe('what a text holds', () => {
  test('is what YAML says', () => {
    const { content, faults } = readDocument('version: 1\ntiers: [{ name: a }, 7]\n')
    expect(content).toEqual({ data: { version: 1, tiers: [{ name: 'a' }, 7] } })
    expect(faults).toEqual([])
  })

  test('may be nothing', () => {
    expect(readDocument('').content).toEqual({ data: null })
  })

  test('is not guessed where the YAML is broken', () => {
    expect(readDocument('tiers: [').content).toBeUndefined()
    expect(readDocument('a: &x 1\nb: *x').content).toBeUndefined()
    expect(readDocument('__proto__: 1').content).toBeUndefined()
  })

  test('is told all the same where a key is written twice', () => {
    const { content, faults } = readDocument('a: 1\nb: 2\na: 3')
    expect(content).toEqual({ data: { a: 3, b: 2 } })
    expect(faults).toHaveLength(1)
  })
})

describe('what is wrong as YAML', () => {
  test.each([
    [
      'a key that is written twice',
      'a: 1\nb:\n  c: 1\n  d: 2\n  c: 3',
      ['5:3 this key is written twice in the same mapping: keep one'],
    ],
    [
      'each alias',
      'a: &x [1]\nb: *x\nc: [2, *x]',
      [
        '2:4 *x is an alias: write out what it stands for',
        '3:8 *x is an alias: write out what it stands for',
      ],
    ],
    [
      'a key that code drops without a word',
      'a: 1\nb:\n  __proto__: 2\nc: __proto__',
      ['3:3 __proto__ is no key: write another'],
    ],
    ['a tag that nobody knows', 'a: 1\nb: !int 2', ['2:4 YAML: Unresolved tag: !int']],
    [
      'a list for a key',
      '[1]: 2',
      [expect.stringMatching(/^1:1 YAML: With stringKeys, all keys must be strings/)],
    ],
    [
      'a second document',
      'a: 1\n---\nb: 2',
      [
        '2:1 YAML: Source contains multiple documents: keep one policy in the file, and remove the --- of this line',
      ],
    ],
    [
      'several things at once',
      'a: 1\na: 2\nb: *x\nc: !int 3',
      [
        '4:4 YAML: Unresolved tag: !int',
        '3:4 *x is an alias: write out what it stands for',
        '2:1 this key is written twice in the same mapping: keep one',
      ],
    ],
  ])('%s', (_, yaml, expected) => {
    expect(faults(yaml)).toEqual(expected)
  })

  test('a nesting that the parser cannot follow', () => {
    const { faults, content } = readDocument('['.repeat(100_000))
    expect(content).toBeUndefined()
    expect(faults[0]?.problem).toMatch(/^YAML: /)
  })
})

describe('where something stands', () => {
  const yaml = [
    '# a comment',
    'version: 1',
    'tiers:',
    '  - name: a',
    '    approvers: [U0ADA, U0MARY]',
    '  - 7',
    '3: three',
  ].join('\n')
  const { offsetOf, lineAndColumn } = readDocument(yaml)

  test.each<[(string | number)[], string]>([
    [[], '2:1'],
    [['version'], '2:1'],
    [['tiers'], '3:1'],
    [['tiers', 0], '4:5'],
    [['tiers', 0, 'name'], '4:5'],
    [['tiers', 0, 'approvers'], '5:5'],
    [['tiers', 0, 'approvers', 1], '5:24'],
    [['tiers', 1], '6:5'],
    [['3'], '7:1'],
  ])('%j', (path, place) => {
    expect(lineAndColumn(offsetOf(path))).toBe(place)
  })

  test.each<[(string | number)[], string]>([
    [['nothing'], '2:1'],
    [['tiers', 0, 'nothing'], '4:5'],
    [['tiers', 0, 'nothing', 'name'], '4:5'],
    [['tiers', 0, 'approvers', 7], '5:5'],
    [['tiers', 'name'], '3:1'],
    [['tiers', 1, 'name'], '6:5'],
    [['version', 0], '2:1'],
  ])('%j is not there: what is nearest around it', (path, place) => {
    expect(lineAndColumn(offsetOf(path))).toBe(place)
  })

  test('is the beginning, where there is nothing', () => {
    const empty = readDocument('')
    expect(empty.offsetOf(['tiers'])).toBe(0)
    expect(empty.lineAndColumn(0)).toBe('1:1')
    expect(lineAndColumn(-1)).toBe('1:1')
  })
})
