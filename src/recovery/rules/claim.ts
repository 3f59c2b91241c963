/**
 * Carrying out an approved request: written down before it is tried, tried once, and settled by
 * what Cognito answered.
 */

import type { EntryDraft, EntryValue } from '../../audit/entry.ts'
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
  job,
  lookWhoIsLeft,
  rekey,
  tellAll,
  use,
} from '../model/change.ts'
import type { Moved, Use } from '../model/decision.ts'
import type { Answer, Effect, Failure, Image } from '../model/effect.ts'
import type { JobDraft } from '../model/job.ts'
import type {
  Approved,
  Confirmation,
  Executed,
  Executing,
  Expired,
  Failed,
  Pending,
  RecoveryRequest,
} from '../model/request.ts'
import { approvalsNeeded, standingApprovals, stillMissing } from './approve.ts'
import { expired } from './expire.ts'
import { roadsUnder } from './open.ts'
import { cannotStillAsk, type Parties } from './participants.ts'
import type { Done } from './repeatable.ts'

// The longest a call may take is 28 s (1 for credentials, 2 to connect, 25 to answer, since a Lambda
// trigger may use 5 s three times). Twice that, and nobody else looks while it can still be under way.
export const leaseMs = 60_000

/**
 * Between the intent's commit and the call nothing should take time. If something did, the world may
 * have moved on: leave it to those who look first. For how long a call may still be made.
 */
export function gateMs(method: Method): number {
  // Before an invitation is sent the account is read, with 5 s for credentials and three times at most, 7 s
  // each: that, too, has to end within the lease.
  return method === 'resend-invitation' ? 4_000 : 30_000
}

// Cognito's throttling passes in seconds, an operator's broken credentials in minutes. After that a
// requester is better served by a clear no.
const giveUpAfterMs = 15 * 60_000

/** Calls that were looked for and had certainly not landed, before we stop trying. */
const maxAttempts = 3

/** With these, nobody who knew the old password gets in any more, and their sessions end too. */
export function changesPassword(method: Method): boolean {
  return method !== 'recovery-code'
}

/** The password is one that Rekey makes, and the requester tells. */
export function makesPassword(
  method: Method,
): method is 'temporary-password' | 'permanent-password' {
  return method === 'temporary-password' || method === 'permanent-password'
}

export interface ClaimFacts {
  readonly account: Account
  readonly parties: Parties
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
  const { account, parties } = facts
  const unasked = cannotStillAsk(request, parties, policy, account)
  if (unasked !== undefined) {
    return failed(request, localFailure(unaskedFailure[unasked]), policy, now)
  }
  const valid = standingApprovals(request, parties, policy, now, account)
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
    deed: request.method,
    number: 1,
    state: 'intended',
    fence: 1,
    attempts: 1,
    intendedAt: now,
    firstIntendedAt: now,
    leaseUntil: after(now, leaseMs),
    before: imageOf(account),
    unchangedLooks: 0,
  }
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(next, 'effect.intended', rekey, policy, intentData(effect)),
      jobs: [drawCard(next, now)],
      effect,
      uses: [executionUse(policy)],
      unlessHalted: true,
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
      entry: entryFor(next, 'effect.intended', rekey, policy, intentData(again)),
      jobs: [],
      effect: again,
      // What somebody has sent again is one execution more; another try at it is not.
      ...(effect.attempts === 0 ? { uses: [executionUse(policy)] } : {}),
      unlessHalted: true,
    },
  }
}

/** What every execution counts towards, whoever's it is. */
export function executionUse(policy: Policy): Use {
  return use(policy, 'executionsOverall', 'all')
}

