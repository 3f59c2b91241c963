/** Everything that crossed the wire, both ways, for searches and assertions. Tokens travel in headers and are not kept. */
import type { Fields } from './json.ts'

/** The three kinds of things that Slack sends over a socket. */
export type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api'

/**
 * One Socket Mode delivery, as it stands on the wire: docs.slack.dev/apis/events-api/using-socket-mode. The
 * two fields about retries are on events only; the first attempt is 0.
 */
export interface Envelope {
  readonly envelope_id: string
  readonly type: EnvelopeType
  readonly payload: Fields
  readonly accepts_response_payload: boolean
  readonly retry_attempt?: number
  readonly retry_reason?: string
}

/** One call of the Web API or of a response URL (as method `response_url`). */
export interface Call {
  /** ISO 8601, by the simulator's clock, as in `Delivered`. */
  readonly at: string
  readonly method: string
  readonly args: Fields
  /** `ok`, the error's name, `HTTP 500` and the like, or the fault that kept the answer from the app. */
  outcome: string
  answer?: Fields
}

/** One envelope sent to the app, and what came of it. */
export interface Delivered {
  readonly at: string
  readonly envelope: Envelope
  outcome: 'waiting' | 'acked' | 'timeout' | 'no-connection'
  /** From sending to the acknowledgement or the end of the wait, on real time. */
  latencyMs?: number
  ack?: Fields
  /** What Slack would have refused in the acknowledgement. */
  problems?: readonly string[]
}

/** The record, oldest first; it grows for as long as the simulator runs. */
export class Transcript {
  readonly #changed: () => void
  readonly calls: Call[] = []
  readonly deliveries: Delivered[] = []

  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** Begins the record of a call; the server fills in `outcome` and `answer` when it is answered. */
  call(entry: Call): Call {
    this.calls.push(entry)
    return entry
  }

  /** Begins the record of an envelope; what came of it is filled in later. */
  delivery(entry: Delivered): Delivered {
    this.deliveries.push(entry)
    return entry
  }

  /** Tells whoever waits that a record, or the number of connections, is another now. */
  changed(): void {
    this.#changed()
  }

  /** The calls of one method, such as `chat.postMessage`, whatever became of them. */
  callsOf(method: string): Call[] {
    return this.calls.filter((each) => each.method === method)
  }

  /**
   * All that the app said to Slack, as one text to search for what must never be in it: arguments of calls
   * and acknowledgements, as JSON. What people typed and Slack sent to the app is not in it.
   */
  saidByApp(): string {
    const acks = this.deliveries.map((each) => each.ack ?? {})
    return JSON.stringify([this.calls.map(({ method, args }) => ({ method, args })), acks])
  }
}
