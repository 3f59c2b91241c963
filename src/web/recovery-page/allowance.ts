/** How much is begun for strangers: what is refused costs nothing, and what is begun has an end to how much it is. */

import type { RateLimiter } from '../../recovery/ports/rate-limiter.ts'

/** One thing to count towards a limit. */
export interface Use {
  /** Names nobody. */
  readonly key: string
  readonly most: number
  readonly windowMs: number
}

export interface AllowanceParts {
  readonly rateLimiter: RateLimiter
  readonly now: () => Date
}

/** To be called when what was allowed is done. */
export type Leave = () => void

const minuteMs = 60_000

// The limits are for an hour: who comes back is refused a little longer at the most.
const rememberMs = 10 * minuteMs

// Each is a call to Cognito, or two to the database.
const mostUnderWay = 8
// Cognito recovers 30 accounts a second for a whole AWS account ("Quotas in Amazon Cognito",
// UserAccountRecovery), for the application's own users and for support, too: they keep nine tenths.
export const mostPerMinute = 180
// An entry is some 150 bytes. Who asks from more addresses than this meets the limits above.
const mostRemembered = 10_000

export class Allowance {
  readonly #parts: AllowanceParts
  readonly #usedUp: Remembered
  readonly #begun: PerMinute
  #underWay = 0

  constructor(parts: AllowanceParts) {
    this.#parts = parts
    this.#usedUp = new Remembered(parts.now)
    this.#begun = new PerMinute(mostPerMinute, parts.now)
  }

  /** @returns what to call in the end; or why not: one of the limits is used up, or too much is going on at all */
  async enter(uses: readonly Use[]): Promise<Leave | 'used-up' | 'busy'> {
    if (uses.some(({ key }) => this.#usedUp.has(key))) return 'used-up'
    if (this.#underWay >= mostUnderWay || !this.#begun.take()) return 'busy'
    this.#underWay += 1
    const leave = () => {
      this.#underWay -= 1
    }
    try {
      const usedUp = await this.#firstUsedUp(uses)
      if (usedUp === undefined) return leave
      this.#usedUp.add(usedUp.key)
      // What is refused takes nothing away from those who are not.
      this.#begun.giveBack()
    } catch (error) {
      leave()
      throw error
    }
    leave()
    return 'used-up'
  }

  async #firstUsedUp(uses: readonly Use[]): Promise<Use | undefined> {
    const { rateLimiter, now } = this.#parts
    for (const use of uses) {
      const { key, most, windowMs } = use
      if (!(await rateLimiter.take(key, most, windowMs, now()))) return use
    }
    return undefined
  }
}

/** So many within any minute that begins with one of them, and no more. */
export class PerMinute {
  readonly #most: number
  readonly #now: () => Date
  #since = 0
  #count = 0

  constructor(most: number, now: () => Date) {
    this.#most = most
    this.#now = now
  }

  /** Whether there was one left. */
  take(): boolean {
    const now = this.#now().getTime()
    if (Math.abs(now - this.#since) >= minuteMs) {
      this.#since = now
      this.#count = 0
    }
    if (this.#count >= this.#most) return false
    this.#count += 1
    return true
  }

  giveBack(): void {
    this.#count = Math.max(0, this.#count - 1)
  }
}

/** What was refused lately, which need not be asked for again. */
class Remembered {
  readonly #now: () => Date
  readonly #until = new Map<string, number>()

  constructor(now: () => Date) {
    this.#now = now
  }

  has(key: string): boolean {
    const until = this.#until.get(key)
    return until !== undefined && this.#now().getTime() < until
  }

  add(key: string): void {
    this.#until.delete(key)
    this.#until.set(key, this.#now().getTime() + rememberMs)
    // In the order in which they were added.
    for (const oldest of this.#until.keys()) {
      if (this.#until.size <= mostRemembered) break
      this.#until.delete(oldest)
    }
  }
}
