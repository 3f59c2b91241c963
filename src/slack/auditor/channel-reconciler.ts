/**
 * Comparing the channels with what was posted there. An audit post that somebody has deleted or changed
 * is noted in the ledger and posted again, once; what Slack has deleted for its age is noted in one, and
 * stays gone. Whatever went out twice, after an unclear answer, says so.
 */

import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { EntryType } from '../../audit/entry-data.ts'
import type { RequestId } from '../../ids.ts'
import type { Policy } from '../../policy/policy.ts'
import { entryWithout, rekey } from '../../recovery/model/drafts.ts'
import type { Progress } from '../../recovery/model/job.ts'
import { auditLane } from '../../recovery/model/lanes.ts'
import { everyMs } from '../../recovery/model/routines.ts'
import type { Ledger } from '../../recovery/ports/ledger.ts'
import type { KeptPost, Posts } from '../../recovery/ports/posts.ts'
import type { Store } from '../../recovery/ports/store.ts'
import { readFailure } from '../api/errors.ts'
import { context } from '../kit/blocks.ts'
import { messageKey, readMessageKey, witnessOf } from '../outbound/message-keys.ts'
import { oidOf } from '../outbound/poster.ts'
import { text } from '../text/text.ts'
import { ChannelScan, type Page, type SeenMessage } from './channel-scan.ts'
import { closerLooks, goneByAge, type Loss, lossesIn } from './losses.ts'

export interface ReconcilerDeps {
  readonly client: webApi.WebClient
  readonly store: Pick<Store, 'write'>
  readonly ledger: Pick<Ledger, 'entry' | 'entries'>
  readonly posts: Posts
  readonly policy: () => Policy
  readonly now: () => Date
  readonly log: Pick<Logger, 'warn'>
}

/** How far back the channels are compared, and how often. */
export interface Reach {
  readonly backMs: number
  readonly everyMs: number
}

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs

/** What was posted lately, and is still being read. */
export const recentWindow: Reach = { backMs: 2 * hourMs, everyMs: everyMs.reconcile }

/** Whatever was deleted long after it was posted, or while no Rekey ran; what is older, `audit -- verify` compares. */
export const monthWindow: Reach = { backMs: 30 * dayMs, everyMs: everyMs.month }

// Slack gives so many pages a minute.
const betweenMs = 60_000

const retryAfterFixMs = 60_000

/** Notes about posts. Were they noted in their turn, each would bring about the next. */
const notes: ReadonlySet<EntryType | undefined> = new Set(['post.missing', 'post.altered'])

export class ChannelReconciler {
  readonly #deps: ReconcilerDeps
  readonly #reach: Reach
  /** Kept while Slack makes us wait: a month of posts takes many minutes to read. */
  #scan: ChannelScan | undefined
  readonly #warned = new Set<string>()

  constructor(deps: ReconcilerDeps, reach: Reach) {
    this.#deps = deps
    this.#reach = reach
  }

  /** Looks back as far as it reaches, and comes back as long as anything was posted in that time. */
  async reconcile(): Promise<Progress> {
    this.#scan ??= await this.#begin()
    const scan = this.#scan
    try {
      if (!(await readWhole(scan))) return this.#again(betweenMs, 'there is more to read')
      await this.#noteGoneByAge(goneByAge(scan))
      for (const [type, post] of lossesIn(scan)) await this.#postAgain(type, post)
      await this.#markDuplicates(scan)
      this.#scan = undefined
      if (!scan.hidesAny) this.#warned.clear()
      return scan.posted.length === 0
        ? { kind: 'done' }
        : this.#again(this.#reach.everyMs, 'the channels agree')
    } catch (error) {
      return this.#afterTrouble(error)
    }
  }

