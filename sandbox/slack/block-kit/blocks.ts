/**
 * Blocks, and what must be unique among them. Source: docs.slack.dev/reference/block-kit/blocks, a page for
 * each block; the figures below are characters and items from there.
 */
import { type Fields, fieldsOf, rowsOf, stringOf } from '../json.ts'
import { anyText, plainText } from './composition.ts'
import { imageElement, inActions, inInput, inSection } from './elements.ts'
import type { Problem } from './problem.ts'
import {
  boolean,
  both,
  byType,
  exactlyOne,
  list,
  object,
  oneOf,
  type Rule,
  type Shape,
  string,
} from './rules.ts'

/** Where blocks are shown. */
export type Surface = 'message' | 'modal' | 'home'

/**
 * How many blocks each surface takes, as docs.slack.dev/reference/block-kit/blocks says. A list that fits
 * into a modal may be too long for a message.
 */
export const mostBlocks = { message: 50, modal: 100, home: 100 } as const satisfies Record<
  Surface,
  number
>

/**
 * Everything Slack would refuse in these blocks; empty if it would take them. It never throws: `blocks` may
 * be anything an app can send. An empty list passes, for `blocks: []` is how `chat.update` takes blocks away.
 *
 * Stricter than Slack: a block that this folder does not know is refused, whatever Slack thinks of it.
 * Looser: there is no limit for a message as a whole, while Slack answers `msg_blocks_too_long` at some
 * 13,000 characters, a figure that it does not publish (github.com/slackapi/bolt-js/issues/2509).
 *
 * @param at JSON pointer to the list, where the pointers of the problems begin
 */
export function checkBlocks(surface: Surface, blocks: unknown, at = '/blocks'): Problem[] {
  const found: Problem[] = []
  list(byType(blocksOf(surface)), { min: 0, max: mostBlocks[surface] })(blocks, at, found)
  checkIds(rowsOf(blocks), at, found)
  if (surface === 'message') checkMarkdown(rowsOf(blocks), at, found)
  return found
}

const id = string({ max: 255 })
const anything: Rule = () => {}

function block(type: string, required: Shape, optional: Shape = {}): Rule {
  return object({ type: oneOf(type), ...required }, { block_id: id, ...optional })
}

// Text or fields: one of the two has to be there, and both may be.
const section: Rule = both(
  block(
    'section',
    {},
    {
      text: anyText(3000),
      fields: list(anyText(2000), { max: 10 }),
      accessory: inSection,
      expand: boolean,
    },
  ),
  (value, at, found) => {
    const { text, fields } = fieldsOf(value)
    if (text === undefined && fields === undefined)
      found.push({ at, says: 'missing required field: text' })
  },
)

const contextItem: Rule = (value, at, found) => {
  const rule = fieldsOf(value)['type'] === 'image' ? imageElement : anyText()
  rule(value, at, found)
}

// An image comes from a public address or from a file in Slack; what `slack_file` holds is not looked at.
const image: Rule = both(
  block(
    'image',
    { alt_text: string({ max: 2000 }) },
    { image_url: string({ max: 3000 }), slack_file: anything, title: plainText(2000) },
  ),
  exactlyOne('image_url', 'slack_file'),
)

const everywhere: Shape = {
  section,
  image,
  header: block('header', { text: plainText(150) }),
  divider: block('divider', {}),
  context: block('context', { elements: list(contextItem, { max: 10 }) }),
  actions: block('actions', { elements: list(inActions, { max: 25 }) }),
  input: block(
    'input',
    { label: plainText(2000), element: inInput },
    { dispatch_action: boolean, hint: plainText(2000), optional: boolean },
  ),
  // Rich text is checked only as far as the kinds of its parts.
  rich_text: block('rich_text', {
    elements: list(
      byType({
        rich_text_section: anything,
        rich_text_list: anything,
        rich_text_quote: anything,
        rich_text_preformatted: anything,
      }),
      { max: 1000 },
    ),
  }),
}

// Of all markdown blocks of one message together: docs.slack.dev/reference/block-kit/blocks/markdown-block
const longestMarkdown = 12_000
const messageOnly: Shape = {
  markdown: block('markdown', { text: string({ max: longestMarkdown }) }),
}

function blocksOf(surface: Surface): Shape {
  return surface === 'message' ? { ...everywhere, ...messageOnly } : everywhere
}

/** Ids that an app leaves out are made up by Slack, so only those it gave can clash. */
function checkIds(blocks: Fields[], at: string, found: Problem[]): void {
  const seen = new Set<string>()
  let focused = false
  blocks.forEach((each, index) => {
    const here = `${at}/${index}`
    claim(seen, stringOf(each['block_id']), `${here}/block_id`, found)
    // Slack wants an action_id to be unique within its block, not within the message.
    const actions = new Set<string>()
    for (const [element, path] of elementsOf(each)) {
      const there = `${here}/${path}`
      claim(actions, stringOf(element['action_id']), `${there}/action_id`, found)
      if (element['focus_on_load'] !== true) continue
      if (focused) found.push({ at: there, says: 'only one element may have `focus_on_load`' })
      focused = true
    }
  })
}

function elementsOf(each: Fields): [Fields, string][] {
  const single = ['accessory', 'element'].map((name): [Fields, string] => [
    fieldsOf(each[name]),
    name,
  ])
  const several = rowsOf(each['elements']).map((element, index): [Fields, string] => [
    element,
    `elements/${index}`,
  ])
  return [...single, ...several]
}

function claim(seen: Set<string>, id: string, at: string, found: Problem[]): void {
  if (id === '') return
  const name = at.split('/').at(-1)
  if (seen.has(id)) found.push({ at, says: `\`${name}\` "${id}" already exists` })
  seen.add(id)
}

function checkMarkdown(blocks: Fields[], at: string, found: Problem[]): void {
  const marked = blocks.filter((each) => each['type'] === 'markdown')
  const length = marked.reduce((sum, each) => sum + stringOf(each['text']).length, 0)
  if (marked.length > 1 && length > longestMarkdown)
    found.push({ at, says: `markdown blocks together must be less than ${longestMarkdown + 1}` })
}
