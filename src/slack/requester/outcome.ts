import type { Verdict } from '../../recovery/rules/resolve.ts'
import type { Desk } from '../../recovery/services/context.ts'
import { decideAtOnce } from '../inbound/click.ts'
import type { Log } from '../inbound/error-reply.ts'

type OutcomeDesk = Pick<Desk, 'withdraw' | 'resolve' | 'sendAgain' | 'refuseMalformed'>

/** “Withdraw” on the message to the requester. */
export function withdrawButton(desk: OutcomeDesk, log: Log) {
  return decideAtOnce(desk, log, 'withdraw', ({ id }, by, idempotencyKey) =>
    desk.withdraw(id, by, idempotencyKey),
  )
}

/** “It worked” and “Nothing came of it”, where the outcome is unclear. */
export function resolveButton(desk: OutcomeDesk, verdict: Verdict, log: Log) {
  return decideAtOnce(desk, log, 'resolve', ({ id, version }, by, idempotencyKey) =>
    desk.resolve(id, by, version, verdict, idempotencyKey),
  )
}

/** “Send again”, where it may not have arrived. */
export function sendAgainButton(desk: OutcomeDesk, log: Log) {
  return decideAtOnce(desk, log, 'resolve', ({ id, version }, by, idempotencyKey) =>
    desk.sendAgain(id, by, version, idempotencyKey),
  )
}
