import type { Verdict } from '../../recovery/rules/resolve.ts'
import type { DecidingDesk } from '../approver/decisions.ts'
import { decideAtOnce } from '../inbound/click.ts'
import type { Log } from '../inbound/error-reply.ts'

/** “Withdraw” on the message to the requester. */
export function withdrawButton(desk: DecidingDesk, log: Log) {
  return decideAtOnce(desk, log, 'withdraw', ({ id }, by, idempotencyKey) =>
    desk.withdraw(id, by, idempotencyKey),
  )
}

/** “It worked” and “Nothing came of it”, where the outcome is unclear. */
export function resolveButton(desk: DecidingDesk, verdict: Verdict, log: Log) {
  return decideAtOnce(desk, log, 'resolve', ({ id, version }, by, idempotencyKey) =>
    desk.resolve(id, by, version, verdict, idempotencyKey),
  )
}

/** “Send again”, where it may not have arrived. */
export function sendAgainButton(desk: DecidingDesk, log: Log) {
  return decideAtOnce(desk, log, 'resolve', ({ id, version }, by, idempotencyKey) =>
    desk.sendAgain(id, by, version, idempotencyKey),
  )
}
