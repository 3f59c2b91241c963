/**
 * Socket Mode's server side: who is connected, which connection gets an envelope, and whether it is
 * acknowledged in time. Source: docs.slack.dev/apis/events-api/using-socket-mode. Simplified: connections
 * last until they are ended on request (Slack refreshes them every few hours), and the simulator answers
 * pings but sends none.
 */
import { performance } from 'node:perf_hooks'
import type { WebSocket } from 'ws'
import { type Fields, fieldsOf, isFields, parseJson, stringOf } from './json.ts'
import type { Delivered, Envelope, Transcript } from './transcript.ts'

/**
 * What became of an envelope. `payload` is what the app answered with, empty if it only acknowledged: a
 * message for a command, a `response_action` for a submission, `options` for an external menu. `timeout` is
 * also what happens when the connection closes first; at `no-connection` nothing was sent. Neither is sent
 * again: Slack documents retries for events only, and `Workspace.sendEvent` makes those.
 */
export type Delivery =
  | { readonly kind: 'acked'; readonly payload: Fields; readonly record: Delivered }
  | { readonly kind: 'timeout' | 'no-connection'; readonly record: Delivered }

/** How a connection ends: told so, with a reason, or cut without a word, as a failing network does it. */
export type Ending = Exclude<DisconnectReason, 'too_many_websockets'> | 'cut'

/**
 * Slack's own reasons, and what it says to an eleventh connection
 * (github.com/slackapi/node-slack-sdk/issues/1654). `warning` comes some ten seconds ahead of the end,
 * `refresh_requested` every few hours, and `link_disabled` when somebody switches Socket Mode off. Bolt
 * closes its connection at any of them, even at a warning.
 */
export type DisconnectReason =
  | 'warning'
  | 'refresh_requested'
  | 'link_disabled'
  | 'too_many_websockets'

// For one app, whatever number of processes it has: docs.slack.dev/apis/events-api/using-socket-mode
const mostConnections = 10

interface Waiting {
  readonly socket: WebSocket
  readonly settle: (ack: Fields | undefined) => void
}

/**
 * `ackDeadlineMs` is how long an envelope is waited for, on real time: Slack's own figure is 3000. `now` is
 * for records.
 */
export interface SocketModeOptions {
  readonly appId: string
  readonly now: () => Date
  readonly ackDeadlineMs: number
  readonly transcript: Transcript
}

/**
 * All connections of the app. At most ten, each envelope to one of them: docs.slack.dev, "Using Socket Mode".
 * Slack promises no order and no particular connection; here they take turns, so that a test with two
 * processes reaches both.
 */
export class SocketMode {
  readonly #options: SocketModeOptions
  readonly #waiting = new Map<string, Waiting>()
  /** All that have not closed yet. */
  readonly #open = new Set<WebSocket>()
  /** Those of them that envelopes are sent to. */
  #live: WebSocket[] = []
  #turn = 0
  #greeted = 0
  #isClosing = false
  #ending: Ending | undefined

  constructor(options: SocketModeOptions) {
    this.#options = options
  }

  /**
   * How many connections have been told hello since the start, whatever became of them. A test that ended a
   * connection waits for it to grow: then the app is back.
   */
  get greeted(): number {
    return this.#greeted
  }

  /** How many connections can be sent to right now. */
  get connections(): number {
    return this.#live.length
  }

