/**
 * A simulated Slack workspace on loopback. It speaks the Web API and Socket Mode to the real, unmodified Bolt, refuses what
 * Slack refuses, and lets tests and people act as anybody in it.
 */
import { once } from 'node:events'
import { Changes } from './changes.ts'
import { Faults } from './faults.ts'
import type { WorkspaceSeed } from './model.ts'
import { Person } from './person.ts'
import { answerResponse } from './response-answer.ts'
import { createSlackServer, newTicket, type Tickets } from './server.ts'
import { SocketMode } from './socket-mode.ts'
import { Transcript } from './transcript.ts'
import { answerCall } from './web-api/answer-call.ts'
import { Workspace } from './workspace.ts'

/** How to start. The seed and the scopes have to be given; what is not granted is refused. */
export interface SlackOptions {
  readonly seed: WorkspaceSeed
  /** A free one is taken if none is given. */
  readonly port?: number
  /** The clock for timestamps and lifetimes, of triggers for instance; the real one if not given. */
  readonly now?: () => Date
  /** The bot scopes the app was installed with. */
  readonly scopes: readonly string[]
  /** The events it subscribes to, such as `app_home_opened` or `message.groups`. */
  readonly botEvents?: readonly string[]
  readonly botToken?: string
  readonly appToken?: string
  /** How long the app has to acknowledge, in ms of real time; Slack's own 3000 if not given. */
  readonly ackDeadlineMs?: number
}

/** A running simulator: what the app connects with, and what a test acts through and looks at. */
export interface SlackSandbox {
  /** For `slackApiUrl`; ends in a slash. */
  readonly apiUrl: string
  readonly botToken: string
  readonly appToken: string
  readonly workspace: Workspace
  readonly faults: Faults
  readonly transcript: Transcript
  readonly sockets: SocketMode
  /** Somebody at their keyboard: everything a person can see and do. Throws for an unknown id. */
  person(userId: string): Person
  /** As `workspace.until`. */
  readonly until: Workspace['until']
  /** Ends all connections and frees the port. Stop the app first, or it tries to reconnect. */
  close(): Promise<void>
}

/** Starts listening on 127.0.0.1, without TLS. Rejects when the port is taken. Several can run at once. */
export async function startSlack(options: SlackOptions): Promise<SlackSandbox> {
  const { seed, now = () => new Date(), scopes, botEvents = [] } = options
  const { botToken = 'xoxb-sandbox-bot', appToken = 'xapp-1-sandbox-app' } = options
  const changes = new Changes()
  const transcript = new Transcript(() => changes.notify())
  const ackDeadlineMs = options.ackDeadlineMs ?? 3000
  const socketMode = new SocketMode({ appId: seed.app.id, now, ackDeadlineMs, transcript })
  const faults = new Faults(() => socketMode.kill())
  const workspace = new Workspace({ seed, now, scopes, botEvents, changes, socketMode, transcript })

  const tickets: Tickets = new Set()
  const openConnection = () => `ws://127.0.0.1:${port}/link/?ticket=${newTicket(tickets)}`
  const api = { botToken, appToken, workspace, openConnection }
  const server = createSlackServer(
    {
      now,
      faults,
      transcript,
      socketMode,
      scopes: () => workspace.scopes,
      webApi: (token, method, args) => answerCall(api, token, method, args),
      respond: (token, args) => answerResponse(workspace, token, args),
    },
    tickets,
  )
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Not listening on a port')
  const { port } = address
  workspace.responseUrls.base = `http://127.0.0.1:${port}`

  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    botToken,
    appToken,
    workspace,
    faults,
    transcript,
    sockets: socketMode,
    person: (userId) => new Person(workspace, userId),
    until: (look, timeoutMs) => workspace.until(look, timeoutMs),
    async close() {
      await socketMode.close()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
