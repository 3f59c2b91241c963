/**
 * Block elements: what each may hold, and in which blocks. Source:
 * docs.slack.dev/reference/block-kit/block-elements, a page for each element. Lengths are characters; dates
 * and times are strings, but for `initial_date_time` in seconds.
 */
import { fieldsOf, rowsOf } from '../json.ts'
import {
  confirm,
  distinctValues,
  markedOption,
  option,
  optionGroup,
  overflowOption,
  plainText,
} from './composition.ts'
import {
  boolean,
  both,
  byType,
  exactlyOne,
  integer,
  list,
  matching,
  object,
  oneOf,
  type Rule,
  type Shape,
  string,
} from './rules.ts'

const anything: Rule = () => {}
const url = string({ max: 3000 })
const link = matching(/^[a-z][a-z0-9+.-]*:.+/i, 'must provide a valid url')
const date = matching(/^\d{4}-\d{2}-\d{2}$/, 'must be a date as YYYY-MM-DD')
const time = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time as HH:mm')
const id = string({ max: 255 })

// What every element that a person can change may carry.
const changeable = { focus_on_load: boolean }
const menu = { ...changeable, placeholder: plainText(150), confirm }
const many = { max_selected_items: integer({ min: 1, max: 100 }) }
const typed = {
  ...changeable,
  placeholder: plainText(150),
  initial_value: string({ min: 0, max: 3000 }),
  dispatch_action_config: object({
    trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), { max: 2 }),
  }),
}

function element(type: string, required: Shape, optional: Shape = {}): Rule {
  return object({ type: oneOf(type), ...required }, { action_id: id, ...optional })
}

// There is no `disabled`: a button that must not be pressed has to be left out.
const button = element(
  'button',
  { text: plainText(75) },
  {
    value: string({ max: 2000 }),
    url: both(url, link),
    style: oneOf('primary', 'danger'),
    confirm,
    accessibility_label: string({ max: 75 }),
  },
)

const image = both(
  object(
    { type: oneOf('image'), alt_text: string({ max: 2000 }) },
    { image_url: both(url, link), slack_file: anything },
  ),
  exactlyOne('image_url', 'slack_file'),
)

/** A menu that carries its options itself, flat or in groups, never both. */
function optionMenu(type: string, optional: Shape): Rule {
  const choices = {
    options: list(option, { max: 100 }),
    option_groups: list(optionGroup, { max: 100 }),
  }
  return both(
    element(type, {}, { ...menu, ...choices, ...optional }),
    exactlyOne('options', 'option_groups'),
    distinctValues,
    initialAmongOptions,
  )
}

/** Checkboxes and radio buttons: all of the options show at once, so there are ten at most and no groups. */
function choiceList(type: string, optional: Shape): Rule {
  return both(
    element(
      type,
      { options: list(markedOption, { max: 10 }) },
      { ...changeable, confirm, ...optional },
    ),
    distinctValues,
    initialAmongOptions,
  )
}

/** An initial choice must match one of the options: exactly in Slack, by text and value here. */
const initialAmongOptions: Rule = (value, at, found) => {
  const { options, option_groups, initial_option, initial_options } = fieldsOf(value)
  const grouped = rowsOf(option_groups).flatMap((group) => rowsOf(group['options']))
  const known = new Set([...rowsOf(options), ...grouped].map(optionKey))
  if (initial_option !== undefined && !known.has(optionKey(fieldsOf(initial_option))))
    found.push({ at: `${at}/initial_option`, says: 'must match one of the provided options' })
  rowsOf(initial_options).forEach((each, index) => {
    if (!known.has(optionKey(each)))
      found.push({
        at: `${at}/initial_options/${index}`,
        says: 'must match one of the provided options',
      })
  })
}

function optionKey(choice: ReturnType<typeof fieldsOf>): string {
  return JSON.stringify([fieldsOf(choice['text'])['text'], choice['value']])
}

const initialOption = { initial_option: option }
const initialOptions = { initial_options: list(option, { max: 100 }) }
// Without `min_query_length` Slack asks the app after 3 characters: `Interactions` does that.
const external = { ...menu, min_query_length: integer({ min: 0, max: 255 }) }

const plainTextInput = both(
  element(
    'plain_text_input',
    {},
    {
      ...typed,
      multiline: boolean,
      min_length: integer({ max: 3000 }),
      max_length: integer({ min: 1, max: 3000 }),
    },
  ),
  (value, at, found) => {
    const { min_length, max_length } = fieldsOf(value)
    if (Number(min_length) > Number(max_length))
      found.push({ at, says: '`min_length` must not be greater than `max_length`' })
  },
)

