/** Response URLs: a capability to answer one interaction, five times within half an hour. */
import { randomBytes } from 'node:crypto'
import type { Message } from './model.ts'

// Both figures: docs.slack.dev/interactivity/handling-user-interaction
const mostUses = 5
const lifetimeMs = 30 * 60_000

/** Where an answer to a response URL goes: who acted, in which channel. */
export interface Conversation {
  readonly userId: string
  readonly channel: string
  /** The message that was clicked, if it was one; it may have been deleted since. */
  readonly original: Pick<Message, 'channel' | 'ts' | 'threadTs' | 'onlyFor'> | undefined
}

interface Issued extends Conversation {
  readonly issuedAt: number
  uses: number
}

/**
 * The response URLs that were issued. Whoever has one can answer: no token is asked for, and no membership of
 * the channel. So a response URL is a secret, and does not belong in a log.
 */
export class ResponseUrls {
  readonly #now: () => Date
  readonly #issued = new Map<string, Issued>()
  /** Where the sandbox listens; known once it does. */
  base = ''

  constructor(now: () => Date) {
    this.#now = now
  }

  /** A new address, good from now on. One issued before the server listens has no host. */
  issue(conversation: Conversation): string {
    const token = randomBytes(18).toString('base64url')
    this.#issued.set(token, { ...conversation, issuedAt: this.#now().getTime(), uses: 0 })
    return `${this.base}/response/${token}`
  }

  /**
   * Counts one use; the answer's name is Slack's when it refuses. A use counts even if the post is refused
   * afterwards, and an address that was never issued looks like one that has expired.
   */
  use(token: string): Conversation | 'expired_url' | 'used_url' {
    const issued = this.#issued.get(token)
    if (!issued || this.#now().getTime() - issued.issuedAt > lifetimeMs) return 'expired_url'
    if (issued.uses >= mostUses) return 'used_url'
    issued.uses += 1
    return issued
  }
}
