/** Who may decide on a request. Asked when a form opens, when it is submitted, and before execution. */

import type { Policy } from '../policy/policy.ts'
import { findTier, mayDecide } from '../policy/who.ts'
import type { Refusal } from './decision.ts'
import type { Person } from './ports.ts'
import type { RecoveryRequest } from './request.ts'

/** Why this person has no say in this request; undefined if they have. */
export function noSay(request: RecoveryRequest, by: Person, policy: Policy): Refusal | undefined {
  const tier = findTier(policy, request.tier)
  // A tier that has gone from the policy has no approvers left, so nobody may decide.
  if (!by.member || tier === undefined || !mayDecide(tier, by)) return 'not-an-approver'
  if (by.id === request.requestedBy) return 'own-request'
  if (by.id === request.owner) return 'own-account'
  return undefined
}

/**
 * Why this person cannot decide now. Who is asking comes before what state the request is in:
 * whoever has no say learns nothing about it, not even that it is over.
 */
export function cannotDecide(
  request: RecoveryRequest,
  by: Person,
  seenVersion: number,
  policy: Policy,
  now: Date,
): Refusal | undefined {
  const why = noSay(request, by, policy)
  if (why !== undefined) return why
  if (request.state === 'expired') return 'expired'
  if (request.state !== 'pending') return 'already-decided'
  // The expiry job marks old requests, but it may be late. The clock is the rule, not the job.
  if (now >= request.expiresAt) return 'expired'
  if (seenVersion < request.pendingSince || seenVersion > request.version) return 'stale-view'
  return undefined
}
