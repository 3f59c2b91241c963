import {
  AdminGetUserCommand,
  AdminListDevicesCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { startCognito } from '../../../sandbox/cognito/server.ts'
import { customersPoolId, webClient } from '../../../sandbox/world/user-pool-seed.ts'
import { openCognito, verdict } from './setup.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

async function post(url: string, operation: string, body: unknown, headers = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const answer: unknown = await response.json()
  return { status: response.status, headers: response.headers, answer }
}

describe('the wire', () => {
  it('wants a signature for what administrators do', async () => {
    const { cognito } = await openCognito()
    const body = { UserPoolId: customersPoolId, Username: 'jane@example.com' }
    const unsigned = await post(cognito.url, 'AdminGetUser', body)
    expect(unsigned.status).toBe(400)
    expect(unsigned.answer).toMatchObject({ __type: 'MissingAuthenticationTokenException' })
    const authorization = 'AWS4-HMAC-SHA256 Credential=anyone'
    const signed = await post(cognito.url, 'AdminGetUser', body, { authorization })
    expect(signed.status).toBe(200)
  })

  it('wants none for what owners do', async () => {
    const { cognito } = await openCognito()
    const body = { ClientId: webClient.id, Username: 'jane@example.com' }
    expect((await post(cognito.url, 'ForgotPassword', body)).status).toBe(200)
  })

  it('carries a fresh request id on answers and on refusals', async () => {
    const { cognito } = await openCognito()
    const body = { ClientId: webClient.id, Username: 'nobody@example.com' }
    const ids = [
      (await post(cognito.url, 'ForgotPassword', body)).headers.get('x-amzn-requestid'),
      (await post(cognito.url, 'Nonsense', body)).headers.get('x-amzn-requestid'),
    ]
    expect(ids).toEqual([expect.stringMatching(uuid), expect.stringMatching(uuid)])
    expect(new Set(ids).size).toBe(2)
  })

  it('writes dates as seconds with a fraction', async () => {
    const { cognito, clock } = await openCognito()
    clock.advance(250)
    cognito.pools.get('customers').update('jane@example.com', {})
    const body = { UserPoolId: customersPoolId, Username: 'jane@example.com' }
    const authorization = 'AWS4-HMAC-SHA256 Credential=anyone'
    const { answer } = await post(cognito.url, 'AdminGetUser', body, { authorization })
    expect(answer).toMatchObject({ UserLastModifiedDate: clock.now().getTime() / 1000 })
  })

  it('does not know operations it does not have', async () => {
    const { sdk } = await openCognito()
    const devices = new AdminListDevicesCommand({ UserPoolId: customersPoolId, Username: 'x' })
    expect(await verdict(sdk.send(devices))).toMatch(/^UnknownOperationException/)
  })

  it.each(['{', '[]', '"x"'])('refuses a body of %s', async (body) => {
    const { cognito } = await openCognito()
    const { answer } = await post(cognito.url, 'ForgotPassword', body)
    expect(answer).toMatchObject({ __type: 'SerializationException' })
  })

  it('refuses a value of the wrong type', async () => {
    const { cognito } = await openCognito()
    const { answer } = await post(cognito.url, 'ForgotPassword', { ClientId: 7, Username: 'x' })
    expect(answer).toMatchObject({ __type: 'SerializationException' })
  })

  it.each([
    [
      { UserPoolId: customersPoolId, Username: undefined },
      "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must not be null",
    ],
    [
      { UserPoolId: customersPoolId, Username: 'two words' },
      "1 validation error detected: Value 'two words' at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
    ],
    [
      { UserPoolId: 'nonsense', Username: 'x'.repeat(129) },
      `2 validation errors detected: Value 'nonsense' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+; Value '${'x'.repeat(129)}' at 'username' failed to satisfy constraint: Member must have length less than or equal to 128`,
    ],
  ])('refuses what the model forbids: %j', async (input, message) => {
    const { sdk } = await openCognito()
    expect(await verdict(sdk.send(new AdminGetUserCommand(input)))).toBe(
      `InvalidParameterException: ${message}`,
    )
  })

  it('closes at once, with a call still hanging', async () => {
    const { cognito, sdk } = await openCognito()
    cognito.faults.add({ kind: 'hang-before' })
    const hanging = verdict(
      sdk.send(new AdminGetUserCommand({ UserPoolId: customersPoolId, Username: 'x' })),
    )
    await expect.poll(() => cognito.calls).toHaveLength(1)
    await cognito.close()
    expect(await hanging).not.toBe('ok')
  })

  it('says when its port is taken', async () => {
    const { cognito } = await openCognito()
    await expect(startCognito({ seed: { pools: [] }, port: cognito.port })).rejects.toThrow(
      'EADDRINUSE',
    )
  })
})
