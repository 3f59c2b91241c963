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
import { entryWithout, rekey } from '../../recovery/model/change.ts'
import type { Progress } from '../../recovery/model/job.ts'
import { auditLane } from '../../recovery/model/lanes.ts'
import type { Ledger } from '../../recovery/ports/ledger.ts'
import type { KeptPost, Posts } from '../../recovery/ports/posts.ts'
import type { Store } from '../../recovery/ports/store.ts'
import { readFailure } from '../api/errors.ts'
import { context } from '../kit/blocks.ts'
import { witnessOf } from '../outbound/message-keys.ts'
import { type FoundMessage, postStateOf } from '../outbound/post-state.ts'
import { oidOf } from '../outbound/poster.ts'

export interface ReconcilerDeps {
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
const dayMs = 24 * hourMs

/** What was posted lately, and is still being read. */
export const recentWindow: Reach = { backMs: 2 * hourMs, everyMs: 10 * 60_000 }

/** Whatever was deleted long after it was posted, or while no Rekey ran; what is older, `audit -- verify` compares. */
export const monthWindow: Reach = { backMs: 30 * dayMs, everyMs: dayMs }

// The history may lag behind by seconds.
const settledMs = 60_000

// Slack gives fifty pages a minute to an app, and others need them too.
const pagesAtOnce = 20
const betweenMs = 60_000

const retryAfterFixMs = 60_000

const duplicateWords = 'Posted twice by mistake: this is a duplicate.'

interface SeenMessage extends FoundMessage {
  readonly ts?: string
  readonly metadata?: unknown
}

/** Notes about posts. Were they noted in their turn, each would bring about the next. */
const notes: ReadonlySet<EntryType | undefined> = new Set(['post.missing', 'post.altered'])

/** What has been read of the channels so far. Slack may make us wait between any two pages. */
interface ChannelScan {
  readonly begunAt: number
  readonly since: string
  readonly posted: readonly KeptPost[]
  /** By channel and time. */
  readonly seen: Map<string, SeenMessage & { readonly channel: string }>
  readonly left: Page[]
  /** Channels that Slack does not show: what stands in them is not known. */
  readonly hidden: Set<string>
  /** What was looked at more closely: posts by channel and time, and channels for what stands there from before. */
  readonly asked: Set<string>
}

/** A page of a channel, or of one of its threads. */
interface Page {
  readonly channel: string
  readonly thread?: string
  readonly cursor?: string
  /** The newest of what is older than all that is compared. */
  readonly isBefore?: true
}

export class ChannelReconciler {
  readonly #parts: ReconcilerDeps
  readonly #reach: Reach
  #reading: ChannelScan | undefined
  #troubles = new Set<string>()

  constructor(parts: ReconcilerDeps, reach: Reach) {
    this.#parts = parts
    this.#reach = reach
  }

