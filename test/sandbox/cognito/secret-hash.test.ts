import { ForgotPasswordCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { secretHash } from '../../../sandbox/cognito/secret-hash.ts'
import { secretClient, webClient } from '../../../sandbox/world/user-pool-seed.ts'
import { applicationFor, openCognito, verdict } from './setup.ts'

const vectorSecret = `exampleclientsecret${'0'.repeat(31)}`

describe('the secret hash', () => {
  it.each([
    ['diego@example.com', 'xCp/m2bNe8ld3or+eOLZSZCTIqvVdMk2w82y6ZIV7jw='],
    ['ユーザー', 'rYOTTrVgYqRgrrP+7LWPxC+AFI4/BVNc5Az6w+dMBwY='],
  ])('of %s is known', (username, hash) => {
    expect(secretHash(vectorSecret, username, '1example23456789')).toBe(hash)
  })

  const jane = 'jane@example.com'
  const forgot = (ClientId: string, SecretHash?: string) =>
    new ForgotPasswordCommand({ ClientId, Username: jane, SecretHash })

  it('is demanded by a client with a secret', async () => {
    const { sdk } = await openCognito()
    expect(await verdict(sdk.send(forgot(secretClient.id)))).toBe(
      `NotAuthorizedException: Client ${secretClient.id} is configured with secret but SECRET_HASH was not received`,
    )
  })

  it('must be right', async () => {
    const { sdk } = await openCognito()
    const wrong = secretHash('another secret', jane, secretClient.id)
    const unable = (id: string) =>
      `NotAuthorizedException: Unable to verify secret hash for client ${id}`
    expect(await verdict(sdk.send(forgot(secretClient.id, wrong)))).toBe(unable(secretClient.id))
    expect(await verdict(sdk.send(forgot(webClient.id, wrong)))).toBe(unable(webClient.id))
  })

  it('lets the application through on every public call', async () => {
    const { cognito } = await openCognito()
    const application = applicationFor(cognito.url, secretClient)
    expect(await application.forgotPassword(jane)).toMatchObject({ kind: 'code-sent' })
    const code = cognito.mailbox.latest(jane)?.code ?? ''
    expect(await application.confirmForgotPassword(jane, code, 'Fresh-word-22')).toEqual({
      kind: 'changed',
    })
    const signedIn = await application.signIn(jane, 'Fresh-word-22')
    if (signedIn.kind !== 'signed-in') throw new Error(`not signed in: ${signedIn.kind}`)
    const { username } = cognito.pools.get('customers').user(jane)
    expect(await application.refresh(username, signedIn.refreshToken ?? '')).toMatchObject({
      kind: 'signed-in',
    })
  })
})
