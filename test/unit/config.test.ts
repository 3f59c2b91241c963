import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readConfig, secretNamed, variablesOfAws, variablesRead } from '../../src/config.ts'
import { configOf, faultsOf, key } from '../support/config.ts'

const run = promisify(execFile)
describe('a configuration without faults', () => {
  test('needs only the two tokens and the key', () => {
    const { slack, databaseUrl, secretKey, ...rest } = configOf({})
    expect(slack.botToken.reveal()).toBe('xoxb-1-canary')
    expect(slack.appToken.reveal()).toBe('xapp-1-canary')
    expect(slack).not.toHaveProperty('apiUrl')
    expect(databaseUrl.reveal()).toBe('sqlite:./data/rekey.db')
    expect(secretKey.reveal()).toBe(key)
    expect(rest).toEqual({
      formerSecretKeys: [],
      witnesses: [],
      policyFile: 'policy.yml',
      logLevel: 'info',
      host: '127.0.0.1',
      port: 3000,
    })
  })

  test('takes what else is given', () => {
    const config = configOf({
      SLACK_API_URL: 'http://127.0.0.1:4000/api/',
      AWS_REGION: 'us-gov-west-1',
      DATABASE_URL: 'postgres://rekey:pass%20word@db.internal/rekey?sslmode=verify-full',
      POLICY_FILE: '/etc/rekey/policy.yml',
      LOG_LEVEL: 'debug',
      PORT: '0',
    })
    expect(config.slack.apiUrl).toBe('http://127.0.0.1:4000/api/')
    expect(config.databaseUrl.reveal()).toContain('pass%20word')
    expect(config).toMatchObject({
      awsRegion: 'us-gov-west-1',
      policyFile: '/etc/rekey/policy.yml',
      logLevel: 'debug',
      port: 0,
    })
  })

  test('SX-04 takes the keys that were in use before', () => {
    const older = Buffer.alloc(32, 8).toString('base64')
    const { formerSecretKeys } = configOf({ REKEY_SECRET_KEYS_OLD: `${key},${older}` })
    expect(formerSecretKeys.map((each) => each.reveal())).toEqual([key, older])
    expect(JSON.stringify(formerSecretKeys)).toBe('["[secret]","[secret]"]')
    expect(configOf({ REKEY_SECRET_KEYS_OLD: '' }).formerSecretKeys).toEqual([])
  })

  test('has a recovery page once its URL is given', () => {
    const url = 'https://accounts.example.com/recover'
    const behind = { RECOVERY_PAGE_URL: url, RECOVERY_PAGE_PROXIES: '127.0.0.1' }
    expect(configOf(behind).recoveryPage).toEqual({ url, port: 3001, proxies: ['127.0.0.1'] })
    expect(
      configOf({
        ...behind,
        RECOVERY_PAGE_PROXIES: '127.0.0.1, 10.0.0.0/8,fc00::/7 ',
        PAGE_PORT: '0',
      }).recoveryPage,
    ).toMatchObject({ port: 0, proxies: ['127.0.0.1', '10.0.0.0/8', 'fc00::/7'] })
    expect(configOf({ RECOVERY_PAGE_PROXIES: '::1' })).not.toHaveProperty('recoveryPage')
    const local = { RECOVERY_PAGE_URL: 'http://localhost:3001/recover' }
    expect(configOf(local).recoveryPage).toMatchObject({ proxies: [] })
  })

  test('listens on this machine only, unless told otherwise', () => {
    expect(configOf({}).host).toBe('127.0.0.1')
    for (const HOST of ['0.0.0.0', '::', '10.1.2.3']) expect(configOf({ HOST }).host).toBe(HOST)
  })

  test('has a proxy, with small letters or large ones, with or without http://', () => {
    const { proxy, slack } = configOf({
      HTTPS_PROXY: 'http://rekey:canary@proxy:3128',
      https_proxy: ' rekey:canary@other:3128\n',
      HTTP_PROXY: 'https://proxy:3129/',
      no_proxy: 'localhost,.example.com',
    })
    expect(proxy?.https?.reveal()).toBe('http://rekey:canary@other:3128')
    expect(proxy?.http?.reveal()).toBe('https://proxy:3129/')
    expect(proxy?.none).toBe('.localhost,.example.com')
    expect(slack.proxy).toBe(proxy)
    expect(JSON.stringify(proxy)).not.toContain('canary')
    expect(configOf({ NO_PROXY: 'localhost' })).not.toHaveProperty('proxy')
  })

  test.each([
    ['amazonaws.com', '.amazonaws.com'],
    ['*.amazonaws.com .example.com, 10.0.0.1', '.amazonaws.com,.example.com,10.0.0.1'],
    ['proxy.example.com:8080, ::1, *', 'proxy.example.com:8080,::1,*'],
  ])('leaves the proxy aside for %j, and what is below a name', (NO_PROXY, none) => {
    expect(configOf({ HTTPS_PROXY: 'proxy:3128', NO_PROXY }).proxy?.none).toBe(none)
  })

  test.each([
    'https://accounts.example.com:8443/help/recover',
    'http://localhost:3000/recover',
    'http://127.0.0.1:3000/recover',
    'http://[::1]:3000/recover',
  ])('takes %s for the page', (url) => {
    const read = configOf({ RECOVERY_PAGE_URL: url, RECOVERY_PAGE_PROXIES: '127.0.0.1' })
    expect(read.recoveryPage?.url).toBe(url)
  })

  test('takes an empty variable for an absent one', () => {
    expect(configOf({ SLACK_API_URL: '', DATABASE_URL: '', LOG_LEVEL: '', PORT: '' })).toEqual(
      configOf({}),
    )
  })

  test('is frozen and prints no secret', () => {
    const config = configOf({ DATABASE_URL: 'postgres://rekey:canary@localhost/rekey' })
    expect(Object.isFrozen(config) && Object.isFrozen(config.slack)).toBe(true)
    expect(JSON.stringify(config)).not.toMatch(`canary|${key.slice(0, 8)}`)
  })
})

