/** One user of a simulated pool: what is kept, and the few changes that touch several fields at once. */

import { hashPassword, type PasswordHash } from './password-hash.ts'

/**
 * UserStatus of the API. What no operation here leads to can be in a seed: UNCONFIRMED is a sign-up that was
 * never finished, EXTERNAL_PROVIDER came from an identity provider, and AWS says of the last three that they
 * are no longer used. Whether a user is enabled is a different matter.
 */
export type UserStatus =
  | 'UNCONFIRMED'
  | 'CONFIRMED'
  | 'RESET_REQUIRED'
  | 'FORCE_CHANGE_PASSWORD'
  | 'EXTERNAL_PROVIDER'
  | 'ARCHIVED'
  | 'COMPROMISED'
  | 'UNKNOWN'

/** A second factor, as UserMFASettingList spells it. Passkeys are not there. */
export type Mfa = 'SMS_MFA' | 'EMAIL_OTP' | 'SOFTWARE_TOKEN_MFA'

/** The last step of a finished sign-in. */
export type SignInMethod = 'password' | 'new-password' | 'sms' | 'email' | 'authenticator'

/** A code of ForgotPassword or AdminResetUserPassword: six digits. How long it lives, `codes.ts` says. */
export type RecoveryCode = { readonly digits: string; readonly issuedAt: Date }

/**
 * A user to begin with. `ageDays` is how long ago it was created and last changed, and its password set
 * (default 30): one in FORCE_CHANGE_PASSWORD needs less than the pool's validity, or its password has already
 * run out. The password may break the policy, as one from before the policy would.
 */
export type UserSeed = {
  readonly username: string
  readonly sub: string
  readonly status: UserStatus
  readonly enabled?: boolean
  /** Verified is what has `email_verified` or `phone_number_verified` at `'true'`; `sub` is added. */
  readonly attributes?: Readonly<Record<string, string>>
  /** In clear; only its hash is kept. */
  readonly password?: string
  readonly groups?: readonly string[]
  readonly mfa?: readonly Mfa[]
  /** Default: the first of `mfa`. */
  readonly preferredMfa?: Mfa
  readonly ageDays?: number
}

/** What a pool knows of a user. Dates are by the clock that the simulator was started with. */
export type User = {
  readonly username: string
  readonly sub: string
  readonly createdAt: Date
  readonly attributes: Map<string, string>
  /** Newest first; the first is the current one. Empty for a user without a password. */
  passwords: PasswordHash[]
  /** From when a temporary password's validity counts. Means nothing for a user without a password. */
  passwordSetAt: Date
  status: UserStatus
  enabled: boolean
  groups: readonly string[]
  mfa: readonly Mfa[]
  preferredMfa: Mfa | undefined
  lastModified: Date
  /** Recovery codes that were not spent, oldest first; some may be too old. */
  codes: RecoveryCode[]
  /** When ForgotPassword and ConfirmForgotPassword were asked for this user within the last hour. */
  recoveryAttempts: Date[]
  /** Wrong passwords since the last finished sign-in, and when the last of them was. */
  failedSignIns: { count: number; last: Date }
  lastSignInAt: Date | undefined
  signedInWith: SignInMethod | undefined
}

const dayMs = 24 * 60 * 60 * 1000

/** `now` is the day that `ageDays` counts back from. */
export function newUser(seed: UserSeed, now: Date): User {
  const since = new Date(now.getTime() - (seed.ageDays ?? 30) * dayMs)
  return {
    username: seed.username,
    sub: seed.sub,
    createdAt: since,
    attributes: new Map(Object.entries({ sub: seed.sub, ...seed.attributes })),
    passwords: seed.password === undefined ? [] : [hashPassword(seed.password)],
    passwordSetAt: since,
    status: seed.status,
    enabled: seed.enabled ?? true,
    groups: seed.groups ?? [],
    mfa: seed.mfa ?? [],
    preferredMfa: seed.preferredMfa ?? seed.mfa?.[0],
    lastModified: since,
    codes: [],
    recoveryAttempts: [],
    failedSignIns: { count: 0, last: since },
    lastSignInAt: undefined,
    signedInWith: undefined,
  }
}

/**
 * Moves the user's last-modified date to now, and always at least one millisecond on: a test that
 * holds the clock still must see the change too.
 */
export function touch(user: User, now: Date): void {
  user.lastModified = new Date(Math.max(now.getTime(), user.lastModified.getTime() + 1))
}

// Cognito's longest history is 24 with the current one.
const longestHistory = 24

/**
 * Makes `password` the current one, unchecked. Codes that were still out die with the old password: AWS says
 * so of the code that set it, and nothing of others.
 */
export function replacePassword(user: User, password: string, status: UserStatus, now: Date): void {
  user.passwords = [hashPassword(password), ...user.passwords].slice(0, longestHistory)
  user.passwordSetAt = now
  user.status = status
  user.codes = []
  touch(user, now)
}

/** Came from an identity provider, so its e-mail is no name to sign in with here. */
export function isFederated(user: User): boolean {
  return user.attributes.has('identities')
}

/** Whether the attribute is there, not empty, and marked as verified. */
export function isVerified(user: User, attribute: 'email' | 'phone_number'): boolean {
  const value = user.attributes.get(attribute)
  return Boolean(value) && user.attributes.get(`${attribute}_verified`) === 'true'
}
