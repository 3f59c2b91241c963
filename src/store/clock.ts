/**
 * What time it is for Rekey: what the database says, carried on by a clock that nobody can set. The
 * machine's own may jump, by an hour or to 1970; nothing expires, and no lease ends, because of that.
 */

import { uptime } from 'node:os'

export interface ClockSource {
  /** In milliseconds since 1970. */
  time(): Promise<number>
  /** The time in the newest ledger entry; 0 without one. */
  lastWritten(): Promise<number>
}

export interface ClockParts {
  /** Milliseconds on a clock that only goes forward. */
  readonly steadyMs?: () => number
  readonly log: { warn(facts: object, words: string): void }
}

const everyMs = 60_000

// Replicas, and the way to the database, may differ by so much without anybody's fault.
const usualMs = 5_000

export class DatabaseClock {
  readonly #steadyMs: () => number
  readonly #log: ClockParts['log']
  /** The time when the steady clock stood at zero. */
  #beganAt: number
  #timer: NodeJS.Timeout | undefined

  constructor({ steadyMs = steady(), log }: ClockParts) {
    this.#steadyMs = steadyMs
    this.#log = log
    // The machine's clock, until there is a database to ask.
    this.#beganAt = Date.now() - steadyMs()
  }

  readonly now = (): Date => new Date(Math.round(this.#beganAt + this.#steadyMs()))

  /** Takes the database's time from now on, and asks for it again every minute. */
  async follow(source: ClockSource): Promise<void> {
    await this.check(source)
    this.#timer = setInterval(() => void this.check(source).catch(() => undefined), everyMs).unref()
  }

  /**
   * Asks what time it is. A clock that is behind what has been written already is not believed: in
   * 1970, where a machine without a battery wakes up, every request would have years left.
   */
  async check(source: ClockSource): Promise<void> {
    const written = await source.lastWritten()
    const asked = this.#steadyMs()
    const time = await source.time()
    // It was read somewhere between the question and the answer.
    const beganAt = time - (asked + this.#steadyMs()) / 2
    if (time < written - usualMs) {
      this.#log.warn({ behindMs: written - time }, 'the clock is behind the ledger: not believed')
      this.#beganAt = Math.max(this.#beganAt, written - asked)
      return
    }
    const setByMs = Math.round(beganAt - this.#beganAt)
    if (Math.abs(setByMs) > usualMs) this.#log.warn({ setByMs }, 'the clock was set')
    this.#beganAt = beganAt
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

// What Linux and macOS round the machine's uptime by, and more.
const roundedMs = 2_500

/**
 * A clock in milliseconds that only goes forward, and that nobody can set. It goes on while the machine
 * sleeps, which Node's own does not: the machine's uptime tells for how long.
 */
export function steady(
  awakeMs = () => performance.now(),
  machineMs = () => uptime() * 1_000,
): () => number {
  const ahead = machineMs() - awakeMs()
  let sleptMs = 0
  return () => {
    const awake = awakeMs()
    const slept = machineMs() - awake - ahead
    if (slept > sleptMs + roundedMs) sleptMs = slept
    return awake + sleptMs
  }
}
