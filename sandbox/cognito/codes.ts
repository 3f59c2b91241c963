/** Recovery codes, and the hourly budget that ForgotPassword and ConfirmForgotPassword share. */

import { randomInt } from 'node:crypto'
import { limitExceeded, ServiceException } from './service-exception.ts'
import type { RecoveryCode, User } from './user.ts'

// Codes of ForgotPassword and AdminResetUserPassword live one hour (AWS, "Quotas in Amazon Cognito").
const codeLifeMs = 60 * 60 * 1000
// AWS says "per hour" and never when the hour begins anew (aws-amplify/amplify-js#13225): here it slides.
const budgetWindowMs = 60 * 60 * 1000

/**
 * Six digits, any of a million alike, leading zeros included. The API model lets a ConfirmationCode be any 1
 * to 2048 characters without white space, so nobody should depend on six.
 */
export function inventCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0')
}

/**
 * A new recovery code for the user, good from `now` on for an hour. Whether a new code kills the earlier ones
 * is not documented: `olderCodes` chooses. A third reading, that only the first code of several goes on
 * working (aws/aws-sdk-net-extensions-cognito#137), cannot be played.
 *
 * @returns its digits, which are for the message alone: no operation answers with them
 */
export function issueCode(user: User, olderCodes: 'die' | 'live', now: Date): string {
  const digits = inventCode()
  const earlier = olderCodes === 'live' ? user.codes : []
  user.codes = [...earlier, { digits, issuedAt: now }]
  return digits
}

/**
 * Asks for a live code of the user. Does not spend it: that is done by the password it sets.
 *
 * @throws ServiceException `ExpiredCodeException` when the user has no live code, because none was asked for,
 * or it is spent or too old; `CodeMismatchException` when there is one, and it is another
 */
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

/** The user's codes that are younger than an hour, oldest first; a code of exactly an hour is dead. */
export function liveCodes(user: User, now: Date): RecoveryCode[] {
  return user.codes.filter((code) => now.getTime() - code.issuedAt.getTime() < codeLifeMs)
}

/** The refusal of a wrong code, and of anybody whose existence is hidden. */
export const codeMismatch = () =>
  new ServiceException(
    'CodeMismatchException',
    'Invalid verification code provided, please try again.',
  )

/**
 * Counts one more ForgotPassword or ConfirmForgotPassword against the user's last 60 minutes. What is refused
 * here is not counted itself, so that waiting always helps. AWS allows 5 to 20 by the risk it sees, and
 * nobody can have that raised ("Quotas in Amazon Cognito"); its model also has
 * TooManyFailedAttemptsException, never thrown here.
 *
 * @param perHour how many requests the hour holds
 * @throws ServiceException `LimitExceededException` when the hour is used up
 */
export function spendAttempt(user: User, perHour: number, now: Date): void {
  user.recoveryAttempts = user.recoveryAttempts.filter(
    (at) => now.getTime() - at.getTime() < budgetWindowMs,
  )
  if (user.recoveryAttempts.length >= perHour) throw limitExceeded()
  user.recoveryAttempts.push(now)
}
