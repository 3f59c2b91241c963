/**
 * Claiming the one call that carries out an approved request: it is written down before it is tried.
 * What stands in its way is in obstacle.ts, and how it ends in settle.ts.
 */

import type { EffectId } from '../../ids.ts'
import type { Sealed } from '../../sealing/password-sealer.ts'
import type { Moved } from '../model/decision.ts'
import {
  advance,
  after,
  drawCard,
  entryFor,
  executionLimitUse,
  lookWhoIsLeft,
  moved,
  type RequestEntryContent,
  rekey,
  tellAll,
} from '../model/drafts.ts'
import { callLeaseMs, type Effect, snapshotOf } from '../model/effect.ts'
import type {
  Approved,
  Executing,
  Expired,
  Failed,
  Pending,
  RecoveryRequest,
} from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import { approvalsNeeded, stillMissing, validApprovals } from './approve.ts'
import { expired } from './expire.ts'
import {
  type ClaimFacts,
  noLongerAsApproved,
  obstacle,
  requesterFailure,
  suffice,
} from './obstacle.ts'
import { localFailure } from './own-failure.ts'
import { cannotStillAsk } from './rights.ts'
import { failed } from './settle.ts'

/** What the first attempt needs besides: every later one keeps its effect and its password. */
export interface FirstClaimFacts extends ClaimFacts {
  readonly effectId: EffectId
  /** The password to set, where the method makes one. */
  readonly sealed: Sealed | undefined
  /** The other requests for its account lately: they count where its time is up. */
  readonly earlier: readonly RecoveryRequest[]
}

/** Turns an approved request into an intent, after asking everything again that approval rested on. */
export function claim(
  request: Approved,
  facts: FirstClaimFacts,
  terms: Terms,
): Moved<Executing | Pending | Expired | Failed> {
  const { policy, now } = terms
  if (now >= request.expiresAt) return expired(request, terms, facts.earlier)
  const { account } = facts
  const whyNot = cannotStillAsk(request, facts, policy)
  if (whyNot !== undefined) {
    return failed(request, localFailure(requesterFailure[whyNot]), terms)
  }
  const valid = validApprovals(request, facts, terms)
  if (!suffice(request, valid, terms)) return voidApprovals(request, valid, terms)
  // What was approved was this account as it was then: the same address for the code, the same groups.
  const why = noLongerAsApproved(request, account, request.seen.modifiedAt, policy)
  if (why !== undefined) return failed(request, localFailure(why), terms)

  const next: Executing = advance(request, { state: 'executing', effect: facts.effectId })
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
    leaseUntil: after(now, callLeaseMs),
    before: snapshotOf(account),
    unchangedLooks: 0,
  }
  return moved(next, entryFor(next, rekey, policy, intended(effect)), [drawCard(next, now)], {
    effect,
    consumes: [executionLimitUse(policy)],
    unlessPaused: true,
    ...(facts.sealed === undefined ? {} : { secret: { keep: facts.sealed } }),
  })
}

/**
 * Writes down another attempt at a call that certainly has not been applied. It may be long after
 * the first, so everything is asked again; but nothing can go back to waiting for approval now.
 */
export function claimAgain(
  request: Executing,
  effect: Effect,
  facts: ClaimFacts,
  terms: Terms,
): Moved<Executing | Failed> {
  const { policy, now } = terms
  const why = obstacle(request, effect, facts, terms)
  if (why !== undefined) return failed(request, localFailure(why), terms, effect)
  const next: Executing = advance(request)
  const again: Effect = {
    ...effect,
    state: 'intended',
    fence: effect.fence + 1,
    attempts: effect.attempts + 1,
    intendedAt: now,
    leaseUntil: after(now, callLeaseMs),
    unchangedLooks: 0,
  }
  return moved(next, entryFor(next, rekey, policy, intended(again)), [], {
    effect: again,
    // What somebody has sent again is one execution more; another try at it is not.
    ...(effect.fence === 0 ? { consumes: [executionLimitUse(policy)] } : {}),
    unlessPaused: true,
  })
}

/** Takes back approvals whose givers have lost the right; what is left waits for others. */
function voidApprovals(
  request: Approved,
  { approvals: valid, givers }: ReturnType<typeof validApprovals>,
  terms: Terms,
): Moved<Pending> {
  const { policy, now } = terms
  const lost = request.approvals.filter((approval) => !valid.includes(approval)).map(({ by }) => by)
  const next: Pending = advance(request, {
    pendingSince: request.version + 1,
    state: 'pending',
    approvals: valid,
    missing: stillMissing(request, givers, terms),
    approvalsNeeded: approvalsNeeded(request, policy),
  })
  return moved(
    next,
    entryFor(next, rekey, policy, {
      type: 'approvals.voided',
      voided: lost,
      approvals: valid.length,
      approvalsNeeded: next.approvalsNeeded,
    }),
    // What is known of who could decide may be a minute old.
    [...tellAll(next, now), lookWhoIsLeft(next, after(now, 60_000))],
  )
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
