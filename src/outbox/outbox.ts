/**
 * outbox/ sees to it that every job is done: it claims, leases, retries and sets aside. What a job
 * does, it doesn't know.
 *
 * A job is done at least once: whoever holds it may die after doing it and before saying so. What
 * must not happen twice takes care of that itself.
 */

import type { Logger } from 'pino'
import type { JobId } from '../ids.ts'
import type { Job, Progress, Task, TaskKind } from '../recovery/model/job.ts'
import type { Jobs } from '../recovery/ports/jobs.ts'
import { atOnce, kindsIn, type Queue, queueOf, queues } from './queues.ts'

export type Handlers = {
  readonly [Kind in TaskKind]: (
    task: Extract<Task, { readonly kind: Kind }>,
    job: Job,
  ) => Promise<Progress>
}

export interface OutboxDeps {
  readonly jobs: Pick<Jobs, 'claim' | 'finish' | 'putBack' | 'park' | 'tidy'>
  readonly handlers: Handlers
  readonly now: () => Date
  readonly log: Pick<Logger, 'error' | 'warn' | 'debug'>
  /** How long an idle outbox waits before it looks again. */
  readonly pollMs?: number
}

// Longer than any single call to Slack or Cognito may take, so that a lease lapses only when its
// holder is gone or stuck.
const jobLeaseMs = 45_000

// What was held up by an error is taken up again within a minute after it is mended.
const longestPauseMs = 60_000

const tidyEveryMs = 60_000

// Whatever keeps an outbox from its jobs for so long does not pass by itself.
const mostFailingMs = 60_000

export class Outbox {
  readonly #jobs: OutboxDeps['jobs']
  readonly #handlers: Handlers
  readonly #now: () => Date
  readonly #log: OutboxDeps['log']
  readonly #pollMs: number
  readonly #running = new Map<Promise<void>, Queue>()
  /** What is under way, by the newest claim of each job. */
  readonly #held = new Map<JobId, Job>()
  #loop: Promise<void> | undefined
  #tidiedAt = 0
  #failingSince: Date | undefined
  #stopping = false
  #wake: () => void = () => {}

  constructor(parts: OutboxDeps) {
    this.#jobs = parts.jobs
    this.#handlers = parts.handlers
    this.#now = parts.now
    this.#log = parts.log
    this.#pollMs = parts.pollMs ?? 500
  }

  start(): void {
    this.#loop ??= this.#run()
  }

  /** Whether no job could be looked for lately. */
  get isStuck(): boolean {
    const since = this.#failingSince
    return since !== undefined && this.#now().getTime() - since.getTime() > mostFailingMs
  }

  /** Takes no new jobs and waits for those under way. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#wake()
    await this.#loop
    await Promise.all(this.#running.keys())
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      const claimed = await this.#claim()
      // As soon as a job has ended, the next of its lane may be due.
      if (claimed === 0) await this.#rest()
    }
  }

  async #claim(): Promise<number> {
    try {
      let claimed = 0
      await this.#tidy()
      for (const queue of queues) claimed += await this.#claimFrom(queue)
      this.#failingSince = undefined
      return claimed
    } catch (error) {
      this.#failingSince ??= this.#now()
      this.#log.error({ err: error }, 'could not look for jobs')
      return 0
    }
  }

  /** If it cannot be done, jobs are claimed all the same, and it is tried again a minute later. */
  async #tidy(): Promise<void> {
    const now = this.#now()
    if (Math.abs(now.getTime() - this.#tidiedAt) < tidyEveryMs) return
    this.#tidiedAt = now.getTime()
    await this.#jobs.tidy(now)
  }

  async #claimFrom(queue: Queue): Promise<number> {
    const under = [...this.#running.values()].filter((each) => each === queue).length
    const room = atOnce[queue] - under
    if (room <= 0) return 0
    const claimed = await this.#jobs.claim(this.#now(), jobLeaseMs, room, kindsIn(queue))
    for (const job of claimed) {
      // When the clock jumps, a lease of our own seems to have lapsed while we still work. The
      // work goes on; it is only filed under the newer claim.
      const known = this.#held.has(job.id)
      this.#held.set(job.id, job)
      if (!known) this.#begin(job)
    }
    return claimed.length
  }

  #begin(job: Job): void {
    const running = this.#do(job).finally(() => {
      this.#held.delete(job.id)
      this.#running.delete(running)
      this.#wake()
    })
    this.#running.set(running, queueOf[job.task.kind])
  }

  async #do(job: Job): Promise<void> {
    try {
      const progress = await this.#handle(job.task, job)
      await this.#file(this.#held.get(job.id) ?? job, progress)
    } catch (error) {
      // The lease will lapse, and the job will be claimed again.
      this.#log.error({ err: error, job: job.id }, 'could not file a job')
    }
  }

  /** An unexpected error is not the end of a job: what is broken today may be mended tomorrow. */
  async #handle<Kind extends TaskKind>(
    task: Extract<Task, { readonly kind: Kind }>,
    job: Job,
  ): Promise<Progress> {
    const handler = this.#handlers[task.kind as Kind]
    try {
      return await handler(task, job)
    } catch (error) {
      const { id, attempts } = job
      this.#log.error({ err: error, job: id, task: task.kind, attempts }, 'a job failed')
      const at = new Date(this.#now().getTime() + pauseMs(attempts))
      return { kind: 'again', at, because: error instanceof Error ? error.name : 'unknown' }
    }
  }

  async #file(job: Job, progress: Progress): Promise<void> {
    switch (progress.kind) {
      case 'done':
        return this.#jobs.finish(job, this.#now())
      case 'again':
        return this.#jobs.putBack(job, progress.at, progress.because)
      case 'impossible':
        this.#log.error(
          { job: job.id, task: job.task.kind, because: progress.because },
          'a job was set aside',
        )
        return this.#jobs.park(job, this.#now(), progress.because)
      default:
        return progress satisfies never
    }
  }

  async #rest(): Promise<void> {
    if (this.#stopping) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#pollMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** One, two, four … seconds, up to a minute. */
function pauseMs(attempts: number): number {
  return Math.min(1_000 * 2 ** (attempts - 1), longestPauseMs)
}
