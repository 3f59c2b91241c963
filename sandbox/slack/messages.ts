/** Every message of the workspace, in the order they were posted. */
import type { Message } from './model.ts'

/** A message that has no timestamp yet. */
export type Draft = Omit<Message, 'ts'>

/**
 * The messages of all channels. Only `Workspace` posts, so that the app hears of it. Ephemerals are among
 * them, with `onlyFor`: whoever reads for the API has to leave them out. Nothing expires here, unlike in a
 * workspace with retention.
 */
export class Messages {
  readonly #now: () => Date
  readonly #changed: () => void
  #lastStamp = 0
  all: readonly Message[] = []

  constructor(now: () => Date, changed: () => void) {
    this.#now = now
    this.#changed = changed
  }

  /**
   * The next message timestamp: seconds and microseconds, always larger than any before, even if the clock
   * stands still or goes back. A string, and to be compared as one: a float cannot hold all its digits.
   */
  stamp(): string {
    this.#lastStamp = Math.max(this.#now().getTime() * 1000, this.#lastStamp + 1)
    const seconds = Math.floor(this.#lastStamp / 1_000_000)
    return `${seconds}.${String(this.#lastStamp % 1_000_000).padStart(6, '0')}`
  }

  /** Adds a message under the next timestamp. */
  post(draft: Draft): Message {
    const message: Message = { ...draft, ts: this.stamp() }
    this.all = [...this.all, message]
    this.#changed()
    return message
  }

  /** By the channel's id and the exact timestamp. */
  find(channel: string, ts: string): Message | undefined {
    return this.all.find((each) => each.channel === channel && each.ts === ts)
  }

  /** Puts the message in the place of the one with its channel and timestamp, if there is one. */
  replace(message: Message): void {
    this.all = this.all.map((each) => (isSame(each, message) ? message : each))
    this.#changed()
  }

  /**
   * Takes a message away. Its replies stay, under a tombstone, as in Slack:
   * docs.slack.dev/messaging/modifying-messages.
   */
  remove(message: Message): void {
    if (this.replies(message.channel, message.ts).length > 0) {
      const { channel, ts } = message
      const text = 'This message was deleted.'
      this.replace({ channel, ts, user: 'USLACKBOT', text, blocks: [], tombstone: true })
      return
    }
    this.all = this.all.filter((each) => !isSame(each, message))
    this.#changed()
  }

  /** What stands in the channel itself: no replies, unless they were sent there too. */
  topLevel(channel: string): Message[] {
    return this.all.filter(
      (each) =>
        each.channel === channel &&
        (each.threadTs === undefined || each.threadTs === each.ts || each.broadcast === true),
    )
  }

  /** What stands in the thread under this message, the oldest first. */
  replies(channel: string, ts: string): Message[] {
    return this.all.filter(
      (each) => each.channel === channel && each.threadTs === ts && each.ts !== ts,
    )
  }
}

function isSame(one: Message, other: Message): boolean {
  return one.channel === other.channel && one.ts === other.ts
}