/** Records how the call ended, in terms of whether it changed anything. */
export function settle(
  request: Executing,
  effect: Effect,
  answer: Answer,
  policy: Policy,
  now: Date,
): Moved<Executing | Executed | Failed> {
  switch (answer.kind) {
    case 'done':
      return executed(request, effect, 'answer', undefined, policy, now, {
        awsRequestId: answer.awsRequestId,
        ...(answer.destination === undefined ? {} : { sentTo: answer.destination }),
      })
    case 'refused':
      // A password of 90 random bits is in nobody's history unless an earlier attempt put it there,
      // and this one was made only because the account has not been touched since.
      if (answer.failure.kind === 'password-history' && effect.attempts > 1) {
        return executed(request, effect, 'observation', undefined, policy, now)
      }
      return failed(request, answer.failure, policy, now, effect)
    case 'not-applied':
      if (now.getTime() - effect.firstIntendedAt.getTime() > giveUpAfterMs) {
        return failed(request, answer.failure, policy, now, effect)
      }
      return unsettled(request, effect, 'not-applied', answer.failure, policy, now)
    case 'unknown':
      return unsettled(request, effect, 'unknown', answer.failure, policy, now)
    default:
      return answer satisfies never
  }
}

/**
 * What there is to say of a call that Cognito confirms after others have settled it without it.
 * @param standing the effect as they left it
 * @returns undefined where they took the same call for done: then there was one
 */
export function duplicate(
  request: RecoveryRequest,
  effect: Effect,
  standing: Effect | undefined,
  awsRequestId: string,
  policy: Policy,
): EntryDraft | undefined {
  const sameCall = standing?.id === effect.id && standing.fence === effect.fence
  const takenForLost = ['refused', 'not-applied', 'undecided'].includes(standing?.state ?? '')
  if (sameCall && !takenForLost) return undefined
  return entryFor(request, 'effect.duplicate', rekey, policy, {
    effect: effect.id,
    deed: effect.deed,
    attempt: effect.attempts,
    fence: effect.fence,
    awsRequestId,
  })
}

/** The effect has taken place: what follows is to tell people, end sessions and watch the owner's return. */
export function executed(
  request: Executing,
  effect: Effect,
  confirmedBy: Confirmation,
  afterwards: Image | undefined,
  policy: Policy,
  now: Date,
  data: { readonly awsRequestId?: string; readonly sentTo?: string } = {},
): Moved<Executed> {
  const password = makesPassword(request.method)
  // Whoever was told that it was not the owner ends what they can, whatever the policy says.
  const revoke =
    request.reported !== undefined || (policy.signOutAfter && changesPassword(request.method))
  const next: Executed = {
    ...request,
    version: request.version + 1,
    state: 'executed',
    executedAt: now,
    confirmedBy,
    ...(data.sentTo === undefined ? {} : { sentTo: data.sentTo }),
    sessions: revoke ? 'to-revoke' : 'kept',
    password: password ? (request.reported ? 'burnt' : 'sealed') : 'none',
    passwordSince: now,
  }
  const jobs: JobDraft[] = [...tellAll(next, now), ...(next.reported ? afterReport(next, now) : [])]
  if (revoke)
    jobs.push(job({ kind: 'revoke-sessions', request: next.id }, `sessions ${next.id}`, now))
  if (next.password === 'sealed') {
    const burnAt = after(now, policy.temporaryPassword.revealWithinMs)
    jobs.push(job({ kind: 'burn-password', request: next.id }, `burn ${next.id}`, burnAt))
  }
  jobs.push(job({ kind: 'follow-up', request: next.id }, `follow ${next.id}`, after(now, 60_000)))
  const byAnswer = confirmedBy === 'answer'
  const known: Effect = {
    ...effect,
    state: byAnswer ? 'confirmed' : 'observed',
    ...(afterwards === undefined ? {} : { after: afterwards }),
  }
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(next, byAnswer ? 'effect.confirmed' : 'effect.observed', rekey, policy, {
        effect: effect.id,
        deed: effect.deed,
        attempt: effect.attempts,
        ...data,
      }),
      jobs,
      ...(confirmedBy === 'nobody' ? {} : { effect: known }),
      ...(next.password === 'burnt' ? { secret: { shred: true as const } } : {}),
    },
  }
}

/** Ends a request that cannot be carried out. Nothing was changed in Cognito. */
export function failed(
  request: Approved | Executing,
  failure: Failure,
  policy: Policy,
  now: Date,
  effect?: Effect,
): Moved<Failed> {
  const next: Failed = {
    ...request,
    version: request.version + 1,
    state: 'failed',
    failedAt: now,
    failure,
    ...(effect !== undefined && effect.number > 1 ? { sentBefore: true } : {}),
  }
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(
        next,
        effect === undefined ? 'request.failed' : 'effect.refused',
        rekey,
        policy,
        {
          ...(effect === undefined ? {} : { effect: effect.id, deed: effect.deed }),
          ...failureData(failure),
        },
      ),
      jobs: tellAll(next, now),
      ...(effect === undefined ? {} : { effect: { ...effect, state: 'refused' as const } }),
      secret: { shred: true },
    },
  }
}

