/** Calling those who can decide, and saying so when nobody is left who can. */

import type { EntryDraft } from '../../audit/entry.ts'
import { settled } from '../../policy/membership.ts'
import { byPerson, deciders, findTier } from '../../policy/who.ts'
import type { Moved } from '../model/decision.ts'
import {
  advance,
  after,
  drawCard,
  entryFor,
  job,
  moved,
  rekey,
  tellRequester,
} from '../model/drafts.ts'
import type { JobDraft } from '../model/job.ts'
import { reminderLane, remindLane } from '../model/lanes.ts'
import type { Pending, RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { Person } from '../ports/directory.ts'
import { approvalsNeeded, stillMissing, validApprovals } from './approve.ts'
import { type Participants, whyNotApprover } from './rights.ts'

/** An entry with what follows from it; the request stays in its version. */
export interface Call {
  readonly entry: EntryDraft
  readonly jobs: readonly JobDraft[]
}

/** Whom the policy names to decide on this request by now; nobody once its tier has gone. */
export function namedFor(request: RecoveryRequest, { policy, now }: Terms) {
  const tier = findTier(policy, request.tier)
  return tier === undefined ? [] : deciders(tier, now.getTime() - request.openedAt.getTime())
}

/** Reminds once, and orders the next reminder, each after twice the time. */
export function remind(request: Pending, round: number, { policy, now }: Terms): Call {
  const { afterMs, times } = policy.reminders
  const { id } = request
  const next = after(now, afterMs * 2 ** round)
  const again = round < times && next < request.expiresAt
  return {
    entry: entryFor(request, rekey, policy, { type: 'request.reminded', round }),
    jobs: [
      job({ kind: 'post-reminder', request: id, round }, reminderLane(id), now),
      ...(again
        ? [job({ kind: 'remind', request: id, round: round + 1 }, remindLane(id), next)]
        : []),
    ],
  }
}

/** Lets others decide as well, and calls them. Their right is the rule's; this only says so. */
export function escalate(request: Pending, { policy, now }: Terms): Call | undefined {
  const escalation = findTier(policy, request.tier)?.escalation
  if (escalation === undefined) return undefined
  const { id } = request
  return {
    entry: entryFor(request, rekey, policy, {
      type: 'request.escalated',
      to: escalation.to.map((principal) => principal.id),
    }),
    jobs: [
      job({ kind: 'post-reminder', request: id, round: 0 }, reminderLane(id), now),
      drawCard(request, now),
    ],
  }
}

/**
 * Whether those who are left could still complete the request's approvals before it expires: whoever
 * has to wait for less than that is one of them.
 */
export function canStillBeDecided(
  request: Pending,
  people: readonly Person[],
  participants: Participants,
  terms: Terms,
): boolean {
  const { policy } = terms
  const waitMs = findTier(policy, request.tier)?.newMembersWaitMs ?? 0
  const inTime = people.map((one) => settled(one, waitMs, request.expiresAt))
  const able = inTime.filter(
    (one) => whyNotApprover(request, one, { participants }, terms) === undefined,
  )
  const { givers } = validApprovals(request, { participants }, terms)
  const all = [...givers, ...able]
  const enough = byPerson(policy, all).length >= approvalsNeeded(request, policy)
  return enough && stillMissing(request, all, terms).length === 0
}

/** Says on the card, to the requester and to security that nobody is left, or that somebody is again. */
export function markStuck(
  request: Pending,
  isStuck: boolean,
  { policy, now }: Terms,
): Moved<Pending> | undefined {
  if (isStuck === (request.stuck === true)) return undefined
  const { stuck: _, ...rest } = request
  const next: Pending = {
    ...advance(rest),
    ...(isStuck ? { stuck: true } : {}),
  }
  return moved(
    next,
    entryFor(next, rekey, policy, {
      type: isStuck ? 'request.stuck' : 'request.unstuck',
      tier: request.tier,
      approvals: request.approvals.length,
      approvalsNeeded: approvalsNeeded(request, policy),
    }),
    [drawCard(next, now), tellRequester(next, now)],
  )
}
