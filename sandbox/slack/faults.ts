/** Trouble on demand: Slack slow, refusing, failing before or after it did what was asked, or gone. */

interface Aim {
  /** The Web API method, or `response_url`; without it, whatever is called next. */
  readonly method?: string
  /** Only calls that name this channel. */
  readonly channel?: string
  /** How many calls it hits; one if not said. */
  readonly times?: number
}

export type Fault = Aim &
  (
    | { readonly kind: 'rate-limit'; readonly retryAfterSeconds?: number }
    | { readonly kind: 'error'; readonly error: string }
    /** Before: nothing was done. After: it was done, and the answer is lost. */
    | { readonly kind: 'http-500-before' | 'http-500-after' | 'drop-before' | 'drop-after' }
    /** Done, and never answered. */
    | { readonly kind: 'hang-after' }
    /** Done and answered, but late. */
    | { readonly kind: 'slow'; readonly ms: number }
  )

export class Faults {
  readonly #onDown: () => void
  #waiting: { fault: Fault; left: number }[] = []
  #down = false

  constructor(onDown: () => void) {
    this.#onDown = onDown
  }

  /** Arms a fault; the returned function takes it back. */
  add(fault: Fault): () => void {
    const armed = { fault, left: fault.times ?? 1 }
    this.#waiting.push(armed)
    return () => {
      this.#waiting = this.#waiting.filter((each) => each !== armed)
    }
  }

  clear(): void {
    this.#waiting = []
  }

  /** Uses up one hit of the oldest fault aimed at this method, in this channel. */
  take(method: string, channel?: unknown): Fault | undefined {
    const armed = this.#waiting.find(
      ({ fault }) =>
        (fault.method === undefined || fault.method === method) &&
        (fault.channel === undefined || fault.channel === channel),
    )
    if (!armed) return undefined
    armed.left -= 1
    if (armed.left <= 0) this.#waiting = this.#waiting.filter((each) => each !== armed)
    return armed.fault
  }

  get isDown(): boolean {
    return this.#down
  }

  /** From now on every request is answered 503, and all sockets are cut. */
  goDown(): void {
    this.#down = true
    this.#onDown()
  }

  comeBack(): void {
    this.#down = false
  }
}