  /** Greets a new connection, or turns away the eleventh. */
  accept(socket: WebSocket): void {
    // Whoever comes while the doors close would be waited for without end.
    if (this.#isClosing) {
      socket.terminate()
      return
    }
    this.#open.add(socket)
    socket.on('close', () => this.#forget(socket))
    socket.on('error', () => socket.terminate())
    if (this.#live.length >= mostConnections) {
      this.#sayGoodbye(socket, 'too_many_websockets')
      socket.close()
      return
    }
    this.#live.push(socket)
    this.#greeted += 1
    socket.on('message', (data) => this.#receive(socket, String(data)))
    socket.send(JSON.stringify(this.#hello()))
    this.#options.transcript.changed()
  }

  /**
   * Sends an envelope to one of the connections, in turn, and waits for its acknowledgement on that same connection.
   * If the connection closes first the wait is over at once: no acknowledgement can come any more.
   */
  deliver(envelope: Envelope): Promise<Delivery> {
    const at = this.#options.now().toISOString()
    const record = this.#options.transcript.delivery({ at, envelope, outcome: 'waiting' })
    const socket = this.#next()
    if (!socket) return Promise.resolve(this.#settled(record, 'no-connection'))
    const sent = performance.now()
    return new Promise((resolve) => {
      const settle = (ack: Fields | undefined) => {
        clearTimeout(timer)
        this.#waiting.delete(envelope.envelope_id)
        record.latencyMs = performance.now() - sent
        if (!ack) return resolve(this.#settled(record, 'timeout'))
        record.ack = ack
        record.outcome = 'acked'
        resolve({ kind: 'acked', payload: fieldsOf(ack['payload']), record })
        this.#options.transcript.changed()
      }
      const timer = setTimeout(() => settle(undefined), this.#options.ackDeadlineMs)
      this.#waiting.set(envelope.envelope_id, { socket, settle })
      socket.send(JSON.stringify(envelope), () => this.#endAsOrdered(socket))
    })
  }

  /**
   * The next envelope's connection ends so, right after the envelope has gone out: the app has the envelope
   * and may find no way to acknowledge it. Holds for one envelope.
   */
  endAfterNext(ending: Ending): void {
    this.#ending = ending
  }

  /**
   * Tells every connection to reconnect; after anything but a warning nothing more is sent to it. The
   * connections stay open until the app closes them, so what was sent before can still be acknowledged.
   */
  disconnect(reason: DisconnectReason): void {
    const told = this.#live
    if (reason !== 'warning') this.#live = []
    for (const socket of told) this.#sayGoodbye(socket, reason)
  }

  /** Cuts every connection without a word: whatever waits for one ends as a `timeout`. New ones are taken. */
  kill(): void {
    for (const socket of [...this.#open]) socket.terminate()
  }

  /** Closes every connection with a proper handshake; one that does not answer is cut. Takes no new ones. */
  async close(): Promise<void> {
    this.#isClosing = true
    await Promise.all([...this.#open].map(closed))
  }

  #hello(): Fields {
    return {
      type: 'hello',
      num_connections: this.#live.length,
      connection_info: { app_id: this.#options.appId },
      debug_info: {
        host: 'applink-sandbox',
        started: this.#options.now().toISOString(),
        build_number: 1,
        // As captures of real connections show it; the documentation's example says 3600.
        approximate_connection_time: 18_060,
      },
    }
  }

  #endAsOrdered(socket: WebSocket): void {
    const ending = this.#ending
    this.#ending = undefined
    if (ending === undefined) return
    if (ending === 'cut') {
      socket.terminate()
      return
    }
    if (ending !== 'warning') this.#live = this.#live.filter((each) => each !== socket)
    this.#sayGoodbye(socket, ending)
  }

  #sayGoodbye(socket: WebSocket, reason: DisconnectReason): void {
    socket.send(
      JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-sandbox' } }),
    )
  }

  #next(): WebSocket | undefined {
    this.#turn += 1
    return this.#live[this.#turn % this.#live.length]
  }

  #receive(socket: WebSocket, text: string): void {
    const ack = parseJson(text)
    if (!isFields(ack)) return
    const waiting = this.#waiting.get(stringOf(ack['envelope_id']))
    if (waiting?.socket === socket) waiting.settle(ack)
  }

  #forget(socket: WebSocket): void {
    this.#open.delete(socket)
    this.#live = this.#live.filter((each) => each !== socket)
    for (const waiting of [...this.#waiting.values()])
      if (waiting.socket === socket) waiting.settle(undefined)
    this.#options.transcript.changed()
  }

  #settled(record: Delivered, kind: 'timeout' | 'no-connection'): Delivery {
    record.outcome = kind
    this.#options.transcript.changed()
    return { kind, record }
  }
}

// Long enough for a peer that is there, short enough for a test that left one behind.
const closingMs = 300

function closed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => socket.terminate(), closingMs)
    socket.once('close', () => {
      clearTimeout(cut)
      resolve()
    })
    socket.close(1000)
  })
}