describe('a faulty configuration', () => {
  test('is told of everything at once', () => {
    const read = readConfig({ LOG_LEVEL: 'loud', PORT: '65536' })
    const faults = read.kind === 'faulty' ? read.faults : []
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
      'REKEY_SECRET_KEY',
      'LOG_LEVEL',
      'PORT',
    ])
    expect(faults[1]).toBe(
      'SLACK_APP_TOKEN: is not set. Write an app-level token that starts with xapp- (api.slack.com/apps → your app → Basic Information → App-Level Tokens, scope connections:write)',
    )
    expect(faults[2]).toContain('npm run secret-key')
  })

  test.each([
    ['SLACK_BOT_TOKEN', 'xapp-1-canary'],
    ['SLACK_BOT_TOKEN', ''],
    ['SLACK_APP_TOKEN', 'xoxb-1-canary'],
    ['SLACK_APP_TOKEN', 'xapp-1 canary'],
    ['SLACK_API_URL', 'http://canary/api'],
    ['SLACK_API_URL', 'ftp://canary/'],
    ['SLACK_API_URL', 'http:///'],
    ['AWS_REGION', 'canary'],
    ['DATABASE_URL', 'mysql://canary@host/db'],
    ['DATABASE_URL', 'postgres://user:can#ary@ho st/db'],
    ['DATABASE_URL', 'sqlite:'],
    ['DATABASE_URL', './canary.db'],
    ['REKEY_SECRET_KEY', 'canary'],
    ['REKEY_SECRET_KEY', Buffer.alloc(31, 7).toString('base64')],
    ['REKEY_SECRET_KEY', Buffer.alloc(33, 7).toString('base64')],
    ['REKEY_SECRET_KEY', Buffer.alloc(32, 255).toString('base64url')],
    ['REKEY_SECRET_KEY', `${key.slice(0, -1)}`],
    ['REKEY_SECRET_KEYS_OLD', 'canary'],
    ['REKEY_SECRET_KEYS_OLD', `${key},`],
    ['REKEY_SECRET_KEYS_OLD', `${key}, ${key}`],
    ['LOG_LEVEL', 'canary'],
    ['PORT', '-1'],
    ['PORT', '3000.5'],
    ['PORT', '0x10'],
    ['RECOVERY_PAGE_URL', 'https://canary.example.com'],
    ['RECOVERY_PAGE_URL', 'https://canary.example.com/recover/'],
    ['RECOVERY_PAGE_URL', 'https://canary.example.com/recover?x'],
    ['RECOVERY_PAGE_URL', 'https://user@canary.example.com/recover'],
    ['RECOVERY_PAGE_URL', 'http://canary.example.com/recover'],
    ['RECOVERY_PAGE_URL', 'http://127.0.0.1.canary.example.com/recover'],
    ['RECOVERY_PAGE_PROXIES', '-1'],
    ['RECOVERY_PAGE_PROXIES', 'canary'],
  ])('is told of %s=%s without repeating it', (name, value) => {
    const faults = faultsOf({ [name]: value })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(new RegExp(`^${name}: \\S`))
    expect(faults[0]).not.toMatch(/can.?ary/)
  })
})

