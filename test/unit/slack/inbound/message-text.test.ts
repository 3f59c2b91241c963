import { describe, expect, it } from 'vitest'
import { termsNamed, termText } from '../../../../src/lookup/terms.ts'
import { messageText } from '../../../../src/slack/inbound/message-text.ts'
import { readSlackText } from '../../../../src/slack/inbound/slack-text.ts'

describe('what Slack escapes is undone', () => {
  it.each([
    ['Phishing &amp; fraud', 'Phishing & fraud'],
    ['a &lt; b &gt; c &amp;lt; d', 'a < b > c &lt; d'],
    ['<mailto:jane@example.com|jane@example.com>', 'jane@example.com'],
    ['<mailto:jane@example.com>', 'jane@example.com'],
    ['<mailto:r&amp;d@example.com|r&amp;d@example.com>', 'r&d@example.com'],
    ["<mailto:sean.o%27neill@example.com|sean.o'neill@example.com>", "sean.o'neill@example.com"],
    ["sean.o'<mailto:neill@example.com|neill@example.com> now", "sean.o'neill@example.com now"],
    ['jane@<http://example.com|example.com>', 'jane@example.com'],
    ['<mailto:jane@example.com|Jane>', 'Jane (jane@example.com)'],
    ['<mailto:jane@example.com?subject=Hi|jane@example.com>', 'jane@example.com'],
    ['<mailto:50%@example.com|50%@example.com>', '50%@example.com'],
    ['<tel:+12065550109|+1 (206) 555-0109>', '+1 (206) 555-0109'],
    ['<tel:+12065550109|Ken>', 'Ken (+12065550109)'],
    [
      '<mailto:jane.doe@example.com|janedoe@example.com>',
      'janedoe@example.com (jane.doe@example.com)',
    ],
    ['<https://example.com/?a=1&amp;b=2>', 'https://example.com/?a=1&b=2'],
    ['<https://example.com|here>', 'here'],
    ['<@U0SAM>jane@example.com', ' @U0SAM jane@example.com'],
    ['<#C0SUPPORT|support> <!here>', ' support   !here '],
    ['Jane Doe &lt;<mailto:jane@example.com|jane@example.com>&gt;', 'Jane Doe <jane@example.com>'],
    ['Jane Doe <jane@example.com>', 'Jane Doe <jane@example.com>'],
  ])('%s', (sent, read) => {
    expect(readSlackText(sent)).toBe(read)
  })
})

