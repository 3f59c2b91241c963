/**
 * slack/ is the only room that talks to Slack: what people do comes in here, and what is stored is
 * shown from here.
 */

import { App } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Directory } from '../recovery/ports/directory.ts'
import type { Posts } from '../recovery/ports/posts.ts'
import type { Services } from '../recovery/services/services.ts'
import { askOnce, type SlackAccess } from './api/client.ts'
import type { SlackIdentity } from './api/identity.ts'
import { slackLogger } from './api/logger.ts'
import type { ChannelWatch } from './directory/shared-channels.ts'
import { markArrival } from './inbound/ack-budget.ts'
import { guard } from './inbound/guard.ts'
import { InFlight } from './inbound/in-flight.ts'
import { Sockets } from './inbound/sockets.ts'
import { register } from './register.ts'

export interface ConnectDeps {
  readonly access: SlackAccess
  readonly home: SlackIdentity
  readonly services: Services
  readonly directory: Directory
  readonly posts: Posts
  readonly channels: ChannelWatch
  readonly log: Logger
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

/** Connects the services to the people. */
export async function connect(deps: ConnectDeps): Promise<Connection> {
  const { access, home, services, directory, posts, channels, log } = deps
  const sockets = new Sockets(access, log)
  const logger = slackLogger(log)
  const app = new App({
    token: access.botToken.reveal(),
    receiver: sockets,
    clientOptions: askOnce(access, interactionTimeoutMs, logger),
    logger,
    convoStore: false,
    // The token has been verified, by asking with more patience than Bolt has.
    tokenVerificationEnabled: false,
    botId: home.botId,
    botUserId: home.botUserId,
    deferInitialization: true,
  })
  const inFlight = new InFlight()
  app.use(async ({ context, next }) => {
    markArrival(context)
    await inFlight.during(next)
  })
  app.use(guard({ home, journal: services.journal, directory, channels, log }))
  app.error(async (error) => log.error({ err: error }, 'a listener failed'))
  register(app, services, posts, log)
  await app.init()

  return {
    start: () => sockets.start(),
    stop: async () => {
      // Bolt stops without waiting for its listeners, and cuts off those that still have to answer:
      // they get the three seconds that Slack would give them.
      await inFlight.finished(3_000)
      await sockets.stop()
      await inFlight.finished()
    },
    isConnected: () => sockets.isOpen,
  }
}
