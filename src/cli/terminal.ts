/** Text on its way to a terminal: whatever people, Cognito or a file say stays words, on the line it was put on. */

import { clip } from '../slack/kit/mrkdwn.ts'

const longestLine = 2_000

/** One line, with nothing in it that steers a terminal, breaks the line or turns the reading direction. */
export function terminalLine(text: string, max = longestLine): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/\p{Cf}/gu, '')
  return clip(line, max)
}

/** What an error says, which may be several lines of our own. */
export function terminalError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text
    .split('\n')
    .map((line) => terminalLine(line))
    .join('\n')
}
