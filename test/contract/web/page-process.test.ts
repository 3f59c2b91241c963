/** The recovery page's process as Rekey has it: started, asked, killed, frozen, ended. */

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { kill, platform } from 'node:process'
import { Writable } from 'node:stream'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { secretClient } from '../../../sandbox/world/user-pool-seed.ts'
import { createLog } from '../../../src/log.ts'
import {
  type PageProcess,
  type PageProcessParts,
  startPageProcess,
} from '../../../src/page-process/supervisor.ts'
import type { RateLimiter } from '../../../src/recovery/ports/rate-limiter.ts'
import { listen } from '../../../src/web/server.ts'
import { customers, openWire, type Wire } from '../../support/cognito/wire.ts'
import { generous } from '../../support/recovery-page/house.ts'
import { Visitor } from '../../support/recovery-page/visitor.ts'

const jane = 'jane@example.com'
const fresh = 'A-brand-new-1-password'

let wire: Wire
let page: PageProcess | undefined
let lines: string[]
beforeEach(async () => {
  lines = []
  wire = await openWire({ seed: generous, pools: [customers] })
  vi.stubEnv('AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER', wire.cognito.url)
  vi.stubEnv('REKEY_SECRET_KEY', 'canary')
  vi.stubEnv('SLACK_BOT_TOKEN', 'canary')
})
afterEach(async () => {
  await page?.close()
  page = undefined
  await wire.close()
  vi.unstubAllEnvs()
})

const everything: RateLimiter = { take: async () => true }

const { userPoolId, region } = customers

async function start(parts: Partial<PageProcessParts> = {}, port = 0): Promise<PageProcess> {
  const out = new Writable({
    write(line: Buffer, _encoding, written) {
      lines.push(line.toString('utf8'))
      written()
    },
  })
  page = await startPageProcess({
    setup: {
      kind: 'serve',
      host: '127.0.0.1',
      port,
      // Its port is known when it is served; forms are compared with the page's origin, where a browser tells it.
      page: { url: 'http://127.0.0.1/recover', proxies: [] },
      keys: { forms: key(1), limits: key(2) },
      served: {
        pools: [{ name: 'customers', userPoolId, region, client: { id: secretClient.id } }],
        clientSecrets: { customers: secretClient.secret },
      },
    },
    rateLimiter: everything,
    rules: (pool) => wire.accounts.ownerRecovery().rules(pool),
    log: createLog('info', out),
    now: () => new Date(),
    ...parts,
  })
  return page
}

const partners = {
  pools: [{ name: 'partners', userPoolId, region, client: { id: secretClient.id } }],
  clientSecrets: { partners: secretClient.secret },
}

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64')
const url = () => `http://127.0.0.1:${page?.port}/recover`
const isServed = () =>
  fetch(url()).then(
    ({ status }) => status === 200,
    () => false,
  )
const isAlive = (pid = 0) => {
  try {
    return kill(pid, 0)
  } catch {
    return false
  }
}

async function visit(): Promise<Visitor> {
  const visitor = new Visitor(url())
  await visitor.open()
  return visitor
}

it('an owner gets a code and sets a new password, with a client that has a secret', async () => {
  await start()
  const owner = await visit()
  expect((await owner.press('send', { username: jane })).html).toContain('8 characters or more')
  await expect.poll(() => wire.cognito.mailbox.to(jane)).toHaveLength(1)
  const code = wire.cognito.mailbox.to(jane).at(-1)?.code ?? ''
  const done = await owner.press('change', { username: jane, code, password: fresh })
  expect(done.html).toContain('Your password has been changed')
  await expect.poll(() => lines.join('')).toContain('an owner has set a new password')
  expect(lines.join('')).not.toMatch(/jane|A-brand|127\.0\.0\.1/)
})

it.runIf(platform === 'linux')('F1 its process has no secret in its environment', async () => {
  const { pid } = await start()
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
  expect(environment).toContain('AWS_ENDPOINT_URL_COGNITO')
  expect(environment).not.toMatch(/canary|AWS_ACCESS|AWS_SECRET|SLACK|REKEY/)
  expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(key(1))
})

it('F1 what is used up is asked for once a minute, however often it is tried', async () => {
  let asked = 0
  const rateLimiter = {
    take: async () => {
      asked += 1
      return false
    },
  }
  await start({ rateLimiter })
  const owner = await visit()
  for (let tries = 0; tries < 50; tries += 1) {
    expect((await owner.press('send', { username: jane })).status).toBe(429)
  }
  expect(asked).toBeLessThan(3)
  expect(wire.operations()).not.toContain('ForgotPassword')
})

it('serves the pools of the policy that is in force', async () => {
  const running = await start()
  running.serve(partners)
  await expect.poll(async () => (await fetch(`${url()}/partners`)).status).toBe(200)
  expect((await fetch(`${url()}/customers`)).status).toBe(404)
})

it('F1 is there again when it was killed, where it was before, with the policy in force', async () => {
  const running = await start()
  const [{ port }, killed] = [running, running.pid]
  running.serve(partners)
  kill(killed ?? 0, 'SIGKILL')
  await expect.poll(() => running.isUp).toBe(false)
  await expect.poll(() => running.isUp).toBe(true)
  expect(running.port).toBe(port)
  expect(running.pid).not.toBe(killed)
  expect(await isServed()).toBe(true)
  expect((await fetch(`${url()}/customers`)).status).toBe(404)
  expect(lines.join('')).toContain('the recovery page has ended, and is started again')
})

it('F1 is there again at once, however often it was ended', async () => {
  const running = await start()
  for (let times = 0; times < 2; times += 1) {
    const { pid = 0 } = running
    kill(pid, 'SIGABRT')
    await expect.poll(() => running.isUp && running.pid !== pid).toBe(true)
  }
  const waits = lines.flatMap((line) => /"inMs":(\d+)/.exec(line)?.[1] ?? [])
  expect(waits).toHaveLength(2)
  for (const wait of waits) expect(Number(wait)).toBeLessThanOrEqual(2_000)
})

it('F1 lives through requests one behind the other without waiting for an answer', async () => {
  const running = await start()
  const { pid, port } = running
  const one = 'GET /recover HTTP/1.1\r\nHost:\r\n\r\n'
  const burst = one.repeat(Math.floor(65_536 / one.length))
  const send = async () => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    socket.resume().write(burst)
    await once(socket, 'close')
  }
  await Promise.all(Array.from({ length: 40 }, send))
  expect(await isServed()).toBe(true)
  expect(running.pid).toBe(pid)
})

it.skipIf(platform === 'win32')('F1 is there again when it has hung', async () => {
  const running = await start({ pingEveryMs: 200, silentForMs: 3_000 })
  const { pid } = running
  kill(pid ?? 0, 'SIGSTOP')
  await expect.poll(() => running.isUp && running.pid !== pid).toBe(true)
  await expect.poll(isServed).toBe(true)
})

it('waits for its port for a moment, and says whose it is then', async () => {
  const other = await listen({
    host: '127.0.0.1',
    port: 0,
    portName: 'PAGE_PORT',
    connections: 1,
    answer: (_, response) => response.end(),
  })
  await expect(start({}, other.port)).rejects.toThrow(
    `PAGE_PORT: ${other.port} is taken by another program (EADDRINUSE)`,
  )
  await other.close()
})

it('ends when it is told to, and takes nothing more', async () => {
  const running = await start()
  const { pid } = running
  await running.close()
  expect(isAlive(pid)).toBe(false)
  expect(await isServed()).toBe(false)
})