describe('a message is read wherever its words stand', () => {
  const address = "sean.o'neill@example.com"
  const markup = `<mailto:${address}|${address}>`
  const richText = (...elements: readonly unknown[]) => ({
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements }],
  })
  const named = (message: Parameters<typeof messageText>[0]) =>
    termsNamed(messageText(message), []).map(termText)

  it.each<[string, Parameters<typeof messageText>[0]]>([
    ['its text', { text: `please reset ${markup}` }],
    ['a section', { blocks: [{ type: 'section', text: { type: 'mrkdwn', text: markup } }] }],
    [
      'a field of a section',
      { blocks: [{ type: 'section', fields: [{ type: 'plain_text', text: address }] }] },
    ],
    ['a header', { blocks: [{ type: 'header', text: { type: 'plain_text', text: address } }] }],
    ['a context', { blocks: [{ type: 'context', elements: [{ type: 'mrkdwn', text: markup }] }] }],
    ['rich text', { blocks: [richText({ type: 'text', text: `please reset ${address}` })] }],
    [
      'a link in rich text that begins in the middle of an address',
      {
        blocks: [
          richText(
            { type: 'text', text: "reset sean.o'" },
            { type: 'link', url: 'mailto:neill@example.com', text: 'neill@example.com' },
          ),
        ],
      },
    ],
    [
      'a styled word of rich text',
      { blocks: [richText({ type: 'text', text: address, style: { bold: true } })] },
    ],
    [
      'a link in rich text without words of its own',
      { blocks: [richText({ type: 'link', url: 'mailto:sean.o%27neill@example.com' })] },
    ],
    [
      'a list in a quote',
      {
        blocks: [
          {
            type: 'rich_text',
            elements: [
              {
                type: 'rich_text_list',
                style: 'bullet',
                elements: [
                  { type: 'rich_text_section', elements: [{ type: 'text', text: address }] },
                ],
              },
            ],
          },
        ],
      },
    ],
    [
      'preformatted text',
      {
        blocks: [
          {
            type: 'rich_text',
            elements: [
              { type: 'rich_text_preformatted', elements: [{ type: 'text', text: address }] },
            ],
          },
        ],
      },
    ],
    ['Markdown', { blocks: [{ type: 'markdown', text: `**Who** [Sean](mailto:${address})` }] }],
    [
      'escaped Markdown',
      { blocks: [{ type: 'markdown', text: "sean\\.o'neill\\@example\\.com" }] },
    ],
    [
      'a table',
      {
        blocks: [
          {
            type: 'table',
            rows: [
              [{ type: 'raw_text', text: address }, { ...richText({ type: 'text', text: 'x' }) }],
            ],
          },
        ],
      },
    ],
    [
      'an image’s alternative text',
      { blocks: [{ type: 'image', alt_text: address, title: { type: 'plain_text', text: 'x' } }] },
    ],
    [
      'a block of a kind that is not known yet',
      { blocks: [{ type: 'tomorrow', body: { text: address } }] },
    ],
    ['an attachment', { text: '', attachments: [{ fallback: 'x', pretext: `From ${markup}` }] }],
    [
      'an attachment’s field',
      { attachments: [{ fields: [{ title: 'User', value: markup, short: true }] }] },
    ],
    [
      'blocks in an attachment',
      { attachments: [{ blocks: [{ type: 'section', text: { type: 'mrkdwn', text: markup } }] }] },
    ],
    [
      'a message that is shared in another',
      {
        text: 'see below',
        attachments: [
          {
            is_share: true,
            text: markup,
            message_blocks: [{ message: { blocks: [richText({ type: 'text', text: address })] } }],
          },
        ],
      },
    ],
    [
      'an e-mail that Slack shows as a file',
      { files: [{ filetype: 'email', subject: 'Help', from: [{ address, name: 'Sean' }] }] },
    ],
    ['the text beside blocks that say nothing', { text: markup, blocks: [{ type: 'divider' }] }],
  ])('%s', (_, message) => {
    expect(named(message)).toEqual([address])
  })

  it('never in what nobody sees', () => {
    const blocks = [
      { type: 'section', text: { type: 'mrkdwn', text: 'Locked out' }, block_id: address },
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            action_id: address,
            value: address,
            url: `https://x.example/${address}`,
            text: { type: 'plain_text', text: 'Open' },
          },
        ],
      },
      { type: 'image', image_url: `https://x.example/${address}`, alt_text: 'x' },
    ]
    expect(
      named({
        text: address,
        blocks,
        attachments: [
          {
            color: address,
            callback_id: address,
            actions: [{ name: address, text: 'Go', value: address }],
          },
        ],
      }),
    ).toEqual([])
  })

  it('through a mention or a picture no address goes on', () => {
    const blocks = [
      richText(
        { type: 'text', text: "sean.o'" },
        { type: 'emoji', name: 'wave' },
        { type: 'text', text: 'jane@example.com' },
        { type: 'user', user_id: 'U0SAM' },
        { type: 'text', text: '.au' },
      ),
    ]
    expect(named({ blocks })).toEqual(['jane@example.com'])
  })

  it('a piece of rich text of a kind that is not known yet is a gap in it, and no end of it', () => {
    const start = { type: 'text', text: "sean.o'" }
    const rest = { type: 'link', url: 'mailto:neill@example.com', text: 'neill@example.com' }
    expect(named({ blocks: [richText(start, rest, { type: 'tomorrow' })] })).toEqual([address])
  })

  it('as far as a person would read, and never half of an address', () => {
    const text = `${'x'.repeat(19_990)} ${address}`
    expect(named({ text })).toEqual([])
    expect(named({ text: `${address} ${text}` })).toEqual([address])
  })

  it('in no time that anybody notices, however much there is of it', () => {
    const blocks = Array.from({ length: 50 }, () =>
      richText({ type: 'text', text: 'a@b.co '.repeat(400) }),
    )
    expect(named({ blocks })).toEqual(['a@b.co'])
  })

  it.each([[null], ['x'], [7], [[null, [[]], 7]], [{ type: 'rich_text', elements: [null] }]])(
    'whatever arrives in place of blocks: %j',
    (blocks) => {
      expect(named({ text: address, blocks, attachments: blocks })).toEqual([address])
    },
  )

  it('at any depth, without end', () => {
    let deep: unknown = { text: 'x' }
    for (let depth = 0; depth < 50_000; depth += 1) deep = [deep]
    expect(messageText({ blocks: deep })).toBe('')
  })
})
