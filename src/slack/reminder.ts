/** The reply in a card's thread that calls those who can decide. */

import type { Principal } from '../policy/policy.ts'
import type { Pending } from '../recovery/request.ts'
import { section } from './blocks.ts'
import { when } from './mrkdwn.ts'
import { principals } from './people.ts'
import type { Card } from './request-card.ts'
import { soFar } from './state-words.ts'

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
