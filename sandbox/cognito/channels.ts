/**
 * Which single address a recovery code goes to, by the pool's AccountRecoverySetting, what the user
 * has verified, and which channel already carries the user's second factor.
 * Source: AWS developer guide, "Passwords, account recovery, and password policies".
 */

import type { RecoveryMechanism } from './pool.ts'
import { invalidParameter, notAuthorized } from './service-exception.ts'
import { isVerified, type User } from './user.ts'

/** Where a message goes. `to` is the whole address or number, not masked; empty if the user has none. */
export type Channel = {
  readonly kind: 'email' | 'sms'
  readonly attribute: 'email' | 'phone_number'
  readonly to: string
}

/** The user's e-mail address, verified or not. */
export const emailChannel = (user: User) => channel(user, 'email', 'email')
/** The user's phone number, verified or not: Cognito sends an SMS. */
export const phoneChannel = (user: User) => channel(user, 'sms', 'phone_number')

function channel(user: User, kind: Channel['kind'], attribute: Channel['attribute']): Channel {
  return { kind, attribute, to: user.attributes.get(attribute) ?? '' }
}

/**
 * The one channel that gets the code, or undefined when none is eligible: Cognito never sends it to two. An
 * address is eligible when it is there, verified, named by a mechanism, and not the channel of a second
 * factor that the user has. An authenticator app disqualifies nothing.
 *
 * @param mechanisms the pool's AccountRecoverySetting, in any order; undefined or empty for a pool without
 * it. `admin_only` names no channel: ask `demandSelfService` first
 */
export function recoveryChannel(
  user: User,
  mechanisms: readonly RecoveryMechanism[] | undefined,
): Channel | undefined {
  // A pool from before the setting sends to a verified phone first, even one used for SMS MFA.
  if (mechanisms === undefined || mechanisms.length === 0) {
    if (isVerified(user, 'phone_number')) return phoneChannel(user)
    return isVerified(user, 'email') ? emailChannel(user) : undefined
  }
  for (const { name } of [...mechanisms].sort((a, b) => a.priority - b.priority)) {
    if (name === 'verified_email' && mayUseEmail(user)) return emailChannel(user)
    if (name === 'verified_phone_number' && mayUsePhone(user)) return phoneChannel(user)
  }
  return undefined
}

// Cognito's text speaks both of preferred and of activated MFA; activated is the stricter reading.
const mayUseEmail = (user: User) => isVerified(user, 'email') && !user.mfa.includes('EMAIL_OTP')
const mayUsePhone = (user: User) =>
  isVerified(user, 'phone_number') && !user.mfa.includes('SMS_MFA')

/**
 * Throws NotAuthorizedException when the pool leaves recovery to administrators alone. The API reference says
 * that AdminResetUserPassword needs self-service recovery, and not how it refuses: the name and text are
 * known for ForgotPassword from another emulator only, and for AdminResetUserPassword not at all.
 */
export function demandSelfService(mechanisms: readonly RecoveryMechanism[] | undefined): void {
  if (mechanisms?.some(({ name }) => name === 'admin_only')) {
    throw notAuthorized('Contact administrator to reset password.')
  }
}

/** The refusal where no channel is eligible (AWS re:Post, cognito-forgot-password). It has no final dot. */
export const noChannel = () =>
  invalidParameter(
    'Cannot reset password for the user as there is no registered/verified email or phone_number',
  )

/**
 * An address as CodeDeliveryDetails tells it: `j***@e***`, or `+*******9934` with the last four digits.
 * Cognito promises no format and has used others, such as `j***@e***.com`: show it, do not parse it.
 */
export function masked(to: string): string {
  const at = to.lastIndexOf('@')
  if (at > 0) return `${to.charAt(0)}***@${to.charAt(at + 1)}***`
  return `+${'*'.repeat(Math.max(to.length - 5, 0))}${to.slice(-4)}`
}
