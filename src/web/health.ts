/** web/ is what Rekey shows by HTTP: whether it is alive and ready, and its figures. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

export interface HealthParts {
  /** The port to listen on; 0 for any free one. */
  readonly port: number
  /** Rejects when the store can't be used. */
  readonly storeReady: () => Promise<void>
  readonly slackConnected: () => boolean
}

export interface HealthServer {
  readonly port: number
  close(): Promise<void>
}

/** `/livez`: the process answers. `/readyz`: it can do its work, or says why not. `/metrics`: Prometheus. */
export async function serveHealth(parts: HealthParts): Promise<HealthServer> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  new Gauge({
    name: 'rekey_slack_connected',
    help: '1 while at least one socket to Slack is open',
    registers: [registry],
    collect() {
      this.set(parts.slackConnected() ? 1 : 0)
    },
  })

  const server = createServer(async (request, response) => {
    const { status, type, body } = await answer(request.url ?? '')
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(parts.port, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }

  async function answer(path: string) {
    switch (path) {
      case '/livez':
        return plain(200, 'alive')
      case '/readyz': {
        const faults = await faultsNow(parts)
        return faults.length === 0 ? plain(200, 'ready') : plain(503, faults.join('\n'))
      }
      case '/metrics':
        return { status: 200, type: registry.contentType, body: await registry.metrics() }
      default:
        return plain(404, 'not found')
    }
  }
}

async function faultsNow(parts: HealthParts): Promise<string[]> {
  const faults: string[] = []
  if (!parts.slackConnected()) faults.push('no socket to Slack is open')
  await parts.storeReady().catch(() => faults.push('the database does not answer'))
  return faults
}

function plain(status: number, text: string) {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` }
}
