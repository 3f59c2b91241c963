/** The page's end of the channel to Rekey. */

import process from 'node:process'
import { describeError } from '../log.ts'
import type { PasswordRules } from '../recovery/ports/owner-recovery.ts'
import type { PageLog } from '../web/recovery-page/log.ts'
import { type FromPage, mostLogged } from './messages.ts'

// Whoever counts takes milliseconds, and seconds where the database is in trouble.
const answerWithinMs = 10_000

export class Channel {
  readonly #waiting = new Map<number, (answer: unknown) => void>()
  #asked = 0

  /** The page's log, which is written into Rekey's. */
  readonly log: PageLog = {
    info: (fields: object, message: string) => this.#note('info', fields, message),
    warn: (fields: object, message: string) => this.#note('warn', fields, message),
    error: (fields: object, message: string) => this.#note('error', fields, message),
  }

  tell(message: FromPage): void {
    // Where nobody listens any more, this process is about to end.
    if (process.connected) process.send?.(message, undefined, {}, () => undefined)
  }

  /** @throws when it could not be counted */
  async count(use: { key: string; most: number; windowMs: number }): Promise<boolean> {
    const answer = await this.#ask((id) => ({ kind: 'count', id, ...use }))
    if (typeof answer !== 'boolean') throw new Error('a limit could not be counted')
    return answer
  }

  /** @returns undefined where they cannot be read */
  async rules(pool: string): Promise<PasswordRules | undefined> {
    return (await this.#ask((id) => ({ kind: 'rules', id, pool }))) as PasswordRules | undefined
  }

  /** Hands an answer of Rekey's to whoever waits for it. */
  answer(id: number, answer: unknown): void {
    this.#waiting.get(id)?.(answer)
  }

  async #ask(question: (id: number) => FromPage): Promise<unknown> {
    this.#asked += 1
    const id = this.#asked
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const timer = setTimeout(resolve, answerWithinMs)
    this.#waiting.set(id, resolve)
    this.tell(question(id))
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(id)
    }
  }

  #note(level: 'info' | 'warn' | 'error', fields: object, message: string): void {
    const { err, ...rest } = fields as { err?: unknown }
    const told = { ...rest, ...(err !== undefined && { err: describeError(err) }) }
    // As JSON, it holds what a log line could.
    const json = JSON.stringify(told)
    // Each character is two at the most once it is in quotes again.
    const isLong = json.length > mostLogged
    const kept = isLong ? { beginning: json.slice(0, mostLogged / 2 - 100) } : JSON.parse(json)
    this.tell({ kind: 'log', level, message, fields: kept })
  }
}
