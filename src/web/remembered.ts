/**
 * Asks once, and tells everybody who comes within `forMs` the same. While an answer is on its way, nothing is asked
 * again, however long it takes.
 */
export function remembered<T>(ask: () => Promise<T>, forMs: number): () => Promise<T> {
  let last: Asked<T> | undefined
  return () => {
    if (last !== undefined && (last.isOnItsWay || performance.now() - last.at < forMs))
      return last.answer
    const asked: Asked<T> = { at: performance.now(), answer: ask(), isOnItsWay: true }
    const done = () => {
      asked.isOnItsWay = false
    }
    asked.answer.then(done, done)
    last = asked
    return asked.answer
  }
}

interface Asked<T> {
  readonly at: number
  readonly answer: Promise<T>
  isOnItsWay: boolean
}
