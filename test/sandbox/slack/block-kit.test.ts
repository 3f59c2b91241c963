// biome-ignore-all lint/style/noExcessiveLinesPerFile: every block and element, with what Slack refuses of each

import { describe, expect, it } from 'vitest'
import { checkBlocks, type Surface } from '../../../sandbox/slack/block-kit/blocks.ts'
import { checkView } from '../../../sandbox/slack/block-kit/view.ts'
import type { Fields } from '../../../sandbox/slack/json.ts'
import { input, modal, plain } from './bolt.ts'

const long = (length: number) => 'x'.repeat(length)
const marked = (length: number) => ({ type: 'mrkdwn', text: long(length) })
const times = <Item>(count: number, make: (index: number) => Item) =>
  Array.from({ length: count }, (_, index) => make(index))
const option = (index: number, more: Fields = {}) => ({
  text: plain(`Option ${index}`),
  value: `v${index}`,
  ...more,
})
const options = (count: number) => times(count, (index) => option(index))

const section = (more: Fields): Fields => ({ type: 'section', ...more })
const beside = (accessory: Fields): Fields => section({ text: plain('Beside'), accessory })
const actions = (elements: Fields[]): Fields => ({ type: 'actions', elements })
const button = (more: Fields = {}): Fields => ({ type: 'button', text: plain('Go'), ...more })
const select = (more: Fields = {}): Fields => ({
  type: 'static_select',
  options: options(1),
  ...more,
})
const confirm = (more: Fields = {}): Fields => ({
  title: plain('Sure?'),
  text: plain('Really?'),
  confirm: plain('Yes'),
  deny: plain('No'),
  ...more,
})

const says = (surface: Surface, ...blocks: Fields[]) =>
  checkBlocks(surface, blocks).map((problem) => `${problem.at}: ${problem.says}`)

/** Each limit as a function of a size, and the largest size it takes. */
const limits: [name: string, largest: number, make: (size: number) => Fields][] = [
  ['section text', 3000, (size) => section({ text: marked(size) })],
  ['section fields', 10, (size) => section({ fields: times(size, () => plain('field')) })],
  ['a section field', 2000, (size) => section({ fields: [marked(size)] })],
  ['block_id', 255, (size) => section({ text: plain('t'), block_id: long(size) })],
  ['action_id', 255, (size) => actions([button({ action_id: long(size) })])],
  ['header', 150, (size) => ({ type: 'header', text: plain(long(size)) })],
  ['context elements', 10, (size) => ({ type: 'context', elements: times(size, () => marked(1)) })],
  ['actions elements', 25, (size) => actions(times(size, () => button()))],
  ['input label', 2000, (size) => input(long(size), 'b')],
  ['input hint', 2000, (size) => input('Label', 'b', {}, { hint: plain(long(size)) })],
  [
    'image_url',
    3000,
    (size) => ({ type: 'image', alt_text: 'a', image_url: `https://${long(size - 8)}` }),
  ],
  [
    'alt_text',
    2000,
    (size) => ({ type: 'image', image_url: 'https://a.example/', alt_text: long(size) }),
  ],
  [
    'image title',
    2000,
    (size) => ({
      type: 'image',
      image_url: 'https://a.example/',
      alt_text: 'a',
      title: plain(long(size)),
    }),
  ],
  ['button text', 75, (size) => actions([button({ text: plain(long(size)) })])],
  ['button value', 2000, (size) => actions([button({ value: long(size) })])],
  ['button url', 3000, (size) => actions([button({ url: `https://${long(size - 8)}` })])],
  [
    'button accessibility label',
    75,
    (size) => actions([button({ accessibility_label: long(size) })]),
  ],
  [
    'confirm title',
    100,
    (size) => actions([button({ confirm: confirm({ title: plain(long(size)) }) })]),
  ],
  [
    'confirm text',
    300,
    (size) => actions([button({ confirm: confirm({ text: plain(long(size)) }) })]),
  ],
  [
    'confirm yes',
    30,
    (size) => actions([button({ confirm: confirm({ confirm: plain(long(size)) }) })]),
  ],
  [
    'confirm no',
    30,
    (size) => actions([button({ confirm: confirm({ deny: plain(long(size)) }) })]),
  ],
  [
    'option text',
    75,
    (size) => beside(select({ options: [option(1, { text: plain(long(size)) })] })),
  ],
  ['option value', 150, (size) => beside(select({ options: [option(1, { value: long(size) })] }))],
  [
    'option description',
    75,
    (size) => beside(select({ options: [option(1, { description: plain(long(size)) })] })),
  ],
  [
    'overflow option url',
    3000,
    (size) => beside({ type: 'overflow', options: [option(1, { url: long(size) })] }),
  ],
  ['select options', 100, (size) => beside(select({ options: options(size) }))],
  [
    'option groups',
    100,
    (size) =>
      beside({
        type: 'static_select',
        option_groups: times(size, (index) => ({ label: plain('g'), options: [option(index)] })),
      }),
  ],
  [
    'group label',
    75,
    (size) =>
      beside({
        type: 'static_select',
        option_groups: [{ label: plain(long(size)), options: options(1) }],
      }),
  ],
  [
    'options per group',
    100,
    (size) =>
      beside({
        type: 'static_select',
        option_groups: [{ label: plain('g'), options: options(size) }],
      }),
  ],
  ['checkboxes', 10, (size) => beside({ type: 'checkboxes', options: options(size) })],
  ['radio buttons', 10, (size) => beside({ type: 'radio_buttons', options: options(size) })],
  ['overflow', 5, (size) => beside({ type: 'overflow', options: options(size) })],
  ['placeholder', 150, (size) => beside(select({ placeholder: plain(long(size)) }))],
  ['min_length', 3000, (size) => input('L', 'b', { min_length: size })],
  ['max_length', 3000, (size) => input('L', 'b', { max_length: size })],
  ['initial_value', 3000, (size) => input('L', 'b', { initial_value: long(size) })],
]

