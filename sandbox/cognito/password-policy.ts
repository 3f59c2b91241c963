/** A pool's password policy: what it refuses, in Cognito's texts, and a password that satisfies it. */

import { randomInt } from 'node:crypto'
import { isPassword, type PasswordHash } from './password-hash.ts'
import { ServiceException } from './service-exception.ts'

/** As in DescribeUserPool; what is absent is not demanded. */
export type PasswordPolicy = {
  readonly minimumLength?: number
  readonly requireUppercase?: boolean
  readonly requireLowercase?: boolean
  readonly requireNumbers?: boolean
  readonly requireSymbols?: boolean
  /** Counts the current password: 1 refuses only the current one. 0 or absent is off. */
  readonly historySize?: number
  /** 0 and absent both mean 7, as Cognito documents. */
  readonly temporaryPasswordValidityDays?: number
}

// A space counts as well, when it is neither first nor last; validation has seen to those two.
const symbols = '^$*.[]{}()?"!@#%&/\\,><\':;|_~`=+- '

/** Throws InvalidPasswordException with the first rule that `password` breaks. */
export function demandPolicy(password: string, policy: PasswordPolicy): void {
  const fault = brokenRule(password, policy)
  if (fault) {
    throw new ServiceException(
      'InvalidPasswordException',
      `Password did not conform with policy: ${fault}`,
    )
  }
}

function brokenRule(password: string, policy: PasswordPolicy): string | undefined {
  if (password.length < (policy.minimumLength ?? 6)) return 'Password not long enough'
  if (policy.requireUppercase && !/[A-Z]/.test(password))
    return 'Password must have uppercase characters'
  if (policy.requireLowercase && !/[a-z]/.test(password))
    return 'Password must have lowercase characters'
  if (policy.requireNumbers && !/[0-9]/.test(password))
    return 'Password must have numeric characters'
  if (policy.requireSymbols && ![...password].some((each) => symbols.includes(each)))
    return 'Password must have symbol characters'
  return undefined
}

/**
 * Throws PasswordHistoryPolicyViolationException when `password` is the current one or among the
 * remembered earlier ones. `hashes` come newest first. The service's sentence is in no public
 * source, so nobody should rely on this one.
 */
export function demandNotReused(
  password: string,
  hashes: readonly PasswordHash[],
  policy: PasswordPolicy,
): void {
  const remembered = hashes.slice(0, policy.historySize ?? 0)
  if (remembered.some((hash) => isPassword(password, hash))) {
    throw new ServiceException(
      'PasswordHistoryPolicyViolationException',
      'The new password is one of the passwords used before.',
    )
  }
}

/** How long a temporary password can be used for signing in, in milliseconds. */
export function temporaryPasswordLifeMs(policy: PasswordPolicy): number {
  return (policy.temporaryPasswordValidityDays || 7) * 24 * 60 * 60 * 1000
}

const classes = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnpqrstuvwxyz', '23456789', '!#%+-=?@']

/** A password for an invitation: all four classes, long enough for the policy. */
export function inventPassword(policy: PasswordPolicy): string {
  const length = Math.max(policy.minimumLength ?? 6, 12)
  const whole = classes.join('')
  for (;;) {
    const password = Array.from({ length }, () => pick(whole)).join('')
    if (classes.every((each) => [...password].some((sign) => each.includes(sign)))) return password
  }
}

const pick = (signs: string) => signs.charAt(randomInt(signs.length))
