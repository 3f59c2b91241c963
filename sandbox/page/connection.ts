/** The line to the sandbox's server: snapshots come in, commands go out. */

import type { PageCommand, Reply } from '../web/commands.ts'
import type { Snapshot } from '../web/snapshot.ts'

/** Shows every new snapshot of this person's workspace, until the returned function is called. */
export function subscribe(
  person: string,
  show: (snapshot: Snapshot) => void,
  lost: (isLost: boolean) => void,
): () => void {
  const events = new EventSource(`/events?as=${encodeURIComponent(person)}`)
  events.onmessage = ({ data }) => {
    const snapshot: Snapshot = JSON.parse(String(data))
    lost(false)
    show(snapshot)
  }
  events.onerror = () => lost(true)
  return () => events.close()
}

// Long enough to hold a burst of keys, short enough for a menu that answers while one types.
const typingMs = 120

type Enter = Extract<PageCommand, { kind: 'enter' }>

/**
 * Sends what one person does, in the order they do it: what was typed arrives before the click that
 * follows it.
 */
export class CommandQueue {
  readonly #person: string
  readonly #typed = new Map<string, Enter>()
  #typing: ReturnType<typeof setTimeout> | undefined
  #entering: Promise<unknown> = Promise.resolve()

  constructor(person: string) {
    this.#person = person
  }

  /** Does it, and resolves to what the person would see besides the changed screen. */
  async send(command: PageCommand): Promise<Reply> {
    this.#flush()
    await this.#entering
    return this.#post(command)
  }

  /** Enters text in its own time; only the last state of each field is sent. */
  sendTyped(command: Enter): void {
    this.#typed.set(JSON.stringify(command.controlRef), command)
    clearTimeout(this.#typing)
    this.#typing = setTimeout(() => this.#flush(), typingMs)
  }

  #flush(): void {
    clearTimeout(this.#typing)
    const typed = [...this.#typed.values()]
    this.#typed.clear()
    for (const each of typed) this.#entering = this.#entering.then(() => this.#post(each))
  }

  async #post(command: PageCommand): Promise<Reply> {
    try {
      const response = await fetch('/command', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ as: this.#person, command }),
      })
      const reply: Reply = await response.json()
      return reply
    } catch {
      return { kind: 'failed', says: 'The sandbox does not answer. Has it ended?' }
    }
  }
}
