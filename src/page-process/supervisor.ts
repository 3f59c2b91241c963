/**
 * The recovery page in a process of its own, which strangers may overwhelm without anybody in Slack noticing: another
 * event loop, another heap, other file descriptors. Rekey starts it, counts for it, starts it again, and ends it.
 */

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { environmentOf } from '../config.ts'
import type { PasswordRules } from '../recovery/ports/owner-recovery.ts'
import type { RateLimiter } from '../recovery/ports/rate-limiter.ts'
import { mostPerMinute, PerMinute } from '../web/recovery-page/allowance.ts'
import { isForPage } from './environment.ts'
import { type FromPage, fromPage, type Serve, type Served, type ToPage } from './messages.ts'

export interface PageProcessParts {
  /** All that the page is told at its start. */
  readonly setup: Serve
  readonly rateLimiter: RateLimiter
  readonly rules: (pool: string) => Promise<PasswordRules | undefined>
  readonly log: Logger
  readonly now: () => Date
  /** How often it is asked whether it is there, in milliseconds, and for how long it may say nothing. */
  readonly pingEveryMs?: number
  readonly silentForMs?: number
}

const entry = join(import.meta.dirname, 'main.ts')

// Some 70 MB are in use when it has started.
const heapMb = 192
const usualPingEveryMs = 10_000
const usualSilentForMs = 30_000
// On a busy machine it takes seconds until it says anything.
const startsWithinMs = 30_000
// One that was served and has ended is back at once: whoever can end it would keep it off by a wait that grows. A start
// costs a second of a core, at a low priority.
const startEveryMs = 2_000
// One that cannot be started has something wrong with it that takes longer.
const firstAgainAfterMs = 1_000
const lastAgainAfterMs = 60_000
// A little longer than the page gives those who wait for an answer.
const endsWithinMs = 8_000
// Where the one before was killed with Rekey, its page ends on its own, within moments.
const portFreeWithinMs = 5_000
// One for each step, and some of the process’s own.
const linesPerMinute = 240

/** @throws with a sentence for the operator where the page cannot be served */
export async function startPageProcess(parts: PageProcessParts): Promise<PageProcess> {
  const page = new PageProcess(parts)
  await page.start()
  return page
}

export class PageProcess {
  readonly #parts: PageProcessParts
  readonly #counts: PerMinute
  readonly #lines: PerMinute
  #setup: Serve
  #child: ChildProcess | undefined
  #isUp = false
  #isStopping = false
  #startedAt = 0

  constructor(parts: PageProcessParts) {
    this.#parts = parts
    this.#setup = parts.setup
    // Two for each step: whatever the page may have become, it keeps the database busy no more than that.
    this.#counts = new PerMinute(2 * mostPerMinute, parts.now)
    this.#lines = new PerMinute(linesPerMinute, parts.now)
  }

