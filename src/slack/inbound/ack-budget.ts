/** When a payload arrived: Slack's three seconds count from there, whatever happens before a listener. */

const key = 'rekeyArrivedAt'

export function markArrival(context: Record<string, unknown>): void {
  context[key] = performance.now()
}

/** Milliseconds since the payload arrived, on a clock that only goes forward. */
export function sinceArrival(context: Readonly<Record<string, unknown>>): number {
  const arrived = context[key]
  return typeof arrived === 'number' ? performance.now() - arrived : 0
}
