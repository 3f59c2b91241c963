import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { startWorld } from '../../sandbox/world/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'rekey-start-'))
afterAll(() => rmSync(folder, { recursive: true }))

const src = join(import.meta.dirname, '../..', 'src')
const main = join(src, 'main.ts')

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

// Windows has no such rights.
describe.skipIf(process.platform === 'win32')('a .env of which others may', () => {
  const other = mkdtempSync(join(tmpdir(), 'rekey-rights-'))
  afterAll(() => rmSync(other, { recursive: true }))
  const written = (mode: number, lines: readonly string[] = ['PORT=0']) => {
    writeFileSync(join(other, '.env'), `${lines.join('\n')}\n`)
    chmodSync(join(other, '.env'), mode)
  }
  const begin = (program: string, ...args: readonly string[]) =>
    spawn(process.execPath, [join(src, program), ...args], {
      cwd: other,
      env: { PATH: process.env['PATH'] },
    })

  it.each([0o602, 0o666])('F9 T17 write keeps Rekey from starting: %o', (mode) => {
    written(mode)
    const { status, stderr } = spawnSync(process.execPath, [main], {
      cwd: other,
      env: { PATH: process.env['PATH'] },
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^- \.env: can be written to by other users .* chmod 600 \.env$/m)
  })

  it('F9 T17 read is told at the start and by npm run policy -- check, and one that is its user’s is not', async () => {
    const { environment, close } = await startWorld()
    const lines = Object.entries(environment('sqlite:rekey.db')).map((set) => set.join('='))
    const warning = '.env: can be read by other users of this machine. Run: chmod 600 .env'
    for (const [mode, isTold] of [
      [0o640, true],
      [0o664, true],
      [0o604, true],
      [0o600, false],
    ] as const) {
      written(mode, lines)
      const rekey = begin('main.ts')
      const ended = once(rekey, 'exit')
      let said = ''
      rekey.stdout.on('data', (line) => {
        said += line
        if (said.includes('Rekey is running')) rekey.kill('SIGTERM')
      })
      await ended
      expect(said.includes(warning)).toBe(isTold)
    }
    written(0o644, lines)
    const check = begin('cli/policy.ts', 'check')
    const told = await Array.fromAsync(check.stdout.setEncoding('utf8'))
    expect(told.join('')).toContain(warning)
    // Only root can give a file away.
    const isRoot = process.getuid?.() === 0
    written(0o600, lines)
    if (isRoot) chownSync(join(other, '.env'), 4_321, 4_321)
    const owned = await Array.fromAsync(begin('cli/policy.ts', 'check').stdout.setEncoding('utf8'))
    expect(owned.join('').includes('belongs to another user of this machine (4321)')).toBe(isRoot)
    await close()
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
