/** “Show the password once”: the only place where a password meets Slack, and the order that keeps it to one showing. */

import type { types } from '@slack/bolt'
import { personId } from '../../ids.ts'
import type { Desk, Showing } from '../../recovery/services/context.ts'
import { readFailure } from '../api/errors.ts'
import { type Click, inWindow, readRequestButton } from '../inbound/click.ts'
import { idempotencyKeyOf } from '../inbound/envelope.ts'
import { type Answerable, answering, type Log } from '../inbound/error-reply.ts'
import { noticeView } from '../kit/notice.ts'
import { refusalSentence } from '../text/en/refusals.ts'
import { fetchingView, passwordView } from './password-modal.ts'

export function revealButton(desk: Pick<Desk, 'reveal' | 'policy' | 'refuseMalformed'>, log: Log) {
  return answering<Click>(log, async ({ ack, action, body, client, respond }) => {
    await ack()
    const button = await readRequestButton(desk, { action, body }, 'reveal')
    // The window first: if it does not open, nothing has been taken out of the vault yet.
    await inWindow({ client, respond, body }, fetchingView(), log, async (viewId) => {
      const by = personId(body.user.id)
      const showing = await desk.reveal(button.id, by, viewId, idempotencyKeyOf(body.trigger_id))
      switch (showing.kind) {
        case 'showing':
          await show(
            showing,
            passwordView(showing.request, showing.password, desk.policy),
            { client, viewId },
            log,
          )
          return undefined
        case 'refused':
          return noticeView('Not possible', refusalSentence(showing.why, showing.request))
        case 'repeated':
          // The first delivery of this click has its own window.
          return noticeView('Shown already', refusalSentence('password-shown'))
        default:
          return showing satisfies never
      }
    })
  })
}

/**
 * Slack's yes means shown, its no means certainly not. Anything in between may have been seen:
 * then the password stays as it is, claimed, and is destroyed a minute later. So it does where a yes
 * can't be written down.
 */
async function show(
  showing: Showing,
  view: types.ModalView,
  { client, viewId }: Pick<Answerable, 'client'> & { readonly viewId: string },
  log: Log,
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
  try {
    await showing.shown()
  } catch (error) {
    // To tell the person would take off the screen what they are reading.
    log.error({ err: error }, 'a password was shown, and that could not be written down')
  }
}
