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
