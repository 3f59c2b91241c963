/** Composition objects: texts, options, confirm dialogs. Source: docs.slack.dev/reference/block-kit/composition-objects */
import { fieldsOf, rowsOf, stringOf } from '../json.ts'
import { boolean, byType, list, object, oneOf, type Rule, string } from './rules.ts'

/** Of a text object anywhere; many places allow less. */
export const longestText = 3000

/** Text in which Slack reads no markup at all. */
export function plainText(max: number = longestText): Rule {
  return byType({ plain_text: plain(max) })
}

/** Either kind of text. */
export function anyText(max: number = longestText): Rule {
  return byType({ plain_text: plain(max), mrkdwn: marked(max) })
}

function plain(max: number): Rule {
  return object({ type: oneOf('plain_text'), text: string({ max }) }, { emoji: boolean })
}

function marked(max: number): Rule {
  return object({ type: oneOf('mrkdwn'), text: string({ max }) }, { verbatim: boolean })
}

const optionFields = { value: string({ max: 150 }) }

/** An option of a select menu. */
export const option: Rule = object(
  { text: plainText(75), ...optionFields },
  { description: plainText(75) },
)

/** Checkboxes and radio buttons may carry marked-up text. */
export const markedOption: Rule = object(
  { text: anyText(75), ...optionFields },
  { description: anyText(75) },
)

/** Only an overflow menu's options may be links. */
export const overflowOption: Rule = object(
  { text: plainText(75), ...optionFields },
  { description: plainText(75), url: string({ max: 3000 }) },
)

/** A labelled group of options, 100 at most. */
export const optionGroup: Rule = object({
  label: plainText(75),
  options: list(option, { max: 100 }),
})

/** Refuses two options of one menu with the same value, whether grouped or not. */
export const distinctValues: Rule = (value, at, found) => {
  const element = fieldsOf(value)
  const grouped = rowsOf(element['option_groups']).flatMap((group) => rowsOf(group['options']))
  const values = [...rowsOf(element['options']), ...grouped].map((row) => stringOf(row['value']))
  const repeated = values.find((each, index) => values.indexOf(each) !== index)
  if (repeated !== undefined)
    found.push({ at, says: `\`value\` "${repeated}" already exists among the options` })
}

/**
 * The dialog that asks before a control does what it does. Only its `text` may be mrkdwn.
 */
export const confirm: Rule = object(
  { title: plainText(100), text: anyText(300), confirm: plainText(30), deny: plainText(30) },
  { style: oneOf('primary', 'danger') },
)
