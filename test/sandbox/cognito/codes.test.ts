import { AdminResetUserPasswordCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { customersPoolId } from '../../../sandbox/world/user-pool-seed.ts'
import { minutes, openCognito } from './setup.ts'

const jane = 'jane@example.com'
const fresh = 'Fresh-word-22'
const expired = {
  kind: 'refused',
  name: 'ExpiredCodeException',
  message: 'Invalid code provided, please request a code again.',
}

async function withCode(settings = {}) {
  const opened = await openCognito(undefined, settings)
  await opened.application.forgotPassword(jane)
  return { ...opened, code: opened.cognito.mailbox.latest(jane)?.code ?? '' }
}

describe('a recovery code', () => {
  it('sets the password and confirms the account', async () => {
    const { cognito, application, code } = await withCode()
    expect(await application.confirmForgotPassword(jane, code, fresh)).toEqual({ kind: 'changed' })
    expect(await application.signIn(jane, fresh)).toMatchObject({ kind: 'signed-in' })
    expect(cognito.pools.get('customers').user(jane)).toMatchObject({
      status: 'CONFIRMED',
      liveCodes: 0,
    })
  })

  it('from an administrator is confirmed the same way, through any client', async () => {
    const { cognito, application, sdk } = await openCognito()
    await sdk.send(
      new AdminResetUserPasswordCommand({ UserPoolId: customersPoolId, Username: jane }),
    )
    const code = cognito.mailbox.latest(jane)?.code ?? ''
    expect(await application.confirmForgotPassword(jane, code, fresh)).toEqual({ kind: 'changed' })
  })

  it('is good for one hour', async () => {
    const { application, clock, code } = await withCode()
    clock.advance(minutes(60))
    expect(await application.confirmForgotPassword(jane, code, fresh)).toEqual(expired)
  })

  it('is good to the last millisecond of it', async () => {
    const { application, clock, code } = await withCode()
    clock.advance(minutes(60) - 1)
    expect(await application.confirmForgotPassword(jane, code, fresh)).toEqual({ kind: 'changed' })
  })

  it('is good once', async () => {
    const { application, code } = await withCode()
    await application.confirmForgotPassword(jane, code, fresh)
    expect(await application.confirmForgotPassword(jane, code, 'Third-word-33')).toEqual(expired)
  })

  it('is not guessed', async () => {
    const { application, code } = await withCode()
    const wrong = code === '000000' ? '000001' : '000000'
    expect(await application.confirmForgotPassword(jane, wrong, fresh)).toEqual({
      kind: 'refused',
      name: 'CodeMismatchException',
      message: 'Invalid verification code provided, please try again.',
    })
  })

  it('survives a password that the policy refuses', async () => {
    const { application, code } = await withCode()
    expect(await application.confirmForgotPassword(jane, code, 'tooweak')).toMatchObject({
      name: 'InvalidPasswordException',
    })
    expect(await application.confirmForgotPassword(jane, code, fresh)).toEqual({ kind: 'changed' })
  })

  it('dies when a newer one is sent, unless the pool says otherwise', async () => {
    const dying = await withCode()
    await dying.application.forgotPassword(jane)
    expect(await dying.application.confirmForgotPassword(jane, dying.code, fresh)).toMatchObject({
      name: 'CodeMismatchException',
    })
    const living = await withCode({ olderCodes: 'live' })
    await living.application.forgotPassword(jane)
    expect(await living.application.confirmForgotPassword(jane, living.code, fresh)).toEqual({
      kind: 'changed',
    })
  })

  it('leaves the old password alone until it is used', async () => {
    const { application } = await withCode()
    expect(await application.signIn(jane, 'Jane-sandbox-1')).toMatchObject({ kind: 'signed-in' })
  })
})

describe('the hourly budget', () => {
  const limit = {
    kind: 'refused',
    name: 'LimitExceededException',
    message: 'Attempt limit exceeded, please try after some time.',
  }

  it('is shared by asking for a code and confirming one', async () => {
    const { application, clock } = await openCognito()
    for (let count = 0; count < 3; count++) await application.forgotPassword(jane)
    for (let count = 0; count < 2; count++)
      await application.confirmForgotPassword(jane, 'wrong', fresh)
    expect(await application.forgotPassword(jane)).toEqual(limit)
    expect(await application.confirmForgotPassword(jane, 'wrong', fresh)).toEqual(limit)
    clock.advance(minutes(60))
    expect(await application.forgotPassword(jane)).toMatchObject({ kind: 'code-sent' })
  })

  it('is each user’s own, and the pool sets its size', async () => {
    const { application } = await openCognito(undefined, { attemptsPerHour: 1 })
    await application.forgotPassword(jane)
    expect(await application.forgotPassword(jane)).toEqual(limit)
    expect(await application.forgotPassword('judy@example.com')).toMatchObject({
      kind: 'code-sent',
    })
  })
})