  #afterTrouble(error: unknown): Progress {
    const failure = readFailure(error)
    if (failure.kind === 'slow-down') return this.#again(failure.retryAfterMs, 'ratelimited')
    this.#warn(failure.error)
    // What has been read stays read where Slack only did not answer.
    if (failure.kind === 'refused') this.#scan = undefined
    return this.#again(retryAfterFixMs, failure.error)
  }

  /** Once: the same at every comparison would hide everything else. */
  #warn(slack: string, channel?: string): void {
    const scanFailure = `${channel} ${slack}`
    if (this.#warned.has(scanFailure)) return
    this.#warned.add(scanFailure)
    this.#deps.log.warn(
      { slack, ...(channel === undefined ? {} : { channel }) },
      'what was posted cannot be compared with what stands there: nobody would notice if it were gone',
    )
  }

  async #begin(): Promise<ChannelScan> {
    const { client, posts, now } = this.#deps
    const begunAt = now().getTime()
    const since = String((begunAt - this.#reach.backMs) / 1_000)
    const kept = await posts.since(since)
    // Nobody but the two of them reads a direct message.
    const posted = kept.filter(({ channel }) => /^[CG]/.test(channel))
    const pages: Page[] = []
    for (const [channel, ours] of Map.groupBy(posted, (post) => post.channel)) {
      const threads = await this.#threadsOf(channel, ours)
      pages.push({ channel }, ...[...threads].map((thread) => ({ channel, thread })))
    }
    const onHidden = (channel: string, error: string) => this.#warn(error, channel)
    return new ChannelScan({ client, begunAt, since, posted, pages, onHidden })
  }

  /** The messages of this channel that posts may stand below, as far as they are known. */
  async #threadsOf(channel: string, ours: readonly KeptPost[]): Promise<ReadonlySet<string>> {
    const cards = ours.flatMap(({ key }) => {
      const of = readMessageKey(key)
      return of?.kind === 'reminder' ? messageKey({ kind: 'card', request: of.request }) : []
    })
    const requests = await this.#requestsOf(ours)
    const roots = requests.map((request) => messageKey({ kind: 'audit-thread', request }))
    const keys = [...cards, ...roots]
    const threads = new Set<string>()
    for (const key of new Set(keys)) {
      const root = await this.#deps.posts.find(key)
      if (root?.channel === channel) threads.add(root.ts)
    }
    return threads
  }

  async #requestsOf(ours: readonly KeptPost[]): Promise<readonly RequestId[]> {
    const entries = ours.map(({ key }) => witnessOf(key)).filter((about) => about?.kind === 'entry')
    const seqs = new Set(entries.map(({ seq }) => seq))
    const first = entries.reduce((least, { seq }) => Math.min(least, seq), Infinity)
    const requests = new Set<RequestId>()
    if (seqs.size === 0) return []
    // In pages: a month has too many to ask for each.
    for await (const { entry } of this.#deps.ledger.entries(first)) {
      if (seqs.has(entry.seq) && entry.request !== null) requests.add(entry.request)
    }
    return [...requests]
  }

  /** Once a month: it goes on every day, until somebody sets the channel to keep its messages. */
  async #noteGoneByAge(posts: readonly KeptPost[]): Promise<void> {
    const { store, policy, now } = this.#deps
    for (const [channel, gone] of Map.groupBy(posts, (post) => post.channel)) {
      const newest = gone.reduce((most, { ts }) => Math.max(most, Number(ts)), 0)
      const until = new Date(newest * 1_000).toISOString()
      const entry = entryWithout(rekey, policy(), {
        type: 'post.missing',
        channel,
        posts: gone.length,
        until,
      })
      const month = now().toISOString().slice(0, 7)
      await store.write(entry, now(), `posts gone by age ${channel} ${month}`)
    }
  }

  /** Once for each post and loss: what is lost whenever it is posted would be posted without end. */
  async #postAgain(type: Loss, { key, ts }: KeptPost): Promise<void> {
    const { store, ledger, policy, now } = this.#deps
    const about = witnessOf(key)
    if (about === undefined) return
    const lost = about.kind === 'entry' ? (await ledger.entry(about.seq))?.entry : undefined
    if (notes.has(lost?.type)) return
    const isEntry = about.kind === 'entry'
    const task = isEntry
      ? ({ kind: 'post-audit', seq: about.seq, request: lost?.request ?? null } as const)
      : ({ kind: 'post-checkpoint', size: about.size } as const)
    const lostPost = isEntry ? { entry: about.seq, ts } : { checkpoint: about.size, ts }
    // The same for both; the compiler takes them one by one.
    const content = type === 'post.missing' ? { type, ...lostPost } : { type, ...lostPost }
    const entry = entryWithout(rekey, policy(), content)
    await store.write(entry, now(), `${type} ${key}`, {
      kind: 'post-lost',
      post: { key, ts },
      jobs: [{ task, lane: auditLane, notBefore: now() }],
    })
  }

  /** The post that is known stays as it is; what came of the same job besides is marked, never deleted. */
  async #markDuplicates({ posted, seen }: ChannelScan): Promise<void> {
    const known = new Set(posted.map(({ channel, ts }) => `${channel} ${ts}`))
    const isKnown = ({ channel, ts }: SeenMessage) => known.has(`${channel} ${ts}`)
    for (const [oid, messages] of Map.groupBy(seen, oidOf)) {
      if (typeof oid !== 'string' || !messages.some(isKnown)) continue
      for (const message of messages) {
        if (!isKnown(message) && message.text?.startsWith(text.auditor.duplicate) !== true)
          await this.#mark(message)
      }
    }
  }

  async #mark({ channel, ts }: SeenMessage): Promise<void> {
    try {
      await this.#deps.client.chat.update({
        channel,
        ts,
        text: text.auditor.duplicate,
        blocks: [context(text.auditor.duplicate)],
      })
    } catch (error) {
      // Another app's message, with an id that it has read off ours: Slack lets nobody else edit it.
      const failure = readFailure(error)
      if (failure.kind !== 'refused') throw error
      this.#warn(failure.error, channel)
    }
  }

  #again(afterMs: number, because: string): Progress {
    return { kind: 'again', at: new Date(this.#deps.now().getTime() + afterMs), because }
  }
}

/** @returns false where there is more than Slack takes well at once */
async function readWhole(scan: ChannelScan): Promise<boolean> {
  for (;;) {
    await scan.readOn()
    if (!scan.isRead) return false
    const pages = closerLooks(scan)
    if (pages.length === 0) return true
    scan.lookCloser(pages)
  }
}
