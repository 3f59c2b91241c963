/** Submitting a modal: what Slack's client checks by itself, and what it does with the app's answer. */
import { slackLine } from './block-kit/problem.ts'
import { checkView } from './block-kit/view.ts'
import { type Fields, fieldsOf, isFields, rowsOf, stringOf } from './json.ts'
import type { OpenView } from './model.ts'
import type { Delivery } from './socket-mode.ts'
import { words } from './text.ts'
import { isEmpty } from './values.ts'
import { deepestStack } from './views.ts'
import type { Workspace } from './workspace.ts'

/**
 * What somebody sees after pressing a modal's submit button: docs.slack.dev/surfaces/modals. After `failed`
 * and `errors` the modal is still open, with what was entered.
 */
export type Submission =
  | { readonly kind: 'closed' | 'updated' | 'pushed' }
  /** By the label of the input. */
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: 'failed'; readonly says: string }

const noAnswer: Submission = { kind: 'failed', says: 'We had some trouble connecting. Try again?' }

/**
 * What the client refuses before anything is sent, by block_id; empty if the form may go. Only input blocks
 * are looked at, and only the first thing that is wrong with each. Lengths are counted in UTF-16 units.
 */
export function clientErrors(view: OpenView): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const block of inputsOf(view)) {
    const blockId = stringOf(block['block_id'])
    const element = fieldsOf(block['element'])
    const value = view.values[blockId]?.[stringOf(element['action_id'])]
    const error = isEmpty(value)
      ? block['optional'] !== true && 'Please complete this required field.'
      : typingError(element, stringOf(value?.['value']))
    if (error) errors[blockId] = error
  }
  return errors
}

// In the words of Slack's client, as far as they are known; an app never sees them.
function typingError(element: Fields, typed: string): string | undefined {
  const { min_length, max_length, min_value, max_value } = element
  if (typeof min_length === 'number' && typed.length < min_length)
    return `Please enter at least ${min_length} characters.`
  if (typeof max_length === 'number' && typed.length > max_length)
    return `Please enter at most ${max_length} characters.`
  if (element['type'] === 'email_text_input' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed))
    return 'Please enter a valid email address.'
  if (element['type'] === 'url_text_input' && !URL.canParse(typed))
    return 'Please enter a valid URL.'
  if (element['type'] !== 'number_input') return undefined
  const form = element['is_decimal_allowed'] === true ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/
  if (!form.test(typed)) return 'Please enter a valid number.'
  if (min_value !== undefined && Number(typed) < Number(min_value))
    return `Please enter a number that is at least ${stringOf(min_value)}.`
  if (max_value !== undefined && Number(typed) > Number(max_value))
    return `Please enter a number that is at most ${stringOf(max_value)}.`
  return undefined
}

/** Errors by block_id, told by the labels a person sees. */
export function byLabel(view: OpenView, errors: Readonly<Record<string, string>>): Submission {
  const labelled = inputsOf(view).flatMap((block) => {
    const error = errors[stringOf(block['block_id'])]
    return error === undefined ? [] : [[words(block['label']), error]]
  })
  return { kind: 'errors', errors: Object.fromEntries(labelled) }
}

/**
 * Does what the app answered, if Slack would: an answer it can't use looks to a person like no answer. An
 * empty answer closes this view, `clear` the whole stack. Keys of `errors` must be block_ids of input blocks;
 * a view in `update` or `push` is checked like those of `views.*`, but for its size. Why an answer was no use
 * stands in the transcript's `problems`.
 */
export function applyAnswer(workspace: Workspace, view: OpenView, delivery: Delivery): Submission {
  if (delivery.kind !== 'acked') return noAnswer
  const problems = answerProblems(workspace, view, delivery.payload)
  if (problems.length > 0) {
    delivery.record.problems = problems
    return noAnswer
  }
  const current = workspace.views.find(view.id)
  const next = fieldsOf(delivery.payload['view'])
  switch (delivery.payload['response_action']) {
    case 'errors':
      return showErrors(workspace, view, fieldsOf(delivery.payload['errors']))
    case 'update':
      if (current) workspace.views.update(current, next)
      return { kind: 'updated' }
    case 'push':
      workspace.views.push(view.userId, next)
      return { kind: 'pushed' }
    case 'clear':
      workspace.views.clear(view.userId)
      return { kind: 'closed' }
    default:
      if (current) workspace.views.close(current)
      return { kind: 'closed' }
  }
}

function showErrors(workspace: Workspace, view: OpenView, said: Fields): Submission {
  const errors = Object.fromEntries(Object.entries(said).map(([id, text]) => [id, stringOf(text)]))
  const current = workspace.views.find(view.id)
  if (current) workspace.views.setErrors(current, errors)
  return byLabel(view, errors)
}

// What Slack would not take it says to nobody but the person, so it is kept in the transcript.
function answerProblems(workspace: Workspace, view: OpenView, answer: Fields): string[] {
  const action = answer['response_action']
  if (action === undefined || action === 'clear') return []
  if (action === 'errors') return errorProblems(view, answer['errors'])
  if (action !== 'update' && action !== 'push')
    return [`[ERROR] unknown response_action: ${stringOf(action)}`]
  const problems = checkView(answer['view']).map(slackLine)
  const external = stringOf(fieldsOf(answer['view'])['external_id'])
  if (workspace.views.isTaken(external, action === 'update' ? view.id : undefined))
    problems.push('[ERROR] duplicate_external_id')
  if (action === 'push' && workspace.views.stack(view.userId).length >= deepestStack)
    problems.push('[ERROR] push_limit_reached')
  return problems
}

function errorProblems(view: OpenView, errors: unknown): string[] {
  if (!isFields(errors) || Object.keys(errors).length === 0) return ['[ERROR] no errors given']
  const inputs = inputsOf(view).map((block) => stringOf(block['block_id']))
  return Object.entries(errors).flatMap(([id, text]) => {
    if (!inputs.includes(id)) return [`[ERROR] no input block has the block_id ${id}`]
    return typeof text === 'string' && text !== '' ? [] : [`[ERROR] no text for ${id}`]
  })
}

function inputsOf(view: OpenView): Fields[] {
  return rowsOf(view.definition['blocks']).filter((block) => block['type'] === 'input')
}
