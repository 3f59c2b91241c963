import type { Policy } from '../policy/policy.ts'
import { findTier } from '../policy/who.ts'
import { cannotDecide } from './authority.ts'
import { drawCard, entryFor, job, person, refuse, tellRequester } from './change.ts'
import type { Decision } from './decision.ts'
import type { Person } from './ports.ts'
import type { Approved, Pending, RecoveryRequest } from './request.ts'

/**
 * Counts one person's approval; the last one needed sets the recovery in motion.
 * @param seenVersion the version of the request that the approver was looking at
 */
export function approve(
  request: RecoveryRequest,
  by: Person,
  seenVersion: number,
  policy: Policy,
  now: Date,
): Decision<Pending | Approved> {
  const why = cannotDecide(request, by, seenVersion, policy, now)
  if (why !== undefined) return refuse(request, 'approve', by.id, policy, why)
  if (request.approvals.some((approval) => approval.by === by.id)) {
    return refuse(request, 'approve', by.id, policy, 'already-approved')
  }
  const approvals = [...request.approvals, { by: by.id, at: now }]
  const needed = approvalsNeeded(request, policy)
  const complete = approvals.length >= needed
  const next: Pending | Approved = {
    ...request,
    version: request.version + 1,
    approvalsNeeded: needed,
    approvals,
    state: complete ? 'approved' : 'pending',
  }
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(next, 'request.approved', person(by.id), policy, {
        approvals: approvals.length,
        approvalsNeeded: needed,
        complete,
      }),
      jobs: [
        ...(complete ? [job({ kind: 'execute', request: next.id }, `effect ${next.id}`, now)] : []),
        drawCard(next, now),
        tellRequester(next, now),
      ],
    },
  }
}

/** As many as when the request was opened, or as many as the policy asks for today, if that is more. */
export function approvalsNeeded(request: RecoveryRequest, policy: Policy): number {
  return Math.max(request.approvalsNeeded, findTier(policy, request.tier)?.approvals ?? 0)
}
