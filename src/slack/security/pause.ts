import { personId } from '../../ids.ts'
import type { Desk } from '../../recovery/services/context.ts'
import { readPause } from '../inbound/button-value.ts'
import { type Click, readRequestButton } from '../inbound/click.ts'
import { idempotencyKeyOf } from '../inbound/envelope.ts'
import { answering, type Log, privately } from '../inbound/error-reply.ts'
import { pauseAnswer } from '../text/en/pause.ts'
import { refusalSentence } from '../text/en/refusals.ts'

/** “Let recoveries go on”, in an alert and in the private answers. */
export function resumeButton(desk: Pick<Desk, 'resume' | 'refuseMalformed'>, log: Log) {
  return answering<Click>(log, async ({ ack, action, body, respond }) => {
    await ack()
    const by = personId(body.user.id)
    const idempotencyKey = idempotencyKeyOf(body.trigger_id)
    const since = readPause(action.value)
    if (since === undefined) {
      await desk.refuseMalformed(by, 'resume', 'not-our-button', idempotencyKey)
      throw new Error('a click arrived without a pause')
    }
    await respond?.(privately(pauseAnswer(await desk.resume(by, idempotencyKey, since))))
  })
}

/** “Let this account be recovered again”, in the alert about an owner's report. */
export function unfreezeButton(desk: Pick<Desk, 'unfreeze' | 'refuseMalformed'>, log: Log) {
  return answering<Click>(log, async ({ ack, action, body, respond }) => {
    await ack()
    const button = await readRequestButton(desk, { action, body }, 'thaw')
    const by = personId(body.user.id)
    const unfrozen = await desk.unfreeze(button.id, by, idempotencyKeyOf(body.trigger_id))
    await respond?.(
      unfrozen.kind === 'refused'
        ? privately(refusalSentence(unfrozen.why))
        : privately('The account can be recovered again.'),
    )
  })
}
