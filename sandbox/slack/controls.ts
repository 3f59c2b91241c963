/** Finding buttons, menus and inputs by what a person can read beside them. */
import { type Fields, rowsOf, stringOf } from './json.ts'
import type { Names } from './mrkdwn.ts'
import { words } from './text.ts'
import { elementsOf } from './values.ts'

/** One thing that can be used, and the words by which somebody would mean it. */
export interface Control {
  readonly block: Fields
  readonly element: Fields
  readonly type: string
  readonly blockId: string
  readonly actionId: string
  /**
   * A button's own text, an input's label; for a menu its placeholder, or the section or first line of it
   * beside.
   */
  readonly labels: readonly string[]
  /** The text of the section it stands in, to tell equal buttons apart. */
  readonly sectionText: string
}

/** Everything in these blocks that can be used, in the order it is read. */
export function controlsOf(blocks: readonly Fields[], names: Names): Control[] {
  return blocks.flatMap((block) =>
    elementsOf(block).map((element) => ({
      block,
      element,
      type: stringOf(element['type']),
      blockId: stringOf(block['block_id']),
      actionId: stringOf(element['action_id']),
      labels: labelsOf(block, element, names),
      sectionText: words(block['text'], names),
    })),
  )
}

/**
 * The one control of these types with this label; an error lists what can be seen instead. Labels must match
 * whole, `section` is part of the section's text.
 *
 * @throws if there is none, and if there are several: nobody can mean both
 */
export function findControl(
  controls: readonly Control[],
  label: string,
  types: RegExp,
  section?: string,
): Control {
  const candidates = controls.filter((each) => types.test(each.type))
  const found = candidates.filter(
    (each) =>
      each.labels.includes(label) && (section === undefined || each.sectionText.includes(section)),
  )
  const [control] = found
  if (control && found.length === 1) return control
  const visible = candidates.map((each) => `"${each.labels.join('" or "')}"`).join(', ')
  const problem = found.length === 0 ? 'Nothing is' : `${found.length} things are`
  throw new Error(`${problem} labelled "${label}". Visible: ${visible || 'nothing of that kind'}`)
}

function labelsOf(block: Fields, element: Fields, names: Names): string[] {
  if (element['type'] === 'button') return [words(element['text'])]
  if (block['type'] === 'input') return [words(block['label'])]
  const section = words(block['text'], names)
  const labels = [words(element['placeholder']), section, section.split('\n')[0] ?? '']
  const own = labels.filter((each, index) => each !== '' && labels.indexOf(each) === index)
  // Ticks without a section or a placeholder can only be meant by what they say.
  return own.length > 0 ? own : rowsOf(element['options']).map((each) => words(each['text'], names))
}

/** All options of a menu, grouped or not. */
export function optionsOf(element: Fields): Fields[] {
  const grouped = rowsOf(element['option_groups']).flatMap((group) => rowsOf(group['options']))
  return [...rowsOf(element['options']), ...grouped]
}

/** The option that reads so; an error lists the others. */
export function findOption(options: readonly Fields[], text: string, names: Names): Fields {
  const found = options.find((each) => words(each['text'], names) === text)
  if (found) return found
  const visible = options.map((each) => `"${words(each['text'], names)}"`).join(', ')
  throw new Error(`No option reads "${text}". Visible: ${visible || 'none'}`)
}
