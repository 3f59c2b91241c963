/**
 * What has to be said follows from the ledger. Jobs are how it is said as a rule; whoever takes one away, or puts
 * it off, keeps neither a call from security nor a post from the audit channel nor the news from an owner.
 */

import type { Logger } from 'pino'
import type { Entry } from '../../audit/entry.ts'
import { isRefusal } from '../../audit/refusals.ts'
import { isAlarming, isPublic } from '../../audit/visibility.ts'
import { newId, type RequestId } from '../../ids.ts'
import { type Backlog, mostBehindMs } from '../../recovery/model/backlog.ts'
import { job } from '../../recovery/model/drafts.ts'
import type { Job, JobDraft, Progress, Task } from '../../recovery/model/job.ts'
import { alertLane, auditLane, ownerLane } from '../../recovery/model/lanes.ts'
import type { Jobs } from '../../recovery/ports/jobs.ts'
import type { Ledger } from '../../recovery/ports/ledger.ts'
import type { Posts } from '../../recovery/ports/posts.ts'
import { messageKey } from '../outbound/message-keys.ts'

export interface UnsaidDeps {
  readonly ledger: Pick<Ledger, 'recent'>
  readonly posts: Pick<Posts, 'which'>
  readonly jobs: Pick<Jobs, 'addMissing'>
  readonly now: () => Date
  readonly log: Pick<Logger, 'error' | 'warn' | 'debug'>
}

type Call = Extract<Task, { readonly kind: 'post-alert' }>

/** Calls security, as the job does. */
export type CallSecurity = (task: Call, job: Job) => Promise<Progress>

const minute = 60_000

// Time enough for the job, which is as a rule done within seconds.
const callAfterMs = 5 * minute
const ownerAfterMs = 10 * minute

// An older one is for `audit -- verify`; what waits longer in a Rekey that runs is not forgotten.
const backMs = 24 * 60 * minute

const everyMs = minute

/** What is not known to have been said, and when it was written. */
interface Unsaid {
  readonly seq: number
  readonly request: RequestId | null
  readonly at: number
}

export class UnsaidWatch {
  readonly #deps: UnsaidDeps
  /** Up to where the ledger was read. */
  #seq = 0
  #lookedAt: number | undefined
  #looking: Promise<void> | undefined
  readonly #calls = new Map<string, Unsaid>()
  readonly #posts = new Map<string, Unsaid>()
  readonly #notTold = new Map<RequestId, number>()

  constructor(deps: UnsaidDeps) {
    this.#deps = deps
  }

  /**
   * The audit posts that are missing, and since when: what is only on its way is none of them.
   * @throws where the ledger or the posts cannot be read
   */
  async backlog(): Promise<Backlog> {
    const now = this.#deps.now().getTime()
    const missing = () => olderThan(this.#posts, now - mostBehindMs)
    const isOld = this.#lookedAt === undefined || Math.abs(now - this.#lookedAt) >= everyMs
    if (isOld || missing().length > 0) await this.#look()
    const [oldest, ...more] = missing()
    return oldest === undefined
      ? { waiting: 0 }
      : { waiting: 1 + more.length, since: new Date(oldest.at) }
  }

  /** Looks, and sees to it that what is missing is said. */
  async seeToIt(call: CallSecurity): Promise<void> {
    const now = this.#deps.now()
    await this.#look()
    await this.#orderAgain(now)
    await this.#callSecurity(call, now)
    this.#deps.log.debug({ upTo: this.#seq }, 'looked whether everything was said')
  }

  #look(): Promise<void> {
    this.#looking ??= this.#lookNow().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async #lookNow(): Promise<void> {
    const { ledger, posts, now } = this.#deps
    const at = now().getTime()
    const since = new Date(this.#lookedAt === undefined ? at - backMs : 0)
    const { seq, entries } = await ledger.recent({ after: this.#seq, since }, isToBeSaid)
    for (const entry of entries) this.#note(entry)
    this.#seq = seq
    const said = await posts.which([...this.#calls.keys(), ...this.#posts.keys()])
    for (const key of said) {
      this.#calls.delete(key)
      this.#posts.delete(key)
    }
    this.#lookedAt = at
  }

  #note(entry: Entry): void {
    const { seq, request, type } = entry
    const unsaid = { seq, request, at: new Date(entry.time).getTime() }
    if (isAlarming(entry)) this.#calls.set(messageKey({ kind: 'alert', seq }), unsaid)
    if (isPosted(entry)) this.#posts.set(messageKey({ kind: 'entry', seq }), unsaid)
    // What the ledger does not know as a request is named.
    const about = request ?? (entry.data['named'] as RequestId | undefined)
    if (about === undefined) return
    if (type === 'request.opened' && isToldInSlack(entry)) this.#notTold.set(about, unsaid.at)
    else if (endsWaiting.has(type)) this.#notTold.delete(about)
  }

  /** Jobs like those that are missing. What waits its turn is not ordered a second time. */
  async #orderAgain(now: Date): Promise<void> {
    const posts = olderThan(this.#posts, now.getTime() - mostBehindMs)
    const notTold = [...this.#notTold].filter(([, at]) => at < now.getTime() - ownerAfterMs)
    const drafts: readonly JobDraft[] = [
      ...posts.map(({ seq, request }) => job({ kind: 'post-audit', seq, request }, auditLane, now)),
      ...notTold.map(([request]) => job({ kind: 'tell-owner', request }, ownerLane(request), now)),
    ]
    if (drafts.length === 0) return
    const added = await this.#deps.jobs.addMissing(drafts, now)
    // Once more, and no oftener: what comes of it is written down, or cannot be.
    for (const [request] of notTold) this.#notTold.delete(request)
    if (added > 0)
      this.#deps.log.warn(
        { jobs: added },
        'jobs that follow from the ledger were gone: ordered again',
      )
  }

  async #callSecurity(call: CallSecurity, now: Date): Promise<void> {
    for (const { seq, request, at } of olderThan(this.#calls, now.getTime() - callAfterMs)) {
      const task = { kind: 'post-alert', seq, request } as const
      // The second attempt: what an earlier one has left in the channel is found first.
      const told = { id: newId('job'), task, lane: alertLane, createdAt: new Date(at), attempts: 2 }
      const { kind } = await call(task, told)
      // Slack does not take it now, and would take no other.
      if (kind === 'again') return
      if (kind === 'impossible')
        this.#deps.log.error({ seq }, 'security cannot be called for an entry')
      this.#calls.delete(messageKey({ kind: 'alert', seq }))
    }
  }
}

const endsWaiting: ReadonlySet<string> = new Set([
  'owner.told',
  'owner.not-told',
  'owner.reported',
  'request.altered',
])

function isToBeSaid(entry: Entry): boolean {
  const { type } = entry
  return isAlarming(entry) || isPosted(entry) || type === 'request.opened' || endsWaiting.has(type)
}

/** Anybody can bring refusals about: nothing is held up for the post of one. */
function isPosted(entry: Entry): boolean {
  return isPublic(entry) && !isRefusal(entry)
}

function isToldInSlack({ data }: Entry): boolean {
  return data['ownerReach'] === 'slack' && data['owner'] !== undefined
}

/** In the order of the ledger. */
function olderThan(unsaid: ReadonlyMap<string, Unsaid>, at: number): readonly Unsaid[] {
  return [...unsaid.values()].filter((each) => each.at < at)
}
