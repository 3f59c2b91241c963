import { personId } from '../../ids.ts'
import type { Journal } from '../../recovery/services/journal.ts'
import type { ProtectionService } from '../../recovery/services/protection.ts'
import { readPause } from '../inbound/button-value.ts'
import { type Click, readRequestButton } from '../inbound/click.ts'
import { idempotencyKeyOf } from '../inbound/envelope.ts'
import { answering, type Log, privately } from '../inbound/error-reply.ts'
import { text } from '../text/text.ts'

interface ProtectionServices {
  readonly protection: Pick<ProtectionService, 'resume' | 'unfreeze'>
  readonly journal: Pick<Journal, 'refuseMalformed'>
}

/** “Let recoveries go on”, in an alert and in the private answers. */
export function resumeButton({ protection, journal }: ProtectionServices, log: Log) {
  return answering<Click>(log, async ({ ack, action, body, respond }) => {
    await ack()
    const by = personId(body.user.id)
    const idempotencyKey = idempotencyKeyOf(body.trigger_id)
    const since = readPause(action.value)
    if (since === undefined) {
      const because = 'not-our-button'
      await journal.refuseMalformed({ by, attempt: 'resume', because, idempotencyKey })
      throw new Error('a click arrived without a pause')
    }
    const resumed = await protection.resume({ by, since, idempotencyKey })
    await respond?.(privately(text.shared.pause.answer(resumed)))
  })
}

/** “Let this account be recovered again”, in the alert about an owner's report. */
export function unfreezeButton({ protection, journal }: ProtectionServices, log: Log) {
  return answering<Click>(log, async ({ ack, action, body, respond }) => {
    await ack()
    const button = await readRequestButton(journal, { action, body }, 'thaw')
    const unfrozen = await protection.unfreeze({
      request: button.id,
      by: personId(body.user.id),
      idempotencyKey: idempotencyKeyOf(body.trigger_id),
    })
    await respond?.(
      unfrozen.kind === 'refused'
        ? privately(text.shared.refusals.sentence(unfrozen.why))
        : privately(text.security.unfrozen),
    )
  })
}
