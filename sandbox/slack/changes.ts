/** Telling whoever listens that something changed, and waiting for a change that matters. */

/** Told that something has changed, not what. */
export type Listener = () => void

/** The one place where changes of the simulator are announced and waited for. */
export class Changes {
  readonly #listeners = new Set<Listener>()

  /** Calls `listener` after every change, until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Calls every listener, in the order they came. */
  notify(): void {
    for (const listener of [...this.#listeners]) listener()
  }

  /**
   * Resolves to what `look` returns as soon as that is truthy; looks again on each change. A `look` that throws has
   * not found it yet. Rejects after `timeoutMs`, telling what was waited for and, from `explain`, how things stood.
   */
  until<Found>(
    look: () => Found | undefined | null | false,
    timeoutMs: number,
    explain: () => string,
  ): Promise<Found> {
    return new Promise((resolve, reject) => {
      let lastError = ''
      const tryAgain = () => {
        try {
          const found = look()
          if (!found) return
          stop()
          resolve(found)
        } catch (error) {
          lastError = ` Last error while looking: ${error instanceof Error ? error.message : error}`
        }
      }
      const stop = () => {
        clearTimeout(timer)
        unsubscribe()
      }
      const timer = setTimeout(() => {
        stop()
        const what = look.toString().replaceAll(/\s+/g, ' ')
        reject(new Error(`Not within ${timeoutMs} ms: ${what}.${lastError}\n${explain()}`))
      }, timeoutMs)
      const unsubscribe = this.subscribe(tryAgain)
      tryAgain()
    })
  }
}
