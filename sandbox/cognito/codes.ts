/** Recovery codes, and the hourly budget that ForgotPassword and ConfirmForgotPassword share. */

import { randomInt } from 'node:crypto'
import { limitExceeded, ServiceException } from './service-exception.ts'
import type { RecoveryCode, User } from './user.ts'

// Codes of ForgotPassword and AdminResetUserPassword live one hour (AWS, "Quotas in Amazon Cognito").
const codeLifeMs = 60 * 60 * 1000
const budgetWindowMs = 60 * 60 * 1000

/** Six digits, any of a million alike. */
export function inventCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0')
}

/**
 * A new recovery code for the user. Whether a new code kills the earlier ones is not documented:
 * `olderCodes` chooses.
 */
export function issueCode(user: User, olderCodes: 'die' | 'live', now: Date): string {
  const digits = inventCode()
  const earlier = olderCodes === 'live' ? user.codes : []
  user.codes = [...earlier, { digits, issuedAt: now }]
  return digits
}

/** Throws unless `digits` is a live code of the user. Does not spend it. */
export function demandCode(user: User, digits: string, now: Date): void {
  const live = liveCodes(user, now)
  if (live.length === 0) {
    throw new ServiceException(
      'ExpiredCodeException',
      'Invalid code provided, please request a code again.',
    )
  }
  if (!live.some((code) => code.digits === digits)) throw codeMismatch()
}

/** The user's codes that are younger than an hour. */
export function liveCodes(user: User, now: Date): RecoveryCode[] {
  return user.codes.filter((code) => now.getTime() - code.issuedAt.getTime() < codeLifeMs)
}

/** The refusal of a wrong code, and of anybody whose existence is hidden. */
export const codeMismatch = () =>
  new ServiceException(
    'CodeMismatchException',
    'Invalid verification code provided, please try again.',
  )

/** Counts one more request against the user's hour; throws LimitExceededException when it is used up. */
export function spendAttempt(user: User, perHour: number, now: Date): void {
  user.recoveryAttempts = user.recoveryAttempts.filter(
    (at) => now.getTime() - at.getTime() < budgetWindowMs,
  )
  if (user.recoveryAttempts.length >= perHour) throw limitExceeded()
  user.recoveryAttempts.push(now)
}
