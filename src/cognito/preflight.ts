/**
 * preflight tells, before anybody is asked to approve, which methods can work for an account and
 * why the others can't. Cognito's own rules, as far as they are documented or reported.
 */

import type { Method } from '../policy/method.ts'
import type {
  AccountRemark,
  Availability,
  Contact,
  MethodAvailability,
  UnavailableReason,
} from '../recovery/model/account.ts'
import type { PoolSettings } from './pool-settings.ts'
import { type CognitoUser, emailOf, phoneOf } from './user.ts'

/** Where Cognito would send a recovery code; it sends to one place only. */
export type Channel =
  | { readonly kind: 'contact'; readonly contact: Contact }
  | { readonly kind: 'none'; readonly because: UnavailableReason }

/** What else the availability of methods depends on, besides the pool's settings and the user. */
export interface Surroundings {
  /** Whether the policy names an app client for the pool. */
  readonly appClient: boolean
  /** False for a user known to sign in without a password. */
  readonly hasPassword: boolean
}

const none = (because: UnavailableReason): Channel => ({ kind: 'none', because })
const to = (contact: Contact): Channel => ({ kind: 'contact', contact })

/** Where a code for this user would go, or why it could go nowhere. */
export function predictChannel(pool: PoolSettings, user: CognitoUser): Channel {
  if (pool.mechanisms.includes('admin_only')) return none('admin-only-pool')
  const email = verified(emailOf(user))
  const phone = verified(phoneOf(user))
  const usable = new Map([
    ['verified_email', email],
    ['verified_phone_number', phone],
  ])
  // A pool from before the setting takes a verified phone first, and does not look at MFA.
  if (pool.mechanisms.length === 0) return firstOf([phone, email]) ?? none('no-verified-contact')

  const wanted = pool.mechanisms.flatMap((name) => usable.get(name) ?? [])
  const free = wanted.filter((contact) => !user.mfa.has(secondFactor[contact.kind]))
  return firstOf(free) ?? none(wanted.length > 0 ? 'mfa-uses-channel' : 'no-verified-contact')
}

// AWS writes both "preferred" and "activated" MFA. Activated is the stricter reading: we'd rather
// point to a temporary password than promise a code that is then refused.
const secondFactor = { email: 'EMAIL_OTP', phone: 'SMS_MFA' } as const

/** For every method, whether it can work for this user. */
export function availabilityOf(
  pool: PoolSettings,
  user: CognitoUser,
  around: Surroundings,
): MethodAvailability {
  const block = blockForAll(user)
  const unlessBlocked = (of: () => Availability): Availability => (block ? closed(block) : of())
  return {
    reset: unlessBlocked(() => resetAvailability(pool, user, around)),
    'temporary-password': unlessBlocked(() => passwordAvailability(around)),
    'permanent-password': unlessBlocked(() => passwordAvailability(around)),
    'recovery-code': unlessBlocked(() => codeAvailability(pool, user, around)),
    'resend-invitation': unlessBlocked(() => invitationAvailability(user)),
  }
}

const isFirstSignIn = (user: CognitoUser) => user.status === 'FORCE_CHANGE_PASSWORD'
const closed = (because: UnavailableReason): Availability => ({ open: false, because })

function blockForAll(user: CognitoUser): UnavailableReason | undefined {
  switch (user.status) {
    case 'ARCHIVED':
    case 'COMPROMISED':
    case 'UNKNOWN':
      return 'unsupported-status'
    case 'EXTERNAL_PROVIDER':
      return 'federated'
  }
  if (!user.enabled) return 'disabled'
  // Any password would confirm the sign-up without its address ever having been verified.
  return user.status === 'UNCONFIRMED' ? 'sign-up-unfinished' : undefined
}

function resetAvailability(
  pool: PoolSettings,
  user: CognitoUser,
  around: Surroundings,
): Availability {
  if (isFirstSignIn(user)) return closed('first-sign-in-pending')
  if (!around.hasPassword) return closed('no-password')
  const channel = predictChannel(pool, user)
  if (channel.kind === 'none' && channel.because === 'admin-only-pool') return byChannel(channel)
  return user.status === 'RESET_REQUIRED' ? closed('already-reset') : byChannel(channel)
}

function codeAvailability(
  pool: PoolSettings,
  user: CognitoUser,
  around: Surroundings,
): Availability {
  if (isFirstSignIn(user)) return closed('first-sign-in-pending')
  if (!around.hasPassword) return closed('no-password')
  const channel = predictChannel(pool, user)
  // What is true of the account comes before what an operator could set up.
  if (channel.kind === 'contact' && !around.appClient) return closed('no-app-client')
  return byChannel(channel)
}

// It could not be taken away again from somebody who signs in without one.
function passwordAvailability(around: Surroundings): Availability {
  return around.hasPassword ? { open: true } : closed('no-password')
}

// The first address will do, verified or not: an invitation is how it comes to be verified.
function invitationAvailability(user: CognitoUser): Availability {
  if (!isFirstSignIn(user)) return closed('not-first-sign-in')
  const destination = emailOf(user) ?? phoneOf(user)
  return destination ? { open: true, destination } : closed('no-verified-contact')
}

function byChannel(channel: Channel): Availability {
  if (channel.kind === 'none') return closed(channel.because)
  return { open: true, destination: channel.contact }
}

/** What is worth knowing before anybody decides, in a fixed order. */
export function remarksOn(
  pool: PoolSettings,
  user: CognitoUser,
  availability: MethodAvailability,
  now: Date,
): AccountRemark[] {
  const codeKinds = kindsOf(availability, ['reset', 'recovery-code'])
  const kinds = kindsOf(availability, ['reset', 'recovery-code', 'resend-invitation'])
  const lapses = user.modifiedAt.getTime() + pool.temporaryPasswordDays * dayMs
  const found: readonly (readonly [AccountRemark, boolean])[] = [
    ['waiting-for-reset', user.status === 'RESET_REQUIRED'],
    // An estimate: any other edit of the user moves the date too.
    ['temporary-password-lapsed', isFirstSignIn(user) && now.getTime() > lapses],
    ['mfa-stays', user.mfa.size > 0],
    ['channel-not-auto-verified', codeKinds.some((kind) => !pool.autoVerified.has(kind))],
    ['custom-sender', kinds.some((kind) => pool.customSenders.has(kind))],
    ['built-in-mail-quota', kinds.includes('email') && pool.builtInMail],
    ['sms-sandbox', kinds.includes('phone') && pool.smsSandbox],
  ]
  return found.flatMap(([remark, holds]) => (holds ? remark : []))
}

const dayMs = 24 * 60 * 60 * 1000

function kindsOf(availability: MethodAvailability, methods: readonly Method[]): Contact['kind'][] {
  return methods.flatMap((method) => {
    const offered = availability[method]
    return offered.open && offered.destination ? offered.destination.kind : []
  })
}

function verified(contact: Contact | undefined): Contact | undefined {
  return contact?.verified ? contact : undefined
}

function firstOf(contacts: readonly (Contact | undefined)[]): Channel | undefined {
  const contact = contacts.find((each) => each !== undefined)
  return contact && to(contact)
}
