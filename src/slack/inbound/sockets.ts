/** The sockets that Slack delivers through, and how long an operator waits to hear that none opens. */

import { type App, type Receiver, SocketModeReceiver } from '@slack/bolt'
import type { Logger } from 'pino'
import { type SlackAccess, where } from '../api/client.ts'
import { slackLogger } from '../api/logger.ts'
import { dispatcherVia } from '../api/proxy.ts'
import { Socket } from './socket.ts'

const connectWithinMs = 60_000

// Slack closes a socket every few hours. A second one carries what arrives until it is open again.
const socketCount = 2

export class Sockets implements Receiver {
  readonly #receivers: readonly SocketModeReceiver[]
  readonly #sockets: readonly Socket[]

  constructor(access: SlackAccess, log: Logger) {
    this.#receivers = Array.from({ length: socketCount }, () => receiver(access, log))
    this.#sockets = this.#receivers.map((each) => new Socket(each, log))
  }

  /** Bolt says here which app it is that everything goes to, whichever socket it arrives at. */
  init(app: App): void {
    for (const each of this.#receivers) each.init(app)
  }

  /** Resolves once Slack can deliver. @throws where it can't within a minute, or says no to begin with */
  async start(): Promise<void> {
    await inTime(Promise.all(this.#sockets.map((socket) => socket.start())))
  }

  async stop(): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => socket.stop()))
  }

  get isOpen(): boolean {
    return this.#sockets.some(({ isOpen }) => isOpen)
  }
}

/**
 * A receiver with a retry policy of its own. Left to itself Bolt shares one policy between the
 * socket and the listeners' calls, and one of the two gets the wrong one: either a click is
 * retried for hours, or the socket never comes back after an outage.
 */
function receiver(access: SlackAccess, log: Logger): SocketModeReceiver {
  const dispatcher = dispatcherVia(access)
  return new SocketModeReceiver({
    appToken: access.appToken.reveal(),
    logger: slackLogger(log),
    autoReconnectEnabled: false,
    ...(dispatcher !== undefined && { dispatcher }),
    installerOptions: {
      clientOptions: {
        ...where(access),
        retryConfig: { forever: true, minTimeout: 1_000, maxTimeout: 30_000, randomize: true },
      },
    },
  })
}

/** Slack's client goes on trying for as long as Slack can't be reached; an operator should hear of it. */
async function inTime(connecting: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () =>
      late.reject(
        new Error(
          'Slack opens no socket: check that wss-primary.slack.com can be reached, by WebSocket and through the proxy if there is one, and SLACK_APP_TOKEN with its scope connections:write',
        ),
      ),
    connectWithinMs,
  )
  await Promise.race([connecting, late.promise]).finally(() => clearTimeout(timer))
}
