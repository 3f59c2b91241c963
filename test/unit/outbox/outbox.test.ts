import { describe, expect, it } from 'vitest'
import type { JobId, RequestId } from '../../../src/ids.ts'
import { type Handlers, Outbox, type OutboxDeps } from '../../../src/outbox/outbox.ts'
import type { Job, Progress, TaskKind } from '../../../src/recovery/model/job.ts'
import { later, noon } from '../../support/examples.ts'

const request = 'REQ-0000000001' as RequestId

function aJob(name: string, attempts = 1): Job {
  return {
    id: name as JobId,
    task: { kind: 'execute', request },
    lane: name,
    createdAt: noon,
    attempts,
  }
}

type OutboxJobs = OutboxDeps['jobs']

/** Jobs that are handed out once, and a record of what was said of each. */
class Given implements OutboxJobs {
  readonly said: string[] = []
  #waiting: Job[]

  constructor(...jobs: Job[]) {
    this.#waiting = jobs
  }

  get waiting(): number {
    return this.#waiting.length
  }

  handOut(job: Job): void {
    this.#waiting.push(job)
  }

  async claim(
    _now: Date,
    _leaseMs: number,
    limit: number,
    kinds: readonly TaskKind[],
  ): Promise<readonly Job[]> {
    const taken = this.#waiting.filter(({ task }) => kinds.includes(task.kind)).slice(0, limit)
    this.#waiting = this.#waiting.filter((job) => !taken.includes(job))
    return taken
  }

  async finish({ id }: Job): Promise<void> {
    this.said.push(`${id} finished`)
  }

  async putBack({ id }: Job, notBefore: Date, because: string): Promise<void> {
    this.said.push(`${id} again in ${(notBefore.getTime() - noon.getTime()) / 1_000} s: ${because}`)
  }

  async park({ id }: Job, _now: Date, because: string): Promise<void> {
    this.said.push(`${id} set aside: ${because}`)
  }

  async tidy(): Promise<void> {}
}

function outbox(
  jobs: OutboxJobs,
  execute: (job: Job) => Promise<Progress>,
  drawCard?: () => Promise<Progress>,
  now = () => noon,
): Outbox {
  const idle = async (): Promise<Progress> => ({ kind: 'done' })
  const handlers: Handlers = {
    execute: (_task, job) => execute(job),
    expire: idle,
    'draw-card': drawCard ?? idle,
    'post-audit': idle,
    'post-alert': idle,
    'sign-checkpoint': idle,
    'show-witness': idle,
    'post-checkpoint': idle,
    'reconcile-audit': idle,
    'reconcile-month': idle,
    'look-at-groups': idle,
    'tell-requester': idle,
    'notify-pause': idle,
    'tell-owner': idle,
    remind: idle,
    'see-who-is-left': idle,
    escalate: idle,
    'post-reminder': idle,
    'check-addresses': idle,
    'revoke-sessions': idle,
    'burn-password': idle,
    'follow-up': idle,
    'clear-reveal': idle,
  }
  const quiet = () => {}
  const log = { error: quiet, warn: quiet, debug: quiet }
  return new Outbox({ jobs, handlers, now, log, pollMs: 1 })
}

async function run(jobs: Given, execute: (job: Job) => Promise<Progress>): Promise<string[]> {
  const running = outbox(jobs, execute)
  running.start()
  await expect.poll(() => jobs.said.length).toBeGreaterThan(0)
  await running.stop()
  return jobs.said
}

