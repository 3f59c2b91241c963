import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type Canary, encodings, findCanaries, sentence } from '../support/canary.ts'

const password = 'Kx7!p%q+Zr2#m=Hw'
const temporary: Canary = { kind: 'temporary password', secret: password }
const filler = Buffer.alloc(5_000, '~')

function sinkWith(planted: Buffer | string, name = 'log') {
  return { name, bytes: Buffer.concat([filler, Buffer.from(planted), filler]) }
}

function found(planted: Buffer | string, canary: Canary = temporary): string[] {
  return findCanaries([canary], [sinkWith(planted)]).map(sentence)
}

/** Written as people and programs would, not with the finder's own functions. */
const plantings: Readonly<Record<string, Buffer | string>> = {
  plain: `the password is ${password}.`,
  'base64 at offset 0': Buffer.from(`abc${password}tail`).toString('base64'),
  'base64 at offset 1': Buffer.from(`{"p": "${password}"}`).toString('base64'),
  'base64 at offset 2': Buffer.from(`p=${password}`).toString('base64'),
  base64url: Buffer.from(`..?${'ÿ'.repeat(3)}${password}`).toString('base64url'),
  hex: Buffer.from(password).toString('hex'),
  'URL-encoded': `https://example.com/?p=${encodeURIComponent(password)}`,
  'JSON-escaped': JSON.stringify({ text: 'a "quoted" p\\ssword-1' }),
  'JSON-escaped twice': JSON.stringify(JSON.stringify({ text: 'a "quoted" p\\ssword-1' })),
  'UTF-16LE': Buffer.from(password, 'utf16le'),
  'UTF-16BE': Buffer.from(password, 'utf16le').swap16(),
  reversed: [...password].reverse().join(''),
}

describe('the search for secrets', () => {
  it('has a planting for every encoding', () => {
    expect(Object.keys(plantings)).toEqual(Object.keys(encodings))
  })

  it.each(Object.entries(plantings))('SX-01 finds a secret that is %s', (encoding, planted) => {
    const canary = encoding.startsWith('JSON')
      ? { kind: 'temporary password', secret: 'a "quoted" p\\ssword-1' }
      : temporary
    const hits = found(planted, canary)
    expect(hits).toHaveLength(1)
    expect(hits[0]).toMatch(/^temporary password in log \(/)
    // Without padding and signs of its own, base64url and base64 are the same.
    expect(hits[0]).toContain(encoding === 'base64url' ? 'base64' : encoding)
  })

  const escaped = (spell: (code: number) => string) =>
    [...password].map((sign) => spell(sign.charCodeAt(0))).join('')

  it.each([
    ['in a form', new URLSearchParams({ p: password }).toString()],
    ['in capital hex', Buffer.from(password).toString('hex').toUpperCase()],
    ['with every sign escaped', escaped((code) => `%${code.toString(16)}`)],
    ['with escapes in capitals', escaped((code) => `%${code.toString(16).toUpperCase()}`)],
  ])('finds it %s', (_, planted) => {
    expect(found(planted)).toHaveLength(1)
  })

  it('finds base64url where base64 differs from it', () => {
    const secret = Buffer.from('fbefbefbefbeffff', 'hex')
    const canary = { kind: 'key', secret }
    expect(found(secret.toString('base64url'), canary)).toEqual(['key in log (base64url)'])
  })

  it('finds it at the very beginning and at the very end', () => {
    const sinks = [`${password}…`, `…${password}`, password].map((text) => Buffer.from(text))
    for (const bytes of sinks) {
      expect(findCanaries([temporary], [{ name: 'log', bytes }])).toHaveLength(1)
    }
  })

  it('finds nothing where there is nothing, or all but one sign of it', () => {
    expect(found('')).toEqual([])
    expect(found(password.slice(0, -1))).toEqual([])
    expect(found(password.slice(1))).toEqual([])
  })

  it.each<[string | Buffer, number]>([
    ['code 123456 was sent', 1],
    ['{"code":"123456"}', 1],
    ['a654321', 0],
    ['1764063417.123456', 0],
    ['ab12345678', 0],
    [Buffer.from('123456').toString('base64'), 1],
    [Buffer.from('code 123456.').toString('base64'), 1],
    [Buffer.from('is 123456, and so on').toString('base64').slice(0, 16), 1],
    [Buffer.from('is: 123456, and so on').toString('base64').slice(0, 16), 1],
    [Buffer.from('123456', 'utf16le'), 1],
    ['"654321"', 1],
  ])('takes a code for one only where it stands by itself: %s', (text, times) => {
    const sink = { name: 'log', bytes: Buffer.from(text) }
    expect(findCanaries([{ kind: 'code', secret: '123456' }], [sink])).toHaveLength(times)
  })

  it('names the secret’s kind, the sink and the encoding, and never the secret', () => {
    const hits = findCanaries(
      [temporary, { kind: 'bot token', secret: 'xoxb-1-abcdef0123' }],
      [sinkWith('xoxb-1-abcdef0123', 'metrics'), sinkWith(password, 'messages')],
    )
    expect(hits.map(sentence)).toEqual([
      'bot token in metrics (plain)',
      'temporary password in messages (plain)',
    ])
    expect(JSON.stringify(hits)).not.toContain(password)
  })

  it('goes through ten megabytes in a moment', () => {
    const many = Array.from({ length: 12 }, (_, at) => ({ kind: `${at}`, secret: randomBytes(16) }))
    const bytes = Buffer.from(randomBytes(7_500_000).toString('base64'))
    const before = process.threadCpuUsage()
    expect(findCanaries(many, [{ name: 'log', bytes }])).toEqual([])
    // Of this thread's own time, in microseconds.
    expect(process.threadCpuUsage(before).user).toBeLessThan(2_000_000)
  })
})
