/** views.*: modals and the home tab. */
import { checkView } from '../block-kit/view.ts'
import { type Fields, fieldsOf, stringOf } from '../json.ts'
import type { OpenView } from '../model.ts'
import type { Redeemed } from '../triggers.ts'
import { deepestStack } from '../views.ts'
import { wireView } from '../wire.ts'
import type { Asked, Method } from './method-call.ts'
import { refuse, refuseProblems } from './refusal.ts'

// Slack's `view_too_large`: docs.slack.dev/reference/methods/views.open
const largestView = 250_000

const open: Method = (asked) => {
  const definition = definitionOf(asked, 'modal')
  const { userId } = redeem(asked)
  refuseTaken(asked, definition)
  return shown(asked, asked.workspace.views.open(userId, definition))
}

const push: Method = (asked) => {
  const definition = definitionOf(asked, 'modal')
  const { userId, viewId } = redeem(asked)
  const { views } = asked.workspace
  const stack = views.stack(userId)
  // A view can be pushed only from inside a modal that is still open.
  if (!stack.some((each) => each.id === viewId)) refuse('not_found')
  if (stack.length >= deepestStack) refuse('push_limit_reached')
  refuseTaken(asked, definition)
  return shown(asked, views.push(userId, definition))
}

const update: Method = (asked) => {
  const { views } = asked.workspace
  const viewId = asked.text('view_id')
  const externalId = asked.text('external_id')
  if (viewId === '' && externalId === '') asked.required('view_id')
  const view = viewId === '' ? views.findExternal(externalId) : views.find(viewId)
  const definition = definitionOf(asked, stringOf(view?.definition['type']) || 'modal')
  if (!view) refuse('not_found')
  refuseStale(asked, view)
  refuseTaken(asked, definition, view)
  return shown(asked, views.update(view, definition))
}

const publish: Method = (asked) => {
  const { views, directory } = asked.workspace
  const member = directory.member(asked.required('user_id'))
  const definition = definitionOf(asked, 'home')
  if (!member || member.deleted) refuse('user_not_found')
  const before = views.home(member.id)
  if (before) refuseStale(asked, before)
  refuseTaken(asked, definition, before)
  return shown(asked, views.publish(member.id, definition))
}

export const views = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
} satisfies Record<string, Method>

function definitionOf(asked: Asked, type: string): Fields {
  const view = asked.json('view', 'invalid_arguments')
  if (view === undefined) asked.required('view')
  refuseProblems('invalid_arguments', checkView(view))
  const definition = fieldsOf(view)
  if (definition['type'] !== type)
    refuseProblems('invalid_arguments', [{ at: '/view/type', says: `must be \`${type}\`` }])
  if (JSON.stringify(definition).length > largestView) refuse('view_too_large')
  return definition
}

function redeem(asked: Asked): Extract<Redeemed, { kind: 'valid' }> {
  const redeemed = asked.workspace.triggers.redeem(asked.required('trigger_id'))
  if (redeemed.kind === 'valid') return redeemed
  if (redeemed.kind === 'refused') refuse(redeemed.error)
  const messages = ['[ERROR] invalid `trigger_id` [json-pointer:/trigger_id]']
  return refuse('invalid_arguments', { response_metadata: { messages } })
}

function refuseStale(asked: Asked, view: OpenView): void {
  const hash = asked.text('hash')
  if (hash !== '' && hash !== view.hash) refuse('hash_conflict')
}

function refuseTaken(asked: Asked, definition: Fields, except?: OpenView): void {
  const id = stringOf(definition['external_id'])
  if (asked.workspace.views.isTaken(id, except?.id)) refuse('duplicate_external_id')
}

function shown(asked: Asked, view: OpenView): Fields {
  const { directory, app } = asked.workspace
  return { ok: true, view: wireView(view, directory, app) }
}
