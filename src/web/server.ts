/** A server that anybody may reach: small requests, short waits, and no more connections than it can hold. */

import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { text } from './text/text.ts'

export interface ServerParts {
  /** The address to listen on. */
  readonly host: string
  /** The port to listen on; 0 for any free one. */
  readonly port: number
  /** Where the port is written, for whoever reads why it cannot be had. */
  readonly portName: 'PORT' | 'PAGE_PORT'
  /** How many connections there are at the most. */
  readonly connections: number
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void
}

export interface WebServer {
  readonly port: number
  /** Takes no more, and waits a while for what is being answered. */
  close(): Promise<void>
}

/** @throws with a sentence for the operator where the port cannot be had */
export async function listen(parts: ServerParts): Promise<WebServer> {
  const connections = new Connections(parts.connections)
  const server = createServer(limits, (request, response) => {
    connections.answers(request, response)
    parts.answer(request, response)
  })
  server.maxHeadersCount = mostHeaders
  server.on('connection', (socket) => connections.add(socket))
  const { host, port } = parts
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(whyNotServed(error, parts)))
    server.listen({ host, port, backlog }, resolve)
  })
  return { port: (server.address() as AddressInfo).port, close: () => close(server) }
}

// Everything that anybody sends here is small. Whoever takes longer wants to keep us waiting.
const limits: ServerOptions = {
  headersTimeout: 5_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  // Cookies of the whole domain come along, and those can be long.
  maxHeaderSize: 16 * 1024,
}
const mostHeaders = 100

// Whoever waits behind thousands of connections that say nothing waits for less than a second. The
// system's own bound (Linux: net.core.somaxconn, 4096) may be lower.
const backlog = 4_096

/**
 * When there is one connection too many, the oldest goes on which nothing is being worked on. One that
 * asks at once is answered within milliseconds, so that connections that say nothing keep nobody out, as
 * they would if the newest were turned away.
 */
class Connections {
  readonly #most: number
  // In the order in which they came.
  readonly #open = new Set<Socket>()
  readonly #answering = new WeakMap<Socket, ServerResponse>()

  constructor(most: number) {
    this.#most = most
  }

  add(socket: Socket): void {
    if (this.#open.size >= this.#most) (this.#oldestIdle() ?? socket).destroy()
    if (socket.destroyed) return
    this.#open.add(socket)
    socket.once('close', () => this.#open.delete(socket))
  }

  answers({ socket }: IncomingMessage, response: ServerResponse): void {
    this.#answering.set(socket, response)
  }

  #oldestIdle(): Socket | undefined {
    const oldest = this.#open.values().find((socket) => !this.#isBusy(socket))
    if (oldest !== undefined) this.#open.delete(oldest)
    return oldest
  }

  // From the last byte of the request to the last of the answer: neither can be drawn out from outside.
  #isBusy(socket: Socket): boolean {
    const response = this.#answering.get(socket)
    return response?.req.complete === true && !response.writableEnded
  }
}

const answersWithinMs = 5_000

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    // An owner whose new password is on its way should still hear what became of it.
    const patience = setTimeout(() => server.closeAllConnections(), answersWithinMs)
    server.close((error) => {
      clearTimeout(patience)
      if (error) reject(error)
      else resolve()
    })
    server.closeIdleConnections()
  })
}

function whyNotServed(error: Error, { host, port, portName }: ServerParts): Error {
  const code = 'code' in error ? error.code : undefined
  const { taken, forbidden, noSuchHost } = text.notServed
  if (code === 'EADDRINUSE') return new Error(taken(portName, port, code), { cause: error })
  if (code === 'EACCES') return new Error(forbidden(portName, port, code), { cause: error })
  return code === 'EADDRNOTAVAIL' ? new Error(noSuchHost(host, code), { cause: error }) : error
}
