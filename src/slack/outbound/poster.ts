/**
 * Posting once, as far as Slack allows it. A post has no idempotency key, so each carries its
 * job's id in the message metadata: when an earlier try may have gone through, the channel is
 * looked at before anything is posted again.
 */

import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Job, Progress } from '../../recovery/model/job.ts'
import type { Post, Posts } from '../../recovery/ports/posts.ts'
import { readFailure, type SlackFailure } from '../api/errors.ts'
import type { ChannelWatch } from '../directory/shared-channels.ts'
import type { MessageBody } from '../kit/blocks.ts'
import { digestOf } from './message-digest.ts'

export interface Message {
  /** What this message stands for: with the same key, the message is edited, not posted again. */
  readonly key: string
  readonly channel: string
  readonly card: MessageBody
  /** The thread it belongs to: by what its first message is found, and that message, once there is one. */
  readonly thread?: { readonly key: string; readonly ts: string | undefined }
  /** Opaque facts for those who read the channel by machine. Everybody in the workspace can. */
  readonly marks?: Readonly<Record<string, string | number>>
  /** Whether these marks stand on no other message: then it is this one, whichever job has posted it. */
  readonly oneByMarks?: true
  /** Whether somebody compares later what it says. */
  readonly compared?: true
  /** False where the history can't be read: then an unclear try may end in a second message. */
  readonly searchable: boolean
  /** After so many refusals for its reader's sake, it is given up; else never. */
  readonly mostRefusals?: number
}

export interface PosterDeps {
  readonly client: webApi.WebClient
  readonly posts: Posts
  /** Who Rekey is as a bot: anybody's app could put the same marks on a message. */
  readonly bot: string
  readonly channels: Pick<ChannelWatch, 'isShared'>
  readonly now: () => Date
  readonly log: Pick<Logger, 'error'>
}

const eventType = 'rekey_post'

// After an unclear answer the history needs a moment to show what was posted.
const settleMs = 3_000

// What an operator has to mend, such as an invitation to the channel. Worth trying every minute.
const retryAfterFixMs = 60_000

/** With these, the same message will be refused for ever. */
export const permanentErrors: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_arguments',
  'msg_too_long',
  'no_text',
  'metadata_too_large',
])

/** With these, a message can't be edited any more: it is gone, not Rekey's by now, or too old. */
const uneditable = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed'])

/** With these Slack turns Rekey away, whoever the message is for. */
const aboutRekey = new Set([
  'access_denied',
  'account_inactive',
  'ekm_access_denied',
  'invalid_auth',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'org_login_required',
  'team_access_not_granted',
  'token_expired',
  'token_revoked',
])

export class Poster {
  readonly #client: webApi.WebClient
  readonly #posts: Posts
  readonly #bot: string
  readonly #channels: PosterDeps['channels']
  readonly #now: () => Date
  readonly #log: PosterDeps['log']
  /**
   * Until when Slack wants nothing more in a channel. Each Rekey finds it out for itself; that it is
   * forgotten costs one refused call.
   */
  readonly #slowUntil = new Map<string, number>()
  /** Where a search goes on that Slack has interrupted, by its job. */
  readonly #searchedTo = new Map<string, string>()
  /** How often Slack has refused what may be given up, by its job. A Rekey that starts anew counts anew. */
  readonly #refusals = new Map<string, number>()

  constructor(deps: PosterDeps) {
    this.#client = deps.client
    this.#posts = deps.posts
    this.#bot = deps.bot
    this.#channels = deps.channels
    this.#now = deps.now
    this.#log = deps.log
  }

  /** Shows a message: posted if it is new or was in another channel, edited where it stands already. */
  async show(message: Message, job: Job): Promise<Progress> {
    const held = await this.#heldUp(message)
    if (held !== undefined) return held
    const storedPost = await this.#posts.find(message.key)
    return storedPost === undefined || isElsewhere(message, storedPost)
      ? this.#post(message, job)
      : this.#edit(message, storedPost, job)
  }

  /** Posts a message that is never edited. */
  async say(message: Message, job: Job): Promise<Progress> {
    const held = await this.#heldUp(message)
    if (held !== undefined) return held
    const storedPost = await this.#posts.find(message.key)
    return storedPost === undefined ? this.#post(message, job) : { kind: 'done' }
  }

  /** What keeps everybody from saying anything there now, if anything does. */
  async #heldUp({ channel }: Message): Promise<Progress | undefined> {
    const now = this.#now().getTime()
    const until = this.#slowUntil.get(channel) ?? 0
    if (now < until) return { kind: 'again', at: new Date(until), because: 'ratelimited' }
    this.#slowUntil.delete(channel)
    // People from outside can read it: what is to be said there waits until they can't.
    return (await this.#channels.isShared(channel))
      ? { kind: 'again', at: new Date(now + retryAfterFixMs), because: `${channel} is shared` }
      : undefined
  }

  async #post(message: Message, job: Job): Promise<Progress> {
    try {
      const earlier =
        job.attempts > 1 && message.searchable ? await this.#search(message, job) : undefined
      const post = earlier ?? (await this.#send(message, job))
      // The thread first: if only one of the two is kept, the next try finds the message in it.
      if (message.thread !== undefined && message.thread.ts === undefined) {
        await this.#posts.keep(message.thread.key, post)
      }
      const digest = message.compared ? { digest: digestOf(message.card) } : {}
      await this.#posts.keep(message.key, { ...post, ...digest })
      this.#refusals.delete(job.id)
      return { kind: 'done' }
    } catch (error) {
      const failure = readFailure(error)
      if (failure.kind === 'refused') this.#searchedTo.delete(job.id)
      if (message.thread?.ts !== undefined && isThreadGone(failure)) {
        // Somebody has deleted the first message. This one begins the thread anew.
        return this.#post({ ...message, thread: { ...message.thread, ts: undefined } }, job)
      }
      return this.#again(failure, message, job)
    }
  }

