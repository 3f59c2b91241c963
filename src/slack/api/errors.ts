/** What a failed call to Slack means: did it happen, can it ever, and when to try again. */

import { webApi } from '@slack/bolt'

export type SlackFailure =
  /** Slack said no, and nothing was done. `needed` is what of scopes a `missing_scope` asks for. */
  | { readonly kind: 'refused'; readonly error: string; readonly needed: readonly string[] }
  /** Slack asks for patience; nothing was done. It mostly says for how long. */
  | { readonly kind: 'slow-down'; readonly retryAfterMs: number; readonly saysWhen: boolean }
  /** Nobody knows whether it was done. */
  | {
      readonly kind: 'unclear'
      readonly error: string
      /** False where the same call will hardly fare better in a while, such as HTTP 403 of a proxy. */
      readonly passes: boolean
      readonly retryAfterMs?: number
    }

// Slack uses these for trouble of its own, which may come after it has done what was asked.
const slackUnavailable = new Set([
  'internal_error',
  'fatal_error',
  'request_timeout',
  'service_unavailable',
])

// What is wrong with the token itself, and not with one call: docs.slack.dev/reference/methods/auth.test.
const tokenRefusals = new Set([
  'account_inactive',
  'app_uninstalled',
  'invalid_auth',
  'invalid_token',
  'not_authed',
  'team_disabled',
  'token_expired',
  'token_revoked',
  'user_removed_from_team',
])

// Slack's answers about the one person who was asked for: docs.slack.dev/reference/methods/users.info and
// users.lookupByEmail, and what those of other methods are called by.
const personRefusals = new Set([
  'invalid_user',
  'invalid_user_id',
  'user_disabled',
  'user_is_bot',
  'user_is_restricted',
  'user_is_ultra_restricted',
  'user_not_found',
  'user_not_in_team',
  'user_not_visible',
  'users_not_found',
])

// Where Slack does not say how long: half of the minute in which it counts.
const usualRetryAfterMs = 30_000

/** Reads an error of the Web API client. Anything else is not Slack's, and is thrown again. */
export function readFailure(error: unknown): SlackFailure {
  if (!(error instanceof Error)) throw error
  if (isOddRateLimit(error)) return slowDown(undefined)
  if (!('code' in error)) throw error
  switch (error.code) {
    case webApi.ErrorCode.PlatformError:
      return platformFailure(answerOf(error))
    case webApi.ErrorCode.RateLimitedError:
      return slowDown(secondsIn(error, 'retryAfter'))
    case webApi.ErrorCode.HTTPError:
      return httpFailure(error)
    case webApi.ErrorCode.RequestError:
      return { kind: 'unclear', error: networkError(error), passes: true }
    default:
      throw error
  }
}

/** Whether Slack's answer is that it does not take the token. */
export function isTokenRefusal(error: string): boolean {
  return tokenRefusals.has(error)
}

/** Whether Slack's answer is only about the person who was asked for, whom it does not show. */
export function isPersonRefusal(error: string): boolean {
  return personRefusals.has(error)
}

/** The SDK has no error of its own for HTTP 429 without a time. */
function isOddRateLimit(error: Error): boolean {
  return error.message.startsWith('Retry header did not contain a valid timeout')
}

function slowDown(retryAfterMs: number | undefined): SlackFailure {
  const saysWhen = retryAfterMs !== undefined
  return { kind: 'slow-down', retryAfterMs: retryAfterMs ?? usualRetryAfterMs, saysWhen }
}

interface Answer {
  readonly error: string
  readonly needed: readonly string[]
}

function platformFailure({ error, needed }: Answer): SlackFailure {
  // Slack spells it both ways.
  if (error === 'ratelimited' || error === 'rate_limited') return slowDown(undefined)
  if (slackUnavailable.has(error)) return { kind: 'unclear', error, passes: true }
  // Not Slack's name of anything: the SDK gives the page of whoever stands between as one.
  if (!/^\w+$/.test(error)) return { kind: 'unclear', error: 'unreadable_answer', passes: true }
  return { kind: 'refused', error, needed }
}

/** What Slack answered, which the client attaches. */
function answerOf(error: Error): Answer {
  const data: unknown = 'data' in error ? error.data : undefined
  if (typeof data !== 'object' || data === null) return { error: 'unknown_error', needed: [] }
  const named = 'error' in data ? data.error : undefined
  const needed = 'needed' in data && typeof data.needed === 'string' ? data.needed : ''
  return {
    error: typeof named === 'string' ? named : 'unknown_error',
    needed: needed.split(/[\s,]+/).filter((scope) => scope !== ''),
  }
}

function httpFailure(error: Error): SlackFailure {
  const status = 'statusCode' in error ? Number(error.statusCode) : Number.NaN
  const headers: unknown = 'headers' in error ? error.headers : undefined
  const retryAfterMs =
    typeof headers === 'object' && headers !== null ? secondsIn(headers, 'retry-after') : undefined
  return {
    kind: 'unclear',
    error: `http_${status}`,
    passes: status >= 500 || status === 408 || status === 425,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
}

/** @returns the milliseconds; undefined where there are no seconds of that name */
function secondsIn(where: object, name: string): number | undefined {
  const [, value] = Object.entries(where).find(([key]) => key === name) ?? []
  const seconds = Number(value ?? Number.NaN)
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined
}

/** What the network's own error is called, such as ECONNREFUSED. */
function networkError(error: Error): string {
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code
    if (cause.name === 'TimeoutError') return cause.name
  }
  return 'network_error'
}
