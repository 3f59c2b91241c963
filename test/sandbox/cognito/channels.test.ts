import {
  AdminResetUserPasswordCommand,
  ForgotPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import type { PoolSettings } from '../../../sandbox/cognito/pool.ts'
import { userSeed } from '../../../sandbox/cognito/user-seed.ts'
import { customersPoolId, secretClient, webClient } from '../../../sandbox/world/user-pool-seed.ts'
import { applicationFor, openCognito, verdict } from './setup.ts'

const email = 'jane@example.com'
const phone = '+12065550123'
const both = { email, phone }
const noChannel = /no registered\/verified email or phone_number$/

const emailFirst = [
  { priority: 1, name: 'verified_email' },
  { priority: 2, name: 'verified_phone_number' },
] as const
const phoneFirst = [
  { priority: 2, name: 'verified_email' },
  { priority: 1, name: 'verified_phone_number' },
] as const
const emailOnly = [{ priority: 1, name: 'verified_email' }] as const
const absent = undefined

const cases = [
  { mechanisms: emailFirst, jane: both, to: email },
  { mechanisms: phoneFirst, jane: both, to: phone },
  { mechanisms: emailFirst, jane: { ...both, emailVerified: false }, to: phone },
  { mechanisms: phoneFirst, jane: { ...both, phoneVerified: false }, to: email },
  { mechanisms: emailOnly, jane: { phone }, to: undefined },
  { mechanisms: emailFirst, jane: {}, to: undefined },
  { mechanisms: emailFirst, jane: { ...both, mfa: ['EMAIL_OTP'] }, to: phone },
  { mechanisms: phoneFirst, jane: { ...both, mfa: ['SMS_MFA'] }, to: email },
  { mechanisms: emailFirst, jane: { email, mfa: ['EMAIL_OTP'] }, to: undefined },
  { mechanisms: emailFirst, jane: { phone, mfa: ['SMS_MFA'] }, to: undefined },
  { mechanisms: emailFirst, jane: { ...both, mfa: ['EMAIL_OTP', 'SMS_MFA'] }, to: undefined },
  { mechanisms: emailFirst, jane: { ...both, mfa: ['SOFTWARE_TOKEN_MFA'] }, to: email },
  { mechanisms: absent, jane: both, to: phone },
  { mechanisms: absent, jane: { ...both, mfa: ['SMS_MFA'] }, to: phone },
  { mechanisms: absent, jane: { email }, to: email },
  { mechanisms: absent, jane: {}, to: undefined },
  { mechanisms: [], jane: both, to: phone },
] satisfies {
  mechanisms: PoolSettings['recoveryMechanisms']
  jane: Parameters<typeof userSeed>[1]
  to: string | undefined
}[]

const order = (mechanisms: PoolSettings['recoveryMechanisms']) =>
  mechanisms?.toSorted((a, b) => a.priority - b.priority).map(({ name }) => name) ?? 'absent'

describe('where a code goes', () => {
  it.each(cases.map((each) => ({ ...each, setting: order(each.mechanisms) })))(
    'setting $setting, user $jane: $to',
    async ({ mechanisms, jane, to }) => {
      const user = userSeed('Jane', jane)
      const { cognito, sdk } = await openCognito([user], { recoveryMechanisms: mechanisms })
      const reset = sdk.send(
        new AdminResetUserPasswordCommand({ UserPoolId: customersPoolId, Username: user.sub }),
      )
      expect(await verdict(reset)).toMatch(to ? /^ok$/ : noChannel)
      expect(cognito.mailbox.messages.map((message) => message.to)).toEqual(to ? [to] : [])
    },
  )

  it('is nowhere when recovery is left to administrators', async () => {
    const { sdk, application } = await openCognito(undefined, {
      recoveryMechanisms: [{ priority: 1, name: 'admin_only' }],
    })
    const reset = sdk.send(
      new AdminResetUserPasswordCommand({ UserPoolId: customersPoolId, Username: email }),
    )
    const refusal = 'Contact administrator to reset password.'
    expect(await verdict(reset)).toBe(`NotAuthorizedException: ${refusal}`)
    expect(await application.forgotPassword(email)).toMatchObject({ message: refusal })
  })

  it('is told to the caller of ForgotPassword in a masked form', async () => {
    const { sdk } = await openCognito()
    const ask = (name: string) =>
      sdk.send(new ForgotPasswordCommand({ ClientId: webClient.id, Username: name }))
    expect((await ask(email)).CodeDeliveryDetails).toEqual({
      Destination: 'j***@e***',
      DeliveryMedium: 'EMAIL',
      AttributeName: 'email',
    })
    expect((await ask('ken@example.com')).CodeDeliveryDetails).toEqual({
      Destination: '+*******0111',
      DeliveryMedium: 'SMS',
      AttributeName: 'phone_number',
    })
  })
})

describe('a client that does not tell who exists', () => {
  it.each(['nobody@example.com', 'bob@example.com', 'grace@example.com', 'dave@example.com'])(
    'pretends to send a code to %s',
    async (name) => {
      const { cognito } = await openCognito()
      const application = applicationFor(cognito.url, secretClient)
      expect(await application.forgotPassword(name)).toMatchObject({
        kind: 'code-sent',
        destination: `${name[0]}***@e***`,
      })
      expect(cognito.mailbox.messages).toHaveLength(0)
    },
  )

  it.each(['nobody@example.com', 'grace@example.com'])(
    'calls any code for %s wrong',
    async (name) => {
      const { cognito } = await openCognito()
      const application = applicationFor(cognito.url, secretClient)
      expect(
        await application.confirmForgotPassword(name, '123456', 'Fresh-word-22'),
      ).toMatchObject({
        name: 'CodeMismatchException',
      })
    },
  )
})

describe('a client that tells', () => {
  it('says that the user is not there', async () => {
    const { application } = await openCognito()
    const absentUser = {
      kind: 'refused',
      name: 'UserNotFoundException',
      message: 'Username/client id combination not found.',
    }
    expect(await application.forgotPassword('nobody@example.com')).toEqual(absentUser)
    expect(
      await application.confirmForgotPassword('nobody@example.com', '1', 'Fresh-word-22'),
    ).toEqual(absentUser)
  })
})
