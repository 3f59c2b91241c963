import type { Decision } from '../model/decision.ts'
import { advance, entryFor, moved, person, refuse, tellAll } from '../model/drafts.ts'
import type { RecoveryRequest, Withdrawn } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { Person } from '../ports/directory.ts'
import { endsUnused } from './unused.ts'

/**
 * Takes a request back. Only its requester can, and only before anything has been done.
 * @param earlier the other requests for its account lately
 */
export function withdraw(
  request: RecoveryRequest,
  by: Person,
  terms: Terms,
  earlier: readonly RecoveryRequest[],
): Decision<Withdrawn> {
  const { policy, now } = terms
  if (!by.member || by.id !== request.requestedBy) {
    return refuse(request, { attempt: 'withdraw', by: by.id, why: 'not-your-request' }, policy)
  }
  if (request.state === 'expired')
    return refuse(request, { attempt: 'withdraw', by: by.id, why: 'expired' }, policy)
  if (request.state !== 'pending' && request.state !== 'approved') {
    return refuse(request, { attempt: 'withdraw', by: by.id, why: 'already-decided' }, policy)
  }
  const next: Withdrawn = advance(request, { state: 'withdrawn', withdrawnAt: now })
  return moved(
    next,
    entryFor(next, person(by.id), policy, { type: 'request.withdrawn' }),
    tellAll(next, now),
    endsUnused(next, earlier, terms),
  )
}
