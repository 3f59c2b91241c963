/** The elements people use, by type, wherever a block has them. */

import { type ComponentChildren, h } from 'preact'
import { type Fields, fieldsOf, type Json, stringOf } from '../slack/json.ts'
import { Picture } from './blocks.ts'
import { ActionButton } from './button.ts'
import { type Surface, usePage } from './context.ts'
import { DateField, TextField } from './fields.ts'
import { Menu } from './menu.ts'
import { Overflow } from './overflow.ts'
import { plainWords } from './text.ts'
import { Ticks } from './ticks.ts'
import { Unsupported } from './unsupported.ts'

export interface ElementProps {
  readonly block: Fields
  readonly element: Fields
  readonly surface: Surface
  /** Present in an input block, whose label and hint belong to the element. */
  readonly field?: FieldIds
}

/** What ties an element to its label, hint and error for those who can't see them side by side. */
export interface FieldIds {
  readonly id: string
  readonly label: string
  readonly describedBy: string
  readonly isInvalid: boolean
  readonly isRequired: boolean
}

export function Element(props: ElementProps): ComponentChildren {
  const type = stringOf(props.element['type'])
  if (type === 'button') return h(ActionButton, props)
  if (type === 'overflow') return h(Overflow, props)
  if (type === 'radio_buttons' || type === 'checkboxes') return h(Ticks, props)
  if (/_select$/.test(type)) return h(Menu, props)
  if (/_input$/.test(type)) return h(TextField, props)
  if (/picker$/.test(type)) return h(DateField, props)
  if (type === 'image') return h(Picture, { image: props.element })
  return h(Unsupported, { what: type })
}

/** What is known of this element's value, and how to change it; resolves to whether the change was made. */
export function useValue({ block, element, surface }: ElementProps): {
  readonly value: Fields
  readonly enter: (value: Json) => Promise<boolean>
} {
  const { act, confirm, say } = usePage()
  const blockId = stringOf(block['block_id'])
  const actionId = stringOf(element['action_id'])
  const enter = async (value: Json) => {
    const asked = element['confirm']
    if (asked !== undefined && !(await confirm(fieldsOf(asked)))) return false
    const spot = { place: surface.place, blockId, actionId }
    const reply = await act({ kind: 'enter', spot, value })
    if (reply.kind === 'trouble') say(reply.says)
    return reply.kind !== 'trouble'
  }
  return { value: fieldsOf(surface.values[blockId]?.[actionId]), enter }
}

/** The attributes by which an element finds its label, or carries its own. */
export function named({ element, field, block }: ElementProps) {
  if (field)
    return {
      id: field.id,
      'aria-describedby': field.describedBy || undefined,
      'aria-invalid': field.isInvalid || undefined,
      'aria-required': field.isRequired || undefined,
    }
  const label = plainWords(element['placeholder']) || plainWords(block['text'])
  return { 'aria-label': label || 'Choose' }
}
