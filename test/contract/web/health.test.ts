import { afterEach, describe, expect, it } from 'vitest'
import { type HealthParts, type HealthServer, serveHealth } from '../../../src/web/health.ts'

let server: HealthServer | undefined
afterEach(() => server?.close())

const healthy: HealthParts = {
  port: 0,
  storeReady: async () => {},
  policyInForce: async () => true,
  sharedChannels: () => [],
  turnedAway: () => [],
  auditBacklog: async () => ({ waiting: 3, isBehind: false }),
  parkedJobs: async () => 1,
  refusalsCounted: () => 2,
  slackConnected: () => true,
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

  it('says which variable names a port that is taken', async () => {
    await get('/livez')
    const port = server?.port ?? 0
    await expect(serveHealth({ ...healthy, port })).rejects.toThrow(
      `PORT: ${port} is taken by another program (EADDRINUSE). Stop that one, or write another port`,
    )
  })

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
  })
})
