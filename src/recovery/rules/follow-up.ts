/** After the effect: has the owner come back in, or has the time run out? */

import { makesPassword } from '../../policy/method.ts'
import type { Policy } from '../../policy/policy.ts'
import type { Account } from '../model/account.ts'
import type { Moved } from '../model/decision.ts'
import {
  advance,
  after,
  entryFor,
  job,
  moved,
  type RequestEntryContent,
  rekey,
  tellAll,
} from '../model/drafts.ts'
import type { AccountSnapshot, Effect } from '../model/effect.ts'
import { snapshotOf } from '../model/effect.ts'
import type { JobDraft } from '../model/job.ts'
import type { Executed, Lapsed, Recovered, RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import { isFromTry, unchanged } from './observe.ts'
import { failureData } from './own-failure.ts'
import type { Said } from './repeatable.ts'
import { tried, unsettled } from './settle.ts'

/** What the follow-up of an executed request should do next. */
export type FollowUp =
  | { readonly kind: 'look-again'; readonly at: Date }
  | { readonly kind: 'moved'; readonly move: Moved<Recovered | Lapsed> }
  /** The first look: keep what the account is like with our password in it, and go on. */
  | { readonly kind: 'note'; readonly snapshot: AccountSnapshot }
  /** The password is still unused and its time is up: make it useless first. */
  | { readonly kind: 'scramble' }
  /** There is nothing to wait for. */
  | { readonly kind: 'over' }

// Cognito's codes are valid for an hour; see "Quotas in Amazon Cognito".
const codeLifeMs = 60 * 60_000

// AdminGetUser counts the account as a monthly active user, which it already is after a recovery.
// Every minute at first, when people wait for the answer, then less and less often.
const firstLookMs = 60_000
const longestPauseMs = 10 * 60_000

/** What is found when an executed request is looked at again. */
export interface FollowUpFacts {
  /** Undefined if it is gone. */
  readonly account: Account | undefined
  /** The last try at making its password useless. */
  readonly scramble: Effect | undefined
}

/** What there is to do next about an executed request, by what its account looks like now. */
export function followUp(
  request: Executed,
  effect: Effect,
  { account, scramble }: FollowUpFacts,
  terms: Terms,
): FollowUp {
  const { policy, now } = terms
  if (account === undefined) return { kind: 'moved', move: lapsed(request, 'account-gone', terms) }
  if (isBack(request, effect, account)) {
    const move = request.reported ? misused(request, terms) : recovered(request, terms)
    return { kind: 'moved', move }
  }
  // What nobody knows to be ours is not noted as ours.
  const isOurs = request.confirmedBy !== 'nobody'
  if (isOurs && effect.after === undefined) return { kind: 'note', snapshot: snapshotOf(account) }
  // Nothing shows whether it is used. It is left alone, unless its owner says that it was not them.
  if (request.method === 'permanent-password' && !request.reported) return { kind: 'over' }
  const end = isTakenBack(request) ? now : endOf(request, policy)
  if (now < end) return { kind: 'look-again', at: nextLook(request, now, end) }
  if (isUntouched(request, effect, account)) return { kind: 'scramble' }
  if (wasScrambled(scramble, account))
    return { kind: 'moved', move: lapsed(request, 'scrambled', terms) }
  if (canScramble(request, effect, account)) return { kind: 'scramble' }
  return { kind: 'moved', move: lapsed(request, 'time-up', terms) }
}

/** Ends a request whose code or password was not used. */
export function lapsed(
  request: Executed,
  because: Exclude<Lapsed['because'], 'used' | 'not-scrambled'>,
  terms: Terms,
): Moved<Lapsed> {
  const content: End =
    because === 'scrambled'
      ? { type: 'secret.scrambled', because }
      : { type: 'request.lapsed', because }
  return ended(request, because, content, terms)
}

/** What its owner has reported has been used: whoever did may be in. */
function misused(request: Executed, terms: Terms): Moved<Lapsed> {
  const doubt = request.confirmedBy === 'nobody' ? { certain: false as const } : {}
  return ended(request, 'used', { type: 'recovery.misused', ...doubt }, terms)
}

/** Records what came of replacing an unused password by one that nobody knows. */
export function settleScramble(
  request: Executed,
  scramble: Effect,
  answer: Said,
  terms: Terms,
): Moved<Executed | Lapsed> {
  if (answer.kind === 'done') {
    const { awsRequestId } = answer
    const content: End = { type: 'secret.scrambled', ...tried(scramble), awsRequestId }
    const move = ended(request, 'scrambled', content, terms)
    return withEffect(move, { ...scramble, state: 'confirmed' })
  }
  // The pool's rules have just changed: the next password is made by the new ones.
  const isFinal = answer.kind === 'refused' && answer.failure.kind !== 'password-policy'
  if (isFinal) {
    const failure = failureData(answer.failure)
    const content: End = { type: 'effect.refused', ...tried(scramble), ...failure }
    const move = ended(request, 'not-scrambled', content, terms)
    return withEffect(move, { ...scramble, state: 'refused' })
  }
  return unsettled(request, scramble, { state: 'not-applied', failure: answer.failure }, terms)
}

/**
 * Whether what is open for the account comes before the scrambling, which changes the account: what was
 * approved is for the account as it was seen, and its password must not be the one that is hit.
 */
export function comesFirst(other: RecoveryRequest, request: Executed, policy: Policy): boolean {
  if (request.reported || other.state === 'needs-attention') return false
  // Whoever asks again and again must not keep an old password alive.
  return other.state === 'executing' || other.openedAt < endOf(request, policy)
}

/** What the ledger can say of the end of a follow-up. */
type End = RequestEntryContent<
  'request.lapsed' | 'secret.scrambled' | 'effect.refused' | 'recovery.misused'
>

function ended(
  request: Executed,
  because: Lapsed['because'],
  content: End,
  { policy, now }: Terms,
): Moved<Lapsed> {
  const isScrambled = because === 'scrambled'
  // Until now somebody could come in with it, whatever was ended when the owner reported it.
  const revoke = request.reported !== undefined && (isScrambled || because === 'used')
  const next: Lapsed = {
    ...advance(request, { state: 'lapsed', lapsedAt: now, because }),
    ...(revoke ? { sessions: 'to-revoke' } : {}),
    ...(isScrambled ? { password: 'scrambled', passwordSince: now } : {}),
  }
  return moved(
    next,
    entryFor(next, rekey, policy, content),
    [...tellAll(next, now), ...(revoke ? [lastSignOut(next, now)] : [])],
    { secret: { shred: true } },
  )
}

function lastSignOut({ id }: Lapsed, now: Date): JobDraft {
  return job({ kind: 'revoke-sessions', request: id }, `last sessions ${id}`, now)
}

function withEffect<Next extends RecoveryRequest>(
  { kind, change }: Moved<Next>,
  effect: Effect,
): Moved<Next> {
  return { kind, change: { ...change, effect } }
}

/** Keeps what the account looks like after the call, to tell later whether somebody has changed it. */
export function note(
  request: Executed,
  effect: Effect,
  snapshot: AccountSnapshot,
  { policy, now }: Terms,
): Moved<Executed> {
  const next: Executed = advance(request)
  return moved(
    next,
    entryFor(next, rekey, policy, {
      type: 'effect.looked',
      effect: effect.id,
      deed: effect.kind,
      statusNow: snapshot.status,
      modifiedNow: snapshot.modifiedAt.toISOString(),
      lookedAt: now.toISOString(),
    }),
    [],
    { effect: { ...effect, after: snapshot } },
  )
}

function recovered(request: Executed, { policy, now }: Terms): Moved<Recovered> {
  const next: Recovered = advance(request, { state: 'recovered', recoveredAt: now })
  const minutes = Math.round((now.getTime() - request.executedAt.getTime()) / 60_000)
  return moved(
    next,
    entryFor(next, rekey, policy, { type: 'request.recovered', withinMinutes: minutes }),
    tellAll(next, now),
    { secret: { shred: true } },
  )
}

/** Every method ends in CONFIRMED, once the owner has chosen a password of their own. */
function isBack(request: Executed, effect: Effect, account: Account): boolean {
  if (account.status !== 'CONFIRMED') return false
  // As the call has found it, and so perhaps without anything of ours in it; and a password that nobody
  // knows to be set was told to nobody either.
  if (request.confirmedBy === 'nobody')
    return !makesPassword(request.method) && !unchanged(effect.before, snapshotOf(account))
  switch (request.method) {
    // Neither changes the status: that the account has been modified since shows it.
    case 'recovery-code':
      return account.modifiedAt.getTime() !== effect.before.modifiedAt.getTime()
    case 'permanent-password':
      return effect.after !== undefined && !isAsNoted(effect, account)
    default:
      return true
  }
}

/** Nobody waits for an owner who has said that it was not them; a code, though, nobody can take back. */
function isTakenBack(request: Executed): boolean {
  return request.reported !== undefined && makesPassword(request.method)
}

function endOf(request: Executed, policy: Policy): Date {
  return after(request.executedAt, lifeMs(request, policy))
}

function lifeMs(request: Executed, policy: Policy): number {
  switch (request.method) {
    case 'temporary-password':
    case 'permanent-password':
      return policy.temporaryPassword.useWithinMs
    case 'reset':
    case 'recovery-code':
      return codeLifeMs
    case 'resend-invitation':
      return 24 * codeLifeMs
    default:
      return request.method satisfies never
  }
}

function nextLook(request: Executed, now: Date, end: Date): Date {
  const soFar = now.getTime() - request.executedAt.getTime()
  const pause = Math.min(Math.max(soFar / 2, firstLookMs), longestPauseMs)
  return new Date(Math.min(now.getTime() + pause, end.getTime()))
}

/** A scramble whose answer was lost shows: nothing else is likely to have set a password right then. */
function wasScrambled(scramble: Effect | undefined, account: Account): boolean {
  return scramble?.state === 'intended' && isFromTry(scramble, snapshotOf(account))
}

/**
 * Only our own password is made useless: not what somebody else has set since. Where the owner has
 * reported a temporary one, any that is still unused has to go: what they chose would be CONFIRMED.
 */
export function canScramble(request: Executed, effect: Effect, account: Account): boolean {
  const isReported = request.reported !== undefined && request.method === 'temporary-password'
  return (
    isUntouched(request, effect, account) ||
    (isReported && account.status === 'FORCE_CHANGE_PASSWORD')
  )
}

/** The account is as our password has left it. */
function isUntouched(request: Executed, effect: Effect, account: Account): boolean {
  if (!makesPassword(request.method)) return false
  const isPermanent = request.method === 'permanent-password'
  return (
    account.status === (isPermanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD') &&
    isAsNoted(effect, account)
  )
}

function isAsNoted({ after: noted }: Effect, account: Account): boolean {
  return noted !== undefined && noted.modifiedAt.getTime() === account.modifiedAt.getTime()
}
