/** The reply in a card's thread that calls those who can decide. */

import type { Principal } from '../../policy/policy.ts'
import type { Pending } from '../../recovery/model/request.ts'
import type { Card } from '../kit/blocks.ts'
import { section } from '../kit/blocks.ts'
import { principals } from '../kit/lists.ts'
import { when } from '../kit/mrkdwn.ts'
import { soFar } from '../text/en/states.ts'

/** @param isEscalated whether these people could not decide until now */
export function reminder(
  request: Pending,
  named: readonly Principal[],
  isEscalated: boolean,
): Card {
  const call = isEscalated
    ? `${principals(named)}: this request has waited long, so you can decide on it as well now.`
    : `${principals(named)}: this request still waits for a decision.`
  const text = `${call} ${soFar(request)} It expires ${when(request.expiresAt)}.`
  return { text, blocks: [section(text)] }
}
