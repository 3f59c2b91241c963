import { describe, expect, it } from 'vitest'
import { accountOf } from '../../../src/cognito/account.ts'
import type { CognitoUser } from '../../../src/cognito/user.ts'
import { ada, noon, pool, verifiedEmail, verifiedPhone } from '../../support/cognito/people.ts'

describe('an account', () => {
  it.each([
    ['the name', ada(), 'Ada Lovelace'],
    [
      'its two parts',
      ada({ attributes: { name: '', given_name: 'Ada', family_name: 'Lovelace' } }),
      'Ada Lovelace',
    ],
    [
      'the family name first in Japanese',
      ada({ attributes: { name: '', given_name: '花子', family_name: '山田' } }),
      '山田 花子',
    ],
    ['the only part there is', ada({ attributes: { name: ' ', given_name: 'Ada' } }), 'Ada'],
    ['the address, masked', ada({ attributes: { name: '', ...verifiedEmail } }), 'a***@e***.com'],
    ['the phone, masked', ada({ attributes: { name: '', ...verifiedPhone } }), '+*******0100'],
    ['the username', ada({ attributes: { name: '' } }), 'ada'],
    [
      'no whole address, not even as a username',
      ada({ username: 'ada@example.com', attributes: { name: '' } }),
      'a***@e***.com',
    ],
    [
      'no whole address, not even as a name',
      ada({ attributes: { name: 'ada@example.com' } }),
      'a***@e***.com',
    ],
  ])('is called by %s', (_, user, name) => {
    expect(shown(user).name).toBe(name)
  })

  it('shows addresses masked, and says which are verified', () => {
    const user = ada({ attributes: { ...verifiedEmail, phone_number: '+12065550100' } })
    expect(shown(user).contacts).toEqual([
      { kind: 'email', masked: 'a***@e***.com', verified: true },
      { kind: 'phone', masked: '+*******0100', verified: false },
    ])
  })

  it('leads to its owner by their address, verified or not, so that they can’t decide for themself', () => {
    expect(shown(ada({ attributes: verifiedEmail })).ownerEmail).toBe('ada@example.com')
    expect(shown(ada({ attributes: { email: 'eve@example.com' } })).ownerEmail).toBe(
      'eve@example.com',
    )
  })

  it('keeps who it is, and since when', () => {
    const user = ada()
    expect(shown(user)).toMatchObject({
      ref: { pool: 'customers', userPoolId: 'us-west-2_a', sub: user.sub, username: 'ada' },
      status: 'CONFIRMED',
      groups: ['admins'],
      createdAt: user.createdAt,
      modifiedAt: user.modifiedAt,
    })
  })
})

function shown(user: CognitoUser) {
  const findings = {
    pool: { pool: 'customers', userPoolId: 'us-west-2_a' },
    settings: pool(),
    user,
    groups: ['admins'],
    surroundings: { appClient: true, hasPassword: true },
  }
  return accountOf(findings, noon)
}
