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

interface SeenMessage {
  readonly ts?: string
  readonly text?: string
  readonly subtype?: string
  readonly thread_ts?: string
  readonly reply_count?: number
  readonly blocks?: unknown
  readonly metadata?: unknown
}

/** What has been read of the channels so far. Slack may make us wait between any two pages. */
interface Reading {
  readonly begunAt: number
  readonly since: string
  readonly posted: readonly AuditPost[]
  readonly seen: Map<string, SeenMessage>
  readonly left: Page[]
}

/** A page of a channel, or of one of its threads. */
interface Page {
  readonly channel: string
  readonly thread?: string
  readonly cursor?: string
}

export class Sweep {
  readonly #parts: SweepParts
  #reading: Reading | undefined

  constructor(parts: SweepParts) {
    this.#parts = parts
  }

  /** Looks at the last two hours, and comes back as long as anything was posted in them. */
  async sweep(): Promise<Progress> {
    this.#reading ??= await this.#begin()
    const { posted, seen } = this.#reading
    try {
      await this.#readOn(this.#reading)
      for (const post of posted) await this.#compare(post, this.#reading)
      await this.#markDuplicates(posted, seen)
      this.#reading = undefined
      return posted.length === 0
        ? { kind: 'done' }
        : this.#again(everyMs, 'the audit channel agrees')
    } catch (error) {
      const failure = readFailure(error)
      if (failure.kind === 'slow-down') return this.#again(failure.retryAfterMs, 'ratelimited')
      this.#reading = undefined
      return this.#again(mendMs, failure.error)
    }
  }

  async #begin(): Promise<Reading> {
    const { posts, now } = this.#parts
    const begunAt = now().getTime()
    const since = String((begunAt - backMs) / 1_000)
    const posted = await posts.auditPostsSince(since)
    const left: Page[] = []
    for (const [channel, ours] of Map.groupBy(posted, (post) => post.channel)) {
      const threads = await this.#threadsOf(ours)
      left.push({ channel }, ...[...threads].map((thread) => ({ channel, thread })))
    }
    return { begunAt, since, posted, seen: new Map(), left }
  }

  /** Reads what is left. What has been read stays read when Slack asks for patience in between. */
  async #readOn({ left, seen, since }: Reading): Promise<void> {
    for (let [page] = left; page !== undefined; [page] = left) {
      const { messages, next } = await this.#read(page, since)
      for (const message of messages) if (message.ts !== undefined) seen.set(message.ts, message)
      left.shift()
      if (next) left.unshift({ ...page, cursor: next })
    }
  }

  async #read({ channel, thread, cursor }: Page, oldest: string) {
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
      return { messages: found.messages ?? [], next: found.response_metadata?.next_cursor }
    } catch (error) {
      // Nothing is left of the thread: then its posts are missing.
      const failure = readFailure(error)
      if (failure.kind !== 'refused' || failure.error !== 'thread_not_found') throw error
      return { messages: [], next: undefined }
    }
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

  async #compare(post: AuditPost, { begunAt, seen }: Reading): Promise<void> {
    if (Number(post.ts) * 1_000 > begunAt - settledMs) return
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
  async #markDuplicates(ours: readonly AuditPost[], seen: Reading['seen']): Promise<void> {
    const known = new Map(ours.map((post) => [post.ts, post]))
    const byJob = Map.groupBy(seen.values(), oidOf)
    for (const [oid, messages] of byJob) {
      const original = messages.flatMap(({ ts = '' }) => known.get(ts) ?? [])[0]
      if (typeof oid !== 'string' || original === undefined) continue
      for (const { ts, text } of messages) {
        if (ts === undefined || ts === original.ts || text?.startsWith(duplicateWords)) continue
        await this.#parts.client.chat.update({
          channel: original.channel,
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

/** As much of Slack's answer as is read. */
interface Found {
  readonly messages?: readonly SeenMessage[]
  readonly response_metadata?: { readonly next_cursor?: string }
}
