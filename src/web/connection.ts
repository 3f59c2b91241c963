/** One connection of somebody’s: for one request, read a little at a time, and no longer than that takes. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

// Node’s parser goes on to the end of whatever it is handed, be that thousands of requests, and each of them
// is a request and a response by then: 64 KiB, as much as is read at once, stop everything else for a tenth of a second.
// Up to the end of a head, or so much of anything else, it is a moment.
const mostBytes = 1_024
const endOfHead = '\r\n\r\n'

/** How long the head of a request may take, and all that follows it, in milliseconds. */
export interface Patience {
  readonly asksWithinMs: number
  readonly endsWithinMs: number
}

export class Connection extends Duplex {
  readonly #socket: Socket
  readonly #patience: Patience
  #unread: Buffer = Buffer.alloc(0)
  #asked: { readonly request: IncomingMessage; readonly response: ServerResponse } | undefined
  #timer: NodeJS.Timeout

  constructor(socket: Socket, patience: Patience) {
    super({ readableHighWaterMark: mostBytes })
    this.#socket = socket
    this.#patience = patience
    this.#timer = this.#endsIn(patience.asksWithinMs)
    socket.on('data', (bytes: Buffer) => {
      socket.pause()
      this.#unread = bytes
      this.#handOn()
    })
    socket.once('end', () => this.push(null))
    socket.once('error', () => this.destroy())
    socket.once('close', () => this.destroy())
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress
  }

  /** Whether it has sent the beginning of a request. */
  get hasAsked(): boolean {
    return this.#asked !== undefined
  }

  /** From the last byte of the request to the last of the answer: neither can be drawn out from outside. */
  get isBusy(): boolean {
    return this.#asked?.request.complete === true && !this.#asked.response.writableEnded
  }

  /** Ends the connection where it is not the first. @returns whether it is to be answered */
  asks(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#asked !== undefined) {
      this.destroy()
      return false
    }
    this.#asked = { request, response }
    clearTimeout(this.#timer)
    this.#timer = this.#endsIn(this.#patience.endsWithinMs)
    return true
  }

  override _read(): void {
    // Whoever else has sent something has their turn in between.
    if (this.#unread.length > 0) setImmediate(() => this.#handOn())
    else this.#socket.resume()
  }

  override _write(bytes: Buffer, _encoding: string, written: (error?: Error | null) => void): void {
    this.#socket.write(bytes, written)
  }

  override _final(done: () => void): void {
    this.#socket.destroySoon()
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer)
    this.#socket.destroy()
    done(error)
  }

  #handOn(): void {
    if (this.destroyed) return
    const head = this.#unread.subarray(0, mostBytes).indexOf(endOfHead)
    const bytes = head === -1 ? mostBytes : head + endOfHead.length
    const piece = this.#unread.subarray(0, bytes)
    this.#unread = this.#unread.subarray(bytes)
    this.push(piece)
  }

  #endsIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.destroy(), ms).unref()
  }
}
