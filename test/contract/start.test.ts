import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'rekey-start-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('npm start without anything', () => {
  it('lists what is missing, points at the sandbox, and never pretends', () => {
    const main = join(import.meta.dirname, '../..', 'src', 'main.ts')
    const { status, stdout, stderr } = spawnSync(process.execPath, [main], {
      cwd: folder,
      env: { PATH: process.env['PATH'], POLICY_FILE: 'missing.yml' },
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    expect(stdout).toBe('')
    for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'REKEY_SECRET_KEY', 'missing.yml']) {
      expect(stderr).toContain(name)
    }
    expect(stderr).toContain('npm run sandbox')
  })
})
