/** However an address is written down in Slack, and whatever stands beside it: it is asked for whole, or not at all. */

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spellingsOfEmail } from '../../src/lookup/spelling.ts'
import { type SearchTerm, termsNamed, termsTyped } from '../../src/lookup/terms.ts'
import { messageText } from '../../src/slack/inbound/message-text.ts'
import { readSlackText } from '../../src/slack/inbound/slack-text.ts'
import { soak } from '../support/soak.ts'

describe('P18 B13 an address is asked for whole, or not at all', () => {
  it('in a message, in every form that Slack has for it, beside any words', () => {
    check(fc.tuple(address, form, beside, beside), ([written, put, before, after]) => {
      const terms = termsNamed(messageText(put(before, written, after)), [])
      expect(emailsIn(terms)).toSatisfy(noneIsAPartOf(written))
    })
  })

  it('and it is found, where a space or a sign stands between it and the words', () => {
    check(fc.tuple(address, form, apart, apart), ([written, put, before, after]) => {
      const terms = termsNamed(messageText(put(before[0], written, after[1])), [])
      expect(emailsIn(terms)).toContain(written)
    })
  })

  it('in a command or a search, with whatever is round it', () => {
    check(fc.tuple(address, wrapping), ([written, [open, close]]) => {
      const sent = `${open}${escaped(written)}${close}`
      expect(termsTyped(readSlackText(sent), [])).toEqual([{ kind: 'email', address: written }])
    })
  })

  it('and what Cognito is asked for are spellings of the whole of it', () => {
    check(address, (written) => {
      const spellings = spellingsOfEmail(written)
      expect(spellings[0]).toBe(written)
      const length = written.split('@')[0]?.length
      for (const each of spellings) expect(each.split('@')[0]).toHaveLength(length ?? -1)
    })
  })
})

// No first sign can be the partner of what is written round the address: `*a@b.example*` is in bold.
const firsts = [...'abzMZ09éßñжω!#$%&+-?^']
const inner = [...firsts, ..."!#$%&'*+-/=?^_`{|}~.’‑·", '\u0301']
const local = fc
  .tuple(fc.constantFrom(...firsts), fc.array(fc.constantFrom(...inner), { maxLength: 12 }))
  .map(([first, rest]) => `${first}${rest.join('')}`.normalize('NFC'))
  // What stands before two slashes is a web address.
  .filter((text) => !text.includes('//'))
const label = fc
  .stringMatching(/^[a-zé0-9]([a-zé0-9-]{0,6}[a-zé0-9])?$/)
  .map((text) => text.normalize('NFC'))
const top = fc.constantFrom('com', 'jp', 'uk', 'example', 'рф', 'テスト', 'xn--p1ai')
const address = fc
  .tuple(local, fc.array(label, { minLength: 1, maxLength: 4 }), top)
  .map(([name, labels, last]) => `${name}@${[...labels, last].join('.')}`)

/** Words that may touch the address, where it then cannot always be told. */
const beside = fc.oneof(
  fc.constantFrom(
    ...['', ' ', 'please reset ', '宛先', 'へ', '「', '」', '“', '•', '→', '–', 'x', '@'],
  ),
  fc.constantFrom(
    ...["'", '*', '_', '`', '"', '\\', '//', '/', '.', '…', '\u200b', '<@U0SAM>', '='],
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
)

/** The same with something between that belongs to no address: first what may stand before, then what may follow. */
const apart = fc
  .tuple(
    fc.constantFrom('', 'please reset ', 'User: ', 'user=', '(', '“', '「', '宛先', '• ', '→', '–'),
    fc.constantFrom(
      '',
      ' today',
      ', please',
      '.',
      ')',
      '”',
      '」',
      '。',
      '; bob',
      '’s',
      ' – locked',
    ),
  )
  .map(([before, after]) => [before, after] as const)

const wrapping = fc.constantFrom<[string, string]>(
  ['', ''],
  ['`', '`'],
  ['*', '*'],
  ['_', '_'],
  ['~', '~'],
  ['"', '"'],
  ['“', '”'],
  ['「', '」'],
  ['(', ')'],
  ['[', '],'],
  ['&lt;', '&gt;'],
  ['Jane Doe &lt;', '&gt;'],
  ['mailto:', ''],
  [' ', ';'],
)

type Put = (before: string, written: string, after: string) => Parameters<typeof messageText>[0]

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const link = (written: string) => `<mailto:${encodeURI(escaped(written))}|${escaped(written)}>`
const line = (elements: readonly unknown[]) => ({
  blocks: [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }],
})
const said = (text: string) => ({ type: 'text', text: escaped(text) })

/** Where a client that does not know every sign of an address begins its link. */
function lateLink(written: string): readonly [string, string] {
  const [, start = '', rest = written] = /^(.*[^\w.+-])([\w.+-]+@.*)$/su.exec(written) ?? []
  return [start, rest]
}

const form = fc.constantFrom<Put>(
  (before, written, after) => ({ text: escaped(before + written + after) }),
  (before, written, after) => ({ text: `${escaped(before)}${link(written)}${escaped(after)}` }),
  (before, written, after) => {
    const [start, rest] = lateLink(written)
    return { text: `${escaped(before + start)}${link(rest)}${escaped(after)}` }
  },
  (before, written, after) => {
    const text = escaped(before + written + after)
    return { blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }], text: 'x' }
  },
  (before, written, after) => line([said(before + written + after)]),
  (before, written, after) => {
    const [start, rest] = lateLink(written)
    return line([
      said(before + start),
      { type: 'link', url: `mailto:${rest}`, text: escaped(rest) },
      said(after),
    ])
  },
  (before, written, after) => ({
    attachments: [{ fields: [{ title: 'User', value: escaped(before + written + after) }] }],
  }),
  (before, written, after) => ({
    text: `${escaped(before)}\`${escaped(written)}\`${escaped(after)}`,
  }),
  (before, written, after) => ({
    text: `${escaped(before)} *${escaped(written)}*${escaped(after)}`,
  }),
)

function emailsIn(terms: readonly SearchTerm[]): string[] {
  return terms.flatMap((term) => (term.kind === 'email' ? [term.address] : []))
}

/** With nothing lost at either end: what is longer than an address is another one, and nobody's. */
function noneIsAPartOf(written: string): (found: readonly string[]) => boolean {
  return (found) => found.every((each) => each === written || !written.includes(each))
}

function check<Drawn>(drawn: fc.Arbitrary<Drawn>, holds: (drawn: Drawn) => void): void {
  void fc.assert(fc.property(drawn, holds), { numRuns: soak.spelledAddresses })
}
