/** What every element has in common: what it is rendered from, the value it holds, and the label it goes by. */

import { type Fields, fieldsOf, type Json, stringOf } from '../slack/json.ts'
import { type Surface, usePage } from './context.ts'
import { plainWords } from './text.ts'

/** What every element is rendered from. */
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

/** What is known of this element's value, and how to change it; resolves to whether the change was made. */
export function useValue({ block, element, surface }: ElementProps): {
  readonly value: Fields
  readonly enter: (value: Json) => Promise<boolean>
} {
  const { send, confirm, say } = usePage()
  const blockId = stringOf(block['block_id'])
  const actionId = stringOf(element['action_id'])
  const enter = async (value: Json) => {
    const asked = element['confirm']
    if (asked !== undefined && !(await confirm(fieldsOf(asked)))) return false
    const controlRef = { container: surface.container, blockId, actionId }
    const reply = await send({ kind: 'enter', controlRef, value })
    if (reply.kind === 'failed') say(reply.says)
    return reply.kind !== 'failed'
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