// Bounds and initial value of a number input are strings, as is what somebody types there.
const number = matching(/^-?\d+(\.\d+)?$/, 'must be a number in a string')

/**
 * The menus that read the workspace itself: people, conversations, channels. `response_url_enabled` is taken,
 * and does nothing: a submission never carries `response_urls` here.
 */
function directoryMenu(noun: string, more: Shape = {}): Shape {
  return {
    [`${noun}s_select`]: element(
      `${noun}s_select`,
      {},
      { ...menu, ...more, [`initial_${noun}`]: id },
    ),
    [`multi_${noun}s_select`]: element(
      `multi_${noun}s_select`,
      {},
      { ...menu, ...more, ...many, [`initial_${noun}s`]: list(id, { max: 100 }) },
    ),
  }
}

const rules: Shape = {
  button,
  image,
  static_select: optionMenu('static_select', initialOption),
  multi_static_select: optionMenu('multi_static_select', { ...initialOptions, ...many }),
  external_select: element('external_select', {}, { ...external, ...initialOption }),
  multi_external_select: element(
    'multi_external_select',
    {},
    { ...external, ...initialOptions, ...many },
  ),
  ...directoryMenu('user'),
  ...directoryMenu('conversation', {
    filter: anything,
    default_to_current_conversation: boolean,
    response_url_enabled: boolean,
  }),
  ...directoryMenu('channel', { response_url_enabled: boolean }),
  overflow: both(
    element('overflow', { options: list(overflowOption, { max: 5 }) }, { confirm }),
    distinctValues,
  ),
  radio_buttons: choiceList('radio_buttons', { initial_option: markedOption }),
  checkboxes: choiceList('checkboxes', { initial_options: list(markedOption, { max: 10 }) }),
  plain_text_input: plainTextInput,
  email_text_input: element('email_text_input', {}, typed),
  url_text_input: element('url_text_input', {}, typed),
  number_input: element(
    'number_input',
    { is_decimal_allowed: boolean },
    { ...typed, initial_value: number, min_value: number, max_value: number },
  ),
  datepicker: element('datepicker', {}, { ...menu, initial_date: date }),
  timepicker: element('timepicker', {}, { ...menu, initial_time: time, timezone: id }),
  datetimepicker: element(
    'datetimepicker',
    {},
    { ...changeable, confirm, initial_date_time: integer({ min: 0, max: 9_999_999_999 }) },
  ),
}

const picks = ['static_select', 'external_select', 'users_select', 'conversations_select']
const menus = [...picks, 'channels_select']
const multiMenus = menus.map((name) => `multi_${name}`)
const lists = ['checkboxes', 'radio_buttons', 'datepicker', 'timepicker']
const typing = ['plain_text_input', 'email_text_input', 'url_text_input', 'number_input']

/**
 * What an `actions` block takes. No menus for several, and nothing to type in: strict, for Slack's page of
 * the block (docs.slack.dev/reference/block-kit/blocks/actions-block) now lists multi-select menus too.
 */
export const inActions: Rule = byType(
  only([...menus, ...lists, 'button', 'overflow', 'datetimepicker']),
)
/** What a `section` takes as its accessory: one element, and nothing to type in. */
export const inSection: Rule = byType(
  only([...menus, ...multiMenus, ...lists, 'button', 'overflow', 'image']),
)
/**
 * What an `input` block takes: whatever holds a value until the form is submitted, so neither buttons nor
 * overflow menus.
 */
export const inInput: Rule = byType(
  only([...menus, ...multiMenus, ...lists, ...typing, 'datetimepicker']),
)
/** An image beside a section or in a context. Unlike the `image` block it has no title. */
export const imageElement: Rule = image

/**
 * Options that an app offers while somebody types into an external select: the payload of its
 * acknowledgement, with 100 options or 100 groups at most. An empty list is fine: nothing fits.
 */
export const offeredOptions: Rule = both(
  object(
    {},
    {
      options: list(option, { min: 0, max: 100 }),
      option_groups: list(optionGroup, { min: 0, max: 100 }),
    },
  ),
  exactlyOne('options', 'option_groups'),
)

function only(names: readonly string[]): Shape {
  return Object.fromEntries(Object.entries(rules).filter(([name]) => names.includes(name)))
}
