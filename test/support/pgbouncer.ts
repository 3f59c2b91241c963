/**
 * In front of a PostgreSQL what PgBouncer is in transaction mode, as its documentation has it: it refuses the
 * settings at the start of a connection that it does not know, or passes over them, and hands each transaction
 * to another connection to the server. No package of npm brings PgBouncer itself.
 * https://www.pgbouncer.org/config.html, https://www.pgbouncer.org/features.html
 */

import { once } from 'node:events'
import { createServer, connect as dial, type Socket } from 'node:net'

export interface PgBouncer {
  /** Where the database at this URL is found through it. */
  urlOf(url: string): string
  /** How often a transaction went to another connection than the one before. */
  readonly handedOn: number
  close(): Promise<void>
}

// What it follows for each client. Everything else is refused, unless `ignore_startup_parameters` has it.
const followed = new Set(['user', 'database', 'client_encoding', 'application_name', 'DateStyle'])

/** @param ignores whether `ignore_startup_parameters` has all there are */
export async function startPgBouncer(port: number, ignores = false): Promise<PgBouncer> {
  const sockets = new Set<Socket>()
  let handedOn = 0
  const door = createServer((client) => {
    keep(client)
    client.once('data', (startup: Buffer) => {
      const parameters = parametersOf(startup)
      const odd = [...parameters.keys()].find((name) => !followed.has(name))
      if (odd === undefined || ignores) serve(client, startupOf(parameters))
      else client.end(fatal(`unsupported startup parameter: ${odd}`))
    })
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  const address = door.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    urlOf: (url) => {
      const moved = new URL(url)
      moved.port = String(address.port)
      return moved.href
    },
    get handedOn() {
      return handedOn
    },
    close: async () => {
      const closed = once(door, 'close')
      door.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }

  /** Two connections for the client, each for every other transaction. */
  function serve(client: Socket, startup: Buffer): void {
    const servers = [dial(port, '127.0.0.1'), dial(port, '127.0.0.1')]
    let current = 0
    let greeted = 0
    for (const [index, server] of servers.entries()) {
      keep(server)
      const frames = new Frames()
      let isReady = false
      server.write(startup)
      server.on('close', () => client.destroy())
      server.on('data', (bytes: Buffer) => {
        for (const frame of frames.push(bytes)) {
          const isDone = frame[0] === readyForQuery && frame[5] === idle
          if (!isReady && isDone) {
            isReady = true
            greeted += 1
            // Before both are there, what the client asks would be taken for its password.
            if (greeted === servers.length) client.write(frame)
            continue
          }
          // The client is greeted once, by the first of them.
          if (isReady ? index === current : index === 0) client.write(frame)
          if (!isDone) continue
          current = 1 - current
          handedOn += 1
        }
      })
    }
    client.on('data', (bytes: Buffer) => {
      // Until then it is the password that it says.
      if (greeted < servers.length) for (const server of servers) server.write(bytes)
      else servers[current]?.write(bytes)
    })
    client.on('close', () => {
      for (const server of servers) server.destroy()
    })
  }

  function keep(socket: Socket): void {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  }
}

const readyForQuery = 'Z'.charCodeAt(0)
const idle = 'I'.charCodeAt(0)

/** Cuts a stream into the server's messages: a letter, and a length that counts itself. */
class Frames {
  #rest: Buffer = Buffer.alloc(0)

  push(bytes: Buffer): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, bytes])
    const whole: Buffer[] = []
    while (this.#rest.length >= 5 && this.#rest.length > this.#rest.readInt32BE(1)) {
      const end = this.#rest.readInt32BE(1) + 1
      whole.push(this.#rest.subarray(0, end))
      this.#rest = this.#rest.subarray(end)
    }
    return whole
  }
}

// The length, the protocol's version, then names and values, each with a null behind it.
function parametersOf(startup: Buffer): Map<string, string> {
  const words = startup.subarray(8).toString('latin1').split('\0')
  const parameters = new Map<string, string>()
  for (let at = 0; words[at]; at += 2) parameters.set(words[at] ?? '', words[at + 1] ?? '')
  return parameters
}

function startupOf(parameters: Map<string, string>): Buffer {
  const kept = [...parameters].filter(([name]) => followed.has(name)).flat()
  const body = Buffer.from(`\0\x03\0\0${kept.map((word) => `${word}\0`).join('')}\0`, 'latin1')
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([length, body])
}

function fatal(message: string): Buffer {
  const body = Buffer.from(`SFATAL\0C08P01\0M${message}\0\0`, 'latin1')
  const head = Buffer.from('E\0\0\0\0', 'latin1')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
