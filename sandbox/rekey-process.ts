/** Rekey itself, unmodified, as a process of its own: it can be killed at any moment, and comes back. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/**
 * How Rekey is run. The environment is all that it gets, but for PATH and what Node needs, so that nothing of
 * this machine reaches it.
 */
export interface RekeyProcessOptions {
  readonly environment: Record<string, string>
  /** Gets all that Rekey writes, after what is there already. Its folder is where Rekey runs. */
  readonly logFile: string
  /** Modules that are loaded into the process ahead of Rekey. */
  readonly preload?: readonly string[]
  /**
   * A program, with its arguments, that becomes Rekey: it is given Rekey's command line after its own, and
   * has to keep the process id, or signals would end it and not Rekey.
   */
  readonly through?: readonly string[]
  /** Hears of every start after the first. */
  readonly onRestart?: () => void
}

const clock = join(import.meta.dirname, 'shifted-clock.ts')
const main = join(import.meta.dirname, '..', 'src', 'main.ts')

/**
 * Starts itself again whenever its process ends, until `stop`: five tries, at once one after the other, then
 * the error is printed, and this process's exit code set to 1. The first start has one try, and rejects.
 */
export class RekeyProcess {
  readonly #options: RekeyProcessOptions
  readonly #log: WriteStream
  #child: ChildProcess | undefined
  #stopping = false
  #aheadMs = 0
  #isRunning = false
  #running: Promise<void> | undefined
  #lastExitCode: number | null | undefined

  constructor(options: RekeyProcessOptions) {
    this.#options = options
    this.#log = createWriteStream(options.logFile, { flags: 'a' })
  }

  /** Of the process that was started last, whether it still runs or not. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Whether the process of now has said that it is running. */
  get isRunning(): boolean {
    return this.#isRunning
  }

  /** What the process before this one ended with; null if a signal ended it. */
  get lastExitCode(): number | null | undefined {
    return this.#lastExitCode
  }

  /** Starts Rekey, and resolves once it says that it is running. Rejects when it ends before that. */
  start(): Promise<void> {
    this.#running = this.#launch()
    return this.#running
  }

  /**
   * Lets time pass for Rekey, by starting it anew with a clock that is ahead. A clock that jumps
   * under a running process would cut its sockets, which no real clock does.
   */
  async advanceClock(milliseconds: number): Promise<void> {
    await this.#running
    this.#aheadMs += milliseconds
    await this.#end('SIGTERM')
    await this.#running
  }

  /** Ends it on the spot, as a crash would. It comes back by itself. */
  crash(): void {
    this.#isRunning = false
    this.#child?.kill('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#running?.catch(() => undefined)
    this.#stopping = true
    await this.#end('SIGTERM')
    this.#log.end()
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  async #launch(): Promise<void> {
    const preloaded = [clock, ...(this.#options.preload ?? [])].flatMap((file) => [
      '--import',
      file,
    ])
    const rekey = [process.execPath, ...preloaded, main]
    const [program = process.execPath, ...args] = [...(this.#options.through ?? []), ...rekey]
    const child = spawn(program, args, {
      // Nothing of this machine's own: no .env and no real credentials may reach the simulated world.
      env: {
        PATH: process.env['PATH'],
        NODE_NO_WARNINGS: '1',
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        SANDBOX_CLOCK_AHEAD_MS: String(this.#aheadMs),
        ...this.#options.environment,
      },
      cwd: join(this.#options.logFile, '..'),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    child.stderr?.pipe(this.#log, { end: false })
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code) =>
        reject(new Error(`Rekey ended with ${code}; see ${this.#options.logFile}`)),
      )
      if (child.stdout === null) return
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.#log.write(`${line}\n`)
        if (line.includes('Rekey is running')) resolve()
      })
    })
    this.#isRunning = true
    child.once('exit', (code) => {
      this.#lastExitCode = code
      this.#comeBack()
    })
  }

  #comeBack(): void {
    this.#isRunning = false
    if (this.#stopping) return
    this.#running = this.#launchAgain()
    this.#running.then(
      () => this.#options.onRestart?.(),
      (error) => {
        console.error(error)
        process.exitCode = 1
      },
    )
  }

  /** Whoever likes to kill it may do so while it starts, too. */
  async #launchAgain(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#launch()
      } catch (error) {
        if (tries === 5) throw error
      }
    }
  }
}
