/** sandbox/ is a pretend Slack workspace and a pretend Cognito that speak the real wire, for people and for tests. */

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Application } from './cognito/application.ts'
import { webClient } from './cognito/seed.ts'
import { type CognitoSandbox, startCognito } from './cognito/server.ts'
import { installation } from './manifest.ts'
import { type SlackSandbox, startSlack } from './slack/start.ts'

export interface World {
  readonly slack: SlackSandbox
  readonly cognito: CognitoSandbox
  /** The application whose accounts these are, as its users meet it. */
  readonly application: Application
  /** What Rekey needs in its environment to live in this world. */
  environment(database: string): Record<string, string>
  /** Lets time pass in the pretend Cognito alone: codes and temporary passwords run out. */
  letPass(milliseconds: number): void
  close(): Promise<void>
}

/** Both services on loopback, on free ports, with a company and its customers in them. */
export async function startWorld(options: { readonly now?: () => Date } = {}): Promise<World> {
  const now = options.now === undefined ? {} : { now: options.now }
  const slack = await startSlack({
    ...installation(),
    ...now,
    appToken: `xapp-1-A0REKEY-1-${randomBytes(16).toString('hex')}`,
    botToken: `xoxb-1-1-${randomBytes(12).toString('hex')}`,
  })
  let aheadMs = 0
  const { now: today = () => new Date() } = options
  const cognito = await startCognito({ now: () => new Date(today().getTime() + aheadMs) })
  const application = new Application({ url: cognito.url, clientId: webClient.id })
  const secretKey = randomBytes(32).toString('base64')
  return {
    slack,
    cognito,
    application,
    letPass: (milliseconds) => {
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
      PORT: '0',
    }),
    close: async () => {
      application.close()
      await slack.close()
      await cognito.close()
    },
  }
}