  /** Where it is served. */
  get port(): number {
    return this.#setup.port
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Whether it is served at this moment. */
  get isUp(): boolean {
    return this.#isUp
  }

  /** @throws where it is not served within a while */
  async start(): Promise<void> {
    for (const end = performance.now() + portFreeWithinMs; ; await pause(100)) {
      const began = await this.#launch()
      if (began.kind === 'listening') return
      if (performance.now() > end || !began.why.includes('EADDRINUSE')) throw new Error(began.why)
    }
  }

  /** From now on for these pools and no others. */
  serve(served: Served): void {
    this.#setup = { ...this.#setup, served }
    this.#tell({ kind: 'policy', served })
  }

  /** Finishes what is under way, and ends it. */
  async close(): Promise<void> {
    this.#isStopping = true
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    this.#tell({ kind: 'stop' })
    const timer = setTimeout(() => child.kill('SIGKILL'), endsWithinMs)
    await ended
    clearTimeout(timer)
  }

  async #launch(): Promise<Began> {
    this.#startedAt = performance.now()
    const child = fork(entry, [], {
      env: environmentOf(isForPage),
      execArgv: [
        ...process.execArgv.filter((argument) => !argument.startsWith('--inspect')),
        `--max-old-space-size=${heapMb}`,
      ],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.#child = child
    const began = Promise.withResolvers<Began>()
    const watch = this.#watch(child)
    child.on('error', (error) => began.resolve({ kind: 'not-listening', why: error.message }))
    child.on('message', (message) => {
      watch.hasSpoken()
      const { success, data } = fromPage.safeParse(message)
      if (!success) return
      if (data.kind === 'listening' || data.kind === 'not-listening') began.resolve(data)
      else void this.#hear(data)
    })
    child.once('exit', (code, signal) => {
      watch.stop()
      began.resolve({ kind: 'not-listening', why: notStarted })
      this.#hasEnded({ code, signal })
    })
    this.#tell(this.#setup)
    const outcome = await began.promise
    if (outcome.kind === 'listening') {
      this.#isUp = true
      this.#setup = { ...this.#setup, port: outcome.port }
    } else child.kill('SIGKILL')
    return outcome
  }

  #hasEnded(how: { readonly code: number | null; readonly signal: string | null }): void {
    const wasUp = this.#isUp
    this.#isUp = false
    if (this.#isStopping || !wasUp) return
    const inMs = Math.max(0, Math.ceil(this.#startedAt + startEveryMs - performance.now()))
    this.#parts.log.error({ ...how, inMs }, 'the recovery page has ended, and is started again')
    void this.#startAgain(inMs)
  }

  async #startAgain(inMs: number): Promise<void> {
    let againAfterMs = firstAgainAfterMs
    for (let waitMs = inMs; ; waitMs = againAfterMs) {
      await pause(waitMs, undefined, { ref: false })
      if (this.#isStopping) return
      const { log } = this.#parts
      const began = await this.#launch()
      if (began.kind === 'listening')
        return log.info({ port: this.port }, 'the recovery page is served again')
      log.error({ why: began.why }, 'the recovery page could not be started again')
      againAfterMs = Math.min(2 * againAfterMs, lastAgainAfterMs)
    }
  }

  /** Kills a page whose process does not answer any more. */
  #watch(child: ChildProcess) {
    const { pingEveryMs = usualPingEveryMs, silentForMs = usualSilentForMs } = this.#parts
    let heardAt = performance.now() + startsWithinMs
    const timer = setInterval(() => {
      if (performance.now() - heardAt > silentForMs) child.kill('SIGKILL')
      else this.#tell({ kind: 'ping' })
    }, pingEveryMs).unref()
    return {
      hasSpoken: () => {
        heardAt = performance.now()
      },
      stop: () => clearInterval(timer),
    }
  }

  async #hear(message: Exclude<FromPage, Began>): Promise<void> {
    const { log, rules } = this.#parts
    switch (message.kind) {
      case 'count':
        this.#tell({ kind: 'counted', id: message.id, ...(await this.#count(message)) })
        break
      case 'rules': {
        const found = await rules(message.pool).catch(() => undefined)
        this.#tell({ kind: 'rules', id: message.id, ...(found && { rules: found }) })
        break
      }
      case 'log':
        if (this.#lines.take()) log[message.level](message.fields, message.message)
    }
  }

  async #count({ key, most, windowMs }: Extract<FromPage, { kind: 'count' }>) {
    const { log, now, rateLimiter } = this.#parts
    if (!this.#counts.take()) return {}
    try {
      return { isTaken: await rateLimiter.take(key, most, windowMs, now()) }
    } catch (error) {
      log.warn({ err: error }, 'the recovery page’s limits could not be counted')
      return {}
    }
  }

  #tell(message: ToPage): void {
    const child = this.#child
    // One that ends at this moment is started again with all that it has to know.
    if (child?.connected) child.send(message, undefined, {}, () => undefined)
  }
}

type Began = Extract<FromPage, { kind: 'listening' | 'not-listening' }>

const notStarted = 'the recovery page’s process has ended while it was started'
