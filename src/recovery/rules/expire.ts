import type { Moved } from '../model/decision.ts'
import { advance, entryFor, moved, rekey, tellAll } from '../model/drafts.ts'
import type { Approved, Expired, Pending, RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import { endsUnused } from './unused.ts'

/**
 * Ends a request whose time is up. Undefined where there is nothing to end.
 * @param earlier the other requests for its account lately
 */
export function expire(
  request: RecoveryRequest,
  terms: Terms,
  earlier: readonly RecoveryRequest[],
): Moved<Expired> | undefined {
  const { now } = terms
  if (request.state !== 'pending' && request.state !== 'approved') return undefined
  return now < request.expiresAt ? undefined : expired(request, terms, earlier)
}

/** Ends a request because its time is up, whoever has noticed it. */
export function expired(
  request: Pending | Approved,
  terms: Terms,
  earlier: readonly RecoveryRequest[],
): Moved<Expired> {
  const { policy, now } = terms
  const next: Expired = advance(request, { state: 'expired', expiredAt: now })
  return moved(
    next,
    entryFor(next, rekey, policy, {
      type: 'request.expired',
      approvals: next.approvals.length,
      approvalsNeeded: next.approvalsNeeded,
    }),
    tellAll(next, now),
    endsUnused(next, earlier, terms),
  )
}
