import { describe, expect, test } from 'vitest'
import { secretNamed } from '../../src/config.ts'
import { configOf, enough, faultsOf, key } from '../support/config.ts'

describe('a value as Kubernetes, Docker and editors hand it over', () => {
  test.each(['\n', '\r\n', ' ', '\t', '\u00a0'])('has no white space at its ends (%j)', (white) => {
    for (const name of Object.keys(enough) as (keyof typeof enough)[]) {
      const config = configOf({ [name]: `${enough[name]}${white}` })
      expect(config.slack.botToken.reveal()).toBe('xoxb-1-canary')
      expect(config.secretKey.reveal()).toBe(key)
    }
    const config = configOf({
      REKEY_SECRET_KEYS_OLD: `${white}${key}${white}`,
      DATABASE_URL: `sqlite:rekey.db${white}`,
      POLICY_FILE: `${white}policy.yml${white}`,
      PORT: `3000${white}`,
      LOG_LEVEL: `info${white}`,
      RECOVERY_PAGE_URL: `https://accounts.example.com/recover${white}`,
      RECOVERY_PAGE_PROXIES: `127.0.0.1${white}`,
    })
    expect(config.formerSecretKeys.map((each) => each.reveal())).toEqual([key])
    expect(config.databaseUrl.reveal()).toBe('sqlite:rekey.db')
    expect(config).toMatchObject({ policyFile: 'policy.yml', port: 3000, logLevel: 'info' })
    expect(config.recoveryPage?.url).toBe('https://accounts.example.com/recover')
    expect(configOf({ PORT: white })).toEqual(configOf({}))
    expect(secretNamed({ THE_SECRET: `${white}x${white}` }, 'THE_SECRET')?.reveal()).toBe('x')
  })

  test('has no byte order mark', () => {
    expect(configOf({ SLACK_BOT_TOKEN: '\ufeffxoxb-1-canary' }).slack.botToken.reveal()).toBe(
      'xoxb-1-canary',
    )
  })

  test.each([
    ['SLACK_BOT_TOKEN', `"${enough.SLACK_BOT_TOKEN}"`],
    ['SLACK_APP_TOKEN', `'${enough.SLACK_APP_TOKEN}'`],
    ['SLACK_APP_TOKEN', `“${enough.SLACK_APP_TOKEN}”`],
    ['SLACK_APP_TOKEN', `${enough.SLACK_APP_TOKEN}"\n`],
    ['REKEY_SECRET_KEY', `"${key}"`],
    ['REKEY_SECRET_KEYS_OLD', `"${key}"`],
    ['DATABASE_URL', '"sqlite:./data/rekey.db"'],
    ['DATABASE_URL', "'postgres://rekey:canary@db/rekey'"],
    ['POLICY_FILE', '"policy.yml"'],
    ['AWS_ACCESS_KEY_ID', '"AKIDCANARY"'],
    ['AWS_SECRET_ACCESS_KEY', "'canary'"],
    ['AWS_REGION', '"eu-central-1"'],
  ])('is told that its quotes count: %s=%s', (name, value) => {
    const both = { AWS_ACCESS_KEY_ID: 'AKIDCANARY', AWS_SECRET_ACCESS_KEY: 'canary' }
    const faults = faultsOf({ ...(name.startsWith('AWS') && both), [name]: value })
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^${name}: has quotes around it`))])
    expect(faults.join()).not.toMatch(/canary|secret-key/i)
  })

  test.each(['\n', '\r\n', ' '])(
    'CG-14: is a fault where AWS would get it as it is (%j)',
    (white) => {
      const both = { AWS_ACCESS_KEY_ID: 'AKIDCANARY', AWS_SECRET_ACCESS_KEY: 'canary' }
      for (const name of [
        'AWS_ACCESS_KEY_ID',
        'AWS_SECRET_ACCESS_KEY',
        'AWS_SESSION_TOKEN',
        'AWS_REGION',
      ]) {
        const value = name === 'AWS_REGION' ? 'eu-central-1' : 'canary'
        expect(faultsOf({ ...both, [name]: `${value}${white}` })).toEqual([
          expect.stringMatching(
            new RegExp(`^${name}: (ends in a line break|has white space around it)\\. Write`),
          ),
        ])
      }
    },
  )

  test('is a fault where one half of AWS’s keys is missing, unless a profile has both', () => {
    const [fault] = faultsOf({ AWS_ACCESS_KEY_ID: 'AKIDCANARY' })
    expect(fault).toMatch(/^AWS_ACCESS_KEY_ID: is set without AWS_SECRET_ACCESS_KEY/)
    expect(faultsOf({ AWS_SECRET_ACCESS_KEY: 'canary' })[0]).toMatch(/without AWS_ACCESS_KEY_ID/)
    expect(faultsOf({ AWS_ACCESS_KEY_ID: 'AKIDCANARY', AWS_PROFILE: 'rekey' })).toEqual([])
  })
})

describe('what is wrong is named', () => {
  test.each([
    ['SLACK_BOT_TOKEN', 'xapp-1-canary', 'is an app-level token, which belongs in SLACK_APP_TOKEN'],
    ['SLACK_APP_TOKEN', 'xoxb-1-canary', 'is a bot token, which belongs in SLACK_BOT_TOKEN'],
    ['SLACK_BOT_TOKEN', 'xoxp-1-canary', 'is another kind of Slack token'],
    ['SLACK_BOT_TOKEN', 'xoxb-', 'is only xoxb-, as in .env.example'],
    ['SLACK_BOT_TOKEN', 'canary', 'does not start with xoxb-'],
    ['SLACK_BOT_TOKEN', 'xoxb-1\ncanary', 'has a line break in it'],
    ['SLACK_BOT_TOKEN', 'xoxb-1\u200bcanary', 'has a character in it that cannot be seen'],
    ['SLACK_API_URL', 'https://slack.canary/api', 'does not end in /'],
    ['SEAL_DATABASE', 'canary', 'is not the beginning of a hash'],
    ['SEAL_DATABASE', '0123456789abcde', 'is not the beginning of a hash'],
    ['SLACK_API_URL', 'http://slack.canary/api/', 'is http, where everybody on the way could read'],
    ['DATABASE_URL', 'sqlite:', 'names no file'],
    ['DATABASE_URL', 'sqlite: ', 'names no file'],
    ['DATABASE_URL', 'sqlite::memory:', 'is a database in memory'],
    ['DATABASE_URL', 'sqlite::MEMORY:', 'is a database in memory'],
    ['DATABASE_URL', 'sqlite: :memory:', 'is a database in memory'],
    ['DATABASE_URL', 'sqlite::memory:?cache=shared', 'is a database in memory'],
    ['DATABASE_URL', 'sqlite:file::memory:?cache=shared', 'is a database in memory'],
    ['DATABASE_URL', 'sqlite:file:canary?mode=memory', 'is a database in memory'],
    ['DATABASE_URL', 'sqlite:file:canary?cache=shared&MODE=memory', 'is a database in memory'],
    ['DATABASE_URL', 'sqlite:///:memory:', 'is a database in memory'],
    ['DATABASE_URL', 'sqlite://', 'names no file'],
    ['DATABASE_URL', 'file::memory:', 'is a database in memory'],
    ['DATABASE_URL', ':memory:', 'is a database in memory'],
    ['DATABASE_URL', 'sqlite:file:canary.db', 'has file: after sqlite:'],
    ['DATABASE_URL', 'sqlite:canary.db?mode=rwc', 'has a ? in its path'],
    ['DATABASE_URL', 'sqlite://data/canary.db', 'has two slashes after sqlite:'],
    ['DATABASE_URL', 'sqlite:./canary/', 'names a folder'],
    ['DATABASE_URL', 'sqlite:.', 'names a folder'],
    ['DATABASE_URL', 'sqlite:~/canary.db', 'begins with ~'],
    ['DATABASE_URL', 'postgres://rekey:$'.concat('{CANARY}@db/rekey'), 'has a placeholder in it'],
    ['DATABASE_URL', './canary.db', 'has neither sqlite: nor postgres://'],
    ['DATABASE_URL', 'mysql://canary@host/db', 'is a URL of something other'],
    ['DATABASE_URL', 'postgres://rekey:can#ary@db/rekey', 'cannot be read as a URL'],
    ['DATABASE_URL', 'postgres://rekey:can/ary@db/rekey', 'cannot be read as a URL'],
    ['DATABASE_URL', 'postgres://rekey:canary@db/rekey#1', 'cannot be read as a URL'],
    ['DATABASE_URL', 'postgres://rekey:can%ary@db/rekey', 'has a % in it that encodes nothing'],
    ['DATABASE_URL', 'postgres://rekey:can%80ary@db/rekey', 'has a % in it that encodes nothing'],
    ['DATABASE_URL', 'postgres://rekey:canary@one:5432,two:5432/rekey', 'names several hosts'],
    ['DATABASE_URL', 'postgres://rekey:canary@db/rekey?sslmode=on', 'has an unknown sslmode'],
    ['DATABASE_URL', 'postgres://rekey:canary@db/rekey', 'leads to another machine without TLS'],
    [
      'DATABASE_URL',
      'postgres://rekey:canary@db/rekey?sslmode=require',
      'leads to another machine without TLS',
    ],
    [
      'DATABASE_URL',
      'postgresql://rekey:canary@10.0.0.7/rekey?ssl=true',
      'leads to another machine without TLS',
    ],
    [
      'DATABASE_URL',
      'postgres://rekey:canary@db/rekey?sslmode=verify-full&sslmode=disable',
      'has a parameter twice',
    ],
    [
      'DATABASE_URL',
      'postgres://rekey:canary@localhost/rekey?host=db',
      'leads to another machine without TLS',
    ],
    [
      'DATABASE_URL',
      'postgres://rekey:canary@localhost.example.com/rekey',
      'leads to another machine without TLS',
    ],
    [
      'DATABASE_URL',
      'postgres://rekey:canary@127.0.0.1.example.com/rekey',
      'leads to another machine without TLS',
    ],
    ['DATABASE_URL', 'postgres:///canary?host=/tmp&host=', 'has a parameter twice'],
    ['DATABASE_URL', 'postgres:///canary?host=/tmp&h%6Fst=db', 'has a parameter twice'],
    ['DATABASE_URL', 'postgres:///canary?host=localhost,db', 'names several hosts'],
    ['DATABASE_URL', 'postgres://rekey@can%80ary/rekey', 'has a % in it that encodes nothing'],
    ['REKEY_SECRET_KEY', Buffer.alloc(32, 255).toString('base64url'), 'is base64url'],
    ['REKEY_SECRET_KEY', Buffer.alloc(32, 7).toString('hex'), 'is 64 hexadecimal digits'],
    ['REKEY_SECRET_KEY', Buffer.alloc(31, 7).toString('base64'), 'holds 31 bytes where'],
    ['REKEY_SECRET_KEY', key.slice(0, -1), 'is not as base64 is written'],
    [
      'REKEY_SECRET_KEY',
      `${key.slice(0, 20)} ${key.slice(20)}`,
      'has characters in it that base64',
    ],
    ['REKEY_SECRET_KEYS_OLD', `${key},canary`, 'key 2 holds 4 bytes'],
    ['REKEY_SECRET_KEYS_OLD', `${key},`, 'key 2 is empty'],
    ['LOG_LEVEL', 'INFO', 'is no log level'],
    ['PORT', '70000', 'is no port'],
    ['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER', 'canary:4000', 'is no http or https URL'],
    ['HTTPS_PROXY', 'socks5://canary:1080', 'is a SOCKS proxy'],
    ['https_proxy', 'ftp://canary:1080', 'is no http or https URL'],
    ['HTTP_PROXY', 'http://rekey:can#ary@proxy:3128', 'cannot be read as a URL'],
    ['HTTP_PROXY', 'http://rekey:can%ary@proxy:3128', 'has a % in it that encodes nothing'],
    ['HTTPS_PROXY', '"http://canary:3128"', 'has quotes around it'],
    ['RECOVERY_PAGE_URL', 'http://canary.example.com/recover', 'is http, where everybody'],
    ['RECOVERY_PAGE_URL', 'https://canary.example.com', 'does not end in /recover'],
    ['RECOVERY_PAGE_URL', 'https://canary.example.com/recover?x', 'has a user, a query or a'],
    ['RECOVERY_PAGE_URL', 'canary.example.com/recover', 'is no http or https URL'],
    ['RECOVERY_PAGE_URL', 'https://canary.example.com/recover', 'is https, which Rekey does not'],
    ['RECOVERY_PAGE_PROXIES', '1', 'is a number, where Rekey takes addresses'],
    ['RECOVERY_PAGE_PROXIES', 'canary.example.com', 'entry 1 is no IP address and no network'],
    ['RECOVERY_PAGE_PROXIES', '127.0.0.1,', 'entry 2 is no IP address and no network'],
    ['RECOVERY_PAGE_PROXIES', '127.0.0.1,10.0.0.0/33', 'entry 2 is no IP address and no network'],
    ['RECOVERY_PAGE_PROXIES', '10.0.0.0/8/8', 'entry 1 is no IP address and no network'],
    ['RECOVERY_PAGE_PROXIES', '0.0.0.0/0', 'entry 1 is a network that is wider than'],
    ['RECOVERY_PAGE_PROXIES', '::/0', 'entry 1 is a network that is wider than'],
    ['RECOVERY_PAGE_PROXIES', '::ffff:0:0/96', 'entry 1 is a network that is wider than'],
    ['RECOVERY_PAGE_PROXIES', '0:0:0:0:0:ffff::/96', 'entry 1 is a network that is wider than'],
    ['RECOVERY_PAGE_PROXIES', '2000::/7', 'entry 1 is a network that is wider than'],
    ['RECOVERY_PAGE_PROXIES', '128.0.0.0/8', 'entry 1 is a network that is wider than'],
    ['HOST', 'canary.example.com', 'is no IP address'],
    ['HOST', 'localhost', 'is no IP address'],
    ['PAGE_PORT', 'canary', 'is no port'],
  ])('%s=%s', (name, value, problem) => {
    const faults = faultsOf({ [name]: value })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain(`${name}: ${problem}`)
    expect(faults[0]).toMatch(/\. Write [^.]/)
    expect(faults[0]).not.toMatch(/can.?ary/)
  })

  test('F9: a database on another machine needs TLS that checks its certificate, or a reason', () => {
    const remote = 'postgres://rekey:canary@db/rekey'
    expect(faultsOf({ DATABASE_URL: remote })[0]).toContain('DATABASE_UNENCRYPTED')
    for (const there of [`${remote}?sslmode=verify-full`, 'postgres://%2Frun%2Fpg/rekey'])
      expect(faultsOf({ DATABASE_URL: there })).toEqual([])
    const reason = 'Both are containers on one machine'
    expect(configOf({ DATABASE_URL: remote, DATABASE_UNENCRYPTED: reason })).toMatchObject({
      databaseUnencrypted: reason,
    })
    const [fault] = faultsOf({ DATABASE_URL: remote, DATABASE_UNENCRYPTED: 'true' })
    expect(fault).toContain('DATABASE_UNENCRYPTED: is no reason')
  })

  test('F6 one port for health and for the recovery page', () => {
    const page = { RECOVERY_PAGE_URL: 'http://localhost:3001/recover' }
    const port = 'another port, from 0 (any free one) to 65535'
    expect(faultsOf({ ...page, PORT: '4000', PAGE_PORT: '4000' })).toEqual([
      `PAGE_PORT: is the port of PORT, too. Write ${port}`,
    ])
    expect(faultsOf({ ...page, PORT: '3001' })).toEqual([
      `PORT: is the port of PAGE_PORT, too. Write ${port}`,
    ])
    expect(faultsOf({ ...page, PORT: '0', PAGE_PORT: '0' })).toEqual([])
    expect(faultsOf({ PORT: '3001' })).toEqual([])
  })

  test('F9: nothing is let past that makes Node take any certificate', () => {
    const all = { NODE_TLS_REJECT_UNAUTHORIZED: '0' }
    expect(faultsOf(all)).toEqual([expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED: is 0/)])
    expect(faultsOf({ NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toEqual([])
  })

  test('a new key is advised only where there is none', () => {
    expect(faultsOf({ REKEY_SECRET_KEY: undefined })[0]).toContain('npm run secret-key')
    for (const value of ['canary', `"${key}"`, `${key}${key}`, key.slice(1)]) {
      const [fault] = faultsOf({ REKEY_SECRET_KEY: value })
      expect(fault).not.toContain('npm run secret-key')
      expect(fault).toContain('Another key would not open what was sealed with it')
    }
  })

  test.each([
    ['REKEY_SECRET_KEY_OLD', 'REKEY_SECRET_KEYS_OLD'],
    ['REKEY_SECRET_KEYS', 'REKEY_SECRET_KEYS_OLD'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['database_url', 'DATABASE_URL'],
    ['RECOVERY_PAGE_URI', 'RECOVERY_PAGE_URL'],
    ['AWS_ACCESSKEY_ID', 'AWS_ACCESS_KEY_ID'],
  ])('%s, which nobody reads, where %s is meant', (name, meant) => {
    expect(faultsOf({ [name]: 'canary' })).toEqual([
      `${name}: is not read by Rekey, and ${meant} is not set. Write ${meant} if that is meant, or remove it`,
    ])
    expect(faultsOf({ [name]: '' })).toEqual([])
  })

  test('what others set beside Rekey is left alone', () => {
    const others = {
      REKEY_PORT: 'tcp://10.0.0.1:3000',
      REKEY_SERVICE_HOST: '10.0.0.1',
      REKEY_PORT_3000_TCP_ADDR: '10.0.0.1',
      REKEY_VERSION: '1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      all_proxy: 'http://proxy:3128',
      FTP_PROXY: 'http://proxy:3128',
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/rekey',
      HOME: '/root',
      PATH: '/bin',
    }
    expect(faultsOf(others)).toEqual([])
  })
})
