/** What is done every minute in each Rekey, whatever the table of jobs says. */

import type { Logger } from 'pino'
import { newId } from '../ids.ts'
import type { Job, Progress, Task } from '../recovery/model/job.ts'
import { routines } from '../recovery/model/routines.ts'
import type { Handlers } from './outbox.ts'

const everyMs = 60_000

export interface MinutelyDeps {
  readonly tasks: readonly (() => Promise<void>)[]
  readonly now: () => Date
  readonly log: Pick<Logger, 'error'>
  /** How often it looks at the clock. */
  readonly pollMs?: number
}

export class Minutely {
  readonly #deps: MinutelyDeps
  #timer: NodeJS.Timeout | undefined
  #doneAt: number
  #doing: Promise<void> | undefined

  constructor(deps: MinutelyDeps) {
    this.#deps = deps
    this.#doneAt = deps.now().getTime()
  }

  start(): void {
    const { pollMs = 1_000 } = this.#deps
    this.#timer = setInterval(() => this.#look(), pollMs).unref()
  }

  /** Begins nothing more, and waits for what is under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#doing
  }

  #look(): void {
    const at = this.#deps.now().getTime()
    // Also when the clock was set back.
    if (this.#doing !== undefined || Math.abs(at - this.#doneAt) < everyMs) return
    this.#doneAt = at
    this.#doing = this.#all().finally(() => {
      this.#doing = undefined
    })
  }

  async #all(): Promise<void> {
    for (const task of this.#deps.tasks) {
      try {
        await task()
      } catch (error) {
        this.#deps.log.error({ err: error }, 'what is done every minute failed')
      }
    }
  }
}

/**
 * Remembers when each routine was done last: one whose job is gone, or never comes due, is done all the same
 * after twice its period. What other Rekeys do is not seen here: beside them it is done oftener than it has to be.
 */
export class RoutineWatch {
  readonly #handlers: Handlers
  readonly #now: () => Date
  readonly #doneAt = new Map<string, number>()
  readonly #turns = new Map<string, Promise<unknown>>()

  constructor(handlers: Handlers, now: () => Date) {
    this.#now = now
    this.#handlers = handlers
    for (const { lane } of routines) this.#doneAt.set(lane, now().getTime())
  }

  /** The same handlers; routines are done one at a time, and remembered. */
  get watched(): Handlers {
    const entries = Object.entries(this.#handlers) as [string, Handle][]
    const kinds = new Set<string>(routines.map(({ task }) => task.kind))
    return Object.fromEntries(
      entries.map(([kind, handle]) => [
        kind,
        kinds.has(kind) ? (task: Task, job: Job) => this.#inTurn(handle, task, job) : handle,
      ]),
    ) as Handlers
  }

  async doOverdue(): Promise<void> {
    for (const { lane, task, everyMs } of routines) {
      if (this.#now().getTime() - (this.#doneAt.get(lane) ?? 0) <= 2 * everyMs) continue
      const at = this.#now()
      const job = { id: newId('job'), task, lane, createdAt: at, attempts: 1 }
      const progress = await this.#inTurn(this.#handlers[task.kind] as Handle, task, job)
      // There is more to read than Slack takes well at once: it goes on when it wants to.
      if (progress.kind === 'again' && progress.at.getTime() < at.getTime() + everyMs)
        this.#doneAt.set(lane, progress.at.getTime() - 2 * everyMs)
    }
  }

  #inTurn(handle: Handle, task: Task, job: Job): Promise<Progress> {
    const before = this.#turns.get(task.kind) ?? Promise.resolve()
    const mine = before.then(() => {
      // Another's job in a routine's lane is not the routine.
      if (routines.some((each) => each.lane === job.lane && each.task.kind === task.kind))
        this.#doneAt.set(job.lane, this.#now().getTime())
      return handle(task, job)
    })
    this.#turns.set(
      task.kind,
      mine.catch(() => undefined),
    )
    return mine
  }
}

type Handle = (task: Task, job: Job) => Promise<Progress>
