import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readSettings } from '../../src/settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'rekey-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

function environment(policy: string): Record<string, string> {
  const file = join(folder, 'policy.yml')
  writeFileSync(file, policy)
  return {
    SLACK_BOT_TOKEN: 'xoxb-1-2-3',
    SLACK_APP_TOKEN: 'xapp-1-A0REKEY-1-abc',
    REKEY_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    POLICY_FILE: file,
  }
}

function policy(client = ''): string {
  return `version: 1
channels: { approvals: C0APPROVE, audit: C0AUDIT }
pools: { customers: { userPoolId: us-west-2_aaaaaaaaa${client} } }
requesters: [S0SUPPORT]
security: [S0SECURITY]
tiers: [{ name: standard, approvers: [S0LEADS], approvals: 1, methods: [reset] }]
identityChecks: [{ id: callback, label: Called back, evidence: { reference: Call record, pattern: 'CALL-\\d+', example: CALL-12 } }]
`
}

describe('settings', () => {
  it('are the environment, the policy and the secrets that the policy names', () => {
    const withSecret = policy(', client: { id: 1example, secretEnv: CUSTOMERS_SECRET }')
    const read = readSettings({ ...environment(withSecret), CUSTOMERS_SECRET: 'hush' })
    if (read.kind === 'faulty') throw new Error(read.faults.join('\n'))
    expect(read.settings.clientSecrets.get('customers')?.reveal()).toBe('hush')
  })

  it('tell all that is wrong with any of them in one go', () => {
    const read = readSettings({
      ...environment(policy().replace('version: 1', 'version: 2')),
      SLACK_BOT_TOKEN: '',
    })
    if (read.kind === 'ok') throw new Error('should be faulty')
    expect(read.faults.join('\n')).toMatch(/SLACK_BOT_TOKEN[\s\S]*policy\.yml:1/)
  })

  it('ask for the secret of an app client by the name the policy gives it', () => {
    const read = readSettings(
      environment(policy(', client: { id: 1example, secretEnv: CUSTOMERS_SECRET }')),
    )
    expect(read).toMatchObject({
      kind: 'faulty',
      faults: [expect.stringMatching(/^CUSTOMERS_SECRET: /)],
    })
  })

  it('ask for a client where the recovery page is wanted, with all else that is wrong', () => {
    const page = {
      RECOVERY_PAGE_URL: 'https://accounts.example.com/recover',
      RECOVERY_PAGE_PROXIES: '127.0.0.1',
    }
    const read = readSettings({ ...environment(policy()), ...page, SLACK_BOT_TOKEN: '' })
    expect(read).toMatchObject({
      kind: 'faulty',
      faults: [
        expect.stringMatching(/^SLACK_BOT_TOKEN: /),
        expect.stringMatching(/^RECOVERY_PAGE_URL: needs a pool with a client/),
      ],
    })
    const withClient = environment(policy(', client: { id: 1example }'))
    expect(readSettings({ ...withClient, ...page }).kind).toBe('ok')
  })

  it('say where a policy should be when there is none', () => {
    const read = readSettings({
      ...environment(policy()),
      POLICY_FILE: join(folder, 'nowhere.yml'),
    })
    expect(read).toMatchObject({
      kind: 'faulty',
      faults: [expect.stringMatching(/no such file; copy policy\.example\.yml/)],
    })
  })

  it.each([
    ['a folder', () => folder, /is a folder; name the file in it/],
    ['UTF-16', () => utf16(), /is UTF-16, or no text\. Save it as UTF-8/],
  ])('never say to overwrite what is there: %s', (_, file, sentence) => {
    const read = readSettings({ ...environment(policy()), POLICY_FILE: file() })
    if (read.kind === 'ok') throw new Error('should be faulty')
    expect(read.faults).toEqual([expect.stringMatching(sentence)])
    expect(read.faults.join()).not.toContain('copy')
  })

  it('say that the secret of an app client has quotes around it, and leave its name alone', () => {
    const env = environment(policy(', client: { id: 1example, secretEnv: REKEY_SECRET_KEYS_O }'))
    expect(readSettings({ ...env, REKEY_SECRET_KEYS_O: '"hush"' })).toMatchObject({
      faults: [expect.stringMatching(/^REKEY_SECRET_KEYS_O: has quotes around it/)],
    })
    expect(readSettings({ ...env, REKEY_SECRET_KEYS_O: 'hush\n' }).kind).toBe('ok')
  })
})

function utf16(): string {
  const file = join(folder, 'utf16.yml')
  writeFileSync(file, `\ufeff${policy()}`, 'utf16le')
  return file
}
