import { entryFor, person, refuse, tellAll } from '../model/change.ts'
import type { Decision } from '../model/decision.ts'
import type { RecoveryRequest, Withdrawn } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { Person } from '../ports/directory.ts'

/** Takes a request back. Only its requester can, and only before anything has been done. */
export function withdraw(
  request: RecoveryRequest,
  by: Person,
  { policy, now }: Terms,
): Decision<Withdrawn> {
  if (!by.member || by.id !== request.requestedBy) {
    return refuse(request, { attempt: 'withdraw', by: by.id, why: 'not-your-request' }, policy)
  }
  if (request.state === 'expired')
    return refuse(request, { attempt: 'withdraw', by: by.id, why: 'expired' }, policy)
  if (request.state !== 'pending' && request.state !== 'approved') {
    return refuse(request, { attempt: 'withdraw', by: by.id, why: 'already-decided' }, policy)
  }
  const next: Withdrawn = {
    ...request,
    version: request.version + 1,
    state: 'withdrawn',
    withdrawnAt: now,
  }
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(next, person(by.id), policy, { type: 'request.withdrawn' }),
      jobs: tellAll(next, now),
    },
  }
}
