import type { Policy } from '../../policy/policy.ts'
import { entryFor, person, refuse, tellAll } from '../model/change.ts'
import type { Decision } from '../model/decision.ts'
import type { Denied, RecoveryRequest } from '../model/request.ts'
import type { Person } from '../ports/directory.ts'
import { withoutAddresses } from './open.ts'
import { cannotDecide, type Participants } from './participants.ts'

/** Ends a request by one approver's no, with the reason that the requester will read. */
export function deny(
  request: RecoveryRequest,
  by: Person,
  participants: Participants,
  seenVersion: number,
  comment: string,
  policy: Policy,
  now: Date,
): Decision<Denied> {
  const why = cannotDecide(request, by, participants, seenVersion, policy, now)
  if (why !== undefined) return refuse(request, 'deny', by.id, policy, why)
  const words = withoutAddresses(comment)
  if (words === '') return refuse(request, 'deny', by.id, policy, 'reason-missing')
  const next: Denied = {
    ...request,
    version: request.version + 1,
    state: 'denied',
    deniedBy: by.id,
    deniedAt: now,
    comment: words,
  }
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(next, person(by.id), policy, { type: 'request.denied', comment: words }),
      jobs: tellAll(next, now),
    },
  }
}
