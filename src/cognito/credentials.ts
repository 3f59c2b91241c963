/** Rekey's own credentials: from wherever the SDK finds them, and in time or not at all. */

import { defaultProvider } from '@aws-sdk/credential-provider-node'

type Chain = ReturnType<typeof defaultProvider>

/** Environment, files, roles, metadata services: the SDK's chain. It keeps what it has found until that expires. */
export function openChain(): Chain {
  return defaultProvider()
}

/**
 * The chain for one client. Left to itself it has no limit of its own, and calls with it leave when
 * nobody expects them any more. What it throws may look like an answer of Cognito's, and is none: here
 * it has one name, under which nothing was sent.
 */
export function within(milliseconds: number, chain: Chain): Chain {
  return async (properties) => {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Error('no credentials in time')), milliseconds)
    try {
      return await Promise.race([chain(properties), late.promise])
    } catch (cause) {
      throw Object.assign(new Error('no AWS credentials', { cause }), { name: noCredentials })
    } finally {
      clearTimeout(timer)
    }
  }
}

const noCredentials = 'CredentialsProviderError'
