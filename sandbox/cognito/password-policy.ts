/** A pool's password policy: what it refuses, in Cognito's texts, and a password that satisfies it. */

import { randomInt } from 'node:crypto'
import { isPassword, type PasswordHash } from './password-hash.ts'
import { ServiceException } from './service-exception.ts'

/**
 * As in DescribeUserPool; what is absent is not demanded, and a length that is absent is 6. The ranges are
 * those of the API model. Nothing here holds a seed to them.
 */
export type PasswordPolicy = {
  /** In characters, 6 to 99. */
  readonly minimumLength?: number
  readonly requireUppercase?: boolean
  readonly requireLowercase?: boolean
  readonly requireNumbers?: boolean
  readonly requireSymbols?: boolean
  /**
   * 0 to 24, and counts the current password: 1 refuses only the current one. 0 or absent is off. On AWS it
   * needs the Essentials or Plus tier, which is not checked here.
   */
  readonly historySize?: number
  /** 0 to 365 days; 0 and absent both mean 7, as Cognito documents. */
  readonly temporaryPasswordValidityDays?: number
}

// From "Passwords, account recovery, and password policies". A space counts as well, when it is neither first
// nor last; validation has seen to those two.
const symbols = '^$*.[]{}()?"!@#%&/\\,><\':;|_~`=+- '

/**
 * Holds a password to the policy. Characters of any other kind are allowed and count for no class; letters
 * count when they are basic Latin. The length is in UTF-16 units. It is assumed that `validation.ts` has read
 * the password: its 6 to 256 characters and the spaces at its ends are an InvalidParameterException instead.
 *
 * @throws ServiceException `InvalidPasswordException` with the first rule that `password` breaks: length,
 * upper case, lower case, digits, symbols. Clients have also seen the prefix "Password does not conform to
 * policy"
 */
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
 * Throws PasswordHistoryPolicyViolationException when `password` is the current one or among the remembered
 * earlier ones. `hashes` come newest first, and the first is the current password. With a history, whoever
 * repeats a call that had already succeeded gets this exception. The service's sentence is in no public
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

/**
 * How long a temporary password can be used for signing in, in milliseconds from when it was set or sent
 * again. The user's status does not change when it runs out.
 */
export function temporaryPasswordLifeMs(policy: PasswordPolicy): number {
  return (policy.temporaryPasswordValidityDays || 7) * 24 * 60 * 60 * 1000
}

// Without the signs that people take for one another, such as O and 0.
const classes = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnpqrstuvwxyz', '23456789', '!#%+-=?@']

/**
 * A password for an invitation: all four classes, whatever the policy asks for, and at least 12 characters or
 * as many as the policy wants. What Cognito itself makes up is not documented.
 */
export function inventPassword(policy: PasswordPolicy): string {
  const length = Math.max(policy.minimumLength ?? 6, 12)
  const whole = classes.join('')
  for (;;) {
    const password = Array.from({ length }, () => pick(whole)).join('')
    if (classes.every((each) => [...password].some((sign) => each.includes(sign)))) return password
  }
}

const pick = (signs: string) => signs.charAt(randomInt(signs.length))
