/** When looking has not settled what a call did, a person says what became of it. */

import type { EffectId } from '../../ids.ts'
import { mayPause, mayRequest } from '../../policy/who.ts'
import type { Account } from '../model/account.ts'
import type { ChangeWithoutEntry, Decision, Refusal } from '../model/decision.ts'
import { advance, after, entryFor, job, moved, person, refuse, tellAll } from '../model/drafts.ts'
import { type Effect, mostEffects, snapshotOf } from '../model/effect.ts'
import { effectLane } from '../model/lanes.ts'
import type { PauseState } from '../model/pause.ts'
import {
  asTried,
  type Executed,
  type Executing,
  type Failed,
  type NeedsAttention,
  type RecoveryRequest,
} from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { Person } from '../ports/directory.ts'
import { isExplained } from './observe.ts'
import { noLongerAsApproved } from './obstacle.ts'
import { saidByPerson } from './own-failure.ts'
import { type Participants, type Seen, tookPart, whyNotApprover } from './rights.ts'
import { executed } from './settle.ts'

/** `worked`: the owner has what they need. `not-worked`: nothing came of it, and a new request may follow. */
export type Verdict = 'worked' | 'not-worked'

// As long as a code of Cognito's lives: after that, what was asked for is better asked for anew.
const sendAgainWithinMs = 60 * 60_000

/** What somebody's word rests on. */
export interface WordFacts extends Seen {
  /** The effect whose outcome is unclear. */
  readonly effect: Effect | undefined
}

/** What settling it by somebody's word rests on. */
export interface ResolveFacts extends WordFacts {
  /** What they say. */
  readonly verdict: Verdict
}

/** What having it sent again rests on besides. */
export interface SendAgainFacts extends WordFacts {
  readonly pauseState: PauseState
  /** The account as it is now; undefined if nobody can look. */
  readonly account: Account | undefined
  /** The id of the effect to come. */
  readonly effectId: EffectId
}

/**
 * Ends the uncertainty about a request that needs attention. Its requester may say so, who talks
 * with the owner, whoever has a say in it, and those who look after security. Nothing is called.
 */
export function resolve(
  request: RecoveryRequest,
  by: Person,
  { participants, seenVersion, effect, verdict }: ResolveFacts,
  terms: Terms,
): Decision<Executed | Failed> {
  const { policy, now } = terms
  const unsaid = whyNotResolver(request, by, participants, terms)
  if (unsaid !== undefined)
    return refuse(request, { attempt: 'resolve', by: by.id, why: unsaid }, policy)
  if (request.state !== 'needs-attention' || effect === undefined) {
    return refuse(request, { attempt: 'resolve', by: by.id, why: 'already-decided' }, policy)
  }
  if (seenVersion !== request.version) {
    return refuse(request, { attempt: 'resolve', by: by.id, why: 'stale-view' }, policy)
  }
  const change = verdict === 'worked' ? worked(request, effect, terms) : notWorked(request, now)
  const entry = entryFor(change.request, person(by.id), policy, {
    type: 'attention.resolved',
    verdict,
  })
  return { kind: 'moved', change: { ...change, entry } }
}

/**
 * Has what may not have arrived sent once more: an effect of its own, carried out like the first, so
 * that the approvals, the account and the pause are asked again before the call. Twice at most, and
 * within an hour of the try before.
 */
export function sendAgain(
  request: RecoveryRequest,
  by: Person,
  facts: SendAgainFacts,
  terms: Terms,
): Decision<Executing> {
  const { policy, now } = terms
  const { participants, seenVersion, effect, pauseState, account, effectId } = facts
  const unsaid = whyNotResolver(request, by, participants, terms)
  if (unsaid !== undefined) return no(unsaid)
  if (request.state !== 'needs-attention' || effect === undefined) return no('already-decided')
  if (seenVersion !== request.version) return no('stale-view')
  if (request.reported || pauseState.isFrozen) return no('account-frozen')
  if (pauseState.isPaused) return no('paused')
  if (!canSendAgain(request) || effect.number >= mostEffects) return no('sent-too-often')
  if (now >= after(effect.firstIntendedAt, sendAgainWithinMs)) return no('expired')
  if (account === undefined) return no('method-closed')
  // What was approved was the account as it was seen: its address may be another one by now.
  if (!isExplained(effect, snapshotOf(account))) return no('account-changed')
  const why = noLongerAsApproved(request, account, account.modifiedAt, policy)
  if (why !== undefined) return no(why === 'AccountChanged' ? 'account-changed' : 'method-closed')

  const next: Executing = advance(asTried(request, effectId))
  const again: Effect = {
    ...effect,
    id: effectId,
    number: effect.number + 1,
    state: 'not-applied',
    fence: 0,
    attempts: 0,
    intendedAt: now,
    firstIntendedAt: now,
    leaseUntil: now,
    before: snapshotOf(account),
    unchangedLooks: 0,
  }
  return moved(
    next,
    entryFor(next, person(by.id), policy, {
      type: 'attention.resolved',
      verdict: 'send-again',
      effect: effectId,
      number: again.number,
    }),
    [...tellAll(next, now), job({ kind: 'execute', request: next.id }, effectLane(next.id), now)],
    { effect: again },
  )

  function no(why: Refusal): Decision<Executing> {
    return refuse(request, { attempt: 'resolve', by: by.id, why }, policy)
  }
}

/** A message can go out twice; a password that somebody may have been told is not made anew by a button. */
export function canSendAgain({ method }: RecoveryRequest): boolean {
  return method === 'reset' || method === 'recovery-code' || method === 'resend-invitation'
}

/** Why this person cannot say what became of it. */
function whyNotResolver(
  request: RecoveryRequest,
  by: Person,
  participants: Participants,
  terms: Terms,
): Refusal | undefined {
  const { policy } = terms
  if (by.id === request.requestedBy && by.member && mayRequest(policy, by)) return undefined
  // Its tier may have gone from the policy, and with it everybody who had a say.
  if (mayPause(policy, by) && !tookPart(request, by, participants, policy)) return undefined
  const why = whyNotApprover(request, by, { participants }, terms)
  return why === undefined || why === 'new-member' ? why : 'not-an-approver'
}

/** From here on it goes as if Cognito had answered, but a password that was made is gone. */
function worked(
  request: NeedsAttention,
  effect: Effect,
  terms: Terms,
): ChangeWithoutEntry<Executed> {
  const tried = asTried(request, effect.id)
  const { change } = executed(tried, effect, { confirmedBy: 'person' }, terms)
  const { password } = change.request
  return {
    ...change,
    request: { ...change.request, password: password === 'sealed' ? 'burnt' : password },
  }
}

function notWorked(request: NeedsAttention, now: Date): ChangeWithoutEntry<Failed> {
  const next: Failed = advance(asTried(request, request.effect), {
    state: 'failed',
    failedAt: now,
    failure: { kind: 'no-answer', name: saidByPerson },
  })
  return { request: next, jobs: tellAll(next, now) }
}
