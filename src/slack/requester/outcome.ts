/** What requesters decide by one click; of what came of it, approvers do too, on the card. */

import type { Verdict } from '../../recovery/rules/resolve.ts'
import type { DecisionService } from '../../recovery/services/decisions.ts'
import type { Journal } from '../../recovery/services/journal.ts'
import type { OutcomeService } from '../../recovery/services/outcomes.ts'
import { decideAtOnce } from '../inbound/click.ts'
import type { Log } from '../inbound/error-reply.ts'

interface WithdrawServices {
  readonly decisions: Pick<DecisionService, 'withdraw'>
  readonly journal: Pick<Journal, 'refuseMalformed'>
}

interface OutcomeServices {
  readonly outcomes: Pick<OutcomeService, 'resolve' | 'sendAgain'>
  readonly journal: Pick<Journal, 'refuseMalformed'>
}

/** “Withdraw” on the message to the requester. */
export function withdrawButton({ decisions, journal }: WithdrawServices, log: Log) {
  return decideAtOnce(journal, log, 'withdraw', ({ id: request }, by, idempotencyKey) =>
    decisions.withdraw({ request, by, idempotencyKey }),
  )
}

/** “It worked” and “Nothing came of it”, where the outcome is unclear. */
export function resolveButton({ outcomes, journal }: OutcomeServices, verdict: Verdict, log: Log) {
  return decideAtOnce(journal, log, 'resolve', ({ id: request, version }, by, idempotencyKey) =>
    outcomes.resolve({ request, by, seenVersion: version, verdict, idempotencyKey }),
  )
}

/** “Send again”, where it may not have arrived. */
export function sendAgainButton({ outcomes, journal }: OutcomeServices, log: Log) {
  return decideAtOnce(journal, log, 'resolve', ({ id: request, version }, by, idempotencyKey) =>
    outcomes.sendAgain({ request, by, seenVersion: version, idempotencyKey }),
  )
}
