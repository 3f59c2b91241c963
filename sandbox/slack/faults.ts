/** Faults to order: Slack slow, refusing, failing before or after it did what was asked, or gone. */

interface Aim {
  /** The Web API method, or `response_url`; without it, whatever is called next. */
  readonly method?: string
  /** Only calls that name this channel. */
  readonly channel?: string
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
    /** `ok: false` with this name, which nobody checks: any error of Slack's. `WebClient` tries no more. */
    | { readonly kind: 'error'; readonly error: string }
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

  /**
   * Uses up one hit of the oldest fault aimed at this method, in this channel; undefined if there is none.
   */
  take(method: string, channel?: unknown): Fault | undefined {
    const armed = this.#armed.find(
      ({ fault }) =>
        (fault.method === undefined || fault.method === method) &&
        (fault.channel === undefined || fault.channel === channel),
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
