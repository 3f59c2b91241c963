/**
 * Comparing the audit channel with what was posted there. A post that somebody has deleted or changed is
 * noted in the ledger and posted again; one that went out twice, after an unclear answer, says so.
 */

import type { webApi } from '@slack/bolt'
import type { Policy } from '../policy/policy.ts'
import { entryWithout, rekey } from '../recovery/change.ts'
import type { Progress } from '../recovery/job.ts'
import {
  type AuditPost,
  auditPostKey,
  type Ledger,
  type Posts,
  type Store,
} from '../recovery/ports.ts'
import { context } from './blocks.ts'
import { digestOf } from './essence.ts'
import { readFailure } from './failures.ts'
import { oidOf } from './posting.ts'

export interface SweepParts {
  readonly client: webApi.WebClient
  readonly store: Pick<Store, 'write'>
  readonly ledger: Pick<Ledger, 'entry'>
  readonly posts: Posts
  readonly policy: () => Policy
  readonly now: () => Date
}

const everyMs = 10 * 60_000

// What stood for two hours has been seen; after that, `audit -- verify` compares.
const backMs = 2 * 60 * 60_000

// The history may lag behind by seconds.
const settledMs = 60_000

const mendMs = 60_000

const duplicateWords = 'Posted twice by mistake: this is a duplicate.'

type Seen = ReadonlyMap<string, SeenMessage>

interface SeenMessage {
  readonly ts?: string
  readonly text?: string
  readonly subtype?: string
  readonly thread_ts?: string
  readonly reply_count?: number
  readonly blocks?: unknown
  readonly metadata?: unknown
}

export class Sweep {
  readonly #parts: SweepParts

  constructor(parts: SweepParts) {
    this.#parts = parts
  }

  /** Looks at the last two hours, and comes back as long as anything was posted in them. */
  async sweep(): Promise<Progress> {
    const { posts, now } = this.#parts
    const since = String((now().getTime() - backMs) / 1_000)
    const posted = await posts.auditPostsSince(since)
    if (posted.length === 0) return { kind: 'done' }
    try {
      for (const [channel, ours] of Map.groupBy(posted, (post) => post.channel)) {
        const seen = await this.#read(channel, ours, since)
        for (const post of ours) await this.#compare(post, seen)
        await this.#markDuplicates(channel, ours, seen)
      }
      return this.#again(everyMs, 'the audit channel agrees')
    } catch (error) {
      const failure = readFailure(error)
      return failure.kind === 'slow-down'
        ? this.#again(failure.retryAfterMs, 'ratelimited')
        : this.#again(mendMs, failure.error)
    }
  }

  /** The channel's messages since then, with the replies in the threads that posts of ours are in. */
  async #read(channel: string, ours: readonly AuditPost[], since: string): Promise<Seen> {
    const { client } = this.#parts
    const page = { channel, limit: 100, oldest: since, include_all_metadata: true }
    const seen = new Map<string, SeenMessage>()
    const keep = (messages: readonly SeenMessage[] = []) => {
      for (const message of messages) if (message.ts !== undefined) seen.set(message.ts, message)
    }
    for await (const { messages } of client.paginate('conversations.history', page) as Pages)
      keep(messages)
    for (const ts of await this.#threadsOf(ours)) {
      const replies = client.paginate('conversations.replies', { ...page, ts }) as Pages
      try {
        for await (const { messages } of replies) keep(messages)
      } catch (error) {
        // Nothing is left of the thread: then its posts are missing.
        const failure = readFailure(error)
        if (failure.kind !== 'refused' || failure.error !== 'thread_not_found') throw error
      }
    }
    return seen
  }

  async #threadsOf(ours: readonly AuditPost[]): Promise<ReadonlySet<string>> {
    const { ledger, posts } = this.#parts
    const threads = new Set<string>()
    for (const { seq } of ours) {
      const request = (await ledger.entry(seq))?.entry.request
      const root = request == null ? undefined : await posts.find(`audit ${request}`)
      if (root !== undefined) threads.add(root.ts)
    }
    return threads
  }

  async #compare(post: AuditPost, seen: Seen): Promise<void> {
    if (Number(post.ts) * 1_000 > this.#parts.now().getTime() - settledMs) return
    const found = seen.get(post.ts)
    if (found === undefined || found.subtype === 'tombstone')
      return this.#postAgain('post.missing', post)
    if (post.digest !== undefined && digestOf(found) !== post.digest)
      return this.#postAgain('post.altered', post)
  }

  async #postAgain(type: 'post.missing' | 'post.altered', post: AuditPost): Promise<void> {
    const { store, ledger, policy, now } = this.#parts
    const request = (await ledger.entry(post.seq))?.entry.request ?? null
    const entry = entryWithout(type, rekey, policy(), { entry: post.seq, ts: post.ts })
    const again = {
      task: { kind: 'post-audit', seq: post.seq, request } as const,
      lane: 'audit',
      notBefore: now(),
    }
    await store.write(entry, now(), `${type} ${post.seq} ${post.ts}`, {
      jobs: [again],
      unpost: auditPostKey(post.seq),
    })
  }

  /** The post that is known stays as it is; what came of the same job besides is marked, never deleted. */
  async #markDuplicates(channel: string, ours: readonly AuditPost[], seen: Seen): Promise<void> {
    const known = new Set(ours.map(({ ts }) => ts))
    const byJob = Map.groupBy(seen.values(), oidOf)
    for (const [oid, messages] of byJob) {
      const original = messages.find(({ ts = '' }) => known.has(ts))
      if (typeof oid !== 'string' || original === undefined) continue
      for (const { ts, text } of messages) {
        if (ts === undefined || ts === original.ts || text?.startsWith(duplicateWords)) continue
        await this.#parts.client.chat.update({
          channel,
          ts,
          text: duplicateWords,
          blocks: [context(duplicateWords)],
        })
      }
    }
  }

  #again(afterMs: number, because: string): Progress {
    return { kind: 'again', at: new Date(this.#parts.now().getTime() + afterMs), because }
  }
}

type Pages = AsyncIterable<{ readonly messages?: readonly SeenMessage[] }>
