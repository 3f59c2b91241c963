import { withoutAddresses } from '../../policy/text-form.ts'
import type { Decision } from '../model/decision.ts'
import { advance, entryFor, moved, person, refuse, tellAll } from '../model/drafts.ts'
import type { Denied, RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { Person } from '../ports/directory.ts'
import { cannotDecide, heldBy, refuseDecider, type Seen } from './rights.ts'
import { endsUnused } from './unused.ts'

/** What a denial rests on. */
export interface DenyFacts extends Seen {
  /** Why: the requester reads it. */
  readonly comment: string
  /** The other requests for its account lately. */
  readonly earlier: readonly RecoveryRequest[]
}

/** Ends a request by one approver's no, with the reason that the requester will read. */
export function deny(
  request: RecoveryRequest,
  by: Person,
  { participants, seenVersion, comment, earlier }: DenyFacts,
  terms: Terms,
): Decision<Denied> {
  const { policy, now } = terms
  const why = cannotDecide(request, by, { participants, seenVersion }, terms)
  if (why !== undefined) return refuseDecider(request, { attempt: 'deny', by, why }, terms)
  const words = withoutAddresses(comment)
  if (words === '')
    return refuse(request, { attempt: 'deny', by: by.id, why: 'reason-missing' }, policy)
  const line = heldBy(request, by, terms)
  const next: Denied = advance(request, {
    state: 'denied',
    deniedBy: by.id,
    deniedAt: now,
    comment: words,
  })
  return moved(
    next,
    entryFor(next, person(by.id), policy, {
      type: 'request.denied',
      ...(line === undefined ? {} : { heldBy: line }),
      comment: words,
    }),
    tellAll(next, now),
    endsUnused(next, earlier, terms),
  )
}
