/** Rekey's own credentials: from wherever the SDK finds them, and in time or not at all. */

import { defaultProvider } from '@aws-sdk/credential-provider-node'
import type { text } from './text/text.ts'

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
    const timer = setTimeout(() => late.reject(new TooLate()), milliseconds)
    try {
      return await Promise.race([chain(properties), late.promise])
    } catch (cause) {
      throw new NoCredentials(cause)
    } finally {
      clearTimeout(timer)
    }
  }
}

class TooLate extends Error {}

export class NoCredentials extends Error {
  /** The SDK's own name for it. */
  override readonly name = 'CredentialsProviderError'
  readonly why: keyof typeof text.credentials

  constructor(cause: unknown) {
    super('no AWS credentials', { cause })
    this.why = whyNone(cause)
  }
}

// Told apart by a piece of the SDK's message, which advises and decides nothing.
function whyNone(cause: unknown): NoCredentials['why'] {
  if (cause instanceof TooLate) return 'late'
  if (!(cause instanceof Error)) return 'none'
  if (/\bsso\b/i.test(cause.message)) return 'sso'
  if ('code' in cause && cause.code === 'ENOENT') return 'tokenFile'
  const answer = '$metadata' in cause ? cause.$metadata : undefined
  if (typeof answer !== 'object' || answer === null) return 'none'
  // The SDK counts its tries there, too, where there was no answer.
  return 'httpStatusCode' in answer ? 'refused' : 'away'
}
