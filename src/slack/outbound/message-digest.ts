/**
 * What a message says, whatever Slack makes of it on the way: it adds ids and flags to blocks, may turn
 * emoji into their names, and writes three characters of plain text as entities. Two messages with one
 * digest say the same to their reader.
 */

import { createHash } from 'node:crypto'

interface Said {
  readonly text?: unknown
  readonly blocks?: unknown
}

/** @param message with `text` and `blocks`, as posted or as read back */
export function digestOf(message: Said): string {
  return digestWith(message, unescaped)
}

/** Whether a message says what this digest was taken of; also by a Rekey that left entities as they are. */
export function isDigestOf(digest: string, message: Said): boolean {
  return digestOf(message) === digest || digestWith(message, (text) => text) === digest
}

type TextReader = (plainText: string) => string

function digestWith({ text, blocks }: Said, readPlain: TextReader): string {
  const said = [text, ...textsIn(blocks, readPlain)].map((each) => essence(String(each ?? '')))
  return createHash('sha256').update(JSON.stringify(said)).digest('hex')
}

function textsIn(value: unknown, readPlain: TextReader): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => textsIn(each, readPlain))
  if (typeof value !== 'object' || value === null) return []
  // In mrkdwn, Rekey writes the entities itself: without them, a text could be a mention.
  const isMarkup = 'type' in value && value.type === 'mrkdwn'
  return Object.entries(value).flatMap(([name, inner]) => {
    if (typeof inner !== 'string') return textsIn(inner, readPlain)
    if (name !== 'text') return []
    return [isMarkup ? inner : readPlain(inner)]
  })
}

const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' }

/** Whether Slack escapes what looks like an entity already is not known: `&amp;lt;` is read as `&lt;` is. */
function unescaped(text: string): string {
  return text.replaceAll(/&(?:amp;)*(amp|lt|gt);/g, (_, name: string) => characters[name] ?? '')
}

// Names, keycaps, pictures, and what pictures are made of: skin tones, flags' letters and tags, joiners.
const emoji =
  /:[a-z0-9_+'-]+:|[0-9#*]\ufe0f?\u20e3|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u{e0020}-\u{e007f}]|[\ufe0e\ufe0f\u200d]/gu

function essence(text: string): string {
  return text.replaceAll(emoji, '').replaceAll(/\s+/g, ' ').trim()
}
