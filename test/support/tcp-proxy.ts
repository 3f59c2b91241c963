/**
 * The network between Rekey and its database, where it can be cut: for everybody at once, or for one
 * connection at its COMMIT.
 */

import { once } from 'node:events'
import { createServer, connect as dial, type Socket } from 'node:net'

/**
 * - `pass`: everything goes through
 * - `cut`: every connection is reset, and so is each new one
 * - `black-hole`: connections are taken, and nothing goes through them in either direction
 */
export type Weather = 'pass' | 'cut' | 'black-hole'

/** The next COMMIT of a transaction that wrote something with this in it. */
export interface AtCommit {
  readonly writing: string
  /**
   * `lost`: it never reaches the server. `unanswered`: it does, and the answer gets lost. `late`: it
   * does when whoever sent it has given it up.
   */
  readonly is: 'lost' | 'unanswered' | 'late'
  /** How the connection ends. Silence is what a router that forgets makes. */
  readonly by: 'reset' | 'silence'
  /** What becomes of everything else at the same moment. */
  readonly andThen?: Weather
}

// Longer than it takes to connect anew and ask.
const lateMs = 300

export interface TcpProxy {
  /** Where the database at this URL is found through the proxy. */
  urlOf(url: string): string
  /** The weather from now on, also for connections that are open. */
  become(weather: Weather): void
  /** Sends new connections to another server, and cuts the open ones. */
  leadTo(port: number): void
  /** Strikes once. */
  strikeAt(commit: AtCommit): void
  /** How many COMMITs were struck. */
  readonly struck: number
  close(): Promise<void>
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  /** What the client has said since its transaction began. */
  said: string
  /** Nothing more gets through. */
  isSilent: boolean
  /** The server's next answer is not passed on. */
  isDoomed: AtCommit | undefined
}

/** In front of the server at this port. */
export async function startProxy(port: number): Promise<TcpProxy> {
  let weather: Weather = 'pass'
  let target = port
  let awaited: AtCommit | undefined
  let struck = 0
  const pairs = new Set<Pair>()

  const door = createServer((client) => {
    if (weather === 'cut') {
      client.resetAndDestroy()
      return
    }
    const server = dial(target, '127.0.0.1')
    const pair: Pair = { client, server, said: '', isSilent: false, isDoomed: undefined }
    pairs.add(pair)
    client.on('data', (bytes: Buffer) => forth(pair, bytes))
    server.on('data', (bytes: Buffer) => back(pair, bytes))
    for (const socket of [client, server]) socket.on('error', () => undefined)
    // What is late still reaches the server when its sender has gone.
    client.on('close', () => pair.isSilent || end(pair))
    server.on('close', () => end(pair))
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  const address = door.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const own = address.port

  return {
    urlOf: (url) => {
      const moved = new URL(url)
      moved.port = String(own)
      return moved.href
    },
    become,
    leadTo: (other) => {
      target = other
      for (const pair of [...pairs]) end(pair)
    },
    strikeAt: (commit) => {
      awaited = commit
    },
    get struck() {
      return struck
    },
    close: async () => {
      const closed = once(door, 'close')
      door.close()
      for (const pair of [...pairs]) end(pair)
      await closed
    },
  }

  function forth(pair: Pair, bytes: Buffer): void {
    if (pair.isSilent || weather === 'black-hole') return
    const text = bytes.toString('latin1')
    if (text.includes('begin;')) pair.said = ''
    pair.said += text
    if (awaited !== undefined && text.includes('commit\0') && pair.said.includes(awaited.writing)) {
      const strike = awaited
      awaited = undefined
      struck += 1
      if (strike.is === 'unanswered') pair.isDoomed = strike
      else strikeDown(pair, strike)
      if (strike.is === 'late') setTimeout(() => pair.server.write(bytes), lateMs)
    }
    if (isOpen(pair)) pair.server.write(bytes)
  }

  function back(pair: Pair, bytes: Buffer): void {
    if (pair.isSilent || weather === 'black-hole') return
    if (pair.isDoomed === undefined) pair.client.write(bytes)
    else strikeDown(pair, pair.isDoomed)
  }

  function isOpen(pair: Pair): boolean {
    return pairs.has(pair) && !pair.isSilent
  }

  function strikeDown(pair: Pair, { is, by, andThen }: AtCommit): void {
    pair.isSilent = true
    if (andThen !== undefined) become(andThen)
    if (by === 'silence') return
    if (is === 'late') pair.client.resetAndDestroy()
    else end(pair)
  }

  function become(next: Weather): void {
    weather = next
    // What a black hole has swallowed does not come back: such a connection is lost for good.
    for (const pair of [...pairs]) {
      if (next === 'cut') end(pair)
      if (next === 'black-hole') pair.isSilent = true
    }
  }

  function end(pair: Pair): void {
    pairs.delete(pair)
    for (const socket of [pair.client, pair.server]) {
      if (!socket.destroyed) socket.resetAndDestroy()
    }
  }
}
