/**
 * slack/ is the only room that talks to Slack: what people do comes in here, and what is stored is
 * shown from here.
 */

import { App, SocketModeReceiver } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Directory } from '../recovery/ports/directory.ts'
import type { Posts } from '../recovery/ports/posts.ts'
import type { Desk } from '../recovery/services/context.ts'
import { askOnce, type SlackAccess, webClient, where } from './api/client.ts'
import { readFailure } from './api/errors.ts'
import { slackLogger } from './api/logger.ts'
import type { ChannelWatch } from './directory/shared-channels.ts'
import { markArrival } from './inbound/ack-budget.ts'
import { guard } from './inbound/guard.ts'
import { Socket } from './inbound/socket.ts'
import { register } from './register.ts'

export interface SlackIdentity {
  readonly appId: string
  readonly teamId: string
}

export interface Connection {
  /** Connects, and resolves once Slack can deliver. */
  start(): Promise<void>
  /** Disconnects; what is being dealt with is finished first. */
  stop(): Promise<void>
  isConnected(): boolean
}

// A window has to open within three seconds of the click, so an answer after that is no use.
const interactionTimeoutMs = 3_000

// Slack closes a socket every few hours. A second one carries what arrives until it is open again.
const socketCount = 2

const connectWithinMs = 60_000

/** Which app and workspace the tokens are for. */
export async function identify(access: SlackAccess, log: Logger): Promise<SlackIdentity> {
  const appId = /^xapp-\d+-(A[A-Z0-9]+)-/.exec(access.appToken.reveal())?.[1]
  if (appId === undefined) throw new Error('SLACK_APP_TOKEN does not name its app: copy it whole')
  const teamId = await teamOf(access, log)
  if (teamId === undefined)
    throw new Error('Slack does not say which workspace the bot token is for')
  return { appId, teamId }
}

async function teamOf(access: SlackAccess, log: Logger): Promise<string | undefined> {
  try {
    return (await webClient(access, 10_000, slackLogger(log)).auth.test()).team_id
  } catch (error) {
    const failure = readFailure(error)
    const why = failure.kind === 'slow-down' ? 'ratelimited' : failure.error
    throw new Error(`Slack does not accept SLACK_BOT_TOKEN, or can't be reached (${why})`, {
      cause: error,
    })
  }
}

/** Connects the desk to the people. */
export async function connect(
  access: SlackAccess,
  home: SlackIdentity,
  desk: Desk,
  directory: Directory,
  posts: Posts,
  channels: ChannelWatch,
  log: Logger,
): Promise<Connection> {
  const logger = slackLogger(log)
  const receivers = Array.from({ length: socketCount }, () => receiver(access, logger))
  const [first, ...others] = receivers
  if (first === undefined) throw new Error('there has to be a socket')
  const app = new App({
    token: access.botToken.reveal(),
    receiver: first,
    clientOptions: askOnce(access, interactionTimeoutMs, logger),
    logger,
    convoStore: false,
    deferInitialization: true,
  })
  for (const other of others) other.init(app)
  const sockets = receivers.map((each) => new Socket(each, log))

  let underWay = 0
  app.use(async ({ context, next }) => {
    markArrival(context)
    underWay++
    try {
      await next()
    } finally {
      underWay--
    }
  })
  app.use(guard({ home, desk, directory, channels, log }))
  app.error(async (error) => log.error({ err: error }, 'a listener failed'))
  register(app, desk, posts, log)
  await app.init()

  return {
    start: () => inTime(Promise.all(sockets.map((socket) => socket.start()))),
    stop: async () => {
      // Bolt stops without waiting for its listeners, and cuts off those that still have to answer:
      // they get the three seconds that Slack would give them.
      const end = performance.now() + 3_000
      while (underWay > 0 && performance.now() < end) await pause()
      await Promise.all(sockets.map((socket) => socket.stop()))
      while (underWay > 0) await pause()
    },
    isConnected: () => sockets.some(({ isOpen }) => isOpen),
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20))
}

/** Slack's client goes on trying for as long as Slack can't be reached; an operator should hear of it. */
async function inTime(connecting: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () =>
      late.reject(
        new Error('Slack opens no socket: check SLACK_APP_TOKEN and its scope connections:write'),
      ),
    connectWithinMs,
  )
  await Promise.race([connecting, late.promise]).finally(() => clearTimeout(timer))
}

/**
 * A socket with a retry policy of its own. Left to itself Bolt shares one policy between the
 * socket and the listeners' calls, and one of the two gets the wrong one: either a click is
 * retried for hours, or the socket never comes back after an outage.
 */
function receiver(access: SlackAccess, logger: ReturnType<typeof slackLogger>): SocketModeReceiver {
  return new SocketModeReceiver({
    appToken: access.appToken.reveal(),
    logger,
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: {
        ...where(access),
        retryConfig: { forever: true, minTimeout: 1_000, maxTimeout: 30_000, randomize: true },
      },
    },
  })
}
