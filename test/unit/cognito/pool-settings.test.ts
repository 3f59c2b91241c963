import { describe, expect, it } from 'vitest'
import { settingsOf } from '../../../src/cognito/pool-settings.ts'

describe("a pool's settings", () => {
  it('put the recovery mechanisms in order of priority', () => {
    const { mechanisms } = settingsOf({
      AccountRecoverySetting: {
        RecoveryMechanisms: [
          { Name: 'verified_email', Priority: 2 },
          { Name: 'verified_phone_number', Priority: 1 },
        ],
      },
    })
    expect(mechanisms).toEqual(['verified_phone_number', 'verified_email'])
  })

  it('have no mechanisms where the setting is older or empty', () => {
    expect(settingsOf({}).mechanisms).toEqual([])
    expect(settingsOf({ AccountRecoverySetting: {} }).mechanisms).toEqual([])
  })

  it('mind upper case unless they say that they do not', () => {
    expect(settingsOf({}).caseSensitive).toBe(true)
    expect(settingsOf({ UsernameConfiguration: { CaseSensitive: false } }).caseSensitive).toBe(
      false,
    )
  })

  it.each([
    [undefined, 7],
    [0, 7],
    [1, 1],
    [30, 30],
  ])('read a validity of %s days as %s', (written, meant) => {
    const described = settingsOf({
      Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: written } },
    })
    expect(described.temporaryPasswordDays).toBe(meant)
  })

  it('have the daily mail quota only where Cognito itself sends', () => {
    expect(settingsOf({}).builtInMail).toBe(true)
    expect(
      settingsOf({ EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' } }).builtInMail,
    ).toBe(false)
    const sender = { LambdaArn: 'arn:aws:lambda:…', LambdaVersion: 'V1_0' } as const
    expect(settingsOf({ LambdaConfig: { CustomEmailSender: sender } }).builtInMail).toBe(false)
  })

  it('tell of the SMS sandbox in whatever company', () => {
    const failure = 'InvalidSmsRoleAccessPolicyException,SNSSandbox'
    expect(settingsOf({ SmsConfigurationFailure: failure }).smsSandbox).toBe(true)
  })

  it('allow users without a password only where another first factor is allowed', () => {
    const allowing = (AllowedFirstAuthFactors: ('PASSWORD' | 'EMAIL_OTP')[]) =>
      settingsOf({ Policies: { SignInPolicy: { AllowedFirstAuthFactors } } }).passwordless
    expect(allowing(['PASSWORD'])).toBe(false)
    expect(allowing(['PASSWORD', 'EMAIL_OTP'])).toBe(true)
  })
})
