/**
 * Text on its way to Slack. Whatever people or Cognito wrote goes through here, so that nothing in
 * it pings a channel, disguises a link or turns the reading direction.
 */

import type { MrkdwnElement, PlainTextElement } from '@slack/types'
import type { PersonId } from '../../ids.ts'
import { oneLine, visibleLines } from '../../recovery/model/visible-text.ts'

// Slack turns away an empty text.
const nothing = '–'

// Slack refuses a longer text object.
export const longestText = 3000

// Slack has no escape for these: what looks the same is none of them.
const lookAlikes = new Map([
  ['*', '\u2217'],
  ['_', '\u02cd'],
  ['~', '\u223c'],
  ['`', '\u02cb'],
  [':', '\u2236'],
])

// Inside a word nothing begins: the stars of a masked address, first_last. A colon only begins an emoji.
const markers =
  /(?<stays>(?<=[\p{L}\p{N}+])\*{3,}|(?<=[\p{L}\p{N}])_(?=[\p{L}\p{N}]))|[*_~`]|:(?=[\w+'-]+:)/gu

/** Somebody's words as one line that mrkdwn takes for nothing but words: no mention, no link, no bold, no emoji. */
export function escapeMrkdwn(text: string): string {
  const calm = oneLine(text).replaceAll(markers, (found, stays?: string) =>
    stays === undefined ? (lookAlikes.get(found) ?? found) : stays,
  )
  return calm.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** At most `max` characters as JavaScript counts them, the last one an ellipsis if any are left out. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text
  const cut = text.slice(0, max - 1)
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}

/** Somebody's words for mrkdwn, at most `max` characters long as escaped. */
export function escapedWords(text: string, max: number): string {
  const whole = escapeMrkdwn(text)
  if (whole.length <= max) return whole
  let kept = ''
  // Cut in two, an entity would be read as rubbish.
  for (const [piece] of whole.matchAll(/&\w+;|./gu)) {
    if (kept.length + piece.length >= max) break
    kept += piece
  }
  return `${kept}…`
}

/** A text in which Slack reads no markup, no mentions and no emoji names. Line breaks stay. */
export function plain(text: string, max: number = longestText): PlainTextElement {
  const calm = visibleLines(text)
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
  return { type: 'plain_text', text: clip(calm || nothing, max), emoji: false }
}

/** A plain text on one line, for buttons, titles and fields. */
export function plainLine(text: string, max: number): PlainTextElement {
  return plain(oneLine(text), max)
}

/** Our own markup. Other people's words in it have to be escaped already. */
export function markdown(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text: clip(text || nothing, longestText), verbatim: true }
}

/** Names a person, which notifies them where they can see the message. */
export function mention(id: PersonId): string {
  // The ledger also names people whom no payload identified.
  return /^[UW][A-Z0-9]{1,40}$/.test(id) ? `<@${id}>` : escapedWords(id, 50)
}

/** A moment in the reader's own time zone, for mrkdwn only. */
export function when(date: Date): string {
  const unix = Math.floor(date.getTime() / 1000)
  return `<!date^${unix}^{date_short_pretty} {time}|${utc(date)}>`
}

/** A moment as it is the same for everybody: `2026-11-22 19:41 UTC`. */
export function utc(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
