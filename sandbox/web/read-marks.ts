/** How far each person has read in each channel, for the unread marks. Kept here so that two windows of one person agree. */

/** By person and channel, as Slack timestamps. Kept in memory only: after a restart everything is unread. */
export class ReadMarks {
  readonly #changed: () => void
  readonly #last = new Map<string, string>()

  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** The timestamp of the last message this person has seen there; empty if none. */
  of(person: string, channel: string): string {
    return this.#last.get(`${person} ${channel}`) ?? ''
  }

  /** Moves the mark on; never back. */
  read(person: string, channel: string, ts: string): void {
    if (ts <= this.of(person, channel)) return
    this.#last.set(`${person} ${channel}`, ts)
    this.#changed()
  }
}
