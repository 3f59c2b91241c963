/** What people have done and Rekey is still dealing with, so that stopping can wait for it. */
export class InFlight {
  #count = 0

  async during(work: () => Promise<void>): Promise<void> {
    this.#count += 1
    try {
      await work()
    } finally {
      this.#count -= 1
    }
  }

  /** Resolves once there is nothing more, or when the time is up. */
  async finished(withinMs = Infinity): Promise<void> {
    const end = performance.now() + withinMs
    while (this.#count > 0 && performance.now() < end) await moment()
  }
}

function moment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20))
}
