/** The direct messages to an account's owner: that somebody asks for its recovery, and what was done. */

import { type Pause, waitsForPause } from '../../recovery/model/pause.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import { offeredTo } from '../buttons.ts'
import type { MessageBody } from '../kit/blocks.ts'
import { actions, bullets, context, section } from '../kit/blocks.ts'
import { text } from '../text/text.ts'

/** The first message: that somebody asks. It is redrawn, and never rings twice. */
export function ownerNotice(request: RecoveryRequest, pause?: Pause): MessageBody {
  const isHeld = pause !== undefined && waitsForPause(request)
  return card(request, text.owner.asked(request, isHeld), text.owner.askedSteps)
}

/** The second message, once something was done to the account; nothing before that. */
export function ownerOutcome(request: RecoveryRequest): MessageBody | undefined {
  if (!('executedAt' in request)) return undefined
  return card(request, text.owner.done(request), text.owner.doneSteps)
}

function card(request: RecoveryRequest, lead: string, steps: readonly string[]): MessageBody {
  const { reported } = request
  const rest = reported === undefined ? steps : text.owner.reportedSteps(reported.at)
  return {
    text: [lead, ...rest].join('\n'),
    blocks: [
      section(lead),
      section(bullets(rest)),
      ...actions(offeredTo(request, 'owner')),
      context(text.owner.footer(request)),
    ],
  }
}