/**
 * Whether something may have come of a request that has failed all the same: only what was to be sent
 * again has failed for certain, or nobody but a person says that nothing came of it.
 */
export function mayHaveLanded({ failure, sentBefore }: Failed): boolean {
  return sentBefore === true || failure.name === saidByPerson
}

/** The name of a failure that is one by somebody's word alone. */
export const saidByPerson = 'ReportedByPerson'

/** Gives up on a call that was made as often as we dare, and certainly never landed. */
export function attemptsUsedUp(effect: Effect): boolean {
  return effect.attempts >= maxAttempts
}

/** What Rekey itself can find in the way. Each has its sentence in slack/text/en/sentences.ts. */
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

const unaskedFailure = {
  'requester-left': 'RequesterLeft',
  'requesters-account': 'RequestersAccount',
} as const

/** It is named like the exceptions of Cognito. */
export function localFailure(name: OwnFailure): Failure {
  return { kind: name === 'AccountGone' ? 'account-gone' : 'account-state', name }
}

export function failureData(failure: Failure): Record<string, EntryValue> {
  const { kind, name, awsRequestId } = failure
  return { failure: kind, error: name, ...(awsRequestId === undefined ? {} : { awsRequestId }) }
}

/** What an owner's report sets in motion after the effect: an unused password is made useless at once. */
export function afterReport(request: Executed, now: Date): JobDraft[] {
  return [job({ kind: 'follow-up', request: request.id }, `report ${request.id}`, now)]
}

export function imageOf(account: Account): Image {
  return { status: account.status, modifiedAt: account.modifiedAt }
}

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
  const { account, parties } = facts
  const unasked = cannotStillAsk(request, parties, policy, account)
  if (unasked !== undefined) return unaskedFailure[unasked]
  const valid = standingApprovals(request, parties, policy, now, account)
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
  if (!roadsUnder(tier, account)[request.method].open) return 'MethodClosed'
  return account.modifiedAt.getTime() === since.getTime() ? undefined : 'AccountChanged'
}

/** Whether these approvals are as many as are needed, and from whom they are needed. */
function suffice(
  request: Approved | Executing,
  { approvals, givers }: ReturnType<typeof standingApprovals>,
  policy: Policy,
): boolean {
  if (approvals.length < approvalsNeeded(request, policy)) return false
  return stillMissing(request, givers, policy).length === 0
}

/** Takes back approvals whose givers have lost the right; what is left waits for others. */
function voidApprovals(
  request: Approved,
  { approvals: valid, givers }: ReturnType<typeof standingApprovals>,
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
      entry: entryFor(next, 'approvals.voided', rekey, policy, {
        voided: lost,
        approvals: valid.length,
        approvalsNeeded: next.approvalsNeeded,
      }),
      // What is known of who could decide may be a minute old.
      jobs: [...tellAll(next, now), lookWhoIsLeft(next, after(now, 60_000))],
    },
  }
}

/** Records that a try changed nothing, or that nobody knows. */
export function unsettled<Going extends Executing | Done>(
  request: Going,
  effect: Effect,
  state: 'unknown' | 'not-applied',
  failure: Failure,
  policy: Policy,
  now: Date,
): Moved<Going> {
  const next: Going = { ...request, version: request.version + 1 }
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(next, `effect.${state}`, rekey, policy, {
        effect: effect.id,
        deed: effect.deed,
        attempt: effect.attempts,
        ...failureData(failure),
      }),
      jobs: [drawCard(next, now)],
      effect: { ...effect, state },
    },
  }
}

function intentData(effect: Effect): Record<string, EntryValue> {
  return {
    effect: effect.id,
    deed: effect.deed,
    attempt: effect.attempts,
    fence: effect.fence,
    statusBefore: effect.before.status,
    modifiedBefore: effect.before.modifiedAt.toISOString(),
  }
}
