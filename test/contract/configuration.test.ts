import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { audit } from '../../src/cli/audit.ts'

const folder = mkdtempSync(join(tmpdir(), 'rekey-configuration-'))
afterAll(() => rmSync(folder, { recursive: true }))

function run(program: string, args: readonly string[], env: Record<string, string>) {
  return spawnSync(
    process.execPath,
    [join(import.meta.dirname, '../..', 'src', program), ...args],
    {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...env },
      encoding: 'utf8',
    },
  )
}

describe('what is wrong with the configuration', () => {
  const env = {
    SLACK_BOT_TOKEN: 'xoxb-1-canary\n',
    SLACK_APP_TOKEN: '"xapp-1-canary"',
    AWS_ACCESS_KEY_ID: 'AKIDCANARY\n',
    AWS_SECRET_ACCESS_KEY: 'canary',
    DATABASE_URL: 'sqlite::memory:',
  }

  it.each([
    ['npm start', 'main.ts', []],
    ['npm run policy -- check', 'cli/policy.ts', ['check']],
  ])('is told whole, with where it stands, by %s', (_, program, args) => {
    writeFileSync(
      join(folder, '.env'),
      `\ufeffPORT=none\r\nREKEY_SECRET_KEY=can#ary\r\nDATABASE_URL=left#aside\r\n`,
      { mode: 0o600 },
    )
    const { status, stdout, stderr } = run(program, args, env)
    expect(status).toBe(1)
    const told = (stdout + stderr).split('\n').filter((line) => line.startsWith('- '))
    expect(told.map((line) => line.replace(/\. Write .*|\. Put .*|;.*/, ''))).toEqual([
      '- .env:2 REKEY_SECRET_KEY: is cut off at a #, where a comment begins',
      '- SLACK_APP_TOKEN: has quotes around it, which count as part of the value (Docker’s env files and Kubernetes keep them)',
      '- DATABASE_URL: is a database in memory, which forgets every request and the ledger when Rekey stops',
      '- .env:1 PORT: is no port',
      '- AWS_ACCESS_KEY_ID: ends in a line break',
      '- policy.yml: there is no such file',
    ])
    expect(stdout + stderr).not.toMatch(/canary|can#|secret-key/i)
  })

  it.each([
    [['key'], { REKEY_SECRET_KEY: '"canary"' }, /^REKEY_SECRET_KEY: has quotes around it/],
    [['verify'], { REKEY_SECRET_KEYS_OLD: 'canary' }, /^REKEY_SECRET_KEYS_OLD: key 1 holds 4/],
    [['export', '--database', 'sqlite:'], {}, /^--database: names no file/],
    [['export'], { DATABASE_URL: 'sqlite::memory:' }, /^DATABASE_URL: is a database in memory/],
  ])('is told by npm run audit -- %s, too', async (args, wrong, fault) => {
    const said: string[] = []
    expect(await audit(args, wrong, (line) => said.push(line))).toBe(2)
    expect(said).toEqual([expect.stringMatching(fault)])
    expect(said.join()).not.toContain('canary')
  })
})
