/** What may stand in the way of a call by the time that it is to be made. */

import type { Policy } from '../../policy/policy.ts'
import { tierOf } from '../../policy/who.ts'
import type { Account } from '../model/account.ts'
import { after } from '../model/drafts.ts'
import type { Effect, OwnFailure } from '../model/effect.ts'
import type { Approved, Executing, RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import { addressesDiffer } from './addresses.ts'
import { approvalsNeeded, stillMissing, validApprovals } from './approve.ts'
import { availabilityUnder } from './eligibility.ts'
import { cannotStillAsk, type Known } from './rights.ts'
import { giveUpAfterMs } from './settle.ts'

/** What a call rests on: the account as it has just been read, and who people are now. */
export interface ClaimFacts extends Known {
  readonly account: Account
}

/** Why a call that has not been applied must not be made any more. */
export function obstacle(
  request: Executing,
  effect: Effect,
  facts: ClaimFacts,
  terms: Terms,
): OwnFailure | undefined {
  const { policy, now } = terms
  if (request.reported !== undefined) return 'OwnerReported'
  if (now >= deadlineOf(request, effect)) return 'TimeUp'
  const { account } = facts
  const whyNot = cannotStillAsk(request, facts, policy)
  if (whyNot !== undefined) return requesterFailure[whyNot]
  const valid = validApprovals(request, facts, terms)
  if (!suffice(request, valid, terms)) return 'ApprovalVoid'
  return noLongerAsApproved(request, account, effect.before.modifiedAt, policy)
}

/** What about an account is not as it was approved. */
export function noLongerAsApproved(
  request: RecoveryRequest,
  account: Account,
  since: Date,
  policy: Policy,
): OwnFailure | undefined {
  const { groups, ref } = account
  // As it was classed when it was asked for: time that has passed since makes nothing safer.
  const asSeen = { pool: ref.pool, groups, modifiedAt: request.seen.modifiedAt }
  const tier = tierOf(policy, asSeen, request.openedAt)
  if (tier.name !== request.tier) return 'TierChanged'
  if (!availabilityUnder(tier, account)[request.method].open) return 'MethodClosed'
  if (account.modifiedAt.getTime() !== since.getTime()) return 'AccountChanged'
  // Its date may be explained by a call of Rekey's, and is Cognito's word: an address is compared by itself.
  return addressesDiffer(request.seen, account) ? 'AccountChanged' : undefined
}

/** Whether these approvals are as many as are needed, and from whom they are needed. */
export function suffice(
  request: Approved | Executing,
  { approvals, givers }: ReturnType<typeof validApprovals>,
  terms: Terms,
): boolean {
  if (approvals.length < approvalsNeeded(request, terms.policy)) return false
  return stillMissing(request, givers, terms).length === 0
}

/** Until when a call may be made: what was approved expires, and what somebody has sent again is not put off for long. */
export function deadlineOf(request: Executing, effect: Effect): Date {
  return effect.number === 1 ? request.expiresAt : after(effect.firstIntendedAt, giveUpAfterMs)
}

/** How a call fails where its requester could not ask for it any more. */
export const requesterFailure = {
  'requester-left': 'RequesterLeft',
  'requesters-account': 'RequestersAccount',
} as const
