/** “Show the password once”: the only place where a password meets Slack, and the order that keeps it to one showing. */

import type { types } from '@slack/bolt'
import { personId } from '../names.ts'
import type { Desk, Showing } from '../recovery/desk.ts'
import type { Click } from './decide-request.ts'
import { readFailure } from './failures.ts'
import { noticeView } from './notice.ts'
import { fetchingView, passwordView } from './password-modal.ts'
import { gestureOf } from './payload.ts'
import { readButton } from './request-card.ts'
import { type Answerable, answering, type Log, showIn } from './trouble.ts'
import { refusalSentence } from './words.ts'

export function revealButton(desk: Pick<Desk, 'reveal' | 'policy'>, log: Log) {
  return answering<Click>(log, async ({ ack, action, body, client, respond }) => {
    await ack()
    const button = readButton(action.value)
    if (button === undefined) throw new Error('a click arrived without a request')
    // The window first: if it does not open, nothing has been taken out of the vault yet.
    const { view } = await client.views.open({ trigger_id: body.trigger_id, view: fetchingView() })
    const viewId = view?.id
    if (viewId === undefined) throw new Error('Slack opened a window without saying which')
    await answering<Answerable>(log, async () => {
      const showing = await desk.reveal(
        button.id,
        personId(body.user.id),
        gestureOf(body.trigger_id),
      )
      switch (showing.kind) {
        case 'showing':
          return show(
            showing,
            passwordView(showing.request, showing.password, desk.policy),
            viewId,
            client,
          )
        case 'refused':
          return showIn(
            client,
            viewId,
            noticeView('Not possible', refusalSentence(showing.why, showing.request)),
          )
        case 'repeated':
          // The first delivery of this click has its own window.
          return showIn(
            client,
            viewId,
            noticeView('Shown already', refusalSentence('password-shown')),
          )
        default:
          return showing satisfies never
      }
    })({ client, respond, body: { view: { id: viewId } } })
  })
}

/**
 * Slack's yes means shown, its no means certainly not. Anything in between may have been seen:
 * then the password stays as it is, claimed, and is destroyed a minute later.
 */
async function show(
  showing: Showing,
  view: types.ModalView,
  viewId: string,
  client: Answerable['client'],
): Promise<void> {
  try {
    await client.views.update({ view_id: viewId, view })
  } catch (error) {
    const failure = readFailure(error)
    if (failure.kind === 'unclear') throw error
    await showing.notShown()
    if (failure.kind === 'refused' && failure.error === 'not_found') return
    throw error
  }
  await showing.shown(viewId)
}
