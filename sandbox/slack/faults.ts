/** Faults to order: Slack slow, refusing, failing before or after it did what was asked, or gone. */

import type { Fields } from './json.ts'

interface Aim {
  /** The Web API method, or `response_url`; without it, whatever is called next. */
  readonly method?: string
  /** Only calls that name this channel. */
  readonly channel?: string
  /** Only calls that name this user. */
  readonly user?: string
  /** How many calls it hits; one if not said. */
  readonly times?: number
}

/**
 * One thing that goes wrong. It hits only what reaches Slack: a call to the Web API or a response URL. What
 * Slack sends to the app is disturbed through `SocketMode`.
 *
 * `rate-limit` is HTTP 429 with `Retry-After`, one second if not said: `WebClient` then holds back all its
 * calls, unless it has `rejectRateLimitedCalls`.
 */
export type Fault = Aim &
  (
    | { readonly kind: 'rate-limit'; readonly retryAfterSeconds?: number }
    /**
     * `ok: false` with this name, which nobody checks: any error of Slack's, with `more` beside it, such as the
     * `needed` and `provided` of a `missing_scope`. `WebClient` tries no more.
     */
    | { readonly kind: 'error'; readonly error: string; readonly more?: Fields }
    /** This HTTP status before anything was done, such as 503; with `Retry-After` only where it is said. */
    | { readonly kind: 'http-status'; readonly status: number; readonly retryAfterSeconds?: number }
    /**
     * Before: nothing was done. After: it was done, and the answer is lost. To the app the two look alike,
     * and `WebClient` tries again after both: here a message gets posted twice.
     */
    | { readonly kind: 'http-500-before' | 'http-500-after' | 'drop-before' | 'drop-after' }
    /** Never answered: before, nothing was done; after, it was. `WebClient` has no `timeout` of its own. */
    | { readonly kind: 'hang-before' | 'hang-after' }
    /** Done and answered, but late. The method takes effect at the end of the wait. */
    | { readonly kind: 'slow'; readonly ms: number }
  )

/**
 * The faults that are armed, the limit on reading messages, and whether Slack is there at all. Nothing goes
 * wrong unless it was ordered: Slack's own rate limits (docs.slack.dev/apis/web-api/rate-limits, counted for
 * each method in a minute) are not kept, so a test of many calls does not have to wait.
 */
export class Faults {
  readonly #onDown: () => void
  #armed: { fault: Fault; left: number }[] = []
  #down = false
  #history: HistoryLimit | undefined
  readonly #rates = new Map<string, RateLimit>()

  constructor(onDown: () => void) {
    this.#onDown = onDown
  }

  /** Arms a fault; the returned function takes it back. */
  add(fault: Fault): () => void {
    const armed = { fault, left: fault.times ?? 1 }
    this.#armed.push(armed)
    return () => {
      this.#armed = this.#armed.filter((each) => each !== armed)
    }
  }

  /** Takes all faults back; Slack stays down if it is, and the limit on reading stays. */
  clear(): void {
    this.#armed = []
  }

  /** Uses up one hit of the oldest fault aimed at this method, with these arguments; undefined if there is none. */
  take(method: string, { channel, user }: Fields): Fault | undefined {
    const armed = this.#armed.find(
      ({ fault }) =>
        (fault.method === undefined || fault.method === method) &&
        (fault.channel === undefined || fault.channel === channel) &&
        (fault.user === undefined || fault.user === user),
    )
    if (!armed) return undefined
    armed.left -= 1
    if (armed.left <= 0) this.#armed = this.#armed.filter((each) => each !== armed)
    return armed.fault
  }

  /**
   * From now on reading messages is as narrow as for apps that are sold outside Slack's Marketplace: one call
   * a minute of each method, and 15 messages in an answer. An app that a company builds for itself is not
   * limited so. There is no way back; `clear` leaves it.
   */
  limitHistory(now: () => Date): void {
    this.#history = new HistoryLimit(now)
  }

  /**
   * What the limit of reading makes of this call: how long it has to wait, or how much it gets at most.
   * Asking counts as the call of this minute, whether or not the method then refuses.
   */
  historyAllowance(method: string): HistoryAllowance {
    return this.#history?.allowance(method) ?? {}
  }

  /**
   * From now on this method may be called so often in a minute, and not once more: 100 is Tier 4, 20 Tier 2.
   * Slack takes bursts, of a size that it does not publish. `clear` leaves it.
   */
  limitRate(method: string, callsPerMinute: number, now: () => Date): void {
    this.#rates.set(method, new RateLimit(callsPerMinute, now))
  }

  /** How many seconds this call has to wait for its method's rate; undefined if it may pass, which counts. */
  rateWait(method: string): number | undefined {
    return this.#rates.get(method)?.wait()
  }

  get isDown(): boolean {
    return this.#down
  }

  /** From now on every request is answered 503, and all sockets are cut. */
  goDown(): void {
    this.#down = true
    this.#onDown()
  }

  /** Answers again. The app has to open its sockets anew. */
  comeBack(): void {
    this.#down = false
  }
}

/** So many calls in each minute, which begins with the first of them. */
class RateLimit {
  readonly #most: number
  readonly #now: () => Date
  #began = Number.NEGATIVE_INFINITY
  #calls = 0

  constructor(most: number, now: () => Date) {
    this.#most = most
    this.#now = now
  }

  wait(): number | undefined {
    const now = this.#now().getTime()
    if (now - this.#began >= 60_000) {
      this.#began = now
      this.#calls = 0
    }
    if (this.#calls === this.#most) return Math.ceil((this.#began + 60_000 - now) / 1000)
    this.#calls += 1
    return undefined
  }
}

/** Nothing is set where nothing is limited. `waitSeconds` becomes a 429, `most` a smaller `limit`. */
export interface HistoryAllowance {
  readonly waitSeconds?: number
  readonly most?: number
}

// docs.slack.dev/apis/web-api/rate-limits: apps distributed outside the Marketplace, since May 2025.
const historyMethods: ReadonlySet<string> = new Set([
  'conversations.history',
  'conversations.replies',
])
const historyIntervalMs = 60_000
const historyPageLimit = 15

class HistoryLimit {
  readonly #now: () => Date
  readonly #last = new Map<string, number>()

  constructor(now: () => Date) {
    this.#now = now
  }

  allowance(method: string): HistoryAllowance {
    if (!historyMethods.has(method)) return {}
    const now = this.#now().getTime()
    const left = (this.#last.get(method) ?? 0) + historyIntervalMs - now
    if (left > 0) return { waitSeconds: Math.ceil(left / 1000) }
    this.#last.set(method, now)
    return { most: historyPageLimit }
  }
}
