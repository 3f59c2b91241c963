/** The reply in a card's thread that calls those who can decide. */

import type { Principal } from '../../policy/policy.ts'
import type { Pending } from '../../recovery/model/request.ts'
import type { MessageBody } from '../kit/blocks.ts'
import { section } from '../kit/blocks.ts'
import { text } from '../text/text.ts'

/** @param isEscalated whether these people could not decide until now */
export function reminder(
  request: Pending,
  named: readonly Principal[],
  isEscalated: boolean,
): MessageBody {
  const { escalated, again } = text.approver.reminders
  const call = isEscalated ? escalated(request, named) : again(request, named)
  return { text: call, blocks: [section(call)] }
}
