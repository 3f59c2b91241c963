/** CognitoAccounts over the real SDK, talking to the sandbox's Cognito. */

import { vi } from 'vitest'
import type { CognitoSeed } from '../../../sandbox/cognito/pool.ts'
import { type CognitoSandbox, startCognito } from '../../../sandbox/cognito/server.ts'
import {
  acmeUserPools,
  customersPoolId,
  secretClient,
  staffPoolId,
  webClient,
} from '../../../sandbox/world/user-pool-seed.ts'
import { CognitoAccounts, type CognitoOptions } from '../../../src/cognito/accounts.ts'
import { newId, type Sub, subOf } from '../../../src/ids.ts'
import type { Pool } from '../../../src/policy/policy.ts'
import type { AccountRef } from '../../../src/recovery/model/account.ts'

export const customers: Pool = {
  name: 'customers',
  userPoolId: customersPoolId,
  region: 'us-west-2',
  client: { id: webClient.id },
}

/** The customers by way of the client that has a secret. */
export const customersWithSecret: Pool = {
  ...customers,
  client: { id: secretClient.id, secretEnv: 'CUSTOMERS_CLIENT_SECRET' },
}

export const staff: Pool = { name: 'staff', userPoolId: staffPoolId, region: 'eu-central-1' }

export interface Wire {
  readonly cognito: CognitoSandbox
  readonly accounts: CognitoAccounts
  /** The account of whoever has this name in the sandbox. */
  ref(name: string, pool?: Pool): AccountRef
  sub(name: string, pool?: Pool): Sub
  /** The operations called so far, in order. */
  operations(): string[]
  close(): Promise<void>
}

interface Given extends Partial<CognitoOptions> {
  readonly seed?: CognitoSeed
}

export async function openWire({ seed = acmeUserPools(), ...given }: Given = {}): Promise<Wire> {
  withCredentials()
  const { now } = given
  const cognito = await startCognito({ seed, ...(now && { now }) })
  const accounts = new CognitoAccounts({
    pools: [customers, staff],
    endpoint: cognito.url,
    ...given,
  })
  const user = (name: string, pool: Pool) => userNamed(cognito, name, pool)
  return {
    cognito,
    accounts,
    sub: (name, pool = customers) => subOf(user(name, pool).sub),
    ref: (name, pool = customers) => {
      const { sub, username } = user(name, pool)
      return { pool: pool.name, userPoolId: pool.userPoolId, sub: subOf(sub), username }
    },
    operations: () => cognito.calls.map(({ operation }) => operation),
    close: async () => {
      accounts.close()
      await cognito.close()
    },
  }
}

/** The SDK's default chain finds these before it goes looking on the machine. */
export function withCredentials(): void {
  vi.stubEnv('AWS_PROFILE', undefined)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDTEST')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
}

/** Nothing for the default chain to find, wherever it looks. */
export function withoutCredentials(): void {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) {
    vi.stubEnv(name, undefined)
  }
  vi.stubEnv('AWS_CONFIG_FILE', 'no-such-file')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', 'no-such-file')
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
}

export const effect = () => newId('effect')

function userNamed(cognito: CognitoSandbox, name: string, pool: Pool) {
  const found = cognito.pools
    .get(pool.userPoolId)
    .users()
    .find(({ attributes }) => attributes['name']?.startsWith(name))
  if (!found) throw new Error(`nobody in the sandbox is called ${name}`)
  return found
}
