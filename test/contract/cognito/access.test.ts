import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { Access, type TurnedAway } from '../../../src/cognito/access.ts'
import { customers, openWire } from '../../support/cognito/wire.ts'

const credentials = 'CredentialsProviderError'
const denied = { name: 'AccessDeniedException', message: 'not you' }

async function watched() {
  let ahead = 0
  const now = () => new Date(Date.now() + ahead)
  const told: TurnedAway[] = []
  const access = new Access(now, (call) => told.push(call))
  const wire = await openWire({ access })
  const sub = wire.sub('Jane Doe')
  const look = () => wire.accounts.inspect(customers.name, sub)
  const pass = (milliseconds: number) => {
    ahead += milliseconds
  }
  return { ...wire, access, told, look, pass }
}

describe('CG-14: what AWS turns away', () => {
  it('is told once, and is over when the same call succeeds', async () => {
    const { cognito, access, told, look, close } = await watched()
    cognito.faults.add({ operation: 'AdminGetUser', kind: denied, times: 2 })
    await look()
    await look()
    const why = 'Rekey’s AWS identity may not do this: grant it the action (README, Install it)'
    const call = { operation: 'AdminGetUser', error: denied.name, why, isByAws: true }
    expect(told).toEqual([call])
    expect(access.turnedAway).toEqual([call])
    await look()
    expect(access.turnedAway).toEqual([])
    await close()
  })

  it('is forgotten after a while, since nobody may ever call that again', async () => {
    const { cognito, access, told, look, pass, close } = await watched()
    cognito.faults.add({ operation: 'AdminGetUser', kind: denied, times: 2 })
    await look()
    pass(15 * 60_000 + 1_000)
    expect(access.turnedAway).toEqual([])
    await look()
    expect(told).toHaveLength(2)
    await close()
  })

  it('is not what Cognito says no to, or is too busy for', async () => {
    const { cognito, access, look, close } = await watched()
    cognito.faults.add({ operation: 'AdminGetUser', kind: 'throttle', times: 3 })
    await look()
    cognito.pools.get('customers').remove('jane@example.com')
    expect((await look()).kind).toBe('gone')
    expect(access.turnedAway).toEqual([])
    await close()
  })

  it.each([
    ['AWS_ACCESS_KEY_ID', { AWS_ACCESS_KEY_ID: 'AKIDTEST\n' }, 'ERR_INVALID_CHAR', 'line breaks'],
    ['AWS_SESSION_TOKEN', { AWS_SESSION_TOKEN: 'x\r\n' }, 'ERR_INVALID_CHAR', 'line breaks'],
    ['nothing', { AWS_ACCESS_KEY_ID: '' }, credentials, 'no AWS credentials were found'],
    [
      'AWS_PROFILE',
      { AWS_PROFILE: 'nope', AWS_ACCESS_KEY_ID: '' },
      credentials,
      'let AWS_PROFILE name a profile that has them',
    ],
    ['SSO', { AWS_PROFILE: 'sso', AWS_ACCESS_KEY_ID: '' }, credentials, 'run `aws sso login`'],
    [
      'a token file',
      { AWS_ACCESS_KEY_ID: '', AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere', AWS_ROLE_ARN: 'arn:x' },
      credentials,
      'AWS_WEB_IDENTITY_TOKEN_FILE names is not there',
    ],
    [
      'a token service that is away',
      {
        AWS_ACCESS_KEY_ID: '',
        AWS_WEB_IDENTITY_TOKEN_FILE: import.meta.filename,
        AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/rekey',
        AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1',
      },
      credentials,
      'cannot be reached',
    ],
  ])('is what never left, too, and is no silence of Cognito’s: %s', async (_, env, error, why) => {
    const { access, told, look, operations, close } = await watched()
    const folder = mkdtempSync(join(tmpdir(), 'rekey-aws-'))
    writeFileSync(join(folder, 'config'), ssoProfile)
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'))
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', 'no-such-file')
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    expect(await look()).toEqual({
      kind: 'failed',
      failure: { kind: 'configuration', name: error },
    })
    const call = { operation: 'AdminGetUser', error, why: expect.stringContaining(why) }
    expect(told).toEqual([{ ...call, isByAws: false }])
    expect(access.turnedAway).toEqual(told)
    expect(operations()).toEqual([])
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
    await close()
  })
})

const ssoProfile = `[profile sso]
sso_session = acme
sso_account_id = 123456789012
sso_role_name = rekey
[sso-session acme]
sso_region = eu-central-1
sso_start_url = https://acme.awsapps.com/start
`