test('a secret named elsewhere is looked up, and an empty one is absent', () => {
  expect(secretNamed({ THE_SECRET: 'x' }, 'THE_SECRET')?.reveal()).toBe('x')
  expect(secretNamed({ THE_SECRET: '' }, 'THE_SECRET')).toBeUndefined()
  expect(secretNamed({}, 'THE_SECRET')).toBeUndefined()
})

test('.env.example explains every variable there is, and no other', () => {
  const example = readFileSync(path('.env.example'), 'utf8')
  const explained = new Set([...example.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name))
  expect([...explained].sort()).toEqual([...variablesRead, ...variablesOfAws].sort())
})

test('.env fills in what the environment lacks, and nothing is printed about it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-config-'))
  try {
    writeFileSync(join(folder, '.env'), 'POLICY_FILE=from-file\nLOG_LEVEL=from-file\n')
    const config = JSON.stringify(new URL('../../src/config.ts', import.meta.url))
    const script = `const { loadEnvironment } = await import(${config})
      const { POLICY_FILE, LOG_LEVEL } = loadEnvironment()
      process.stdout.write(POLICY_FILE + ' ' + LOG_LEVEL)`
    const { stdout, stderr } = await run(
      process.execPath,
      ['--input-type=module', '--eval', script],
      { cwd: folder, env: { LOG_LEVEL: 'set', DOTENV_QUIET: 'false', DOTENV_DEBUG: 'true' } },
    )
    expect({ stdout, stderr }).toEqual({ stdout: 'from-file set', stderr: '' })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('.env is read anew each time, and what was set outside stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-config-'))
  try {
    const config = JSON.stringify(new URL('../../src/config.ts', import.meta.url))
    const script = `const { writeFileSync } = await import('node:fs')
      const { loadEnvironment } = await import(${config})
      const said = []
      for (const text of ['POLICY_FILE=one\\nAWS_PROFILE=one\\nPORT=1', 'POLICY_FILE=two\\nAWS_PROFILE=two\\nLOG_LEVEL=two']) {
        writeFileSync('.env', text)
        const { POLICY_FILE, PORT, LOG_LEVEL } = loadEnvironment()
        said.push([POLICY_FILE, PORT, LOG_LEVEL, process.env.AWS_PROFILE].join(' '))
      }
      process.stdout.write(said.join(', '))`
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: folder,
      env: { LOG_LEVEL: 'set' },
    })
    expect(stdout).toBe('one 1 set one, two  set two')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('npm run secret-key makes a key that will do, another one each time', async () => {
  const make = () => run(process.execPath, [path('src/cli/secret-key.ts')])
  const [first, second] = await Promise.all([make(), make()])
  expect(first.stdout).toMatch(/^\S+\n$/)
  expect(faultsOf({ REKEY_SECRET_KEY: first.stdout.trim() })).toEqual([])
  expect(first.stdout).not.toBe(second.stdout)
})

function path(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url))
}
