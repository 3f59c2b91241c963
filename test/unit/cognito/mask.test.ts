import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  emailsToldApart,
  isMaskOf,
  maskEmail,
  maskPhone,
  phonesToldApart,
} from '../../../src/cognito/mask.ts'

describe('an e-mail address', () => {
  it.each([
    ['jane@example.com', 'j***@e***.com'],
    ['j@example.com', 'j***@e***.com'],
    ['ada.lovelace@mail.analytical.co.uk', 'a***@m***.uk'],
    ['"odd@local"@example.org', '"***@e***.org'],
    ['root@localhost', 'r***@l***'],
    ['がく@例え.jp', 'が***@例***.jp'],
    ['👩‍💻dev@example.com', '👩‍💻***@e***.com'],
    ['not an address', 'n***'],
    ['@example.com', '***@e***.com'],
    ['ada@', 'a***@***'],
    ['', '***'],
  ])('%j is shown as %j', (address, shown) => {
    expect(maskEmail(address)).toBe(shown)
  })

  it('does not tell how long it is', () => {
    expect(maskEmail('al@example.com')).toBe(maskEmail('alexandra@elsewhere.com'))
  })
})

describe('a phone number', () => {
  it.each([
    ['+819012345678', '+********5678'],
    ['+12065550109', '+*******0109'],
    ['12345', '*2345'],
    ['+1234', '+****'],
    ['12', '**'],
    ['+44 20 7946 0958', '+********0958'],
  ])('%j is shown as %j', (number, shown) => {
    expect(maskPhone(number)).toBe(shown)
  })
})

describe('addresses that one person has to tell apart', () => {
  it.each([
    [['jane@example.com'], ['j***e@example.com']],
    [
      ['frank@example.com', 'fiona@example.com'],
      ['fr***k@example.com', 'fi***a@example.com'],
    ],
    [
      ['frank@example.com', 'frank@example.com'],
      ['fr***k@example.com', 'fr***k@example.com'],
    ],
    [
      ['al@example.com', 'ab@example.com'],
      ['al@example.com', 'ab@example.com'],
    ],
    [
      ['f@example.com', 'f@example.org'],
      ['f***@example.com', 'f***@example.org'],
    ],
    [
      ['maximiliane.a@example.com', 'maximiliane.b.a@example.com', 'bo@example.com'],
      ['maximiliane***@example.com', 'maximiliane***a@example.com', 'b***@example.com'],
    ],
    [
      ['👩‍💻dev@example.com', ''],
      ['👩‍💻***v@example.com', '***'],
    ],
  ])('%j are shown as %j', (addresses, shown) => {
    expect(emailsToldApart(addresses)).toEqual(shown)
  })

  it('are never the same for two that differ', () => {
    const drawn = fc.array(fc.emailAddress(), { minLength: 2, maxLength: 10 })
    void fc.assert(
      fc.property(drawn, (addresses) => {
        const shown = emailsToldApart(addresses)
        expect(new Set(shown).size).toBe(new Set(addresses).size)
      }),
    )
  })

  it.each([
    [['+12065550109'], ['+******50109']],
    [
      ['+12065550109', '+12066650109'],
      ['+****6650109', ''],
    ],
    [
      ['', '+12065550109'],
      ['', '+******50109'],
    ],
  ])('so are numbers: %j', (numbers, [first]) => {
    const shown = phonesToldApart(numbers)
    expect(new Set(shown).size).toBe(new Set(numbers).size)
    if (numbers.length === 1) expect(shown[0]).toBe(first)
  })
})

describe('F3 what Cognito has masked', () => {
  it.each([
    ['j***@e***', 'jane@example.com', true],
    ['j***@e***.com', 'Jane@Example.com', true],
    ['+*******0109', '+12065550109', true],
    ['j***@e***', 'joan@mail.example', false],
    ['j***@e***.com', 'jane@example.org', false],
    ['+*******0109', '+12065550110', false],
    ['j***@e***', '+12065550109', false],
    // No form is promised: what has no stars is not judged.
    ['an address', 'jane@example.com', true],
  ])('%s, of %s: %s', (masked, address, is) => {
    expect(isMaskOf(masked, address)).toBe(is)
  })

  it('is never told from the address that it is of', () => {
    const addresses = fc.sample(fc.emailAddress(), 200)
    expect(addresses.filter((address) => !isMaskOf(maskEmail(address), address))).toEqual([])
  })
})