describe('each limit of Block Kit', () => {
  it.each(limits)('%s: %i is taken, one more is not', (_, largest, make) => {
    expect(says('modal', make(largest))).toEqual([])
    expect(says('modal', make(largest + 1))).toHaveLength(1)
  })

  it('takes 50 blocks in a message and 100 in a modal or home tab', () => {
    const dividers = (count: number) => times(count, () => ({ type: 'divider' }))
    for (const [surface, most] of [
      ['message', 50],
      ['modal', 100],
      ['home', 100],
    ] as const) {
      expect(checkBlocks(surface, dividers(most))).toEqual([])
      expect(checkBlocks(surface, dividers(most + 1))).toEqual([
        { at: '/blocks', says: `no more than ${most} items allowed` },
      ])
    }
  })

  it('takes 12,000 characters of markdown in a message, all blocks together', () => {
    const markdown = (length: number) => ({ type: 'markdown', text: long(length) })
    expect(says('message', markdown(6000), markdown(6000))).toEqual([])
    expect(says('message', markdown(6000), markdown(6001))).toHaveLength(1)
    expect(says('modal', markdown(1))).toEqual(['/blocks/0/type: unsupported type: markdown'])
  })
})

describe('what Slack refuses whatever its size', () => {
  const refused: [string, Fields[], string][] = [
    [
      'an empty text',
      [section({ text: plain('') })],
      '/blocks/0/text/text: must be more than 0 characters',
    ],
    ['a section of nothing', [section({})], '/blocks/0: missing required field: text'],
    [
      'a header with markup',
      [{ type: 'header', text: marked(1) }],
      '/blocks/0/text/type: unsupported type: mrkdwn',
    ],
    [
      'a label with markup',
      [{ ...input('L', 'b'), label: marked(1) }],
      '/blocks/0/label/type: unsupported type: mrkdwn',
    ],
    ['an unknown block', [{ type: 'marquee' }], '/blocks/0/type: unsupported type: marquee'],
    [
      'an unknown element',
      [actions([{ type: 'lever' }])],
      '/blocks/0/elements/0/type: unsupported type: lever',
    ],
    [
      'a button in an input',
      [{ ...input('L', 'b'), element: button() }],
      '/blocks/0/element/type: unsupported type: button',
    ],
    [
      'an unknown property',
      [actions([button({ disabled: true })])],
      '/blocks/0/elements/0: invalid additional property: disabled',
    ],
    [
      'a style that does not exist',
      [actions([button({ style: 'default' })])],
      '/blocks/0/elements/0/style: must be a valid enum value',
    ],
    [
      'options and groups at once',
      [beside(select({ option_groups: [{ label: plain('g'), options: [option(7)] }] }))],
      '/blocks/0/accessory: must provide exactly one of: options, option_groups',
    ],
    [
      'equal option values',
      [beside(select({ options: [option(1), option(1)] }))],
      '/blocks/0/accessory: `value` "v1" already exists among the options',
    ],
    [
      'a link among select options',
      [beside(select({ options: [option(1, { url: 'https://a.example' })] }))],
      '/blocks/0/accessory/options/0: invalid additional property: url',
    ],
    [
      'an initial option not offered',
      [beside(select({ initial_option: option(9) }))],
      '/blocks/0/accessory/initial_option: must match one of the provided options',
    ],
    [
      'equal block_ids',
      [
        { type: 'divider', block_id: 'b' },
        { type: 'divider', block_id: 'b' },
      ],
      '/blocks/1/block_id: `block_id` "b" already exists',
    ],
    [
      'equal action_ids in a block',
      [actions([button({ action_id: 'a' }), button({ action_id: 'a' })])],
      '/blocks/0/elements/1/action_id: `action_id` "a" already exists',
    ],
    [
      'a confirm dialog without a way out',
      [
        actions([
          button({ confirm: { title: plain('t'), text: plain('t'), confirm: plain('y') } }),
        ]),
      ],
      '/blocks/0/elements/0/confirm: missing required field: deny',
    ],
    [
      'a minimum above the maximum',
      [input('L', 'b', { min_length: 5, max_length: 4 })],
      '/blocks/0/element: `min_length` must not be greater than `max_length`',
    ],
    [
      'a date that is none',
      [beside({ type: 'datepicker', initial_date: '1 May' })],
      '/blocks/0/accessory/initial_date: must be a date as YYYY-MM-DD',
    ],
  ]
  it.each(refused)('%s', (_, blocks, problem) => {
    expect(says('modal', ...blocks)).toEqual([problem])
  })

  it('takes equal action_ids in different blocks', () => {
    const row = actions([button({ action_id: 'a' })])
    expect(says('message', row, row)).toEqual([])
  })
})

