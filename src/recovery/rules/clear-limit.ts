import { mayPause } from '../../policy/who.ts'
import type { Refusal, Refused } from '../model/decision.ts'
import { accountLimitUse, entryFor, pairLimitUse, person, refuse } from '../model/drafts.ts'
import type { RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { Person } from '../ports/directory.ts'
import type { LimitClearing } from '../ports/store.ts'
import { hadPart, isOwnerIn, type Parts } from './parts.ts'
import type { PauseChange } from './pause.ts'
import type { Participants } from './rights.ts'

/** What clearing an account's limit rests on. */
export interface ClearFacts {
  /** Any request for the account: it stands for it. */
  readonly request: RecoveryRequest
  /** It, and everything for the account within the limit's time. */
  readonly lately: readonly Parts[]
  readonly participants: Participants
}

/**
 * Lets an account be asked for again that has had as many requests as the policy allows. Whoever asked
 * for one of them, or approved it, may be who it was limited for, and nobody does it for their own account.
 */
export function clearLimit(
  by: Person,
  { request, lately, participants }: ClearFacts,
  { policy }: Terms,
): PauseChange<LimitClearing> | Refused {
  const no = (why: Refusal) => refuse(request, { attempt: 'clear', by: by.id, why }, policy)
  if (!mayPause(policy, by)) return no('not-security')
  if (lately.some((each) => isOwnerIn(each, by, participants, policy))) return no('own-account')
  if (lately.some((each) => hadPart(each, by, participants, policy))) return no('took-part-lately')
  const use = accountLimitUse(policy, request.account)
  const requesters = new Set(lately.map(({ requestedBy }) => requestedBy))
  const pairs = [...requesters].map((each) => pairLimitUse(policy, request.account, each))
  return {
    kind: 'moved',
    entry: entryFor(request, person(by.id), policy, { type: 'limit.cleared', limit: use.name }),
    extras: { kind: 'clear-limit', forget: [use, ...pairs] },
  }
}
