/** views.*: modals and the home tab. */
import { checkView } from '../block-kit/view.ts'
import { type Fields, fieldsOf, stringOf } from '../json.ts'
import type { OpenView } from '../model.ts'
import type { Redeemed } from '../triggers.ts'
import { deepestStack } from '../views.ts'
import { wireView } from '../wire.ts'
import type { Method, MethodCall } from './method-call.ts'
import { refuse, refuseProblems } from './refusal.ts'

// Slack's `view_too_large`, which it puts at 250 kB: docs.slack.dev/reference/methods/views.open. Here it is
// characters of JSON.
const largestView = 250_000

const open: Method = (call) => {
  const definition = definitionOf(call, 'modal')
  const { userId } = redeem(call)
  refuseTaken(call, definition)
  return shown(call, call.workspace.views.open(userId, definition))
}

const push: Method = (call) => {
  const definition = definitionOf(call, 'modal')
  const { userId, viewId } = redeem(call)
  const { views } = call.workspace
  const stack = views.stack(userId)
  // A view can be pushed only from inside a modal that is still open.
  if (!stack.some((each) => each.id === viewId)) refuse('not_found')
  if (stack.length >= deepestStack) refuse('push_limit_reached')
  refuseTaken(call, definition)
  return shown(call, views.push(userId, definition))
}

const update: Method = (call) => {
  const { views } = call.workspace
  const viewId = call.text('view_id')
  const externalId = call.text('external_id')
  if (viewId === '' && externalId === '') call.required('view_id')
  const view = viewId === '' ? views.findExternal(externalId) : views.find(viewId)
  const definition = definitionOf(call, stringOf(view?.definition['type']) || 'modal')
  if (!view) refuse('not_found')
  refuseStale(call, view)
  refuseTaken(call, definition, view)
  return shown(call, views.update(view, definition))
}

const publish: Method = (call) => {
  const { views, directory } = call.workspace
  const member = directory.member(call.required('user_id'))
  const definition = definitionOf(call, 'home')
  if (!member || member.deleted) refuse('user_not_found')
  const before = views.home(member.id)
  if (before) refuseStale(call, before)
  refuseTaken(call, definition, before)
  return shown(call, views.publish(member.id, definition))
}

/**
 * Of several refusals the view as such comes first, then the trigger; Slack documents no order. So a view
 * with a mistake in it leaves the trigger usable, and a `duplicate_external_id` or `push_limit_reached` uses
 * it up.
 *
 * `views.open` and `views.push` need a trigger of the last 3 seconds, `views.push` one from inside a modal
 * (`not_found` otherwise, a choice: its page lists the name, not this case). `views.update` and
 * `views.publish` work at any time; the `hash` that guards them against a newer version is optional. Source:
 * docs.slack.dev/reference/methods, the page of each.
 */
export const views = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
} satisfies Record<string, Method>

function definitionOf(call: MethodCall, type: string): Fields {
  const view = call.json('view', 'invalid_arguments')
  if (view === undefined) call.required('view')
  refuseProblems('invalid_arguments', checkView(view))
  const definition = fieldsOf(view)
  if (definition['type'] !== type)
    refuseProblems('invalid_arguments', [{ at: '/view/type', says: `must be \`${type}\`` }])
  if (JSON.stringify(definition).length > largestView) refuse('view_too_large')
  return definition
}

/** Uses up the call's trigger. What does not even look like one is an `invalid_arguments`: a choice. */
function redeem(call: MethodCall): Extract<Redeemed, { kind: 'valid' }> {
  const redeemed = call.workspace.triggers.redeem(call.required('trigger_id'))
  if (redeemed.kind === 'valid') return redeemed
  if (redeemed.kind === 'refused') refuse(redeemed.error)
  const messages = ['[ERROR] invalid `trigger_id` [json-pointer:/trigger_id]']
  return refuse('invalid_arguments', { response_metadata: { messages } })
}

/** Keeps an app from overwriting a version that it has not seen. Without a `hash` the last one wins. */
function refuseStale(call: MethodCall, view: OpenView): void {
  const hash = call.text('hash')
  if (hash !== '' && hash !== view.hash) refuse('hash_conflict')
}

function refuseTaken(call: MethodCall, definition: Fields, except?: OpenView): void {
  const id = stringOf(definition['external_id'])
  if (call.workspace.views.isTaken(id, except?.id)) refuse('duplicate_external_id')
}

function shown(call: MethodCall, view: OpenView): Fields {
  const { directory, app } = call.workspace
  return { ok: true, view: wireView(view, directory, app) }
}
