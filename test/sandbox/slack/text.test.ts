import { expect, it } from 'vitest'
import { asText } from '../../../sandbox/slack/text.ts'
import { input, modal, plain } from './bolt.ts'

const names = {
  person: (id: string) => ({ U0SAM: 'Sam' })[id],
  channel: (id: string) => ({ C0SUPPORT: 'support' })[id],
  group: (id: string) => ({ S0LEADS: 'leads' })[id],
}
const section = (text: string) => [{ type: 'section', text: { type: 'mrkdwn', text } }]

it.each([
  ['<@U0SAM> asks', '@Sam asks'],
  ['<@U0EVE|eve> asks', '@eve asks'],
  ['in <#C0SUPPORT>', 'in #support'],
  ['<!subteam^S0LEADS> please', '@leads please'],
  ['<!here>', '@here'],
  ['at <!date^1700000000^{time}|22:13 UTC>', 'at 22:13 UTC'],
  ['<https://a.example|the page>', 'the page (https://a.example)'],
  ['<mailto:a@b.example|a@b.example>', 'a@b.example'],
  ['*a* &lt;b&gt; &amp;amp;', '*a* <b> &amp;'],
])('reads %s as %s', (markup, shown) => {
  expect(asText(section(markup), names)).toBe(shown)
})

it('leaves plain text as it is', () => {
  const text = '<@U0SAM> &amp; <!channel>'
  expect(asText([{ type: 'section', text: plain(text) }], names)).toBe(text)
})

it('draws a form with its inputs and buttons', () => {
  const view = modal(
    [
      input('Reason', 'why'),
      input('Ticket', 'ticket', {}, { optional: true, hint: plain('If any') }),
    ],
    { close: plain('Cancel') },
  )
  expect(asText(view)).toBe(
    [
      'A modal',
      '',
      'Reason: ____',
      'Ticket (optional): ____',
      '  (If any)',
      '[Cancel] [Send]',
    ].join('\n'),
  )
})
