import type { Journal } from '../../recovery/services/journal.ts'
import type { ProtectionService } from '../../recovery/services/protection.ts'
import { decideAtOnce } from '../inbound/click.ts'
import type { Log } from '../inbound/error-reply.ts'

interface ReportServices {
  readonly protection: Pick<ProtectionService, 'report'>
  readonly journal: Pick<Journal, 'refuseMalformed'>
}

/** “This wasn’t me”, in the owner's messages. */
export function reportButton({ protection, journal }: ReportServices, log: Log) {
  return decideAtOnce(journal, log, 'report', ({ id: request }, by, idempotencyKey) =>
    protection.report({ request, by, idempotencyKey }),
  )
}
