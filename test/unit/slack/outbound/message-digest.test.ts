import { describe, expect, it } from 'vitest'
import { digestOf, isDigestOf } from '../../../../src/slack/outbound/message-digest.ts'

function post(reason: string, markup = '<@U0SAM> asked for Jane &amp; Co') {
  return {
    text: 'Jane &amp; Co\nReason: From R&amp;D',
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: markup } },
      { type: 'section', text: { type: 'plain_text', text: reason, emoji: false } },
    ],
  }
}

const sent = post('From R&D, by <lab>')

describe('what a message says', () => {
  it('is the same when Slack gives its plain text back with entities', () => {
    expect(isDigestOf(digestOf(sent), post('From R&amp;D, by &lt;lab&gt;'))).toBe(true)
    expect(isDigestOf(digestOf(post('AT&amp;T')), post('AT&amp;amp;T'))).toBe(true)
    expect(isDigestOf(digestOf(sent), post('From R&amp;D, by lab'))).toBe(false)
  })

  it.each([
    ['\u{1f44d}\u{1f3fd}', ':+1::skin-tone-4:'],
    ['\u{1f1ef}\u{1f1f5}', ':jp:'],
    ['1\ufe0f\u20e3', ':one:'],
    ['\u{1f468}\u200d\u{1f469}\u200d\u{1f467}', ':man-woman-girl:'],
    ['\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', ':flag-england:'],
    ['\u2764\ufe0f', ':heart:'],
  ])('is the same when Slack gives the emoji %s back by its name', (picture, name) => {
    expect(isDigestOf(digestOf(post(`Thanks ${picture} Sam`)), post(`Thanks ${name} Sam`))).toBe(
      true,
    )
  })

  it('is another thing when what was escaped in markup is live', () => {
    const escaped = post('x', '&lt;@U0MIA&gt; approved')
    expect(isDigestOf(digestOf(escaped), post('x', '<@U0MIA> approved'))).toBe(false)
  })

  it('is still known by the digests that were kept before entities were read', () => {
    const kept = 'fea39e43448a39386e62ccbd6cb5833e64fcb8e97700ef99f1c6a3da0e42ecbe'
    expect(isDigestOf(kept, post('From R&amp;D, by &lt;lab&gt;'))).toBe(true)
    const literal = 'ff59fb353bf1bf74a320033f5bfebe1d8adb945a3c27d28ccefc70a98932c6e2'
    expect(isDigestOf(literal, post('AT&amp;T'))).toBe(true)
  })
})