  async #send(message: Message, job: Job): Promise<Post> {
    const { channel, ts } = await this.#saying(message, () =>
      this.#client.chat.postMessage({
        channel: message.channel,
        ...message.card,
        ...(message.thread?.ts === undefined ? {} : { thread_ts: message.thread.ts }),
        metadata: { event_type: eventType, event_payload: { oid: job.id, ...message.marks } },
        // Fetching a link tells its server that somebody reads this; and no name may become a ping.
        unfurl_links: false,
        unfurl_media: false,
        parse: 'none',
      }),
    )
    if (channel === undefined || ts === undefined)
      throw new Error('Slack took a message without saying where')
    return { channel, ts }
  }

  async #edit(message: Message, storedPost: Post, job: Job): Promise<Progress> {
    try {
      const { text, blocks } = message.card
      await this.#saying(message, () =>
        this.#client.chat.update({ ...storedPost, text, blocks, parse: 'none' }),
      )
      return { kind: 'done' }
    } catch (error) {
      const failure = readFailure(error)
      // What it says is true all the same, so it is said again.
      if (failure.kind === 'refused' && uneditable.has(failure.error))
        return this.#post(message, job)
      return this.#again(failure, message, job)
    }
  }

  /** When Slack asks for patience, everything that is to be said there has it. */
  async #saying<Answer>({ channel }: Message, call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await call()
    } catch (error) {
      const failure = readFailure(error)
      if (failure.kind === 'slow-down') {
        this.#slowUntil.set(channel, this.#now().getTime() + failure.retryAfterMs)
      }
      throw error
    }
  }

  /** The message an earlier try of this job left in the channel, if it did. */
  async #search(message: Message, job: Job): Promise<Post | undefined> {
    const { channel } = message
    const thread = message.thread?.ts
    const oldest = String(job.createdAt.getTime() / 1_000 - 60)
    // Where Slack shows one page a minute, a search that began anew each time would never end.
    let cursor = this.#searchedTo.get(job.id)
    do {
      const page = {
        channel,
        oldest,
        limit: 100,
        include_all_metadata: true,
        ...(cursor ? { cursor } : {}),
      }
      const found =
        thread === undefined
          ? await this.#client.conversations.history(page)
          : await this.#client.conversations.replies({ ...page, ts: thread })
      this.#searchedTo.delete(job.id)
      const ours = found.messages?.find(
        (candidate) => oidOf(candidate) === job.id || this.#isByMarks(message, candidate),
      )
      if (ours?.ts !== undefined) return { channel, ts: ours.ts }
      cursor = found.response_metadata?.next_cursor
      if (cursor) this.#searchedTo.set(job.id, cursor)
    } while (cursor)
    return undefined
  }

  #isByMarks({ marks = {}, oneByMarks }: Message, found: Found): boolean {
    if (oneByMarks !== true || found.bot_id !== this.#bot) return false
    const payload = payloadOf(found)
    return Object.entries(marks).every(([name, value]) => payload?.[name] === value)
  }

  #again(failure: SlackFailure, message: Message, job: Job): Progress {
    const now = this.#now().getTime()
    switch (failure.kind) {
      case 'slow-down':
        return { kind: 'again', at: new Date(now + failure.retryAfterMs), because: 'ratelimited' }
      case 'unclear':
        return {
          kind: 'again',
          at: new Date(now + settleMs * Math.min(job.attempts, 20)),
          because: failure.error,
        }
      case 'refused':
        if (permanentErrors.has(failure.error) || this.#isGivenUp(failure.error, message, job)) {
          return { kind: 'impossible', because: failure.error }
        }
        this.#log.error(
          { job: job.id, channel: message.channel, slack: failure.error },
          'Slack refuses a message',
        )
        return { kind: 'again', at: new Date(now + retryAfterFixMs), because: failure.error }
      default:
        return failure satisfies never
    }
  }

  #isGivenUp(error: string, { mostRefusals = Infinity }: Message, { id }: Job): boolean {
    if (mostRefusals === Infinity || aboutRekey.has(error)) return false
    const refusals = (this.#refusals.get(id) ?? 0) + 1
    if (refusals < mostRefusals) this.#refusals.set(id, refusals)
    else this.#refusals.delete(id)
    return refusals >= mostRefusals
  }
}

/** The policy has named another channel since. The one before may be shared by now, or closed to Rekey. */
function isElsewhere({ channel }: Message, storedPost: Post): boolean {
  // What is for a person stands in a direct message, and is written into no channel.
  if (!/^[CG]/.test(channel)) return !storedPost.channel.startsWith('D')
  return storedPost.channel !== channel
}

function isThreadGone(failure: SlackFailure): boolean {
  const gone = ['thread_not_found', 'message_not_found']
  return failure.kind === 'refused' && gone.includes(failure.error)
}

/** The job that a message was posted for, if it was one of ours. */
export function oidOf(message: { readonly metadata?: unknown }): unknown {
  return payloadOf(message)?.['oid']
}

interface Found {
  readonly bot_id?: string | undefined
  readonly metadata?: unknown
}

function payloadOf({ metadata }: Found): Readonly<Record<string, unknown>> | undefined {
  if (typeof metadata !== 'object' || metadata === null || !('event_payload' in metadata))
    return undefined
  const payload = metadata.event_payload
  return typeof payload === 'object' && payload !== null ? { ...payload } : undefined
}
