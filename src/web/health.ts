/** web/ is what Rekey shows by HTTP: whether it is alive and ready, its figures, and the recovery page. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { RecoveryPage } from './recovery-page/serve.ts'
import { text } from './text/text.ts'

export interface HealthParts {
  /** The port to listen on; 0 for any free one. */
  readonly port: number
  /** Rejects when the store can't be used. */
  readonly storeReady: () => Promise<void>
  readonly slackConnected: () => boolean
  /** Channels where nothing is said, since people from outside could read it. */
  readonly sharedChannels: () => readonly string[]
  /** The calls that AWS turns away for want of credentials or rights, each with the name of its error. */
  readonly turnedAway: () => readonly {
    readonly operation: string
    readonly error: string
    readonly why: string
    readonly isByAws: boolean
  }[]
  /** The audit posts that wait, and whether they are so many, or wait for so long, that nothing new is carried out. */
  readonly auditBacklog: () => Promise<{ readonly waiting: number; readonly isBehind: boolean }>
  /** How many jobs were set aside. */
  readonly parkedJobs: () => Promise<number>
  /** How many refusals were too many for the ledger. */
  readonly refusalsCounted: () => number
  /** Whether this Rekey's policy is the one in force on its database. */
  readonly policyInForce: () => Promise<boolean>
  /** Serves everything under `/recover`; absent while the page is off. */
  readonly recoveryPage?: RecoveryPage
}

export interface HealthServer {
  readonly port: number
  close(): Promise<void>
}

/** `/livez`: the process answers. `/readyz`: it can do its work, or says why not. `/metrics`: Prometheus. */
export async function serveHealth(parts: HealthParts): Promise<HealthServer> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        // Not known while the database is away; the other figures are.
        this.set(await Promise.try(read).catch(() => Number.NaN))
      },
    })
  gauge('rekey_slack_connected', '1 while at least one socket to Slack is open', () =>
    parts.slackConnected() ? 1 : 0,
  )
  gauge(
    'rekey_audit_backlog',
    'audit posts that wait',
    async () => (await parts.auditBacklog()).waiting,
  )
  gauge(
    'rekey_jobs_parked',
    'jobs that were set aside since they can never succeed',
    parts.parkedJobs,
  )
  gauge(
    'rekey_refusals_only_counted',
    'refusals since the start that the ledger does not have, because their person had met so many within an hour',
    parts.refusalsCounted,
  )

  const server = createServer(serverTimeouts, async (request, response) => {
    if (parts.recoveryPage && isRecovery(request.url ?? '')) {
      parts.recoveryPage(request, response)
      return
    }
    const { status, type, body } = await answer(request.url ?? '')
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(whyNotServed(error, parts.port)))
    server.listen(parts.port, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        // An owner whose new password is on its way should still hear what became of it.
        const patience = setTimeout(() => server.closeAllConnections(), answersWithinMs)
        server.close((error) => {
          clearTimeout(patience)
          if (error) reject(error)
          else resolve()
        })
        server.closeIdleConnections()
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

function whyNotServed(error: Error, port: number): Error {
  const code = 'code' in error ? error.code : undefined
  const { taken, forbidden } = text.noPort
  if (code === 'EADDRINUSE') return new Error(taken(port, code), { cause: error })
  return code === 'EACCES' ? new Error(forbidden(port, code), { cause: error }) : error
}

const answersWithinMs = 5_000

// Everything that anybody sends here is small. Whoever takes longer wants to keep us waiting.
const serverTimeouts = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 1_000,
}

// A proxy may serve the page below a path of its own.
function isRecovery(url: string): boolean {
  return /^[^?]*\/recover(?:[/?]|$)/.test(url)
}

async function faultsNow(parts: HealthParts): Promise<string[]> {
  const faults: string[] = []
  if (!parts.slackConnected()) faults.push(text.unready.noSocket)
  for (const channel of parts.sharedChannels()) faults.push(text.unready.sharedChannel(channel))
  for (const { operation, error, why, isByAws } of parts.turnedAway()) {
    const { turnedAway, notCalled } = text.unready
    faults.push((isByAws ? turnedAway : notCalled)(operation, error, why))
  }
  try {
    await parts.storeReady()
    if (!(await parts.policyInForce())) faults.push(text.unready.outdatedPolicy)
    if ((await parts.auditBacklog()).isBehind) faults.push(text.unready.auditBehind)
  } catch {
    faults.push(text.unready.noDatabase)
  }
  return faults
}

function plain(status: number, text: string) {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` }
}
