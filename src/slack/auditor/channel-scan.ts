/** One reading of the channels in which something was posted. Slack may make us wait between any two pages. */

import type { webApi } from '@slack/bolt'
import type { KeptPost } from '../../recovery/ports/posts.ts'
import { readFailure } from '../api/errors.ts'
import type { FoundMessage } from '../outbound/post-state.ts'

/** A page of a channel, or of one of its threads. */
export interface Page {
  readonly channel: string
  readonly thread?: string
  readonly cursor?: string
  /** The newest of what is older than all that is compared. */
  readonly isBefore?: true
}

export interface SeenMessage extends FoundMessage {
  readonly channel: string
  readonly ts: string
  readonly metadata?: unknown
}

export interface ScanOptions {
  readonly client: Pick<webApi.WebClient, 'conversations'>
  readonly begunAt: number
  /** Up to when it looks back, as Slack counts. */
  readonly since: string
  readonly posted: readonly KeptPost[]
  readonly pages: readonly Page[]
  /** Called with a channel that Slack does not show, and why. */
  readonly onHidden: (channel: string, error: string) => void
}

// Slack gives fifty pages a minute to an app, and others need them too.
const pagesAtOnce = 20

export class ChannelScan {
  readonly #client: ScanOptions['client']
  readonly #since: string
  readonly #onHidden: ScanOptions['onHidden']
  /** In milliseconds since 1970. */
  readonly begunAt: number
  /** What was posted in that time and has to stand there. */
  readonly posted: readonly KeptPost[]
  #unread: readonly Page[]
  readonly #closerLooks = new Set<string>()
  readonly #seen = new Map<string, SeenMessage>()
  readonly #hidden = new Set<string>()

  constructor({ client, begunAt, since, posted, pages, onHidden }: ScanOptions) {
    this.#client = client
    this.begunAt = begunAt
    this.#since = since
    this.posted = posted
    this.#unread = pages
    this.#onHidden = onHidden
  }

  /** Whether there is nothing left to read. */
  get isRead(): boolean {
    return this.#unread.length === 0
  }

  /** Everything that was seen, whoever's it is. */
  get seen(): readonly SeenMessage[] {
    return [...this.#seen.values()]
  }

  /** What stands in the place of a post. */
  found({ channel, ts }: KeptPost): SeenMessage | undefined {
    return this.#seen.get(placeOf(channel, ts))
  }

  /** Whether Slack does not show the channel: what stands in it is not known. */
  isHidden(channel: string): boolean {
    return this.#hidden.has(channel)
  }

  get hidesAny(): boolean {
    return this.#hidden.size > 0
  }

  /** Whether this closer look was taken already. */
  hasLookedAt(page: Page): boolean {
    return this.#closerLooks.has(lookOf(page))
  }

  /** Has more pages read, which show what the others leave open. */
  lookCloser(pages: readonly Page[]): void {
    this.#unread = [...this.#unread, ...pages]
    for (const page of pages) this.#closerLooks.add(lookOf(page))
  }

  /** Reads what is left, or as much as Slack takes well at once. What has been read stays read. */
  async readOn(): Promise<void> {
    for (let pages = 0; pages < pagesAtOnce; pages += 1) {
      const [page, ...rest] = this.#unread
      if (page === undefined) return
      const next = this.isHidden(page.channel) ? undefined : await this.#read(page)
      this.#unread = next === undefined || page.isBefore ? rest : [next, ...rest]
    }
  }

  /** @returns the page after this one, if there is one */
  async #read(page: Page): Promise<Page | undefined> {
    const { channel } = page
    try {
      const { messages = [], response_metadata } = await this.#ask(page)
      for (const { ts, ...message } of messages) {
        if (ts !== undefined) this.#seen.set(placeOf(channel, ts), { ...message, channel, ts })
      }
      const cursor = response_metadata?.next_cursor
      return cursor ? { ...page, cursor } : undefined
    } catch (error) {
      const failure = readFailure(error)
      if (failure.kind !== 'refused') throw error
      // Nothing is left of the thread: then its posts are missing.
      if (failure.error === 'thread_not_found') return undefined
      this.#onHidden(channel, failure.error)
      this.#hidden.add(channel)
      return undefined
    }
  }

  #ask({ channel, thread, cursor, isBefore }: Page): Promise<Answer> {
    const { conversations } = this.#client
    const page = {
      channel,
      ...(isBefore ? { latest: this.#since } : { oldest: this.#since }),
      limit: 100,
      include_all_metadata: true,
      ...(cursor === undefined ? {} : { cursor }),
    }
    return thread === undefined
      ? conversations.history(page)
      : conversations.replies({ ...page, ts: thread })
  }
}

/** As much of Slack's answer as is read. */
interface Answer {
  readonly messages?: readonly (FoundMessage & {
    readonly ts?: string
    readonly metadata?: unknown
  })[]
  readonly response_metadata?: { readonly next_cursor?: string }
}

/** A thread is looked at for what stands there, a channel for whether anything stands there from before. */
function lookOf({ channel, thread }: Page): string {
  return thread === undefined ? channel : placeOf(channel, thread)
}

function placeOf(channel: string, ts: string): string {
  return `${channel} ${ts}`
}