describe('views', () => {
  const viewLimits: [string, number, (size: number) => Fields][] = [
    ['title', 24, (size) => modal([], { title: plain(long(size)) })],
    ['submit', 24, (size) => modal([], { submit: plain(long(size)) })],
    ['close', 24, (size) => modal([], { close: plain(long(size)) })],
    ['private_metadata', 3000, (size) => modal([], { private_metadata: long(size) })],
    ['callback_id', 255, (size) => modal([], { callback_id: long(size) })],
  ]
  it.each(viewLimits)('%s: %i is taken, one more is not', (_, largest, make) => {
    expect(checkView(make(largest))).toEqual([])
    expect(checkView(make(largest + 1))).toHaveLength(1)
  })

  it('wants a submit button as soon as there is an input', () => {
    const { submit: _, ...without } = modal([input('L', 'b')])
    expect(checkView(without)).toEqual([
      {
        at: '/view/blocks/0/input',
        says: 'must define `submit` to use an `input` block in modals',
      },
    ])
  })

  it('wants a title, and none on a home tab', () => {
    expect(checkView({ type: 'modal', blocks: [] })).toEqual([
      { at: '/view', says: 'missing required field: title' },
    ])
    expect(checkView({ type: 'home', blocks: [], title: plain('t') })).toHaveLength(1)
  })

  it('judges nonsense without falling over', () => {
    for (const nonsense of [
      null,
      7,
      'view',
      [],
      { type: 'constructor' },
      { type: 'modal', title: null, blocks: [null] },
    ])
      expect(checkView(nonsense).length).toBeGreaterThan(0)
  })
})
