import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { startWorld } from '../../sandbox/world/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'rekey-start-'))
afterAll(() => rmSync(folder, { recursive: true }))

const main = join(import.meta.dirname, '../..', 'src', 'main.ts')

describe('npm start without anything', () => {
  it('lists what is missing, points at the sandbox, and never pretends', () => {
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

describe('npm start while Slack has no time', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('ends at once when it is told to: %s', async (signal, code) => {
    const { slack, environment, close } = await startWorld()
    slack.faults.add({ method: 'auth.test', kind: 'rate-limit', retryAfterSeconds: 240 })
    const rekey = spawn(process.execPath, [main], {
      cwd: folder,
      env: { ...process.env, ...environment('sqlite:waiting.db') },
    })
    const ended = once(rekey, 'exit')
    let said = ''
    rekey.stdout.on('data', (line) => {
      said += line
      if (said.includes('"method":"auth.test","seconds":240')) rekey.kill(signal)
    })
    // As its own doing: the first process of a container would not even hear of a signal that it does not handle.
    expect(await ended).toEqual([code, null])
    await close()
  })
})
