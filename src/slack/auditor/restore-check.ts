/**
 * Whether the database is the one that the audit channel knows. One that was restored from a backup
 * remembers approvals, and not that they have been carried out since.
 */

import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Witness } from '../../audit/verify.ts'
import type { Policy } from '../../policy/policy.ts'
import type { Ledger } from '../../recovery/ports/ledger.ts'
import type { Posts } from '../../recovery/ports/posts.ts'
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
    const threads = open.map(({ id }) => messageKey({ kind: 'audit-thread', request: id }))
    const unknown = await this.#unknown(await this.#read(threads))
    if (unknown === undefined) return true
    const { entry, extras } = pauseAsRestored(unknown, { open }, { policy: policy(), now: now() })
    // Once for what was seen: after somebody has let it go on, it is known.
    await store.write(entry, now(), `restored ${unknown.seq} ${unknown.hash}`, extras)
    return true
  }

  /** The newest posts of ours in the channel, and in the threads of what may still be carried out. */
  async #read(threads: readonly string[]): Promise<readonly Posted[]> {
    const { client, posts, policy } = this.#deps
    const { bot_id } = await client.auth.test()
    const channel = policy().channels.audit
    const page = { channel, limit: pageSize, include_all_metadata: true }
    const read: Posted[] = (await client.conversations.history(page)).messages ?? []
    for (const key of threads) {
      const root = await posts.find(key)
      if (root === undefined) continue
      read.push(...(await this.#replies({ ...page, channel: root.channel, ts: root.ts })))
    }
    return read.filter((each) => each.bot_id === bot_id)
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
