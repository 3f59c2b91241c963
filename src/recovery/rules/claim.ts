/**
 * Carrying out an approved request: written down before it is tried, tried once, and settled by
 * what Cognito answered.
 */

import type { EffectId } from '../../ids.ts'
import type { Method } from '../../policy/method.ts'
import type { Policy } from '../../policy/policy.ts'
import { tierOf } from '../../policy/who.ts'
import type { Sealed } from '../../sealing/password-sealer.ts'
import type { Account } from '../model/account.ts'
import {
  after,
  drawCard,
  entryFor,
  executionLimitUse,
  lookWhoIsLeft,
  type RequestEntryContent,
  rekey,
  tellAll,
} from '../model/change.ts'
import type { Moved } from '../model/decision.ts'
import { type Effect, leaseMs, snapshotOf } from '../model/effect.ts'
import type {
  Approved,
  Executing,
  Expired,
  Failed,
  Pending,
  RecoveryRequest,
} from '../model/request.ts'
import { approvalsNeeded, stillMissing, validApprovals } from './approve.ts'
import { availabilityUnder } from './eligibility.ts'
import { expired } from './expire.ts'
import { cannotStillAsk, type Participants } from './participants.ts'
import { failed, giveUpAfterMs, localFailure } from './settle.ts'

/**
 * Between the intent's commit and the call nothing should take time. If something did, the world may
 * have moved on: leave it to those who look first. For how long a call may still be made.
 */
export function gateMs(method: Method): number {
  // Before an invitation is sent the account is read, with 5 s for credentials and three times at most, 7 s
  // each: that, too, has to end within the lease.
  return method === 'resend-invitation' ? 4_000 : 30_000
}

export interface ClaimFacts {
  readonly account: Account
  readonly participants: Participants
}

/** What the first attempt needs besides: every later one keeps its effect and its password. */
export interface FirstClaimFacts extends ClaimFacts {
  readonly effectId: EffectId
  /** The password to set, where the method makes one. */
  readonly sealed: Sealed | undefined
}

/** Turns an approved request into an intent, after asking everything again that approval rested on. */
export function claim(
  request: Approved,
  facts: FirstClaimFacts,
  policy: Policy,
  now: Date,
): Moved<Executing | Pending | Expired | Failed> {
  if (now >= request.expiresAt) return expired(request, policy, now)
  const { account, participants } = facts
  const whyNot = cannotStillAsk(request, participants, policy, account)
  if (whyNot !== undefined) {
    return failed(request, localFailure(requesterFailure[whyNot]), policy, now)
  }
  const valid = validApprovals(request, participants, policy, now, account)
  if (!suffice(request, valid, policy)) return voidApprovals(request, valid, policy, now)
  // What was approved was this account as it was then: the same address for the code, the same groups.
  const why = changed(request, account, request.seen.modifiedAt, policy)
  if (why !== undefined) return failed(request, localFailure(why), policy, now)

  const next: Executing = {
    ...request,
    version: request.version + 1,
    state: 'executing',
    effect: facts.effectId,
  }
  const effect: Effect = {
    id: facts.effectId,
    request: request.id,
    kind: request.method,
    number: 1,
    state: 'intended',
    fence: 1,
    attempts: 1,
    intendedAt: now,
    firstIntendedAt: now,
    leaseUntil: after(now, leaseMs),
    before: snapshotOf(account),
    unchangedLooks: 0,
  }
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(next, rekey, policy, intended(effect)),
      jobs: [drawCard(next, now)],
      effect,
      consumes: [executionLimitUse(policy)],
      unlessPaused: true,
      ...(facts.sealed === undefined ? {} : { secret: { keep: facts.sealed } }),
    },
  }
}

/**
 * Writes down another attempt at a call that certainly has not been applied. It may be long after
 * the first, so everything is asked again; but nothing can go back to waiting for approval now.
 */
