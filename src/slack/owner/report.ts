import type { Desk } from '../../recovery/services/context.ts'
import { decideAtOnce } from '../inbound/click.ts'
import type { Log } from '../inbound/error-reply.ts'

/** “This wasn’t me”, in the owner's messages. */
export function reportButton(desk: Pick<Desk, 'report' | 'refuseMalformed'>, log: Log) {
  return decideAtOnce(desk, log, 'report', ({ id }, by, idempotencyKey) =>
    desk.report(id, by, idempotencyKey),
  )
}