  /** Looks back as far as it reaches, and comes back as long as anything was posted in that time. */
  async reconcile(): Promise<Progress> {
    this.#reading ??= await this.#begin()
    const { posted, seen, left, hidden } = this.#reading
    try {
      do {
        await this.#readOn(this.#reading)
        if (left.length > 0) return this.#again(betweenMs, 'there is more to read')
      } while (left.push(...takeCloserLooks(this.#reading)) > 0)
      await this.#noteGoneByAge(this.#reading)
      for (const [type, post] of lossesIn(this.#reading)) await this.#postAgain(type, post)
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
    return this.#again(retryAfterFixMs, failure.error)
  }

  /** Once: the same at every sweep would hide everything else. */
  #warn(slack: string, channel?: string): void {
    const scanFailure = `${channel} ${slack}`
    if (this.#troubles.has(scanFailure)) return
    this.#troubles.add(scanFailure)
    this.#parts.log.warn(
      { slack, ...(channel === undefined ? {} : { channel }) },
      'what was posted cannot be compared with what stands there: nobody would notice if it were gone',
    )
  }

  async #begin(): Promise<ChannelScan> {
    const { posts, now } = this.#parts
    const begunAt = now().getTime()
    const since = String((begunAt - this.#reach.backMs) / 1_000)
    const kept = await posts.since(since)
    // Nobody but the two of them reads a direct message.
    const posted = kept.filter(({ channel }) => /^[CG]/.test(channel))
    const left: Page[] = []
    for (const [channel, ours] of Map.groupBy(posted, (post) => post.channel)) {
      const threads = await this.#threadsOf(channel, ours)
      left.push({ channel }, ...[...threads].map((thread) => ({ channel, thread })))
    }
    const sets = { seen: new Map(), hidden: new Set<string>(), asked: new Set<string>() }
    return { begunAt, since, posted, left, ...sets }
  }

  /** Reads what is left, or as much as Slack takes well. What has been read stays read. */
  async #readOn({ left, seen, since, hidden }: ChannelScan): Promise<void> {
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
      if (next && !page.isBefore) left.unshift({ ...page, cursor: next })
      pages += 1
    }
  }

  /** @returns undefined where Slack does not show it */
  async #read(
    { channel, thread, cursor, isBefore }: Page,
    since: string,
  ): Promise<{ readonly messages: readonly SeenMessage[]; readonly next?: string } | undefined> {
    const { conversations } = this.#parts.client
    const asked = {
      channel,
      ...(isBefore ? { latest: since } : { oldest: since }),
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

  /** The messages of this channel that posts may stand below, as far as they are known. */
  async #threadsOf(channel: string, ours: readonly KeptPost[]): Promise<ReadonlySet<string>> {
    const reminded = ours.flatMap(({ key }) => /^reminder (REQ-\w+) /.exec(key)?.[1] ?? [])
    const requests = await this.#requestsOf(ours)
    const keys = [...reminded.map((id) => `card ${id}`), ...requests.map((id) => `audit ${id}`)]
    const threads = new Set<string>()
    for (const key of new Set(keys)) {
      const root = await this.#parts.posts.find(key)
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
    for await (const { entry } of this.#parts.ledger.entries(first)) {
      if (seqs.has(entry.seq) && entry.request !== null) requests.add(entry.request)
    }
    return [...requests]
  }

  /** Once a month: it goes on every day, until somebody sets the channel to keep its messages. */
  async #noteGoneByAge(scan: ChannelScan): Promise<void> {
    const { store, policy, now } = this.#parts
    const posts = goneByAge(scan)
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
    const { store, ledger, policy, now } = this.#parts
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
      jobs: [{ task, lane: auditLane, notBefore: now() }],
      unpost: { key, ts },
    })
  }

  /** The post that is known stays as it is; what came of the same job besides is marked, never deleted. */
  async #markDuplicates(ours: readonly KeptPost[], seen: ChannelScan['seen']): Promise<void> {
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

type Loss = 'post.missing' | 'post.altered'

/** What somebody has deleted or changed. */
function lossesIn(scan: ChannelScan): (readonly [Loss, KeptPost])[] {
  const aged = new Set(goneByAge(scan))
  return witnessesOf(scan).flatMap((post) => {
    const postState = postStateOf(post, found(post, scan))
    if (postState === 'as-posted' || aged.has(post)) return []
    return [[postState === 'gone' ? 'post.missing' : 'post.altered', post] as const]
  })
}

/** What is gone together with all that was older in its channel, as where Slack keeps messages for so many days. */
function goneByAge(scan: ChannelScan): KeptPost[] {
  const oldest = new Map<string, number>()
  for (const message of [...scan.seen.values()].filter(isSomebodys)) {
    const { channel } = message
    oldest.set(channel, Math.min(msOf(message), oldest.get(channel) ?? Infinity))
  }
  return oldGoneIn(scan).filter((post) => msOf(post) < (oldest.get(post.channel) ?? Infinity))
}

/** A day is the least that Slack can be told to keep messages for. */
function oldGoneIn(scan: ChannelScan): KeptPost[] {
  return goneIn(scan).filter((post) => msOf(post) < scan.begunAt - dayMs)
}

function goneIn(scan: ChannelScan): KeptPost[] {
  return witnessesOf(scan).filter((post) => postStateOf({}, found(post, scan)) === 'gone')
}

function witnessesOf({ posted, hidden, begunAt }: ChannelScan): KeptPost[] {
  return posted.filter(
    (post) =>
      !hidden.has(post.channel) &&
      witnessOf(post.key) !== undefined &&
      msOf(post) <= begunAt - settledMs,
  )
}

function found(post: KeptPost, { seen }: ChannelScan): SeenMessage | undefined {
  return seen.get(placeOf(post))
}

/** The pages to read before anything is said to be gone, each once. */
function takeCloserLooks(scan: ChannelScan): Page[] {
  const { asked } = scan
  const channels = new Set(oldGoneIn(scan).map(({ channel }) => channel))
  const notYetAsked = [...channels.difference(asked)]
  for (const channel of notYetAsked) asked.add(channel)
  if (notYetAsked.length > 0) return notYetAsked.map((channel) => ({ channel, isBefore: true }))
  // A reply may stand where nothing is known any more of the message that it was below.
  const aged = new Set(goneByAge(scan))
  const gone = goneIn(scan).filter((post) => !aged.has(post) && !asked.has(placeOf(post)))
  for (const post of gone) asked.add(placeOf(post))
  return gone.map(({ channel, ts }) => ({ channel, thread: ts }))
}

/** Rather than Slack's own: who has joined, or that something stood there. */
function isSomebodys({ subtype = '' }: SeenMessage): boolean {
  return !/^(?:tombstone$|channel_|group_)/.test(subtype)
}

function msOf({ ts }: { readonly ts?: string }): number {
  return Number(ts) * 1_000
}

function placeOf({ channel, ts }: KeptPost): string {
  return place(channel, ts)
}

function place(channel: string, ts: string): string {
  return `${channel} ${ts}`
}

/** As much of Slack's answer as is read. */
interface Found {
  readonly messages?: readonly SeenMessage[]
  readonly response_metadata?: { readonly next_cursor?: string }
}
