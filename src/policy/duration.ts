/** Durations as the policy writes them: 90s, 30m, 2h, 1d. */

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** How many milliseconds the text stands for; nothing when it is no duration. */
export function durationMs(text: string): number | undefined {
  const match = /^(?<count>\d{1,9})(?<unit>[smhd])$/.exec(text)
  const unit = match?.groups?.['unit']
  if (unit !== 's' && unit !== 'm' && unit !== 'h' && unit !== 'd') return undefined
  return Number(match?.groups?.['count']) * unitMs[unit]
}