export function claimAgain(
  request: Executing,
  effect: Effect,
  facts: ClaimFacts,
  policy: Policy,
  now: Date,
): Moved<Executing | Failed> {
  const why = obstacle(request, effect, facts, policy, now)
  if (why !== undefined) return failed(request, localFailure(why), policy, now, effect)
  const next: Executing = { ...request, version: request.version + 1 }
  const again: Effect = {
    ...effect,
    state: 'intended',
    fence: effect.fence + 1,
    attempts: effect.attempts + 1,
    intendedAt: now,
    leaseUntil: after(now, leaseMs),
    unchangedLooks: 0,
  }
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(next, rekey, policy, intended(again)),
      jobs: [],
      effect: again,
      // What somebody has sent again is one execution more; another try at it is not.
      ...(effect.attempts === 0 ? { consumes: [executionLimitUse(policy)] } : {}),
      unlessPaused: true,
    },
  }
}

/** The name of a failure that is one by somebody's word alone. */
export const saidByPerson = 'ReportedByPerson'

/** What Rekey itself can find in the way. Each has its sentence in slack/text/en/failures.ts. */
export type OwnFailure =
  | 'AccountChanged'
  | 'AccountFrozen'
  | 'AccountGone'
  | 'ApprovalVoid'
  | 'MethodClosed'
  | 'OwnerReported'
  | 'PoolNotInPolicy'
  | 'RequesterLeft'
  | 'RequestersAccount'
  | 'TierChanged'
  | 'TimeUp'

const requesterFailure = {
  'requester-left': 'RequesterLeft',
  'requesters-account': 'RequestersAccount',
} as const

/** Until when a call may be made: what was approved expires, and what somebody has sent again is not put off for long. */
export function deadlineOf(request: Executing, effect: Effect): Date {
  return effect.number === 1 ? request.expiresAt : after(effect.firstIntendedAt, giveUpAfterMs)
}

/** Why a call that has not been applied must not be made any more. */
function obstacle(
  request: Executing,
  effect: Effect,
  facts: ClaimFacts,
  policy: Policy,
  now: Date,
): OwnFailure | undefined {
  if (request.reported !== undefined) return 'OwnerReported'
  if (now >= deadlineOf(request, effect)) return 'TimeUp'
  const { account, participants } = facts
  const whyNot = cannotStillAsk(request, participants, policy, account)
  if (whyNot !== undefined) return requesterFailure[whyNot]
  const valid = validApprovals(request, participants, policy, now, account)
  if (!suffice(request, valid, policy)) return 'ApprovalVoid'
  return changed(request, account, effect.before.modifiedAt, policy)
}

/** What about an account is not as it was approved. */
export function changed(
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
  return account.modifiedAt.getTime() === since.getTime() ? undefined : 'AccountChanged'
}

/** Whether these approvals are as many as are needed, and from whom they are needed. */
function suffice(
  request: Approved | Executing,
  { approvals, givers }: ReturnType<typeof validApprovals>,
  policy: Policy,
): boolean {
  if (approvals.length < approvalsNeeded(request, policy)) return false
  return stillMissing(request, givers, policy).length === 0
}

/** Takes back approvals whose givers have lost the right; what is left waits for others. */
function voidApprovals(
  request: Approved,
  { approvals: valid, givers }: ReturnType<typeof validApprovals>,
  policy: Policy,
  now: Date,
): Moved<Pending> {
  const version = request.version + 1
  const lost = request.approvals.filter((approval) => !valid.includes(approval)).map(({ by }) => by)
  const next: Pending = {
    ...request,
    version,
    pendingSince: version,
    state: 'pending',
    approvals: valid,
    missing: stillMissing(request, givers, policy),
    approvalsNeeded: approvalsNeeded(request, policy),
  }
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(next, rekey, policy, {
        type: 'approvals.voided',
        voided: lost,
        approvals: valid.length,
        approvalsNeeded: next.approvalsNeeded,
      }),
      // What is known of who could decide may be a minute old.
      jobs: [...tellAll(next, now), lookWhoIsLeft(next, after(now, 60_000))],
    },
  }
}

function intended(effect: Effect): RequestEntryContent<'effect.intended'> {
  return {
    type: 'effect.intended',
    effect: effect.id,
    deed: effect.kind,
    attempt: effect.attempts,
    fence: effect.fence,
    statusBefore: effect.before.status,
    modifiedBefore: effect.before.modifiedAt.toISOString(),
  }
}
