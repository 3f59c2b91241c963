/** A client for what can wait: the start, a check of the policy, a reload. It reads, so that asking again is no harm. */

import { type Logger, webApi } from '@slack/bolt'
import { askOnce, type SlackAccess } from './client.ts'
import { isTokenRefusal, readFailure, type SlackFailure } from './errors.ts'

// Slack counts calls by the minute, so it seldom asks for more than one, and most trouble of its own passes within a few.
// What lasts longer is better seen as a start that failed, by whoever looks after Rekey.
const longestWaitMs = 5 * 60_000

// A call may take longer than a click can wait.
const timeoutMs = 10_000

// Where Slack says nothing about when to try again: twice as long each time, up to this.
const firstPauseMs = 1_000
const longestPauseMs = 30_000

/** What is waited for, and how long. */
export interface Wait {
  readonly method: string
  readonly seconds: number
  /** Slack's name for the trouble, or the network's. */
  readonly because: string
}

export interface PatientClientDeps {
  readonly access: SlackAccess
  readonly logger: Logger
  /** Hears of each wait when it begins. */
  readonly onWait: (wait: Wait) => void
  /** In place of real time. */
  readonly sleep?: (milliseconds: number) => Promise<void>
  /** How long one call may take before it counts as lost. */
  readonly timeoutMs?: number
}

/** A call that Slack has refused, for other reasons than the token. */
export class RefusedCall extends webApi.WebAPIPlatformError {
  readonly method: string

  constructor(method: string, { data }: webApi.WebAPIPlatformError) {
    super(data)
    this.method = method
  }
}

/**
 * Waits for as long as Slack asks, and through trouble that passes, for five minutes in all for each call.
 * Its calls throw `RefusedCall` for what Slack refuses, and an error in words where the token is not accepted or Slack
 * could not be asked.
 */
export class PatientClient extends webApi.WebClient {
  readonly #deps: PatientClientDeps
  /** The last of each method: Slack limits each by itself, and who calls one that has to wait waits with it. */
  readonly #pauses = new Map<string, Promise<void>>()

  constructor(deps: PatientClientDeps) {
    const { access, logger } = deps
    super(access.botToken.reveal(), askOnce(access, deps.timeoutMs ?? timeoutMs, logger))
    this.#deps = deps
  }

  override async apiCall(
    method: string,
    options?: Record<string, unknown>,
  ): Promise<webApi.WebAPICallResult> {
    let waitedMs = 0
    for (let tries = 1; ; tries += 1) {
      const last = this.#pauses.get(method)
      await last
      try {
        return await super.apiCall(method, options)
      } catch (error) {
        const failure = readFailure(error)
        if (failure.kind === 'refused') throw refused(method, failure.error, error)
        const pauseMs = pauseAfter(failure, tries)
        if (pauseMs === undefined || waitedMs + pauseMs > longestWaitMs)
          throw notAsked(method, failure, error)
        waitedMs += pauseMs
        // What was asked before a pause began says nothing about the time after it.
        if (this.#pauses.get(method) === last) this.#pause(method, pauseMs, failure)
      }
    }
  }

  /** One pause for all that call the method, and one word about it. */
  #pause(method: string, milliseconds: number, failure: SlackFailure): void {
    const { sleep = realSleep, onWait } = this.#deps
    onWait({ method, seconds: Math.ceil(milliseconds / 1_000), because: nameOf(failure) })
    this.#pauses.set(method, sleep(milliseconds))
  }
}

/** @returns undefined where waiting is no use */
function pauseAfter(failure: SlackFailure, tries: number): number | undefined {
  const longerEachTime = Math.min(firstPauseMs * 2 ** (tries - 1), longestPauseMs)
  switch (failure.kind) {
    case 'slow-down':
      return failure.saysWhen ? failure.retryAfterMs : longerEachTime
    case 'unclear':
      return failure.passes ? (failure.retryAfterMs ?? longerEachTime) : undefined
    case 'refused':
      return undefined
    default:
      return failure satisfies never
  }
}

function refused(method: string, name: string, error: unknown): Error {
  if (isTokenRefusal(name))
    return new Error(
      `Slack does not accept SLACK_BOT_TOKEN (${name}): copy the Bot User OAuth Token anew from OAuth & Permissions at api.slack.com/apps`,
      { cause: error },
    )
  return error instanceof webApi.WebAPIPlatformError
    ? new RefusedCall(method, error)
    : new Error(`Slack refuses ${method} (${name})`, { cause: error })
}

function notAsked(method: string, failure: SlackFailure, cause: unknown): Error {
  const askedMs = failure.kind === 'refused' ? 0 : (failure.retryAfterMs ?? 0)
  if (askedMs > longestWaitMs)
    return new Error(
      `Slack takes no ${method} for another ${askedMs / 1_000} s: try again after that`,
      { cause },
    )
  const why = nameOf(failure)
  return failure.kind === 'unclear' && !failure.passes
    ? new Error(
        `Slack could not be reached (${method}: ${why}): look at SLACK_API_URL and at any proxy`,
        {
          cause,
        },
      )
    : new Error(
        `Slack could not be asked within ${longestWaitMs / 60_000} minutes (${method}: ${why}): look at status.slack.com and at the network, then try again`,
        { cause },
      )
}

function nameOf(failure: SlackFailure): string {
  return failure.kind === 'slow-down' ? 'ratelimited' : failure.error
}

function realSleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
