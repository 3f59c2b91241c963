export interface Backlog {
  readonly waiting: number
  /** When the oldest was ordered. */
  readonly since?: Date
}

/** Whether so many audit posts wait, or for so long, that nothing new may be carried out. */
export function isBehind({ waiting, since }: Backlog, now: Date): boolean {
  const tooOld = since !== undefined && now.getTime() - since.getTime() > mostBehindMs
  return waiting > mostWaiting || tooOld
}

export const mostBehindMs = 15 * 60_000

export const mostWaiting = 50

/** What is worse of two ways to count the same. */
export function worseOf(one: Backlog, other: Backlog): Backlog {
  const [since, later] = [one.since, other.since].filter((each) => each !== undefined)
  const oldest = later !== undefined && since !== undefined && later < since ? later : since
  return {
    waiting: Math.max(one.waiting, other.waiting),
    ...(oldest === undefined ? {} : { since: oldest }),
  }
}
