/** Messages and views as plain text, for a terminal and for assertions. */
import { type Fields, fieldsOf, isFields, type Json, rowsOf, stringOf } from './json.ts'
import type { Message, OpenView, Values } from './model.ts'
import { type Names, readMrkdwn } from './mrkdwn.ts'
import { elementsOf, valueField } from './values.ts'

/** Blocks, a message, an open view, or a view as the app sent it. */
export type Readable = readonly Fields[] | Message | OpenView | Fields

const nobody: Names = { person: () => undefined, channel: () => undefined, group: () => undefined }

/**
 * What somebody would read on the screen, block by block; an open view with what was entered and the errors
 * at its inputs. Of a message with blocks `text` is left out, as on the screen. Without `names`, mentions
 * show their label or id.
 */
export function asText(thing: Readable, names: Names = nobody): string {
  if (isBlocks(thing)) return blocksText(thing, { names })
  if (isOpenView(thing)) return viewText(thing.definition, { names, ...thing })
  if (isMessage(thing)) return messageText(thing, names)
  return viewText(thing, { names })
}

/** The words of a text object: markup is read in mrkdwn only, plain text stays as it is. */
export function words(text: Json | undefined, names: Names = nobody): string {
  const { type, text: content } = fieldsOf(text)
  return type === 'mrkdwn' ? readMrkdwn(stringOf(content), names) : stringOf(content)
}

interface TextContext {
  readonly names: Names
  readonly values?: Values
  readonly errors?: Readonly<Record<string, string>>
}

// The four kinds of readable things, told apart by what only they have.
function isBlocks(thing: Readable): thing is readonly Fields[] {
  return Array.isArray(thing)
}

function isOpenView(thing: Readable): thing is OpenView {
  return 'definition' in thing
}

function isMessage(thing: Readable): thing is Message {
  return 'ts' in thing && 'channel' in thing
}

function messageText(message: Message, names: Names): string {
  if (message.blocks.length > 0) return blocksText(message.blocks, { names })
  return readMrkdwn(message.text, names)
}

function viewText(view: Fields, context: TextContext): string {
  const title = words(view['title'])
  const buttons = [view['close'], view['submit']].filter(isFields).map((each) => `[${words(each)}]`)
  const body = blocksText(rowsOf(view['blocks']), context)
  return [title && `${title}\n`, body, buttons.join(' ')].filter(Boolean).join('\n')
}

function blocksText(blocks: readonly Fields[], context: TextContext): string {
  return blocks.map((block) => blockText(block, context)).join('\n')
}

function blockText(block: Fields, context: TextContext): string {
  const { names } = context
  switch (block['type']) {
    case 'header':
      return `# ${words(block['text'], names)}`
    case 'section':
      return sectionText(block, context)
    case 'divider':
      return '---'
    case 'context':
      return rowsOf(block['elements'])
        .map((each) => (each['type'] === 'image' ? imageText(each) : words(each, names)))
        .join(' · ')
    case 'actions':
      return controls(block, context).join(' ')
    case 'input':
      return inputText(block, context)
    case 'image':
      return imageText(block)
    case 'markdown':
      return stringOf(block['text'])
    default:
      return richText(block, names)
  }
}

function sectionText(block: Fields, context: TextContext): string {
  const lines = [block['text'], ...rowsOf(block['fields'])]
    .filter(isFields)
    .map((each) => words(each, context.names))
  return [lines.join('\n'), ...controls(block, context)].filter(Boolean).join(' ')
}

function inputText(block: Fields, context: TextContext): string {
  const label = words(block['label']) + (block['optional'] === true ? ' (optional)' : '')
  const hint = words(block['hint'])
  const error = context.errors?.[stringOf(block['block_id'])]
  const lines = [`${label}: ${controls(block, context).join(' ')}`]
  if (hint) lines.push(`  (${hint})`)
  if (error) lines.push(`  ! ${error}`)
  return lines.join('\n')
}

function controls(block: Fields, context: TextContext): string[] {
  return elementsOf(block).map((element) => controlText(block, element, context))
}

function controlText(block: Fields, element: Fields, context: TextContext): string {
  const type = stringOf(element['type'])
  const value = context.values?.[stringOf(block['block_id'])]?.[stringOf(element['action_id'])]
  if (type === 'button') return `[${words(element['text'])}]`
  if (type === 'overflow')
    return `[… ${rowsOf(element['options'])
      .map((each) => words(each['text']))
      .join(' | ')}]`
  if (type === 'radio_buttons' || type === 'checkboxes') return tickedText(element, value, context)
  const chosen = enteredText(value, context.names)
  const placeholder = words(element['placeholder'])
  return chosen || (placeholder ? `____ (${placeholder})` : '____')
}

function tickedText(element: Fields, value: Fields | undefined, context: TextContext): string {
  const { selected_option, selected_options } = value ?? {}
  const ticked = [fieldsOf(selected_option), ...rowsOf(selected_options)].map(
    (each) => each['value'],
  )
  return rowsOf(element['options'])
    .map((each) => {
      const mark = ticked.includes(each['value']) ? 'x' : ' '
      return `(${mark}) ${words(each['text'], context.names)}`
    })
    .join('  ')
}

/** What was entered, as words: the text of options, the names of people. */
export function enteredText(value: Fields | undefined, names: Names = nobody): string {
  const field = valueField(stringOf(value?.['type']))
  const entered = field === undefined ? undefined : value?.[field]
  const each = Array.isArray(entered) ? entered : [entered]
  // Somebody may type what looks like an id; only a menu of people or channels means one.
  const known = /users|conversations|channels/.test(stringOf(value?.['type'])) ? names : nobody
  return each.map((one) => oneText(one, known)).join(', ')
}

function oneText(entered: Json | undefined, names: Names): string {
  if (isFields(entered)) return words(entered['text'], names)
  if (typeof entered === 'number') return String(entered)
  const id = stringOf(entered)
  return names.person(id) ?? names.channel(id) ?? id
}

function imageText(image: Fields): string {
  return `(image: ${stringOf(image['alt_text'])})`
}

function richText(part: Fields, names: Names): string {
  const { type, text, url, user_id, channel_id, usergroup_id } = part
  if (type === 'user') return `@${names.person(stringOf(user_id)) ?? stringOf(user_id)}`
  if (type === 'channel') return `#${names.channel(stringOf(channel_id)) ?? stringOf(channel_id)}`
  if (type === 'usergroup')
    return `@${names.group(stringOf(usergroup_id)) ?? stringOf(usergroup_id)}`
  if (type === 'date') return stringOf(part['fallback'])
  if (type === 'link') return stringOf(text) || stringOf(url)
  if (typeof text === 'string') return text
  const between = type === 'rich_text' || type === 'rich_text_list' ? '\n' : ''
  return rowsOf(part['elements'])
    .map((each) => richText(each, names))
    .join(between)
}