describe('the outbox', () => {
  it('says of each job what its handler said', async () => {
    expect(await run(new Given(aJob('a')), async () => ({ kind: 'done' }))).toEqual(['a finished'])
    const again: Progress = { kind: 'again', at: later(7_000), because: 'patience' }
    expect(await run(new Given(aJob('a')), async () => again)).toEqual(['a again in 7 s: patience'])
    const never: Progress = { kind: 'impossible', because: 'invalid_blocks' }
    expect(await run(new Given(aJob('a')), async () => never)).toEqual([
      'a set aside: invalid_blocks',
    ])
  })

  it.each([
    [1, 1],
    [2, 2],
    [5, 16],
    [40, 60],
  ])('tries again after the unexpected: attempt %i rests for %i s', async (attempts, seconds) => {
    const fail = async () => {
      throw new TypeError('oh')
    }
    expect(await run(new Given(aJob('a', attempts)), fail)).toEqual([
      `a again in ${seconds} s: TypeError`,
    ])
  })

  it('does not let one slow job hold up the others', async () => {
    const slow = Promise.withResolvers<Progress>()
    const jobs = new Given(aJob('slow'), aJob('quick'))
    const running = outbox(jobs, ({ id }) =>
      id === 'slow' ? slow.promise : Promise.resolve({ kind: 'done' }),
    )
    running.start()
    await expect.poll(() => jobs.said).toEqual(['quick finished'])
    slow.resolve({ kind: 'done' })
    await running.stop()
    expect(jobs.said).toEqual(['quick finished', 'slow finished'])
  })

  it('SO-01 does not let a channel that hangs hold up anything else, however much waits for it', async () => {
    const answered = Promise.withResolvers<Progress>()
    const card = (name: string): Job => ({ ...aJob(name), task: { kind: 'draw-card', request } })
    const cards = Array.from({ length: 20 }, (_, index) => card(`card ${index}`))
    const jobs = new Given(...cards)
    const done = async (): Promise<Progress> => ({ kind: 'done' })
    const running = outbox(jobs, done, () => answered.promise)
    running.start()
    await expect.poll(() => jobs.waiting).toBeLessThan(cards.length)
    jobs.handOut(aJob('deed'))
    await expect.poll(() => jobs.said).toEqual(['deed finished'])
    answered.resolve({ kind: 'done' })
    await expect.poll(() => jobs.said).toHaveLength(21)
    await running.stop()
  })

  it('TI-01 T25 does not take up its own job again when the clock jumps past the lease', async () => {
    const slow = Promise.withResolvers<Progress>()
    const started: string[] = []
    const jobs = new Given(aJob('a'))
    const running = outbox(jobs, ({ id, attempts }) => {
      started.push(`${id} ${attempts}`)
      return slow.promise
    })
    running.start()
    await expect.poll(() => started).toEqual(['a 1'])
    jobs.handOut(aJob('a', 2))
    await expect.poll(() => jobs.waiting).toBe(0)
    slow.resolve({ kind: 'done' })
    await running.stop()
    expect(started).toEqual(['a 1'])
  })

  it('CR-23 finishes what is under way before it stops, and takes nothing new', async () => {
    const started = Promise.withResolvers<void>()
    const open = Promise.withResolvers<Progress>()
    const jobs = new Given(aJob('a'))
    const running = outbox(jobs, () => {
      started.resolve()
      return open.promise
    })
    running.start()
    await started.promise
    let stopped = false
    const stopping = running.stop().then(() => {
      stopped = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(stopped).toBe(false)
    open.resolve({ kind: 'done' })
    await stopping
    expect(jobs.said).toEqual(['a finished'])
  })

  it('A11 says that it is stuck when no job could be looked for in the last minute', async () => {
    let time = noon
    let fails = true
    class Failing extends Given {
      override async claim(): Promise<readonly Job[]> {
        if (fails) throw new RangeError('too large')
        return []
      }
    }
    const running = outbox(
      new Failing(),
      async () => ({ kind: 'done' }),
      undefined,
      () => time,
    )
    running.start()
    expect(running.isStuck).toBe(false)
    await expect
      .poll(() => {
        time = later(time.getTime() - noon.getTime() + 61_000)
        return running.isStuck
      })
      .toBe(true)
    fails = false
    await expect.poll(() => running.isStuck).toBe(false)
    await running.stop()
  })
})
