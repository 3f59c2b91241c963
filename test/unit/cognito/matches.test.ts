import { describe, expect, it } from 'vitest'
import { matchedBy } from '../../../src/cognito/matches.ts'
import { subOf } from '../../../src/ids.ts'
import { termsTyped } from '../../../src/lookup/terms.ts'

const id = '6f1a2b3c-0d4e-4f5a-8b6c-7d8e9f0a1b2c'

function by(typed: string, attributes: Readonly<Record<string, string>>, username = id) {
  const [term] = termsTyped(typed, [])
  if (term === undefined) throw new Error('nothing was typed')
  const user = { sub: subOf(id), username, attributes: new Map(Object.entries(attributes)) }
  return matchedBy(user, { term, country: 'US' })
}

describe('an account is the one that was looked for by', () => {
  it.each([
    ['jane@example.com', { email: 'jane@example.com' }, ['email']],
    ['JANE@example.com', { email: 'Jane@Example.com' }, ['email']],
    ['o’hara@example.com', { email: "o'hara@example.com" }, ['email']],
    ['jane@example.com', { preferred_username: 'jane@example.com' }, ['preferred-username']],
    ['(206) 555-0109', { phone_number: '+12065550109' }, ['phone']],
    [id.toUpperCase(), {}, ['sub']],
    ['Doe Jane', { given_name: 'Jane', family_name: 'Doe' }, ['name']],
    ['山田花子', { given_name: '花子', family_name: '山田' }, ['name']],
    ['jan', { name: 'Jane Doe', email: 'jane@example.com' }, ['name']],
    ['jane@exa', { email: 'jane@example.com' }, ['beginning']],
  ])('%s: %j', (typed, attributes, how) => {
    expect(by(typed, attributes)).toEqual(how)
  })

  it('its username, which is more than its id', () => {
    expect(by('mary.lane', {}, 'mary.lane')).toEqual(['username'])
    expect(by(id, {}, 'mary.lane')).toEqual(['sub'])
  })

  it.each([
    ['neill@example.com', { email: "sean.o'neill@example.com" }],
    ["sean.o'neill@example.com", { email: 'neill@example.com' }],
    ['jane@example.com', { email: 'jane@example.com.au' }],
    ['jane@example.com', { email: 'moved@example.com', name: 'jane@example.com' }],
    ['+12065550109', { phone_number: '+12065550110' }],
    ['2065550109', { phone_number: '+442065550109' }],
    ['Jane Doe', { name: 'Jane Roe' }],
    ['edo', { given_name: 'Jane', family_name: 'Doe' }],
    ['jane', {}],
  ])('and nobody, whatever a list said of them, who is not: %s, %j', (typed, attributes) => {
    expect(by(typed, attributes)).toEqual([])
  })
})
