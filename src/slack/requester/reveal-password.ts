/** “Show the password once”: the only place where a password meets Slack, and the order that keeps it to one showing. */

import type { types } from '@slack/bolt'
import { personId } from '../../ids.ts'
import type { Policy } from '../../policy/policy.ts'
import type { Journal } from '../../recovery/services/journal.ts'
import type { OutcomeService, Showing } from '../../recovery/services/outcomes.ts'
import { readFailure } from '../api/errors.ts'
import { type Click, inWindow, readRequestButton } from '../inbound/click.ts'
import { idempotencyKeyOf } from '../inbound/envelope.ts'
import { type Answerable, answering, type Log } from '../inbound/error-reply.ts'
import { noticeView } from '../inbound/notice.ts'
import { text } from '../text/text.ts'
import { fetchingView, passwordView } from './password-modal.ts'

interface RevealServices {
  readonly outcomes: Pick<OutcomeService, 'reveal'>
  readonly journal: Pick<Journal, 'refuseMalformed'>
  readonly policy: () => Policy
}

export function revealButton({ outcomes, journal, policy }: RevealServices, log: Log) {
  return answering<Click>(log, async ({ ack, action, body, client, respond }) => {
    await ack()
    const button = await readRequestButton(journal, { action, body }, 'reveal')
    // The window first: if it does not open, nothing has been unsealed yet.
    await inWindow({ client, respond, body }, fetchingView(), log, async (viewId) => {
      const showing = await outcomes.reveal({
        request: button.id,
        by: personId(body.user.id),
        view: viewId,
        idempotencyKey: idempotencyKeyOf(body.trigger_id),
      })
      switch (showing.kind) {
        case 'showing':
          await show(
            showing,
            passwordView(showing.request, showing.password, policy()),
            { client, viewId },
            log,
          )
          return undefined
        case 'refused':
          return noticeView(
            text.shared.replies.notPossible,
            text.shared.refusals.sentence(showing.why, showing.request),
          )
        case 'repeated':
          // The first delivery of this click has its own window.
          return noticeView(
            text.requester.password.shownAlready,
            text.shared.refusals.sentence('password-shown'),
          )
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
