/** An input: its label, the element, the hint below it, and what is wrong with what was entered. */

import { type ComponentChildren, h } from 'preact'
import { type Fields, fieldsOf, stringOf } from '../slack/json.ts'
import type { Surface } from './context.ts'
import type { FieldIds } from './element-state.ts'
import { Element } from './elements.ts'
import { plainWords } from './text.ts'

/** Ties the parts together for those who cannot see them side by side. */
export function InputBlock({
  block,
  surface,
}: {
  block: Fields
  surface: Surface
}): ComponentChildren {
  const element = fieldsOf(block['element'])
  const blockId = stringOf(block['block_id'])
  const error = surface.errors[blockId]
  const hint = plainWords(block['hint'])
  const id = `input-${blockId}`
  const field: FieldIds = {
    id,
    label: plainWords(block['label']),
    describedBy: [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' '),
    isInvalid: error !== undefined,
    isRequired: block['optional'] !== true,
  }
  const isGroup = /^(radio_buttons|checkboxes)$/.test(stringOf(element['type']))
  const label = [field.label, !field.isRequired && h('span', { class: 'quiet' }, ' (optional)')]
  return h(isGroup ? 'fieldset' : 'div', { class: 'input-block', 'data-invalid': error && 'yes' }, [
    isGroup ? h('legend', {}, label) : h('label', { for: id, id: `${id}-label` }, label),
    h(Element, { block, element, surface, field }),
    error !== undefined && h('p', { id: `${id}-error`, class: 'error', role: 'alert' }, error),
    hint !== '' && h('p', { id: `${id}-hint`, class: 'hint' }, hint),
  ])
}
