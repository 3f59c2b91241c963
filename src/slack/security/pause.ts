import { personId } from '../../ids.ts'
import type { Refused } from '../../recovery/model/decision.ts'
import type { PauseChange } from '../../recovery/rules/pause.ts'
import type { Desk } from '../../recovery/services/context.ts'
import type { Repeated } from '../../recovery/services/record-decision.ts'
import { readPause } from '../inbound/button-value.ts'
import { type Click, readRequestButton } from '../inbound/click.ts'
import { idempotencyKeyOf } from '../inbound/envelope.ts'
import { answering, type Log, type PrivateMessage, privately } from '../inbound/error-reply.ts'
import type { RecoveryDesk } from '../overview/recovery-command.ts'
import { refusalSentence } from '../text/en/refusals.ts'

/** “Let recoveries go on”, in an alert and in the private answers. */
export function resumeButton(desk: RecoveryDesk, log: Log) {
  return answering<Click>(log, async ({ ack, action, body, respond }) => {
    await ack()
    const by = personId(body.user.id)
    const idempotencyKey = idempotencyKeyOf(body.trigger_id)
    const since = readPause(action.value)
    if (since === undefined) {
      await desk.refuseMalformed(by, 'resume', 'not-our-button', idempotencyKey)
      throw new Error('a click arrived without a pause')
    }
    await respond?.(pauseMessage(await desk.resume(by, idempotencyKey, since)))
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

export function pauseMessage(halted: PauseChange | Refused | Repeated): PrivateMessage {
  switch (halted.kind) {
    case 'refused':
      return privately(
        halted.why === 'reason-missing'
          ? 'Please say why: `/recovery pause &lt;reason&gt;`. Nothing was paused.'
          : refusalSentence(halted.why),
      )
    case 'repeated':
      return privately('That is done already.')
    case 'moved':
      return privately(
        halted.entry.type === 'recovery.resumed'
          ? '▶️ Recoveries go on. What was approved is carried out now, as far as it has not expired.'
          : '⏸️ All recoveries are paused. Everybody who waits for one is told. `/recovery resume` lets them go on.',
      )
    default:
      return halted satisfies never
  }
}
