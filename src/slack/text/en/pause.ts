/** That everything is paused, said wherever somebody waits. */

import type { Refused } from '../../../recovery/model/decision.ts'
import type { Pause } from '../../../recovery/model/pause.ts'
import type { PauseChange } from '../../../recovery/rules/pause.ts'
import type { Repeated } from '../../../recovery/services/record-decision.ts'
import { escapedWords, mention, when } from '../../kit/mrkdwn.ts'
import { refusalSentence } from './refusals.ts'

/** Who paused, since when and why, in mrkdwn. */
export function pauseSentence({ by, since, reason }: Pause): string {
  const who = by === undefined ? 'Rekey itself' : mention(by)
  return `⏸️ *All recoveries are paused* by ${who} since ${when(since)}: “${escapedWords(reason, 300)}” Requests can be opened and decided, and nothing is carried out. Approvals expire as ever.`
}

/** What came of pausing or resuming, to whoever wanted it. */
export function pauseAnswer(change: PauseChange | Refused | Repeated): string {
  switch (change.kind) {
    case 'refused':
      return change.why === 'reason-missing'
        ? 'Please say why: `/recovery pause &lt;reason&gt;`. Nothing was paused.'
        : refusalSentence(change.why)
    case 'repeated':
      return 'That is done already.'
    case 'moved':
      return change.entry.type === 'recovery.resumed'
        ? '▶️ Recoveries go on. What was approved is carried out now, as far as it has not expired.'
        : '⏸️ All recoveries are paused. Everybody who waits for one is told. `/recovery resume` lets them go on.'
    default:
      return change satisfies never
  }
}
