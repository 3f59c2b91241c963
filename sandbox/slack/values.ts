/** What people have entered in inputs and menus: where it starts, and what survives when the app redraws. */
import { type Fields, fieldsOf, type Json, rowsOf, stringOf } from './json.ts'
import type { Values } from './model.ts'

/**
 * The values of these blocks. What was entered before stays where block_id, action_id and type are as they were, as
 * Slack keeps it across `views.update`; the rest starts from the element's own initial value.
 */
export function valuesOf(blocks: readonly Fields[], before: Values = {}): Values {
  const values: Record<string, Record<string, Fields>> = {}
  for (const block of blocks)
    for (const element of elementsOf(block)) {
      const start = startingValue(element)
      if (!start) continue
      const blockId = stringOf(block['block_id'])
      const actionId = stringOf(element['action_id'])
      const kept = before[blockId]?.[actionId]
      values[blockId] = {
        ...values[blockId],
        [actionId]: kept && kept['type'] === start['type'] ? kept : start,
      }
    }
  return values
}

/** The interactive parts of a block, wherever the block keeps them. */
export function elementsOf(block: Fields): Fields[] {
  const single = [block['accessory'], block['element']].map(fieldsOf)
  const several = block['type'] === 'actions' ? rowsOf(block['elements']) : []
  return [...single, ...several].filter((each) => each['type'] && each['type'] !== 'image')
}

/**
 * The blocks with an id on every block and every interactive element, made up where the app gave none: as in
 * Slack, payloads always have both, and made-up ones differ after each redraw, so that nothing entered is
 * kept under them.
 */
export function withIds(blocks: readonly Fields[], newId: () => string): Fields[] {
  const named = (element: Fields): Fields =>
    element['type'] === 'image'
      ? element
      : { ...element, action_id: element['action_id'] ?? newId() }
  return blocks.map((block) => {
    const { accessory, element, elements } = block
    return {
      ...block,
      block_id: block['block_id'] ?? newId(),
      ...(accessory !== undefined && { accessory: named(fieldsOf(accessory)) }),
      ...(element !== undefined && { element: named(fieldsOf(element)) }),
      ...(block['type'] === 'actions' && { elements: rowsOf(elements).map(named) }),
    }
  })
}

// For each type: the field of the value, and the field of the element it starts from.
const startingFields: Readonly<Record<string, readonly [string, string]>> = {
  plain_text_input: ['value', 'initial_value'],
  email_text_input: ['value', 'initial_value'],
  url_text_input: ['value', 'initial_value'],
  number_input: ['value', 'initial_value'],
  static_select: ['selected_option', 'initial_option'],
  external_select: ['selected_option', 'initial_option'],
  radio_buttons: ['selected_option', 'initial_option'],
  users_select: ['selected_user', 'initial_user'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
  channels_select: ['selected_channel', 'initial_channel'],
  datepicker: ['selected_date', 'initial_date'],
  timepicker: ['selected_time', 'initial_time'],
  datetimepicker: ['selected_date_time', 'initial_date_time'],
  checkboxes: ['selected_options', 'initial_options'],
  multi_static_select: ['selected_options', 'initial_options'],
  multi_external_select: ['selected_options', 'initial_options'],
  multi_users_select: ['selected_users', 'initial_users'],
  multi_conversations_select: ['selected_conversations', 'initial_conversations'],
  multi_channels_select: ['selected_channels', 'initial_channels'],
}

/** The name of the field that holds what was chosen, such as `selected_option`; undefined for a button. */
export function valueField(type: string): string | undefined {
  return startingFields[type]?.[0]
}

// A menu for several starts with an empty list, everything else with null: so Slack sends it.
function startingValue(element: Fields): Fields | undefined {
  const type = stringOf(element['type'])
  const fields = startingFields[type]
  if (!fields) return undefined
  const [field, initial] = fields
  const nothing: Json = field.endsWith('s') ? [] : null
  return { type, [field]: element[initial] ?? nothing }
}

/** Whether nothing has been entered in this value. */
export function isEmpty(value: Fields | undefined): boolean {
  const entered = value?.[valueField(stringOf(value['type'])) ?? 'value']
  return entered === undefined || entered === null || entered === '' || isEmptyList(entered)
}

function isEmptyList(entered: Json): boolean {
  return Array.isArray(entered) && entered.length === 0
}

/** The same values with one of them changed; those passed in stay as they are. */
export function withValue(values: Values, blockId: string, actionId: string, to: Fields): Values {
  return { ...values, [blockId]: { ...values[blockId], [actionId]: to } }
}
