import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { personId } from '../../../../src/ids.ts'
import {
  clip,
  escapedWords,
  escapeMrkdwn,
  mention,
  plain,
  utc,
  when,
} from '../../../../src/slack/kit/mrkdwn.ts'

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))

describe('words in mrkdwn', () => {
  test('are escaped once, ampersands first', () => {
    expect(escapeMrkdwn('<!channel> & </a>')).toBe('&lt;!channel&gt; &amp; &lt;/a&gt;')
  })

  test.each([
    ['Jane Doe* :white_check_mark: *verified', 'Jane Doe∗ ∶white_check_mark: ∗verified'],
    ['Jane *_~`x`~_*', 'Jane ∗ˍ∼ˋxˋ∼ˍ∗'],
    ['Doe***** :+1::tada: ***now*', 'Doe***** ∶+1:∶tada: ∗∗∗now∗'],
  ])('T11 are neither bold nor an emoji: %s', (words, shown) => {
    expect(escapeMrkdwn(words)).toBe(shown)
  })

  test.each([['j***@e***.com'], ['+********5678'], ['jane_doe'], ['Ticket: a: b'], ['12:30']])(
    'T11 stay as they are where they mark nothing: %s',
    (words) => {
      expect(escapeMrkdwn(words)).toBe(words)
    },
  )

  test('lose what turns the reading direction, and stay on one line', () => {
    expect(escapeMrkdwn('Jane\u202E eoD\r\nJane\u0007\u200b')).toBe('Jane eoD Jane')
  })

  test('keep the joiners that emoji and Persian need', () => {
    expect(escapeMrkdwn('👩‍💻')).toBe('👩‍💻')
  })

  test('are measured as escaped, and no entity is cut in two', () => {
    expect(escapedWords('<<<', 9)).toBe('&lt;&lt;…')
    void fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 50 }), (text, max) => {
        const words = escapedWords(text, max)
        expect(words.length).toBeLessThanOrEqual(max)
        expect(words.replaceAll(/&(amp|lt|gt);/g, '')).not.toMatch(/[&<>]/)
      }),
    )
  })
})

describe('clipping', () => {
  test('leaves what fits as it is', () => {
    expect(clip('four', 4)).toBe('four')
  })

  test('ends in an ellipsis that counts', () => {
    expect(clip('fives', 4)).toBe('fiv…')
  })

  test('never splits a character of two units, and never exceeds its bound', () => {
    void fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, max) => {
        const clipped = clip(text, max)
        expect(clipped.length).toBeLessThanOrEqual(max)
        expect(clipped.isWellFormed()).toBe(true)
      }),
    )
  })
})

describe('plain text', () => {
  test('is never empty, for Slack refuses that', () => {
    for (const empty of ['', ' \n ', '\u202e\u200b']) expect(plain(empty).text).toBe('–')
  })

  test('keeps line breaks, but no wall of them', () => {
    expect(plain('one\r\ntwo\n\n\n\nthree').text).toBe('one\ntwo\n\nthree')
  })

  test('turns no name between colons into a picture', () => {
    expect(plain(':white_check_mark:').emoji).toBe(false)
  })
})

describe('people and times', () => {
  test('a person is mentioned by id', () => {
    expect(mention(personId('U0ADA'))).toBe('<@U0ADA>')
  })

  test('what is no Slack id is only text', () => {
    expect(mention(personId('unknown'))).toBe('unknown')
    expect(mention(personId('U0> <!channel'))).toBe('U0&gt; &lt;!channel')
  })

  test('a moment is shown in the reader’s zone, and in UTC where that fails', () => {
    const moment = new Date('2026-11-22T19:41:30Z')
    expect(utc(moment)).toBe('2026-11-22 19:41 UTC')
    expect(when(moment)).toBe('<!date^1795376490^{date_short_pretty} {time}|2026-11-22 19:41 UTC>')
  })
})
