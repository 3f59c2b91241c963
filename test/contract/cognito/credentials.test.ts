/** Where Rekey's own credentials come from a service, as in EKS, and that service is in trouble. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CognitoAccounts } from '../../../src/cognito/accounts.ts'
import { Secret } from '../../../src/secret.ts'
import { customers, effect, openWire, type Wire } from '../../support/cognito/wire.ts'
import { startOutgoingProxy } from '../../support/proxy.ts'

let wire: Wire
let folder: string
let sts: Server
let answer: (response: ServerResponse) => void

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rekey-credentials-'))
  writeFileSync(join(folder, 'token'), 'a token of the cluster')
  sts = createServer((_, response) => answer(response))
  await new Promise<void>((listening) => sts.listen(0, '127.0.0.1', listening))
  wire = await openWire()
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
    vi.stubEnv(name, undefined)
  vi.stubEnv('AWS_ROLE_ARN', 'arn:aws:iam::123456789012:role/rekey')
  vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', join(folder, 'token'))
  vi.stubEnv('AWS_ENDPOINT_URL_STS', `http://127.0.0.1:${(sts.address() as AddressInfo).port}`)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  sts.closeAllConnections()
  sts.close()
  await wire.close()
  rmSync(folder, { recursive: true })
})

const reset = () => wire.accounts.perform('reset', wire.ref('Jane'), effect())
const locked = { kind: 'configuration', name: 'CredentialsProviderError' }

describe('a call that has no credentials', () => {
  it.each([
    ['AccessDenied', 403],
    ['InvalidIdentityToken', 400],
  ])(
    'CG-14: STS’s %s is no answer of Cognito’s: it is made when it can be',
    async (name, status) => {
      answer = (response) =>
        response
          .writeHead(status, { 'content-type': 'text/xml' })
          .end(
            `<ErrorResponse><Error><Type>Sender</Type><Code>${name}</Code><Message>no</Message></Error><RequestId>sts-1</RequestId></ErrorResponse>`,
          )
      expect(await reset()).toEqual({ kind: 'not-applied', failure: locked })
    },
  )

  it('P2: leaves within its second, or not at all', async () => {
    const waiting: ServerResponse[] = []
    answer = (response) => waiting.push(response)
    expect(await reset()).toEqual({ kind: 'not-applied', failure: locked })
    // They come when nobody expects the call any more.
    for (const response of waiting)
      response.writeHead(200, { 'content-type': 'text/xml' }).end(token)
    await expect.poll(async () => (await reset()).kind).toBe('done')
    expect(wire.operations()).toEqual(['AdminResetUserPassword'])
  })
})

it('the credentials, too, are asked for through the proxy', async () => {
  answer = (response) => response.writeHead(200, { 'content-type': 'text/xml' }).end(token)
  const proxy = await startOutgoingProxy()
  const http = new Secret(`http://127.0.0.1:${proxy.port}`)
  const { cognito } = wire
  const accounts = new CognitoAccounts({
    pools: [customers],
    endpoint: cognito.url,
    proxy: { http, none: '' },
  })
  expect(await accounts.inspect('customers', wire.sub('Jane'))).toMatchObject({ kind: 'account' })
  expect(new Set(proxy.asked)).toEqual(
    new Set([new URL(process.env['AWS_ENDPOINT_URL_STS'] ?? '').host, new URL(cognito.url).host]),
  )
  accounts.close()
  await proxy.close()
})

const token = `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
  <AccessKeyId>AKIAEXAMPLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken>
  <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
  <ResponseMetadata><RequestId>sts-2</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>`
