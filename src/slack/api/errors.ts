/** What a failed call to Slack means: did it happen, can it ever, and when to try again. */

import { webApi } from '@slack/bolt'

export type SlackFailure =
  /** Slack said no, and nothing was done. */
  | { readonly kind: 'refused'; readonly error: string }
  /** Slack asks for patience; nothing was done. */
  | { readonly kind: 'slow-down'; readonly retryAfterMs: number }
  /** Nobody knows whether it was done. */
  | { readonly kind: 'unclear'; readonly error: string }

// Slack uses these for trouble of its own, which may come after it has done what was asked.
const slackUnavailable = new Set([
  'internal_error',
  'fatal_error',
  'request_timeout',
  'service_unavailable',
])

/** Reads an error of the Web API client. Anything else is not Slack's, and is thrown again. */
export function readFailure(error: unknown): SlackFailure {
  if (!(error instanceof Error) || !('code' in error)) throw error
  switch (error.code) {
    case webApi.ErrorCode.PlatformError:
      return platformFailure(slackError(error))
    case webApi.ErrorCode.RateLimitedError:
      return { kind: 'slow-down', retryAfterMs: retryAfterMs(error) }
    case webApi.ErrorCode.HTTPError:
    case webApi.ErrorCode.RequestError:
      return { kind: 'unclear', error: String(error.code) }
    default:
      throw error
  }
}

function platformFailure(error: string): SlackFailure {
  // Slack spells it both ways.
  if (error === 'ratelimited' || error === 'rate_limited')
    return { kind: 'slow-down', retryAfterMs: 30_000 }
  return { kind: slackUnavailable.has(error) ? 'unclear' : 'refused', error }
}

/** Slack's name of the error, from the answer that the client attaches. */
function slackError(error: Error): string {
  const data: unknown = 'data' in error ? error.data : undefined
  const named =
    typeof data === 'object' && data !== null && 'error' in data ? data.error : undefined
  return typeof named === 'string' ? named : 'unknown_error'
}

function retryAfterMs(error: Error): number {
  const seconds = 'retryAfter' in error ? Number(error.retryAfter) : Number.NaN
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 30_000
}
