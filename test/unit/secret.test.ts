import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { format, inspect } from 'node:util'
import { serialize } from 'node:v8'
import pino from 'pino'
import { expect, test } from 'vitest'
import { Secret } from '../../src/secret.ts'

const canary = 'canary-7f3a9c'
const secret = new Secret(canary)

test('gives the secret to whoever asks for it by name', () => {
  expect(secret.reveal()).toBe(canary)
})

test.each<[string, () => string]>([
  ['JSON', () => JSON.stringify({ secret, list: [secret] })],
  ['a template', () => `${secret}`],
  ['joining', () => ['a', secret].join() + secret],
  ['inspect', () => inspect({ secret }, { showHidden: true, depth: 9, getters: true })],
  ['inspect of an instance inside others', () => inspect(new Map([[secret, [secret]]]))],
  ['%s, %o, %O, %j', () => format('%s %o %O %j', secret, secret, secret, secret)],
  ['a console', () => collected((out) => new Console(out).log('is', secret, { secret }))],
  ['an error', () => inspect(new Error(`no ${secret}`, { cause: { secret } }))],
  ['pino', () => collected((out) => pino({}, out).info({ secret, err: new Error(`${secret}`) }))],
])('%s shows [secret]', (_, shown) => {
  const text = shown()
  expect(text).toContain('[secret]')
  expect(text).not.toContain(canary)
})

test.each<[string, () => unknown]>([
  ['inspect without custom inspection', () => inspect(secret, { customInspect: false })],
  ['structured clone', () => inspect(structuredClone(secret))],
  ['v8 serialisation', () => serialize(secret).toString('latin1')],
  ['entries', () => JSON.stringify(Object.entries(secret))],
  ['own names', () => JSON.stringify(Reflect.ownKeys(secret))],
  ['spread', () => inspect({ ...secret })],
])('%s shows nothing', (_, shown) => {
  expect(shown()).not.toContain(canary)
})

function collected(write: (out: Writable) => void): string {
  const chunks: string[] = []
  write(
    new Writable({
      write(chunk, _encoding, done) {
        chunks.push(String(chunk))
        done()
      },
    }),
  )
  return chunks.join('')
}
