import { describe, expect, test } from 'vitest'
import { keyLine } from '../../sandbox/witness/keys.ts'
import { configOf, faultsOf } from '../support/config.ts'

describe('F5 the witnesses', () => {
  const keyOf = (name: string, byte: number) => keyLine(name, 4, Buffer.alloc(32, byte))
  const [one, two] = [keyOf('w.example/1', 1), keyOf('w.example/2', 2)]
  const faults = (...witnesses: readonly string[]) => faultsOf({ WITNESSES: witnesses.join(',') })

  test('are a key and a URL each, with whatever blanks between them', () => {
    const value = `${one} https://w.example/1/, ${two}  http://127.0.0.1:4100`
    expect(configOf({ WITNESSES: value }).witnesses).toEqual([
      { name: 'w.example/1', key: one, url: 'https://w.example/1' },
      { name: 'w.example/2', key: two, url: 'http://127.0.0.1:4100' },
    ])
    expect(configOf({ WITNESSES: '' }).witnesses).toEqual([])
  })

  test.each([
    ['a log’s key', keyLine('w.example/1', 1, Buffer.alloc(32, 1))],
    ['a key cut off', one.slice(0, -4)],
    ['a key with another name', one.replace('/1', '/3')],
    ['no key', 'w.example/1'],
    ['only a URL', ''],
  ])('are refused with %s', (_what, key) => {
    expect(faults(`${key} https://w.example`)).toEqual([
      expect.stringMatching(/^WITNESSES: witness 1 does not begin with a witness’s public key/),
    ])
  })

  test.each([
    ['http://w.example/1', 'is reached by http'],
    ['http://127.0.0.1.example.com', 'is reached by http'],
    ['http://10.0.0.1', 'is reached by http'],
    ['ftp://w.example', ''],
    ['w.example', ''],
    ['', ''],
    ['https://user:pass@w.example', ''],
    ['https://w.example/?a=1', ''],
    ['https://w.example/#a', ''],
    ['https://w.example https://x.example', ''],
  ])('are refused where the URL is %j', (url, why) => {
    const found = faults(`${one} https://w.example`, `${two} ${url}`)
    expect(found).toEqual([expect.stringMatching(/^WITNESSES: witness 2 /)])
    expect(found.join()).toContain(why)
    expect(found.join()).not.toContain('user:pass')
  })

  test.each([
    ['the same twice', one, 'has the name of one before it'],
    ['one name for two keys', keyOf('w.example/1', 3), 'has the name of one before it'],
    ['one key under two names', keyOf('w.example/3', 1), 'has the key of one before it'],
    ['a name that no sentence has room for', keyOf('w'.repeat(65), 3), 'more than 64 characters'],
  ])('are refused with %s', (_what, key, why) => {
    const found = faults(`${one} https://w.example`, `${key} https://x.example`)
    expect(found).toEqual([expect.stringMatching(/^WITNESSES: witness 2 /)])
    expect(found.join()).toContain(why)
  })

  test('are eight at the most', () => {
    const many = (count: number) =>
      Array.from(
        { length: count },
        (_, n) => `${keyOf(`w.example/${n}`, n)} https://w.example/${n}`,
      )
    expect(faults(...many(8))).toEqual([])
    expect(faults(...many(9))).toEqual([
      expect.stringMatching(/^WITNESSES: names more than 8 witnesses/),
    ])
  })
})
