/** web/ is what Rekey shows by HTTP: whether it is alive and ready, its figures, and the recovery page. */

import type { IncomingMessage } from 'node:http'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { DatabaseAltered } from '../recovery/ports/altered.ts'
import type { Coverage } from '../recovery/ports/ledger.ts'
import { remembered } from './remembered.ts'
import { listen, type WebServer } from './server.ts'
import { text } from './text/text.ts'

export interface HealthParts {
  /** The address to listen on. */
  readonly host: string
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
  /** Whether no job could be looked for lately. */
  readonly jobsStuck: () => boolean
  /** How many jobs were set aside. */
  readonly parkedJobs: () => Promise<number>
  /** How many refusals were too many for the ledger. */
  readonly refusalsCounted: () => number
  /** Whether this Rekey's policy is the one in force on its database. */
  readonly policyInForce: () => Promise<boolean>
  /** How far what each witness has signed goes. */
  readonly witnesses: () => Promise<readonly Coverage[]>
  readonly now: () => Date
  /** Whether the recovery page is served; absent while it is off. */
  readonly pageServed?: () => boolean
  /** How old an answer of the database may be that is shown, in milliseconds. */
  readonly rememberForMs?: number
}

// Whoever may reach the port may ask as often as they like: the database is asked no more often than this.
const usualRememberForMs = 5_000

// Probes and a collector of figures need a few.
const connections = 100

/** `/livez`: the process answers. `/readyz`: it can do its work, or says why not. `/metrics`: Prometheus. */
export function serveHealth(parts: HealthParts): Promise<WebServer> {
  const { host, port, rememberForMs = usualRememberForMs } = parts
  const registry = figuresOf(parts)
  const figures = remembered(() => registry.metrics(), rememberForMs)
  const storeState = remembered(() => storeStateNow(parts), rememberForMs)
  return listen({
    host,
    port,
    portName: 'PORT',
    connections,
    answer: (request, response) => {
      answer(request).then(
        ({ status, type, body }) => {
          response.writeHead(status, { ...always, 'content-type': type }).end(body)
        },
        () => response.destroy(),
      )
    },
  })

  async function answer({ method, url = '' }: IncomingMessage): Promise<Answer> {
    if (method !== 'GET' && method !== 'HEAD') return plain(405, 'only GET')
    switch (url) {
      case '/livez':
        return plain(200, 'alive')
      case '/readyz': {
        const { faults, warnings } = await storeState()
        const all = [...faultsNow(parts), ...faults]
        // What holds nothing up takes nobody out either.
        return all.length === 0
          ? plain(200, ['ready', ...warnings].join('\n'))
          : plain(503, [...all, ...warnings].join('\n'))
      }
      case '/metrics':
        return { status: 200, type: registry.contentType, body: await figures() }
      default:
        return plain(404, 'not found')
    }
  }
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

function figuresOf(parts: HealthParts): Registry {
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
  witnessGauges(parts, registry)
  const { pageServed } = parts
  if (pageServed !== undefined)
    gauge('rekey_recovery_page_served', '1 while the recovery page is served', () =>
      pageServed() ? 1 : 0,
    )
  return registry
}

/** None is there while no witness is named, or the database is away. */
function witnessGauges({ witnesses }: HealthParts, registry: Registry): void {
  const gauge = (name: string, help: string, read: (signed: Coverage['signed']) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['witness'],
      registers: [registry],
      async collect() {
        this.reset()
        const all = await witnesses().catch(() => [])
        for (const { witness, signed } of all) this.set({ witness }, read(signed))
      },
    })
  gauge(
    'rekey_witness_signed_entries',
    'how many entries the newest checkpoint has that this witness has signed; 0 for none',
    (signed) => signed?.size ?? 0,
  )
  gauge(
    'rekey_witness_signed_timestamp_seconds',
    'when this witness signed that checkpoint first, by its clock, in seconds since 1970; 0 for never',
    (signed) => (signed?.at.getTime() ?? 0) / 1_000,
  )
}

// What is text stays text, and stands in no frame.
const always = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

/** What is known without asking anybody. */
function faultsNow(parts: HealthParts): string[] {
  const { noSocket, jobsStuck, sharedChannel, turnedAway, notCalled } = text.unready
  return [
    ...(parts.slackConnected() ? [] : [noSocket]),
    ...(parts.jobsStuck() ? [jobsStuck] : []),
    ...parts.sharedChannels().map(sharedChannel),
    ...parts
      .turnedAway()
      .map(({ operation, error, why, isByAws }) =>
        (isByAws ? turnedAway : notCalled)(operation, error, why),
      ),
  ]
}

interface StoreState {
  /** Why nothing, or nothing new, is done. */
  readonly faults: readonly string[]
  /** What somebody should look at, and what holds nothing up. */
  readonly warnings: readonly string[]
}

async function storeStateNow(parts: HealthParts): Promise<StoreState> {
  try {
    await parts.storeReady()
    const isInForce = await parts.policyInForce()
    const { isBehind } = await parts.auditBacklog()
    const faults = [
      ...(isInForce ? [] : [text.unready.outdatedPolicy]),
      ...(isBehind ? [text.unready.auditBehind] : []),
    ]
    return { faults, warnings: unwitnessed(await parts.witnesses(), parts.now()) }
  } catch (error) {
    const isAltered = error instanceof DatabaseAltered
    return { faults: [isAltered ? text.unready.altered : text.unready.noDatabase], warnings: [] }
  }
}

const dayMs = 24 * 60 * 60_000

function unwitnessed(witnesses: readonly Coverage[], now: Date): string[] {
  return witnesses.flatMap(({ witness, unsignedSince }) =>
    unsignedSince !== undefined && now.getTime() - unsignedSince.getTime() >= dayMs
      ? [text.ready.unwitnessed(witness, unsignedSince)]
      : [],
  )
}

function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` }
}
