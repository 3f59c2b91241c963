/** What the tests of the simulated Cognito share: a sandbox, the real SDK before it, a clock in hand. */

import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { onTestFinished } from 'vitest'
import { Application } from '../../../sandbox/cognito/application.ts'
import type { PoolSettings } from '../../../sandbox/cognito/pool.ts'
import { startCognito } from '../../../sandbox/cognito/server.ts'
import type { UserSeed } from '../../../sandbox/cognito/user.ts'
import { acmeUserPools, customersPool, webClient } from '../../../sandbox/world/user-pool-seed.ts'

export const minutes = (count: number) => count * 60 * 1000
export const days = (count: number) => minutes(count * 24 * 60)

/** A clock that stands still until told. */
export function clockAt(iso = '2026-11-22T10:00:00.000Z') {
  let time = new Date(iso)
  return {
    now: () => time,
    advance: (ms: number) => {
      time = new Date(time.getTime() + ms)
    },
  }
}

/** A sandbox for one test, with the given customers (or the default ones), closed when it ends. */
export async function openCognito(
  users?: readonly UserSeed[],
  settings: Partial<PoolSettings> = {},
) {
  const clock = clockAt()
  const cognito = await startCognito({
    now: clock.now,
    seed:
      users || Object.keys(settings).length > 0
        ? { pools: [customersPool(users, settings)] }
        : acmeUserPools(),
  })
  onTestFinished(() => cognito.close())
  return { cognito, clock, sdk: sdkFor(cognito.url), application: applicationFor(cognito.url) }
}

/** A client that asks once, waits so long, and believes what it then knows. */
export function sdkFor(url: string, requestTimeout = 10_000) {
  const sdk = new CognitoIdentityProviderClient({
    endpoint: url,
    region: 'us-west-2',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'nothing' },
    maxAttempts: 1,
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
  })
  onTestFinished(() => sdk.destroy())
  return sdk
}

export function applicationFor(
  url: string,
  client: { id: string; secret?: string } = webClient,
): Application {
  const application = new Application({
    url,
    clientId: client.id,
    ...(client.secret !== undefined && { clientSecret: client.secret }),
  })
  onTestFinished(() => application.close())
  return application
}

/** `ok`, or `Name: message` of what came back. */
export async function verdict(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'ok'
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  }
}
