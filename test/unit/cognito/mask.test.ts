import { describe, expect, it } from 'vitest'
import { maskEmail, maskPhone } from '../../../src/cognito/mask.ts'

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
