/** What somebody reads in a message, wherever it stands: its text, its blocks, its attachments, its files. */

import { readLink, readSlackText } from './slack-text.ts'

/** As much of a message as is read. It comes over the wire, so everything in it may be missing or strange. */
export interface ReadableMessage {
  readonly text?: unknown
  readonly blocks?: unknown
  readonly attachments?: unknown
  readonly files?: unknown
}

/**
 * What a message says, one line for each thing that is read by itself. Where there are blocks, people see them
 * in the place of `text`, which is for notifications then (docs.slack.dev/reference/methods/chat.postMessage).
 */
export function messageText(message: ReadableMessage): string {
  const { text, blocks, attachments, files } = message
  const shown = [...linesIn(blocks), ...linesIn(attachments), ...linesIn(files)]
  const isShownByBlocks = linesIn(blocks).length > 0
  const whole = [...(isShownByBlocks ? [] : linesIn({ text })), ...shown].join('\n')
  // What was cut in the middle could be half of an address.
  return whole.length <= mostRead ? whole : whole.slice(0, mostRead).replace(/\S*$/, '')
}

// Half of what Slack takes for one text; whom it is about stands near the beginning.
const mostRead = 20_000

// What people read of a block, an element, an attachment or a file, whatever its kind. Anything else is an
// id, a value that an app gets back, an address of a picture or a colour.
const readKeys = new Set([
  'address',
  'alt_text',
  'author_name',
  'author_subname',
  'body',
  'caption',
  'description',
  'footer',
  'label',
  'plain_text',
  'pretext',
  'subject',
  'subtitle',
  'text',
  'title',
  'value',
])

// Deeper than Slack nests; nobody's JSON makes Rekey walk for ever.
const deepest = 30

function linesIn(thing: unknown, depth = 0): readonly string[] {
  if (depth > deepest || typeof thing !== 'object' || thing === null) return []
  if (Array.isArray(thing)) return thing.flatMap((each) => linesIn(each, depth + 1))
  const fields = thing as Readonly<Record<string, unknown>>
  const { type, elements } = fields
  if (isRun(type) && Array.isArray(elements)) return [elements.map(inlineText).join('')]
  return Object.entries(fields).flatMap(([key, value]) => {
    if (typeof value !== 'string') return linesIn(value, depth + 1)
    return readKeys.has(key) && !isButtonValue(key, fields) ? [lineOf(value, fields)] : []
  })
}

/** A `value` is read in a field of an attachment only; elsewhere an app gets it back unseen. */
function isButtonValue(key: string, fields: Readonly<Record<string, unknown>>): boolean {
  return key === 'value' && !('short' in fields || 'title' in fields)
}

function lineOf(value: string, { type }: Readonly<Record<string, unknown>>): string {
  // In Markdown any sign may stand behind a backslash, and means itself.
  return readSlackText(type === 'markdown' ? value.replaceAll(/\\(?=[!-/:-@[-`{-~])/g, '') : value)
}

/** Whether it is one run of rich text, whose pieces are read on one line without anything between them. */
function isRun(type: unknown): boolean {
  return typeof type === 'string' && /^rich_text_(?!list)/.test(type)
}

function inlineText(piece: unknown): string {
  if (typeof piece !== 'object' || piece === null) return ' '
  const { type, text, url, fallback } = piece as Readonly<Record<string, unknown>>
  const label = typeof text === 'string' ? readSlackText(text) : ''
  if (type === 'text') return label
  if (type === 'link') return readLink(typeof url === 'string' ? url : '', label)
  // A person, a picture, a date, something new: nobody's address goes on through one.
  return ` ${label || (typeof fallback === 'string' ? fallback : '')} `
}
