import { describe, expect, it } from 'vitest'
import { addressDigester } from '../../../src/cognito/address-digest.ts'
import { subOf } from '../../../src/ids.ts'
import { Secret } from '../../../src/secret.ts'

const keyed = (byte: number) =>
  addressDigester(new Secret(Buffer.alloc(32, byte).toString('base64')))
const digest = keyed(7)

const jane = subOf('aaaaaaaa-0000-4000-8000-000000000001')
const other = subOf('aaaaaaaa-0000-4000-8000-000000000002')

function user(attributes: Readonly<Record<string, string>>, sub = jane) {
  return { sub, attributes: new Map(Object.entries(attributes)) }
}

const email = 'jane@example.com'
const phone = '+12065550109'

describe('F3 a digest of addresses', () => {
  it('is the same for the same addresses, whatever else an account has', () => {
    const one = digest(user({ email, name: 'Jane', email_verified: 'true' }))
    expect(digest(user({ email_verified: 'false', email }))).toBe(one)
  })

  it.each([
    ['in one letter', { email: 'jane@example.co' }],
    ['in a capital', { email: 'Jane@example.com' }],
    ['by a number besides', { email, phone_number: phone }],
    ['by having none', {}],
    ['in kind', { phone_number: email }],
  ])('is another where they differ %s', (_, attributes) => {
    expect(digest(user(attributes))).not.toBe(digest(user({ email })))
  })

  it('says nothing about another account, and under another key says so', () => {
    const one = digest(user({ email }))
    expect(digest(user({ email }, other))).not.toBe(one)
    expect(keyed(8)(user({ email })).split(':')[0]).not.toBe(one.split(':')[0])
    expect(digest(user({ email }, other)).split(':')[0]).toBe(one.split(':')[0])
  })

  it('has nothing of the address in it', () => {
    expect(digest(user({ email, phone_number: phone }))).toMatch(/^[0-9a-f]{12}:[\w-]{43}$/)
  })
})
