/** Blocks on the screen, each as Slack would show it. */

import { type ComponentChildren, h } from 'preact'
import { type Fields, isFields, rowsOf, stringOf } from '../slack/json.ts'
import type { Surface } from './context.ts'
import { Element } from './elements.ts'
import { InputBlock } from './input-block.ts'
import { Picture } from './picture.ts'
import { RichText } from './rich-text.ts'
import { plainWords, Words } from './text.ts'
import { Unsupported } from './unsupported.ts'

interface Part {
  readonly block: Fields
  readonly surface: Surface
}

/** The blocks of a message, a modal or a home tab, in their order. */
export function Blocks({
  blocks,
  surface,
}: {
  blocks: readonly Fields[]
  surface: Surface
}): ComponentChildren {
  const keys = keysOf(blocks)
  return h(
    'div',
    { class: 'blocks' },
    blocks.map((block, index) => h(Block, { key: keys[index], block, surface })),
  )
}

/**
 * By what a block is the same one when its message is rendered anew: Slack gives most of them another id
 * then. A button that is replaced between the mouse's down and its up would swallow the press.
 */
function keysOf(blocks: readonly Fields[]): readonly string[] {
  const seen = new Map<string, number>()
  return blocks.map((block) => {
    const type = stringOf(block['type'])
    const [first] = rowsOf(block['elements'])
    const name = type === 'input' ? block['block_id'] : first?.['action_id']
    const what = `${type} ${stringOf(name)}`
    const before = seen.get(what) ?? 0
    seen.set(what, before + 1)
    return `${what} ${before}`
  })
}

function Block({ block, surface }: Part): ComponentChildren {
  switch (block['type']) {
    case 'header':
      return h('h3', { class: 'header-block' }, plainWords(block['text']))
    case 'section':
      return h(Section, { block, surface })
    case 'divider':
      return h('hr', {})
    case 'context':
      return h('div', { class: 'context-block' }, rowsOf(block['elements']).map(contextItem))
    case 'actions':
      return h(Actions, { block, surface })
    case 'input':
      return h(InputBlock, { block, surface })
    case 'image':
      return h(Picture, { image: block })
    case 'rich_text':
      return h(RichText, { block })
    default:
      return h(Unsupported, { what: stringOf(block['type']) })
  }
}

function Section({ block, surface }: Part): ComponentChildren {
  const { text, fields, accessory } = block
  return h('div', { class: 'section-block' }, [
    h('div', { class: 'section-words' }, [
      isFields(text) && h(Words, { of: text }),
      Array.isArray(fields) &&
        h(
          'div',
          { class: 'section-fields' },
          rowsOf(fields).map((each, index) => h('div', { key: index }, h(Words, { of: each }))),
        ),
    ]),
    isFields(accessory) &&
      h('div', { class: 'accessory' }, h(Element, { block, element: accessory, surface })),
  ])
}

function Actions({ block, surface }: Part): ComponentChildren {
  return h(
    'div',
    { class: 'actions-block' },
    rowsOf(block['elements']).map((element) =>
      h(Element, { key: stringOf(element['action_id']), block, element, surface }),
    ),
  )
}

function contextItem(item: Fields, index: number): ComponentChildren {
  if (item['type'] === 'image') return h(Picture, { key: index, image: item })
  return h('div', { key: index }, h(Words, { of: item }))
}
