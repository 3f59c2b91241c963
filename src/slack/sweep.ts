/**
 * Comparing the channels with what was posted there. An audit post that somebody has deleted or changed
 * is noted in the ledger and posted again; whatever went out twice, after an unclear answer, says so.
 */

import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { RequestId } from '../names.ts'
import type { Policy } from '../policy/policy.ts'
import { entryWithout, rekey } from '../recovery/change.ts'
import type { Progress } from '../recovery/job.ts'
import { type KeptPost, type Ledger, type Posts, type Store, witnessOf } from '../recovery/ports.ts'
import { context } from './blocks.ts'
import { readFailure } from './failures.ts'
import { oidOf } from './posting.ts'
import { type FoundMessage, standingOf } from './standing.ts'

export interface SweepParts {
  readonly client: webApi.WebClient
  readonly store: Pick<Store, 'write'>
  readonly ledger: Pick<Ledger, 'entry' | 'entries'>
  readonly posts: Posts
  readonly policy: () => Policy
  readonly now: () => Date
  readonly log: Pick<Logger, 'warn'>
}

/** How far back a sweep looks, and how often. */
export interface Reach {
  readonly backMs: number
  readonly everyMs: number
}

const hourMs = 60 * 60_000

/** What was posted lately, and is still being read. */
export const lately: Reach = { backMs: 2 * hourMs, everyMs: 10 * 60_000 }

/** Whatever was deleted long after it was posted, or while no Rekey ran; what is older, `audit -- verify` compares. */
export const aMonth: Reach = { backMs: 30 * 24 * hourMs, everyMs: 24 * hourMs }

// The history may lag behind by seconds.
const settledMs = 60_000

// Slack gives fifty pages a minute to an app, and others need them too.
const pagesAtOnce = 20
const betweenMs = 60_000

const mendMs = 60_000

const duplicateWords = 'Posted twice by mistake: this is a duplicate.'

interface SeenMessage extends FoundMessage {
  readonly ts?: string
  readonly metadata?: unknown
}

/** What has been read of the channels so far. Slack may make us wait between any two pages. */
interface Reading {
  readonly begunAt: number
  readonly since: string
  readonly posted: readonly KeptPost[]
  /** By channel and time. */
  readonly seen: Map<string, SeenMessage & { readonly channel: string }>
  readonly left: Page[]
  /** Channels that Slack does not show: what stands in them is not known. */
  readonly hidden: Set<string>
}

/** A page of a channel, or of one of its threads. */
interface Page {
  readonly channel: string
  readonly thread?: string
  readonly cursor?: string
}

export class Sweep {
  readonly #parts: SweepParts
  readonly #reach: Reach
  #reading: Reading | undefined
  #troubles = new Set<string>()

  constructor(parts: SweepParts, reach: Reach) {
    this.#parts = parts
    this.#reach = reach
  }

  /** Looks back as far as it reaches, and comes back as long as anything was posted in that time. */
  async sweep(): Promise<Progress> {
    this.#reading ??= await this.#begin()
    const { posted, seen, left, hidden } = this.#reading
    try {
      await this.#readOn(this.#reading)
      if (left.length > 0) return this.#again(betweenMs, 'there is more to read')
      for (const post of posted) {
        if (!hidden.has(post.channel)) await this.#compare(post, this.#reading)
      }
      await this.#markDuplicates(posted, seen)
      this.#reading = undefined
      if (hidden.size === 0) this.#troubles.clear()
      return posted.length === 0
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
    // What has been read stays read where Slack only did not answer: a month of it takes many minutes.
    if (failure.kind === 'refused') this.#reading = undefined
    return this.#again(mendMs, failure.error)
  }

  /** Once: the same at every sweep would hide everything else. */
  #warn(slack: string, channel?: string): void {
    const trouble = `${channel} ${slack}`
    if (this.#troubles.has(trouble)) return
    this.#troubles.add(trouble)
    this.#parts.log.warn(
      { slack, ...(channel === undefined ? {} : { channel }) },
      'what was posted cannot be compared with what stands there: nobody would notice if it were gone',
    )
  }

  async #begin(): Promise<Reading> {
    const { posts, now } = this.#parts
    const begunAt = now().getTime()
    const since = String((begunAt - this.#reach.backMs) / 1_000)
    const kept = await posts.since(since)
    // Nobody but the two of them reads a direct message.
    const posted = kept.filter(({ channel }) => /^[CG]/.test(channel))
    const left: Page[] = []
    for (const [channel, ours] of Map.groupBy(posted, (post) => post.channel)) {
      const threads = await this.#threadsOf(ours)
      left.push({ channel }, ...[...threads].map((thread) => ({ channel, thread })))
    }
    return { begunAt, since, posted, seen: new Map(), left, hidden: new Set() }
  }

  /** Reads what is left, or as much as Slack takes well. What has been read stays read. */
  async #readOn({ left, seen, since, hidden }: Reading): Promise<void> {
    let pages = 0
    for (let [page] = left; page !== undefined && pages < pagesAtOnce; [page] = left) {
      const { channel } = page
      const read = hidden.has(channel) ? undefined : await this.#read(page, since)
      if (read === undefined) hidden.add(channel)
      const { messages = [], next } = read ?? {}
      for (const message of messages) {
        if (message.ts !== undefined) seen.set(place(channel, message.ts), { ...message, channel })
      }
      left.shift()
      if (next) left.unshift({ ...page, cursor: next })
      pages += 1
    }
  }

