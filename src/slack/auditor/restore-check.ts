/**
 * Whether the database is the one that the audit channel knows. One that was restored from a backup
 * remembers approvals, and not that they have been carried out since.
 */

import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Witness } from '../../audit/verify.ts'
import type { Policy } from '../../policy/policy.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import type { Ledger } from '../../recovery/ports/ledger.ts'
import type { Post, Posts } from '../../recovery/ports/posts.ts'
import type { Store } from '../../recovery/ports/store.ts'
import { pauseAsRestored } from '../../recovery/rules/pause.ts'
import { readFailure } from '../api/errors.ts'
import { messageKey } from '../outbound/message-keys.ts'
import { witnessesIn } from './posted-heads.ts'

export interface RestoredDeps {
  readonly client: Pick<webApi.WebClient, 'auth' | 'conversations'>
  readonly store: Pick<Store, 'listOpen' | 'write'>
  readonly ledger: Pick<Ledger, 'entry'>
  readonly posts: Pick<Posts, 'find'>
  readonly policy: () => Policy
  readonly now: () => Date
  readonly log: Pick<Logger, 'warn'>
}

interface Posted {
  readonly ts?: string
  readonly bot_id?: string
}

const pageSize = 100

// Slack's clock and the database's need not agree.
const aroundMs = 60_000

export class RestoredWatch {
  readonly #deps: RestoredDeps
  #looking: Promise<boolean> | undefined

  constructor(deps: RestoredDeps) {
    this.#deps = deps
  }

  /**
   * Looks, unless that is done: everything is paused if the channel has witnessed what is not here.
   * @returns whether it could look. If it could not, the next to ask has it try again.
   */
  hasLooked(): Promise<boolean> {
    this.#looking ??= this.#look().catch((error: unknown) => {
      this.#looking = undefined
      const failure = readFailure(error)
      this.#deps.log.warn(
        { slack: failure.kind === 'slow-down' ? 'ratelimited' : failure.error },
        'the audit channel cannot be compared with the ledger: nothing is carried out until it is',
      )
      return false
    })
    return this.#looking
  }

  async #look(): Promise<true> {
    const { store, policy, now } = this.#deps
    const { requests: open } = await store.listOpen()
    const unknown = await this.#unknown(await this.#read(open))
    if (unknown === undefined) return true
    const { entry, extras } = pauseAsRestored(unknown, { open }, { policy: policy(), now: now() })
    // Once for what was seen: after somebody has let it go on, it is known.
    await store.write(entry, now(), `restored ${unknown.seq} ${unknown.hash}`, extras)
    return true
  }

  /** The newest posts of ours in the channel, and in the threads of what may still be carried out. */
  async #read(open: readonly RecoveryRequest[]): Promise<readonly Posted[]> {
    const { client, policy } = this.#deps
    const { bot_id } = await client.auth.test()
    const page = { channel: policy().channels.audit, limit: pageSize, include_all_metadata: true }
    const read: Posted[] = (await client.conversations.history(page)).messages ?? []
    for (const { channel, ts } of await this.#threads(open))
      read.push(...(await this.#replies({ ...page, channel, ts })))
    return read.filter((each) => each.bot_id === bot_id)
  }

  /** Where something may stand about these. What the table has not, or not any more, is looked for in the channel. */
  async #threads(
    open: readonly RecoveryRequest[],
  ): Promise<readonly Pick<Post, 'channel' | 'ts'>[]> {
    const { posts } = this.#deps
    const kept = await Promise.all(
      open.map(({ id }) => posts.find(messageKey({ kind: 'audit-thread', request: id }))),
    )
    const missing = open.filter((_, index) => kept[index] === undefined)
    const threads = kept.filter((root) => root !== undefined)
    if (missing.length === 0) return threads
    const since = Math.min(...missing.map(({ openedAt }) => openedAt.getTime()))
    return [...threads, ...(await this.#threadsSince(since - aroundMs))]
  }

  async #threadsSince(sinceMs: number): Promise<readonly Pick<Post, 'channel' | 'ts'>[]> {
    const channel = this.#deps.policy().channels.audit
    const threads: Pick<Post, 'channel' | 'ts'>[] = []
    let cursor: string | undefined
    do {
      const { messages = [], response_metadata } = await this.#deps.client.conversations.history({
        channel,
        limit: pageSize,
        oldest: String(sinceMs / 1_000),
        ...(cursor && { cursor }),
      })
      for (const { ts, reply_count = 0 } of messages)
        if (ts !== undefined && reply_count > 0) threads.push({ channel, ts })
      cursor = response_metadata?.next_cursor
    } while (cursor)
    return threads
  }

  async #replies(
    thread: webApi.ConversationsRepliesArguments & { readonly ts: string },
  ): Promise<readonly Posted[]> {
    try {
      return (await this.#deps.client.conversations.replies(thread)).messages ?? []
    } catch (error) {
      // Somebody has deleted it: the reconciler's business.
      const failure = readFailure(error)
      if (failure.kind === 'refused' && failure.error === 'thread_not_found') return []
      throw error
    }
  }

  /** The newest of them that the ledger does not have. It was read after them, so that it has all of its own. */
  async #unknown(read: readonly Posted[]): Promise<Witness | undefined> {
    const newestFirst = read.toSorted((one, other) => Number(other.ts) - Number(one.ts))
    for (const witness of witnessesIn(newestFirst)) {
      const hash = (await this.#deps.ledger.entry(witness.seq))?.hash
      if (hash?.startsWith(witness.hash) !== true) return witness
    }
    return undefined
  }
}
