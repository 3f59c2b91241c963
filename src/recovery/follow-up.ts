/** After the effect: has the owner come back in, or has the time run out? */

import type { Policy } from '../policy/policy.ts'
import type { Account } from './account.ts'
import { after, entryFor, rekey, tellAll } from './change.ts'
import type { Moved } from './decision.ts'
import type { Effect, Image } from './effect.ts'
import { imageOf } from './execute.ts'
import type { Executed, Lapsed, PasswordFate, Recovered } from './request.ts'

/** What the follow-up of an executed request should do next. */
export type FollowUp =
  | { readonly kind: 'look-again'; readonly at: Date }
  | { readonly kind: 'moved'; readonly move: Moved<Recovered | Lapsed> }
  /** The first look: keep what the account is like with our password in it, and go on. */
  | { readonly kind: 'note'; readonly image: Image }
  /** The temporary password is still unused and its time is up: make it useless first. */
  | { readonly kind: 'scramble' }

// Cognito's codes are valid for an hour; see "Quotas in Amazon Cognito".
const codeLifeMs = 60 * 60_000

// AdminGetUser counts the account as a monthly active user, which it already is after a recovery.
// Every minute at first, when people wait for the answer, then less and less often.
const firstLookMs = 60_000
const longestPauseMs = 10 * 60_000

export function followUp(
  request: Executed,
  effect: Effect,
  account: Account | undefined,
  scramble: Effect | undefined,
  policy: Policy,
  now: Date,
): FollowUp {
  if (account === undefined)
    return { kind: 'moved', move: lapsed(request, policy, now, 'account-gone') }
  if (isBack(request, effect, account))
    return { kind: 'moved', move: recovered(request, policy, now) }
  if (effect.after === undefined) return { kind: 'note', image: imageOf(account) }
  // Nobody waits for an owner who has said that it was not them.
  const end =
    request.reported === undefined ? after(request.executedAt, lifeMs(request, policy)) : now
  if (now < end) return { kind: 'look-again', at: nextLook(request, now, end) }
  if (canScramble(request, effect, account)) return { kind: 'scramble' }
  if (wasScrambled(scramble, account))
    return { kind: 'moved', move: lapsed(request, policy, now, 'scrambled') }
  return { kind: 'moved', move: lapsed(request, policy, now, 'time-up') }
}

/** Ends a request whose code or password was not used. */
export function lapsed(
  request: Executed,
  policy: Policy,
  now: Date,
  because: 'account-gone' | 'time-up' | 'scrambled',
): Moved<Lapsed> {
  const password: PasswordFate = because === 'scrambled' ? 'scrambled' : request.password
  const next: Lapsed = {
    ...request,
    version: request.version + 1,
    state: 'lapsed',
    lapsedAt: now,
    password,
    passwordSince: password === request.password ? request.passwordSince : now,
  }
  const type = because === 'scrambled' ? 'secret.scrambled' : 'request.lapsed'
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(next, type, rekey, policy, { because }),
      jobs: tellAll(next, now),
      secret: { shred: true },
    },
  }
}

/** Keeps what the account looks like after the call, to tell later whether somebody has changed it. */
export function note(
  request: Executed,
  effect: Effect,
  image: Image,
  policy: Policy,
  now: Date,
): Moved<Executed> {
  const next: Executed = { ...request, version: request.version + 1 }
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(next, 'effect.looked', rekey, policy, {
        effect: effect.id,
        deed: effect.deed,
        statusNow: image.status,
        modifiedNow: image.modifiedAt.toISOString(),
        lookedAt: now.toISOString(),
      }),
      jobs: [],
      effect: { ...effect, after: image },
    },
  }
}

function recovered(request: Executed, policy: Policy, now: Date): Moved<Recovered> {
  const next: Recovered = {
    ...request,
    version: request.version + 1,
    state: 'recovered',
    recoveredAt: now,
  }
  const minutes = Math.round((now.getTime() - request.executedAt.getTime()) / 60_000)
  return {
    kind: 'moved',
    change: {
      request: next,
      entry: entryFor(next, 'request.recovered', rekey, policy, { withinMinutes: minutes }),
      jobs: tellAll(next, now),
      secret: { shred: true },
    },
  }
}

/** Every method but one ends in CONFIRMED, once the owner has chosen a password of their own. */
function isBack(request: Executed, effect: Effect, account: Account): boolean {
  if (account.status !== 'CONFIRMED') return false
  if (request.method !== 'recovery-code') return true
  // A code alone changes nothing; confirming it does, and then the account has been modified.
  return account.modifiedAt.getTime() !== effect.before.modifiedAt.getTime()
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
  if (scramble === undefined || account.status !== 'FORCE_CHANGE_PASSWORD') return false
  // Cognito's dates may be cut to the second.
  return account.modifiedAt.getTime() >= scramble.intendedAt.getTime() - 1_000
}

/** Only our own password is made useless: not what somebody else has set since. */
export function canScramble(request: Executed, effect: Effect, account: Account): boolean {
  return (
    request.method === 'temporary-password' &&
    account.status === 'FORCE_CHANGE_PASSWORD' &&
    effect.after !== undefined &&
    effect.after.modifiedAt.getTime() === account.modifiedAt.getTime()
  )
}
