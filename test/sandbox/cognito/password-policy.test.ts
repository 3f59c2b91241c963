import {
  AdminSetUserPasswordCommand,
  DescribeUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { inventPassword } from '../../../sandbox/cognito/password-policy.ts'
import { userSeed } from '../../../sandbox/cognito/user-seed.ts'
import { customersPoolId, customersSettings } from '../../../sandbox/world/user-pool-seed.ts'
import { openCognito, verdict } from './setup.ts'

const set = (Password: string, Permanent = true) =>
  new AdminSetUserPasswordCommand({
    UserPoolId: customersPoolId,
    Username: 'jane@example.com',
    Password,
    Permanent,
  })

const unlike = 'InvalidPasswordException: Password did not conform with policy: '
const spaces =
  "InvalidParameterException: 1 validation error detected: Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$"

describe('the password policy', () => {
  it.each([
    ['Ab1-xyz', `${unlike}Password not long enough`],
    ['lowercase-1', `${unlike}Password must have uppercase characters`],
    ['UPPERCASE-1', `${unlike}Password must have lowercase characters`],
    ['Digit-less-word', `${unlike}Password must have numeric characters`],
    ['Symbolless1', `${unlike}Password must have symbol characters`],
    ['Only§foreign1', `${unlike}Password must have symbol characters`],
    [' Leading-space-1', spaces],
    ['Trailing-space-1 ', spaces],
    [
      'Ab1-x',
      "InvalidParameterException: 1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length greater than or equal to 6",
    ],
    ['Inner space 1', 'ok'],
    ['Änderung-Wort1', 'ok'],
    ['Good-enough-1', 'ok'],
    [`A1-${'x'.repeat(253)}`, 'ok'],
    [
      `A1-${'x'.repeat(254)}`,
      "InvalidParameterException: 1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length less than or equal to 256",
    ],
  ])('%s: %s', async (password, says) => {
    const { sdk } = await openCognito([userSeed('Jane', { email: 'jane@example.com' })])
    expect(await verdict(sdk.send(set(password)))).toBe(says)
  })

  it('lists two faults in one sentence', async () => {
    const { sdk } = await openCognito()
    expect(await verdict(sdk.send(set(' x ')))).toMatch(
      /^InvalidParameterException: 2 validation errors detected: .*; .*equal to 6$/,
    )
  })

  it('demands nothing but six characters where the pool says nothing', async () => {
    const { sdk } = await openCognito(undefined, { passwordPolicy: {} })
    expect(await verdict(sdk.send(set('simple')))).toBe('ok')
  })

  it('is described as AWS describes it', async () => {
    const { sdk } = await openCognito()
    const { UserPool } = await sdk.send(
      new DescribeUserPoolCommand({ UserPoolId: customersPoolId }),
    )
    expect(UserPool?.Policies?.PasswordPolicy).toEqual({
      MinimumLength: 8,
      RequireUppercase: true,
      RequireLowercase: true,
      RequireNumbers: true,
      RequireSymbols: true,
      TemporaryPasswordValidityDays: 7,
    })
    expect(UserPool?.AccountRecoverySetting?.RecoveryMechanisms).toEqual([
      { Name: 'verified_email', Priority: 1 },
      { Name: 'verified_phone_number', Priority: 2 },
    ])
  })

  it('is met by the passwords of invitations', async () => {
    const { sdk } = await openCognito()
    expect(await verdict(sdk.send(set(inventPassword(customersSettings.passwordPolicy))))).toBe(
      'ok',
    )
  })
})

describe('the password history', () => {
  const jane = userSeed('Jane', { email: 'jane@example.com', password: 'Jane-sandbox-1' })
  const remembering = (historySize: number) => ({
    passwordPolicy: { ...customersSettings.passwordPolicy, historySize },
  })
  const reused = /^PasswordHistoryPolicyViolationException/

  it('counts the current password as the first', async () => {
    const { sdk } = await openCognito([jane], remembering(1))
    expect(await verdict(sdk.send(set('Jane-sandbox-1')))).toMatch(reused)
    expect(await verdict(sdk.send(set('Other-word-2')))).toBe('ok')
    expect(await verdict(sdk.send(set('Jane-sandbox-1')))).toBe('ok')
  })

  it('refuses the same call a second time', async () => {
    const { sdk } = await openCognito([jane], remembering(5))
    expect(await verdict(sdk.send(set('Other-word-2', false)))).toBe('ok')
    expect(await verdict(sdk.send(set('Other-word-2', false)))).toMatch(reused)
  })

  it('forgets what is older than its size', async () => {
    const { sdk } = await openCognito([jane], remembering(2))
    await sdk.send(set('Other-word-2'))
    expect(await verdict(sdk.send(set('Jane-sandbox-1')))).toMatch(reused)
    await sdk.send(set('Other-word-3'))
    expect(await verdict(sdk.send(set('Jane-sandbox-1')))).toBe('ok')
  })

  it('is off unless the pool turns it on', async () => {
    const { sdk } = await openCognito([jane])
    expect(await verdict(sdk.send(set('Jane-sandbox-1')))).toBe('ok')
  })
})
