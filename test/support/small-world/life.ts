/** The life of a process, which can end at any of its calls. */

export class Killed extends Error {
  override readonly name = 'Killed'
}

export class Life {
  #left: number | undefined
  #when: 'before' | 'after' = 'before'
  #isOver = false

  /** Ends it `calls` calls from now. */
  end(calls: number, when: 'before' | 'after'): void {
    this.#left = calls
    this.#when = when
  }

  /** It goes on after all. */
  spare(): void {
    this.#left = undefined
  }

  /** The same object, as this process sees it: once its life is over, nothing gets through. */
  of<Port extends object>(port: Port): Port {
    const self = this
    return new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        return (...args: unknown[]) => self.#call(() => Reflect.apply(member, target, args))
      },
    })
  }

  async #call(act: () => unknown): Promise<unknown> {
    if (this.#isOver) throw new Killed()
    const isLast = this.#left === 0
    if (this.#left !== undefined) this.#left -= 1
    if (!isLast) return act()
    this.#isOver = true
    if (this.#when === 'after') await act()
    throw new Killed()
  }
}
