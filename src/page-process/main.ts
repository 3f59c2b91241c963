/**
 * The recovery page's own process, started by `supervisor.ts`. It knows what it is told over its channel: no token of
 * Slack's, no database, not the operator's key. When the channel closes, whatever became of Rekey, it ends.
 */

import { constants, setPriority } from 'node:os'
import process from 'node:process'
import { CognitoAccounts } from '../cognito/accounts.ts'
import type { PasswordRules } from '../recovery/ports/owner-recovery.ts'
import { Secret } from '../secret.ts'
import { serveRecoveryPage } from '../web/recovery-page/serve.ts'
import { remembered } from '../web/remembered.ts'
import type { WebServer } from '../web/server.ts'
import { Channel } from './channel.ts'
import { type Serve, type Served, type ToPage, toPage } from './messages.ts'

// Rekey's own process goes first, wherever there are fewer cores than work.
try {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
} catch {
  // Where the system does not let us, it is as it is.
}

const untilToldMs = 100

const channel = new Channel()
let accounts: CognitoAccounts | undefined
let server: Promise<WebServer> | undefined

// They reach the whole group of a terminal or a unit: Rekey hears them, and says when it is time.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.once('disconnect', end)
// Left to itself, Node would print the error with all it carries.
process.on('uncaughtException', (error) => {
  channel.log.error({ err: error }, 'the recovery page ends, since nobody has caught an error')
  setTimeout(() => process.exit(1), untilToldMs)
})
process.on('message', (message) => hear(toPage.parse(message)))

function hear(message: ToPage): void {
  switch (message.kind) {
    case 'serve':
      server = serve(message)
      server.then(
        ({ port }) => channel.tell({ kind: 'listening', port }),
        (error: unknown) => channel.tell({ kind: 'not-listening', why: messageOf(error) }),
      )
      break
    case 'policy':
      accounts?.serve(poolsOf(message.served), secretsOf(message.served))
      rulesByPool.clear()
      break
    case 'counted':
      channel.answer(message.id, message.isTaken)
      break
    case 'rules':
      channel.answer(message.id, message.rules)
      break
    case 'ping':
      channel.tell({ kind: 'pong' })
      break
    case 'stop':
      end()
  }
}

async function serve({ host, port, page, keys, served, proxy }: Serve): Promise<WebServer> {
  accounts = new CognitoAccounts({
    pools: poolsOf(served),
    clientSecrets: secretsOf(served),
    ...(proxy && {
      proxy: {
        none: proxy.none,
        ...(proxy.https !== undefined && { https: new Secret(proxy.https) }),
        ...(proxy.http !== undefined && { http: new Secret(proxy.http) }),
      },
    }),
  })
  const parts = {
    page,
    owners: accounts.ownerRecovery(rulesOf),
    rateLimiter: {
      take: (key: string, most: number, windowMs: number) => channel.count({ key, most, windowMs }),
    },
    keys: { forms: Buffer.from(keys.forms, 'base64'), limits: Buffer.from(keys.limits, 'base64') },
    log: channel.log,
    now: () => new Date(),
  }
  return await serveRecoveryPage(parts, { host, port })
}

const poolsOf = ({ pools }: Served) => pools

const secretsOf = ({ clientSecrets }: Served) =>
  new Map(Object.entries(clientSecrets).map(([pool, secret]) => [pool, new Secret(secret)]))

// Rekey reads the pools' settings for itself, with its credentials: this process needs none.
const rulesByPool = new Map<string, () => Promise<PasswordRules | undefined>>()
const rulesForMs = 60_000

function rulesOf(pool: string): Promise<PasswordRules | undefined> {
  const known = rulesByPool.get(pool) ?? remembered(() => channel.rules(pool), rulesForMs)
  rulesByPool.set(pool, known)
  return known()
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Takes nothing new at once, so that the port is free for whoever comes next, and finishes what is under way. */
function end(): void {
  const closed = server?.then((each) => each.close()) ?? Promise.resolve()
  closed.then(
    () => process.exit(0),
    () => process.exit(1),
  )
}
