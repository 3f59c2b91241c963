/**
 * What to make of an account after a call whose outcome nobody knows: the process died, or the
 * answer was lost. Looking is free; a second call may send a second code or overwrite what the
 * owner has chosen meanwhile. So Rekey looks, and calls again only when nothing can have happened.
 */

import { makesPassword } from '../../policy/method.ts'
import type { Account } from '../model/account.ts'
import type { ChangeWithoutEntry, Moved } from '../model/decision.ts'
import { advance, after, entryFor, moved, rekey, tellAll } from '../model/drafts.ts'
import type { AccountSnapshot, Effect, EffectKind } from '../model/effect.ts'
import { attemptsUsedUp, callLeaseMs, snapshotOf } from '../model/effect.ts'
import type { Executed, Executing, Failed, NeedsAttention } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import { executed, failed, lookAfter, tried } from './settle.ts'

// Cognito may apply a call after the connection that brought it has died. Two looks this far apart,
// both unchanged, are taken as "it did not land".
export const betweenLooksMs = 15_000

// As far as Rekey's clock and Cognito's may be apart.
const clocksApartMs = 60_000

/** After this long without being able to look, a person has to decide. */
export const lookForMs = 15 * 60_000

/** Decides by the account as it is now. */
export function observe(
  request: Executing,
  effect: Effect,
  account: Account,
  terms: Terms,
): Moved<Executing | Executed | Failed | NeedsAttention> {
  const snapshot = snapshotOf(account)
  if (leavesNoTrace(effect.kind))
    return undecided(request, effect, { because: 'never-observed', snapshot }, terms)
  if (unchanged(effect.before, snapshot)) return notLanded(request, effect, terms)
  const expected = statusAfter(effect.kind)
  if (
    snapshot.status === expected &&
    effect.before.status !== expected &&
    isSoonEnough(effect, snapshot)
  ) {
    return executed(request, effect, { confirmedBy: 'observation', afterwards: snapshot }, terms)
  }
  // The status was this before, so it proves nothing: any edit of the account changes the date. To
  // set the same temporary password again settles it, and no choice of the owner's is overwritten,
  // since that would show as CONFIRMED.
  if (
    snapshot.status === expected &&
    effect.before.status === expected &&
    effect.kind === 'temporary-password'
  ) {
    return notLanded(request, { ...effect, before: snapshot }, terms)
  }
  return undecided(request, effect, { because: 'changed-otherwise', snapshot }, terms)
}

/** What a person is told who has to say what came of a call. */
export interface Unsettled {
  readonly because: NeedsAttention['because']
  /** The account as it was found; undefined if nobody could look. */
  readonly snapshot: AccountSnapshot | undefined
}

/**
 * Gives the question to a person: the facts are on the card. Where its owner has reported it there is
 * none: it is taken back, whether it was carried out or not.
 */
export function undecided(
  request: Executing,
  effect: Effect,
  { because, snapshot }: Unsettled,
  terms: Terms,
): Moved<NeedsAttention | Executed> {
  const { policy, now } = terms
  const change =
    request.reported === undefined
      ? asking(request, effect, { because, snapshot }, now)
      : executed(request, effect, { confirmedBy: 'nobody' }, terms).change
  const next = change.request
  return {
    kind: 'moved',
    change: {
      ...change,
      jobs: [...lookAfter(next, now), ...change.jobs],
      entry: entryFor(next, rekey, policy, {
        type: 'effect.undecided',
        effect: effect.id,
        deed: effect.kind,
        because,
        statusBefore: effect.before.status,
        modifiedBefore: effect.before.modifiedAt.toISOString(),
        statusNow: snapshot?.status ?? null,
        modifiedNow: snapshot?.modifiedAt.toISOString() ?? null,
        ...(next.state === 'executed' ? { takenBack: true } : {}),
      }),
      effect: { ...effect, state: 'undecided' },
      secret: { shred: true },
    },
  }
}

function asking(
  request: Executing,
  effect: Effect,
  { because, snapshot }: Unsettled,
  now: Date,
): ChangeWithoutEntry<NeedsAttention> {
  const next: NeedsAttention = advance(request, {
    state: 'needs-attention',
    because,
    since: now,
    looked: { before: effect.before, ...(snapshot === undefined ? {} : { found: snapshot }) },
  })
  return { request: next, jobs: tellAll(next, now) }
}

function notLanded(request: Executing, effect: Effect, terms: Terms): Moved<Executing | Failed> {
  const { policy, now } = terms
  // The same password set twice is still one password. A code sent twice is two codes.
  const looksNeeded = makesPassword(request.method) ? 1 : 2
  const looks = effect.unchangedLooks + 1
  if (looks >= looksNeeded && attemptsUsedUp(effect)) {
    return failed(request, { kind: 'no-answer', name: 'NeverLanded' }, terms, effect)
  }
  const certain = looks >= looksNeeded
  const next: Executing = advance(request)
  return moved(
    next,
    entryFor(
      next,
      rekey,
      policy,
      certain
        ? { type: 'effect.not-applied', ...tried(effect), unchangedLooks: looks }
        : { type: 'effect.looked', ...tried(effect), unchangedLooks: looks },
    ),
    [],
    {
      effect: {
        ...effect,
        state: certain ? 'not-applied' : 'unknown',
        unchangedLooks: looks,
        lastLookAt: now,
        leaseUntil: certain ? now : after(now, betweenLooksMs),
      },
    },
  )
}

/** Whether the account is as the call found it or would have left it: nobody else has changed it then. */
export function isExplained(effect: Effect, now: AccountSnapshot): boolean {
  if (unchanged(effect.before, now)) return true
  return !leavesNoTrace(effect.kind) && isFromTry(effect, now)
}

/** The account has changed as this try would change it, and when. */
export function isFromTry({ kind, intendedAt }: Effect, now: AccountSnapshot): boolean {
  const at = now.modifiedAt.getTime()
  // Cognito's dates may be cut to the second.
  const isInTime = at >= intendedAt.getTime() - 1_000 && at <= intendedAt.getTime() + callLeaseMs
  return isInTime && now.status === statusAfter(kind)
}

/**
 * The change is no later than this try could have made it. What somebody has done an hour after a try
 * that never was looks the same otherwise. Earlier it cannot be: the account was looked at first.
 */
function isSoonEnough({ intendedAt }: Effect, now: AccountSnapshot): boolean {
  return now.modifiedAt <= after(intendedAt, callLeaseMs + clocksApartMs)
}

/** ForgotPassword changes nothing that AdminGetUser shows. */
function leavesNoTrace(kind: EffectKind): boolean {
  return kind === 'recovery-code'
}

/** Nothing of the account has moved, as far as its status and date can tell. */
export function unchanged(before: AccountSnapshot, now: AccountSnapshot): boolean {
  return before.status === now.status && before.modifiedAt.getTime() === now.modifiedAt.getTime()
}

function statusAfter(kind: EffectKind): AccountSnapshot['status'] {
  switch (kind) {
    case 'reset':
      return 'RESET_REQUIRED'
    case 'temporary-password':
    case 'resend-invitation':
    case 'scramble':
      return 'FORCE_CHANGE_PASSWORD'
    case 'permanent-password':
      return 'CONFIRMED'
    case 'recovery-code':
    case 'sign-out':
      throw new Error(`${kind} leaves the status of an account as it was`)
    default:
      return kind satisfies never
  }
}
