import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type HealthParts, serveHealth } from '../../../src/web/health.ts'
import type { WebServer } from '../../../src/web/server.ts'

let server: WebServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

const healthy: HealthParts = {
  host: '127.0.0.1',
  port: 0,
  storeReady: async () => {},
  policyInForce: async () => true,
  sharedChannels: () => [],
  turnedAway: () => [],
  auditBacklog: async () => ({ waiting: 3, isBehind: false }),
  jobsStuck: () => false,
  parkedJobs: async () => 1,
  refusalsCounted: () => 2,
  slackConnected: () => true,
  witnesses: async () => [],
  now: () => new Date(),
}

async function get(path: string, parts: Partial<HealthParts> = {}) {
  server = await serveHealth({ ...healthy, ...parts })
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`)
  return { status: response.status, text: await response.text() }
}

describe('health', () => {
  it('SO-07 says that nothing is carried out while the audit channel is behind', async () => {
    const auditBacklog = async () => ({ waiting: 51, isBehind: true })
    expect((await get('/readyz', { auditBacklog })).text).toContain('the audit channel is behind')
  })

  it('F5 says what no witness has signed for a day, and takes nobody out', async () => {
    const now = new Date('2026-11-22T12:00:00Z')
    const since = (ms: number) => ({ unsignedSince: new Date(now.getTime() - ms) })
    const dayMs = 24 * 60 * 60_000
    const witnesses = async () => [
      { witness: 'new.example', ...since(dayMs - 1) },
      { witness: 'old.example', signed: { size: 7, at: now }, ...since(dayMs) },
    ]
    const { status, text } = await get('/readyz', { witnesses, now: () => now })
    expect(status).toBe(200)
    expect(text).toMatch(
      /^ready\nthe witness old\.example has signed nothing that was written since 2026-11-21T12:00:00\.000Z/,
    )
    expect(text).not.toContain('new.example')
  })

  it('F5 has figures of how far each witness’s signatures go', async () => {
    const at = new Date(1_700_000_000_000)
    const witnesses = async () => [
      { witness: 'w.example', signed: { size: 7, at } },
      { witness: 'new.example' },
    ]
    const { text } = await get('/metrics', { witnesses })
    expect(text).toContain('rekey_witness_signed_entries{witness="w.example"} 7\n')
    expect(text).toContain('rekey_witness_signed_entries{witness="new.example"} 0\n')
    expect(text).toContain(
      'rekey_witness_signed_timestamp_seconds{witness="w.example"} 1700000000\n',
    )
  })

  it('F5 has the other figures where the database does not say what witnesses have signed', async () => {
    const witnesses = () => Promise.reject(new Error('away'))
    const { text } = await get('/metrics', { witnesses })
    expect(text).toContain('rekey_jobs_parked 1\n')
    expect(text).not.toContain('rekey_witness_signed_entries{')
  })

  it('says which variable names a port that is taken', async () => {
    await get('/livez')
    const port = server?.port ?? 0
    await expect(serveHealth({ ...healthy, port })).rejects.toThrow(
      `PORT: ${port} is taken by another program (EADDRINUSE). Stop that one, or write another port`,
    )
  })

  it.each(['/livez', '/readyz', '/metrics', '/else'])(
    '%s is text, and in no frame',
    async (path) => {
      server = await serveHealth(healthy)
      const { headers } = await fetch(`http://127.0.0.1:${server.port}${path}`)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    },
  )

  it('is alive whatever else is wrong', async () => {
    expect(await get('/livez', { slackConnected: () => false })).toMatchObject({ status: 200 })
  })

  it('is ready when Slack and the store are', async () => {
    expect(await get('/readyz')).toEqual({ status: 200, text: 'ready\n' })
  })

  it('says what is wrong when it is not ready', async () => {
    const storeReady = async () => {
      throw new Error('down')
    }
    expect(await get('/readyz', { storeReady, slackConnected: () => false })).toEqual({
      status: 503,
      text: 'no socket to Slack is open\nthe database takes nothing: it does not answer, is full, or can only be read\n',
    })
  })

  it('shows figures, and whether Slack is connected', async () => {
    const { text } = await get('/metrics')
    expect(text).toMatch(/^rekey_slack_connected 1$/m)
    expect(text).toMatch(/^rekey_audit_backlog 3$/m)
    expect(text).toMatch(/^rekey_jobs_parked 1$/m)
    expect(text).toMatch(/^rekey_refusals_only_counted 2$/m)
  })

  it('DB-01 shows what it can while the database is away, and goes on', async () => {
    const away = () => Promise.reject(new Error('down'))
    const parts = { auditBacklog: away, parkedJobs: away, policyInForce: away }
    expect((await get('/metrics', parts)).text).toMatch(/^rekey_slack_connected 1$/m)
    await server?.close()
    expect((await get('/readyz', parts)).text).toContain('the database takes nothing')
  })

  it('knows nothing else', async () => {
    expect((await get('/')).status).toBe(404)
    expect((await get('/recover')).status).toBe(404)
  })

  it('says which variable names an address that is not this machine’s', async () => {
    await expect(serveHealth({ ...healthy, host: '192.0.2.1' })).rejects.toThrow(
      'HOST: 192.0.2.1 is no address of this machine (EADDRNOTAVAIL)',
    )
  })
})

describe('F1 whoever reaches the port', () => {
  it('asks as often as they like, and the database is asked once', async () => {
    let asked = 0
    const count = async () => {
      asked += 1
    }
    const parts = {
      storeReady: count,
      parkedJobs: () => count().then(() => 1),
      rememberForMs: 60_000,
    }
    await get('/readyz', parts)
    const url = `http://127.0.0.1:${server?.port}`
    const answers = Array.from({ length: 200 }, (_, n) =>
      fetch(url + (n % 2 ? '/readyz' : '/metrics')),
    )
    for (const each of await Promise.all(answers)) expect(await each.text()).toMatch(/ready|rekey_/)
    expect(asked).toBe(2)
  })

  it('hears at once what is known without the database', async () => {
    let isConnected = true
    await get('/readyz', { slackConnected: () => isConnected, rememberForMs: 60_000 })
    isConnected = false
    const answer = await fetch(`http://127.0.0.1:${server?.port}/readyz`)
    expect(await answer.text()).toBe('no socket to Slack is open\n')
  })

  it('keeps nobody out by connections that say nothing: the oldest of them goes', async () => {
    await get('/livez')
    const port = server?.port ?? 0
    const open = async () => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined)
      await once(socket, 'connect')
      return socket
    }
    const silent: Socket[] = []
    for (let count = 0; count < 150; count += 1) silent.push(await open())
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200)
    await expect.poll(() => silent.filter(({ closed }) => !closed).length).toBeLessThan(100)
    expect(silent[0]?.closed).toBe(true)
    for (const socket of silent) socket.destroy()
  })

  it('is not read any further with a body, or another method', async () => {
    await get('/livez')
    for (const head of ['POST /livez', 'GET /livez']) {
      const socket = connect(server?.port ?? 0, '127.0.0.1').on('error', () => undefined)
      socket.write(`${head} HTTP/1.1\r\nHost: rekey\r\nContent-Length: 1000000\r\n\r\nx`)
      const chunks: Buffer[] = await Array.fromAsync(socket)
      expect(Buffer.concat(chunks).toString()).toMatch(
        /^HTTP\/1.1 (405|200) .*^connection: close/ims,
      )
    }
  })
})
