/**
 * Loaded into Rekey's process ahead of Rekey: ends it, or freezes it, at a named moment of its work
 * with the database. Rekey's own code knows nothing of it. The moment is in a file, so that it can be
 * set while Rekey runs; it is taken away as it strikes, so that the next process lives.
 */

import { existsSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { isUint8Array } from 'node:util/types'
import pg from 'pg'

export interface Failpoint {
  /** The statement, by parts of it and of what it writes. */
  readonly writing: readonly string[]
  /** `in`: just before that statement, with its transaction open. `after`: when the transaction is kept. */
  readonly when: 'in' | 'after'
  /** Frozen instead of killed: whoever set it lets it go on. */
  readonly freeze?: boolean
}

/** Where the process that was struck last has left its number. */
export function struckFile(file: string): string {
  return `${file}.struck`
}

const file = process.env['FAILPOINT_FILE']

if (file !== undefined) {
  watchSqlite(file)
  watchPostgres(file)
}

/** Follows one connection's statements; calls for the end when the moment has come. */
class Watch {
  readonly #file: string
  #isStruck: Failpoint | undefined

  constructor(file: string) {
    this.#file = file
  }

  before(statement: string, parameters: readonly unknown[]): void {
    if (!existsSync(this.#file)) return
    const point: Failpoint = JSON.parse(readFileSync(this.#file, 'utf8'))
    const written = [statement, ...parameters.map(plain)].join('\n')
    if (!point.writing.every((part) => written.includes(part))) return
    if (point.when === 'in') this.#strike(point)
    else this.#isStruck = point
  }

  after(statement: string): void {
    if (this.#isStruck === undefined) return
    if (/^commit/i.test(statement)) this.#strike(this.#isStruck)
    if (/^rollback/i.test(statement)) this.#isStruck = undefined
  }

  #strike(point: Failpoint): void {
    this.#isStruck = undefined
    writeFileSync(struckFile(this.#file), String(process.pid))
    if (existsSync(this.#file)) unlinkSync(this.#file)
    const { now } = performance
    const before = performance.now()
    process.kill(process.pid, point.freeze ? 'SIGSTOP' : 'SIGKILL')
    // The signal takes effect at once; nothing after this line may run before it has.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, point.freeze ? 50 : 10_000)
    // As on a machine that was asleep: its own clock has not run, however long the others took meanwhile.
    const lostMs = performance.now() - before
    performance.now = () => now.call(performance) - lostMs
  }
}

function plain(parameter: unknown): string {
  return isUint8Array(parameter) ? '' : String(parameter)
}

function watchSqlite(at: string): void {
  const watches = new WeakMap<DatabaseSync, Watch>()
  const { prepare } = DatabaseSync.prototype
  DatabaseSync.prototype.prepare = function (sql, ...rest) {
    const watch = watches.get(this) ?? new Watch(at)
    watches.set(this, watch)
    const statement = prepare.call(this, sql, ...rest)
    for (const name of ['run', 'all', 'iterate'] as const) {
      const original = statement[name].bind(statement) as (...given: unknown[]) => unknown
      Object.defineProperty(statement, name, {
        value: (...parameters: unknown[]) => {
          watch.before(sql, parameters)
          const outcome = original(...parameters)
          watch.after(sql)
          return outcome
        },
      })
    }
    return statement
  }
}

function watchPostgres(at: string): void {
  const watches = new WeakMap<object, Watch>()
  const original = pg.Client.prototype.query as (...given: unknown[]) => unknown
  const query = function (this: pg.Client, ...given: unknown[]): unknown {
    const [asked, values] = given
    const sql = typeof asked === 'string' ? asked : (asked as { text?: string }).text
    if (sql === undefined) return original.apply(this, given)
    const watch = watches.get(this) ?? new Watch(at)
    watches.set(this, watch)
    watch.before(sql, Array.isArray(values) ? values : [])
    const answer = original.apply(this, given)
    if (!(answer instanceof Promise)) return answer
    return answer.then((result: unknown) => {
      watch.after(sql)
      return result
    })
  }
  Object.defineProperty(pg.Client.prototype, 'query', { value: query })
}
