/** Acme: a workspace and two user pools, in simulators that speak the real wire. */

import { randomBytes, randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Application } from '../cognito/application.ts'
import { type CognitoSandbox, startCognito } from '../cognito/server.ts'
import { type SlackSandbox, startSlack } from '../slack/start.ts'
import { installation } from './installation.ts'
import { acmeUserPools, webClient } from './user-pool-seed.ts'
import { acmeWorkspace } from './workspace-seed.ts'

/** Both simulators, with Acme in them, and what it takes to live there. */
export interface World {
  readonly slack: SlackSandbox
  readonly cognito: CognitoSandbox
  /** The application whose accounts these are, as its users meet it. */
  readonly application: Application
  /** Below it Rekey serves `livez`, `readyz` and `metrics`, once it runs. */
  readonly health: string
  /** Where Rekey serves the owners' recovery page, once it runs. */
  readonly recoveryPage: string
  /**
   * What Rekey needs in its environment to live in this world: the same keys each time, so that Rekey can be
   * started again on the same data. No value is of any use outside.
   *
   * @param database the DATABASE_URL, such as `sqlite:rekey.db`
   */
  environment(database: string): Record<string, string>
  /** Lets time pass in both services, in milliseconds. Rekey's own clock is moved by whoever runs it. */
  advanceClock(milliseconds: number): void
  /**
   * Ends both services and whatever is connected to them. Rekey is stopped by whoever runs it, before that.
   */
  close(): Promise<void>
}

/** What a test may want of its own. */
export interface WorldOptions {
  /** What both services take for the time, before `advanceClock` adds to it; the real clock by default. */
  readonly now?: () => Date
  /** Hears every password that reaches Cognito, for a search for where else it may have gone. */
  readonly onPassword?: (password: string) => void
}

/**
 * Both services on loopback, on free ports, with a company and its customers in them. Rejects when the
 * manifest cannot be read. Tokens and keys are different in every world.
 */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  let aheadMs = 0
  const { now: today = () => new Date(), onPassword } = options
  const now = () => new Date(today().getTime() + aheadMs)
  const slack = await startSlack({
    seed: acmeWorkspace(),
    ...installation(),
    now,
    appToken: `xapp-1-A0REKEY-1-${randomBytes(16).toString('hex')}`,
    botToken: `xoxb-1-1-${randomBytes(12).toString('hex')}`,
  })
  const cognito = await startCognito({
    seed: acmeUserPools(),
    now,
    ...(onPassword && { onPassword }),
  })
  const application = new Application({ url: cognito.url, clientId: webClient.id })
  const secretKey = randomBytes(32).toString('base64')
  const [port, pagePort] = [await freePort(), await freePort()]
  const recoveryPage = `http://127.0.0.1:${pagePort}/recover`
  return {
    slack,
    cognito,
    application,
    health: `http://127.0.0.1:${port}/`,
    recoveryPage,
    advanceClock: (milliseconds) => {
      aheadMs += milliseconds
    },
    environment: (database) => ({
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: cognito.url,
      AWS_ACCESS_KEY_ID: 'AKIASANDBOX000000000',
      AWS_SECRET_ACCESS_KEY: 'of-the-sandbox',
      DATABASE_URL: database,
      POLICY_FILE: join(import.meta.dirname, 'policy.yml'),
      REKEY_SECRET_KEY: secretKey,
      PORT: String(port),
      PAGE_PORT: String(pagePort),
      RECOVERY_PAGE_URL: recoveryPage,
    }),
    close: async () => {
      application.close()
      await slack.close()
      await cognito.close()
    },
  }
}

/**
 * Where Rekey serves something has to be known before Rekey runs. The port is free now, and nothing holds it: so it is none of
 * those that a machine gives to whoever asks for any (from 32768 on with Linux, 49152 elsewhere), which would soon be taken.
 */
async function freePort(): Promise<number> {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const port = randomInt(firstPort, lastPort)
    const probe = createServer()
    const answer = await new Promise((resolve) => {
      probe.once('error', () => resolve('taken')).listen(port, '127.0.0.1', () => resolve('free'))
    })
    probe.close()
    if (answer === 'free') return port
  }
  throw new Error('no free port')
}

const firstPort = 20_000
const lastPort = 32_000
const mostTries = 50