  /** @returns undefined where Slack does not show it */
  async #read(
    { channel, thread, cursor }: Page,
    oldest: string,
  ): Promise<{ readonly messages: readonly SeenMessage[]; readonly next?: string } | undefined> {
    const { conversations } = this.#parts.client
    const asked = {
      channel,
      oldest,
      limit: 100,
      include_all_metadata: true,
      ...(cursor === undefined ? {} : { cursor }),
    }
    try {
      const found: Found =
        thread === undefined
          ? await conversations.history(asked)
          : await conversations.replies({ ...asked, ts: thread })
      const next = found.response_metadata?.next_cursor
      return { messages: found.messages ?? [], ...(next ? { next } : {}) }
    } catch (error) {
      const failure = readFailure(error)
      if (failure.kind !== 'refused') throw error
      // Nothing is left of the thread: then its posts are missing.
      if (failure.error === 'thread_not_found') return { messages: [] }
      this.#warn(failure.error, channel)
      return undefined
    }
  }

  /** The messages that posts may stand below. */
  async #threadsOf(ours: readonly KeptPost[]): Promise<ReadonlySet<string>> {
    const reminded = ours.flatMap(({ key }) => /^reminder (REQ-\w+) /.exec(key)?.[1] ?? [])
    const requests = await this.#requestsOf(ours)
    const keys = [...reminded.map((id) => `card ${id}`), ...requests.map((id) => `audit ${id}`)]
    const threads = new Set<string>()
    for (const key of new Set(keys)) {
      const root = await this.#parts.posts.find(key)
      if (root !== undefined) threads.add(root.ts)
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
    for await (const { entry } of this.#parts.ledger.entries(first)) {
      if (seqs.has(entry.seq) && entry.request !== null) requests.add(entry.request)
    }
    return [...requests]
  }

  async #compare(post: KeptPost, { begunAt, seen }: Reading): Promise<void> {
    if (witnessOf(post.key) === undefined) return
    if (Number(post.ts) * 1_000 > begunAt - settledMs) return
    const standing = standingOf(post, seen.get(place(post.channel, post.ts)))
    if (standing === 'gone') return this.#postAgain('post.missing', post)
    if (standing === 'altered') return this.#postAgain('post.altered', post)
  }

  async #postAgain(type: 'post.missing' | 'post.altered', { key, ts }: KeptPost): Promise<void> {
    const { store, ledger, policy, now } = this.#parts
    const about = witnessOf(key)
    if (about === undefined) return
    const isEntry = about.kind === 'entry'
    const task = isEntry
      ? ({
          kind: 'post-audit',
          seq: about.seq,
          request: (await ledger.entry(about.seq))?.entry.request ?? null,
        } as const)
      : ({ kind: 'post-checkpoint', size: about.size } as const)
    const data = isEntry ? { entry: about.seq, ts } : { checkpoint: about.size, ts }
    const entry = entryWithout(type, rekey, policy(), data)
    await store.write(entry, now(), `${type} ${key} ${ts}`, {
      jobs: [{ task, lane: 'audit', notBefore: now() }],
      unpost: { key, ts },
    })
  }

  /** The post that is known stays as it is; what came of the same job besides is marked, never deleted. */
  async #markDuplicates(ours: readonly KeptPost[], seen: Reading['seen']): Promise<void> {
    const known = new Set(ours.map(({ channel, ts }) => place(channel, ts)))
    for (const [oid, messages] of Map.groupBy(seen.values(), oidOf)) {
      const isKnown = ({ channel, ts = '' }: (typeof messages)[number]) =>
        known.has(place(channel, ts))
      if (typeof oid !== 'string' || !messages.some(isKnown)) continue
      for (const message of messages) {
        if (!isKnown(message) && message.text?.startsWith(duplicateWords) !== true)
          await this.#mark(message)
      }
    }
  }

  async #mark({ channel, ts }: { readonly channel: string; readonly ts?: string }): Promise<void> {
    if (ts === undefined) return
    try {
      await this.#parts.client.chat.update({
        channel,
        ts,
        text: duplicateWords,
        blocks: [context(duplicateWords)],
      })
    } catch (error) {
      // Another app's message, with an id that it has read off ours: Slack lets nobody else edit it.
      const failure = readFailure(error)
      if (failure.kind !== 'refused') throw error
      this.#warn(failure.error, channel)
    }
  }

  #again(afterMs: number, because: string): Progress {
    return { kind: 'again', at: new Date(this.#parts.now().getTime() + afterMs), because }
  }
}

function place(channel: string, ts: string): string {
  return `${channel} ${ts}`
}

/** As much of Slack's answer as is read. */
interface Found {
  readonly messages?: readonly SeenMessage[]
  readonly response_metadata?: { readonly next_cursor?: string }
}
