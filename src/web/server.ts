/** A server that anybody may reach: small requests, short waits, and no more connections than it can hold. */

import {
  createServer,
  type IncomingMessage,
  type ServerOptions,
  type ServerResponse,
} from 'node:http'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net'
import { Connection, type Patience } from './connection.ts'
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
  readonly patience?: Patience
}

export interface WebServer {
  readonly port: number
  /** Takes no more, and waits a while for what is being answered. */
  close(): Promise<void>
}

/** @throws with a sentence for the operator where the port cannot be had */
export async function listen(parts: ServerParts): Promise<WebServer> {
  const { host, port, answer } = parts
  const connections = new Connections(parts.connections, parts.patience ?? usualPatience)
  const http = createServer(limits, take).on('checkExpectation', take)
  http.maxHeadersCount = mostHeaders
  const server = createTcpServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = connections.add(socket)
    if (connection) http.emit('connection', connection)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(whyNotServed(error, parts)))
    server.listen({ host, port, backlog }, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () => close(server, connections),
  }

  function take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request
    if (!(socket instanceof Connection) || !socket.asks(request, response)) return
    // Neither browsers nor proxies send a second one before they have the answer; they open another connection.
    response.setHeader('connection', 'close')
    answer(request, response)
  }
}

const limits: ServerOptions = {
  // Cookies of the whole domain come along, and those can be long.
  maxHeaderSize: 16 * 1024,
}
const mostHeaders = 100

// Everything that anybody sends here is small: whoever takes longer wants to keep us waiting. In a minute a form
// arrives, whoever counts and Cognito are as slow as they may be, and the answer is read.
const usualPatience: Patience = { asksWithinMs: 5_000, endsWithinMs: 60_000 }

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
  readonly #patience: Patience
  // In the order in which they came.
  readonly #open = new Set<Connection>()

  constructor(most: number, patience: Patience) {
    this.#most = most
    this.#patience = patience
  }

  /** @returns undefined where it is one too many, and has been ended */
  add(socket: Socket): Connection | undefined {
    if (this.#open.size >= this.#most && !this.#makeRoom()) {
      socket.destroy()
      return undefined
    }
    const connection = new Connection(socket, this.#patience)
    this.#open.add(connection)
    connection.once('close', () => this.#open.delete(connection))
    return connection
  }

  /** Ends all of them, or those that have not asked for anything. */
  end(which: 'all' | 'silent'): void {
    for (const each of this.#open) if (which === 'all' || !each.hasAsked) each.destroy()
  }

  #makeRoom(): boolean {
    const oldest = this.#open.values().find(({ isBusy }) => !isBusy)
    if (oldest === undefined) return false
    this.#open.delete(oldest)
    oldest.destroy()
    return true
  }
}

const answersWithinMs = 5_000

function close(server: Server, connections: Connections): Promise<void> {
  return new Promise((resolve, reject) => {
    // An owner whose new password is on its way should still hear what became of it.
    const patience = setTimeout(() => connections.end('all'), answersWithinMs)
    server.close((error) => {
      clearTimeout(patience)
      if (error) reject(error)
      else resolve()
    })
    connections.end('silent')
  })
}

function whyNotServed(error: Error, { host, port, portName }: ServerParts): Error {
  const code = 'code' in error ? error.code : undefined
  const { taken, forbidden, noSuchHost } = text.notServed
  if (code === 'EADDRINUSE') return new Error(taken(portName, port, code), { cause: error })
  if (code === 'EACCES') return new Error(forbidden(portName, port, code), { cause: error })
  return code === 'EADDRNOTAVAIL' ? new Error(noSuchHost(host, code), { cause: error }) : error
}
