/** Composition objects: texts, options, confirm dialogs. Source: docs.slack.dev/reference/block-kit/composition-objects */
import { fieldsOf, rowsOf, stringOf } from '../json.ts'
import { boolean, byType, list, object, oneOf, type Rule, string } from './rules.ts'

/** Characters of a text object anywhere, and one at least; many places allow less. */
export const longestText = 3000

/** Text in which Slack reads no mentions, links or dates: the safe place for what people typed. */
export function plainText(max: number = longestText): Rule {
  return byType({ plain_text: plain(max) })
}

/** Either kind of text. `emoji` is a field of plain text only, `verbatim` of mrkdwn only. */
export function anyText(max: number = longestText): Rule {
  return byType({ plain_text: plain(max), mrkdwn: marked(max) })
}

function plain(max: number): Rule {
  return object({ type: oneOf('plain_text'), text: string({ max }) }, { emoji: boolean })
}

function marked(max: number): Rule {
  return object({ type: oneOf('mrkdwn'), text: string({ max }) }, { verbatim: boolean })
}

// 150 is what docs.slack.dev and the Python SDK say; a comment in `@slack/types` still has 75.
const optionFields = { value: string({ max: 150 }) }

/** An option of a select menu. Its words are plain text, in the menu and in the description under it. */
export const option: Rule = object(
  { text: plainText(75), ...optionFields },
  { description: plainText(75) },
)

/** Checkboxes and radio buttons may carry marked-up text. */
export const markedOption: Rule = object(
  { text: anyText(75), ...optionFields },
  { description: anyText(75) },
)

/** Only an overflow menu's options may be links. Choosing one sends a click to the app all the same. */
export const overflowOption: Rule = object(
  { text: plainText(75), ...optionFields },
  { description: plainText(75), url: string({ max: 3000 }) },
)

/** A labelled group of 1 to 100 options; a menu takes 100 groups. */
export const optionGroup: Rule = object({
  label: plainText(75),
  options: list(option, { max: 100 }),
})

/**
 * Refuses two options of one menu with the same value, whether grouped or not: the app could not tell which
 * was chosen. Reports the first such value only.
 */
export const distinctValues: Rule = (value, at, found) => {
  const element = fieldsOf(value)
  const grouped = rowsOf(element['option_groups']).flatMap((group) => rowsOf(group['options']))
  const values = [...rowsOf(element['options']), ...grouped].map((row) => stringOf(row['value']))
  const repeated = values.find((each, index) => values.indexOf(each) !== index)
  if (repeated !== undefined)
    found.push({ at, says: `\`value\` "${repeated}" already exists among the options` })
}

/**
 * The dialog that asks before a control does what it does. All four words are required, as its page says
 * (docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object), though `@slack/types`
 * makes three of them optional. Only its `text` may be mrkdwn: the page speaks of plain text, but its own
 * example has mrkdwn there.
 */
export const confirm: Rule = object(
  { title: plainText(100), text: anyText(300), confirm: plainText(30), deny: plainText(30) },
  { style: oneOf('primary', 'danger') },
)
