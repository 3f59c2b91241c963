/**
 * The SDK clients, two for each region: one that reads and may try again, and one that writes and
 * never does, since each of the SDK's retries would send somebody another code.
 */

import {
  CognitoIdentityProviderClient,
  type CognitoIdentityProviderClientConfig,
} from '@aws-sdk/client-cognito-identity-provider'
import type { EffectId } from '../ids.ts'
import type { ProxySettings } from '../proxy.ts'
import type { Access } from './access.ts'
import { openChain, within } from './credentials.ts'

export interface ClientOptions {
  readonly readTimeoutMs?: number
  readonly writeTimeoutMs?: number
  /** For tests. Normally the SDK reads AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER itself. */
  readonly endpoint?: string
  /** On the way to AWS, also for the credentials where they come from there. */
  readonly proxy?: ProxySettings
  /** Hears how every call ends. */
  readonly access?: Access
}

export interface Clients {
  readonly read: CognitoIdentityProviderClient
  readonly write: CognitoIdentityProviderClient
}

const connectTimeoutMs = 2_000
// Whoever writes has just read, with credentials of the same chain: they are there already.
const readCredentialsMs = 5_000
const writeCredentialsMs = 1_000
const usualReadTimeoutMs = 5_000
// Cognito gives a message trigger 5 s and three tries before it answers: more than 15 s is normal.
const usualWriteTimeoutMs = 25_000

/** Opens both clients of a region. Nothing is sent, and no credentials are looked for, until the first call. */
export function openClients(region: string, options: ClientOptions): Clients {
  const readTimeoutMs = options.readTimeoutMs ?? usualReadTimeoutMs
  const writeTimeoutMs = options.writeTimeoutMs ?? usualWriteTimeoutMs
  const chain = openChain()
  const clients = {
    read: new CognitoIdentityProviderClient({
      ...common(region, options.endpoint),
      credentials: within(readCredentialsMs, chain),
      maxAttempts: 3,
      requestHandler: { ...timeouts(readTimeoutMs), ...agents({}, options.proxy) },
    }),
    write: new CognitoIdentityProviderClient({
      ...common(region, options.endpoint),
      credentials: within(writeCredentialsMs, chain),
      maxAttempts: 1,
      // A fresh connection for each write. One kept open is often dead by the next approval, and
      // its reset would look like a call that may have gone through.
      requestHandler: {
        ...timeouts(writeTimeoutMs),
        ...agents({ keepAlive: false }, options.proxy),
      },
    }),
  }
  for (const client of Object.values(clients)) options.access?.watch(client)
  return clients
}

/** Middleware that writes the effect into a call's user agent, for whoever reads CloudTrail. */
export function mark(effect: EffectId) {
  return <Args, Result>(next: Handler<Args, Result>, context: UserAgentContext) =>
    (args: Args): Promise<Result> => {
      context.userAgent = [...(context.userAgent ?? []), ['rekey-effect', effect]]
      return next(args)
    }
}

type Handler<Args, Result> = (args: Args) => Promise<Result>

interface UserAgentContext {
  userAgent?: [name: string, version?: string][]
}

function common(region: string, endpoint: string | undefined) {
  return {
    region,
    logger: silent,
    retryMode: 'standard',
    customUserAgent: 'rekey',
    ...(endpoint !== undefined && { endpoint }),
  } satisfies CognitoIdentityProviderClientConfig
}

function timeouts(requestTimeout: number) {
  return {
    connectionTimeout: connectTimeoutMs,
    requestTimeout,
    socketTimeout: requestTimeout,
    // Without it the handler only warns about the request timeout, and waits on.
    throwOnRequestTimeout: true,
    logger: silent,
  }
}

/** Node's own way through a proxy, which the SDK makes its agents with. */
function agents(how: { readonly keepAlive?: boolean }, proxy: ProxySettings | undefined) {
  const proxyEnv = proxy && {
    ...(proxy.https && { HTTPS_PROXY: proxy.https.reveal() }),
    ...(proxy.http && { HTTP_PROXY: proxy.http.reveal() }),
    NO_PROXY: proxy.none,
  }
  const agent = { ...how, ...(proxyEnv && { proxyEnv }) }
  return { httpAgent: agent, httpsAgent: agent }
}

// The SDK's own words quote addresses and ARNs. What matters reaches our log as a Failure.
const ignore = () => {}
const silent = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore }
