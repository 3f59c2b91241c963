/**
 * The audit channel's post for one ledger entry: a sentence for people, and the place in the chain. It is here
 * since what calls security shows it, too.
 */

import type { ChainedEntry, Entry } from '../../audit/entry.ts'
import { type RecordedEntry, readEntry } from '../../audit/recorded-entry.ts'
import type { MessageBody } from '../kit/blocks.ts'
import { context, quoted, section } from '../kit/blocks.ts'
import { escapedWords, utc, when } from '../kit/mrkdwn.ts'
import { text } from '../text/text.ts'

export function auditPost({ entry, hash }: ChainedEntry): MessageBody {
  const recorded = readEntry(entry)
  const sentence = text.auditor.entry(recorded)
  const time = new Date(entry.time)
  const place = chainPlace(entry, hash)
  const quotes = wordsOf(recorded)
  return {
    text: [
      sentence,
      ...quotes.map(([title, words]) => `${title}: ${escapedWords(words, 600)}`),
      utc(time),
      place,
    ].join('\n'),
    blocks: [
      section(sentence),
      ...quotes.flatMap(([title, words]) => quoted(title, words)),
      context(`${utc(time)} · ${when(time)}`),
      context(place),
    ],
  }
}

/** `#12 · 0123456789abcdef… · REQ-…`: what anybody can compare with the ledger. */
function chainPlace({ seq, request }: Entry, hash: string): string {
  const place = [`#${seq}`, `${escapedWords(hash.slice(0, 16), 16)}…`]
  return [...place, ...(request === null ? [] : [escapedWords(request, 40)])].join(' · ')
}

/** What people wrote, in full: it is why the rest happened. */
function wordsOf({ data }: RecordedEntry): (readonly [string, string])[] {
  const reason = 'reason' in data && data.reason
  const comment = 'comment' in data && data.comment
  return [
    ...(reason ? [[text.auditor.reason, reason] as const] : []),
    ...(comment ? [[text.auditor.comment, comment] as const] : []),
  ]
}
