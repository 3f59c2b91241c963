import { describe, expect, it } from 'vitest'
import { availabilityOf, predictChannel, remarksOn } from '../../../src/cognito/preflight.ts'
import type { CognitoUser } from '../../../src/cognito/user.ts'
import { methods } from '../../../src/policy/method.ts'
import type { UnavailableReason } from '../../../src/recovery/model/account.ts'
import { ada, noon, pool, verifiedEmail, verifiedPhone } from '../../support/cognito/people.ts'

const both = { ...verifiedEmail, ...verifiedPhone }
const emailOnly = pool({ mechanisms: ['verified_email'] })
const phoneFirst = pool({ mechanisms: ['verified_phone_number', 'verified_email'] })
const legacy = pool({ mechanisms: [] })
const adminOnly = pool({ mechanisms: ['admin_only'] })

describe('the channel for a code', () => {
  it.each([
    ['the first choice of the pool', pool(), ada({ attributes: both }), 'email'],
    ['the first choice of another pool', phoneFirst, ada({ attributes: both }), 'phone'],
    [
      'the second choice, for want of the first',
      pool(),
      ada({ attributes: verifiedPhone }),
      'phone',
    ],
    [
      'the second choice, where nobody has verified the first',
      pool(),
      ada({ attributes: { ...both, email_verified: 'false' } }),
      'phone',
    ],
    [
      'the second choice, where MFA uses the first',
      pool(),
      ada({ attributes: both, mfa: ['EMAIL_OTP'] }),
      'phone',
    ],
    [
      'the e-mail address, where MFA uses the phone',
      phoneFirst,
      ada({ attributes: both, mfa: ['SMS_MFA'] }),
      'email',
    ],
    [
      'not affected by an authenticator app',
      pool(),
      ada({ attributes: verifiedEmail, mfa: ['SOFTWARE_TOKEN_MFA'] }),
      'email',
    ],
    ['the phone, in a pool from before the setting', legacy, ada({ attributes: both }), 'phone'],
    [
      'the phone in such a pool, even with SMS MFA',
      legacy,
      ada({ attributes: both, mfa: ['SMS_MFA'] }),
      'phone',
    ],
    ['the e-mail there, for want of a phone', legacy, ada({ attributes: verifiedEmail }), 'email'],
  ])('is %s', (_, settings, user, kind) => {
    expect(predictChannel(settings, user)).toMatchObject({ kind: 'contact', contact: { kind } })
  })

  it.each<[string, ReturnType<typeof pool>, CognitoUser, UnavailableReason]>([
    ['administrators do it all', adminOnly, ada({ attributes: both }), 'admin-only-pool'],
    ['there is no address', pool(), ada(), 'no-verified-contact'],
    [
      'nothing is verified',
      pool(),
      ada({ attributes: { email: 'ada@example.com', email_verified: 'no' } }),
      'no-verified-contact',
    ],
    [
      'the verified one is not a mechanism',
      emailOnly,
      ada({ attributes: verifiedPhone }),
      'no-verified-contact',
    ],
    [
      'MFA uses the e-mail',
      pool(),
      ada({ attributes: verifiedEmail, mfa: ['EMAIL_OTP'] }),
      'mfa-uses-channel',
    ],
    [
      'MFA uses the phone',
      pool(),
      ada({ attributes: verifiedPhone, mfa: ['SMS_MFA'] }),
      'mfa-uses-channel',
    ],
    ['a pool from before the setting finds nothing', legacy, ada(), 'no-verified-contact'],
  ])('is none where %s', (_, settings, user, because) => {
    expect(predictChannel(settings, user)).toEqual({ kind: 'none', because })
  })
})

const around = { appClient: true, hasPassword: true }
const reachable = (given: Parameters<typeof ada>[0] = {}) => ada({ attributes: both, ...given })

describe('what is available', () => {
  it.each([
    {
      of: 'a confirmed user with a verified address',
      user: reachable(),
      availability: ['open', 'open', 'open', 'open', 'not-first-sign-in'],
    },
    {
      of: 'a confirmed user without one',
      user: ada(),
      availability: [
        'no-verified-contact',
        'open',
        'open',
        'no-verified-contact',
        'not-first-sign-in',
      ],
    },
    {
      of: 'a confirmed user whose only address is busy with MFA',
      user: ada({ attributes: verifiedEmail, mfa: ['EMAIL_OTP'] }),
      availability: ['mfa-uses-channel', 'open', 'open', 'mfa-uses-channel', 'not-first-sign-in'],
    },
    {
      of: 'a user who has been reset already',
      user: reachable({ status: 'RESET_REQUIRED' }),
      availability: ['already-reset', 'open', 'open', 'open', 'not-first-sign-in'],
    },
    {
      of: 'a user who has been reset and has no address',
      user: ada({ status: 'RESET_REQUIRED' }),
      availability: ['already-reset', 'open', 'open', 'no-verified-contact', 'not-first-sign-in'],
    },
    {
      of: 'an invited user',
      user: reachable({ status: 'FORCE_CHANGE_PASSWORD' }),
      availability: ['first-sign-in-pending', 'open', 'open', 'first-sign-in-pending', 'open'],
    },
    {
      of: 'an invited user who cannot be written to',
      user: ada({ status: 'FORCE_CHANGE_PASSWORD' }),
      availability: [
        'first-sign-in-pending',
        'open',
        'open',
        'first-sign-in-pending',
        'no-verified-contact',
      ],
    },
  ])('of $of', ({ user, availability }) => {
    expect(shownAvailability(availabilityOf(pool(), user, around))).toEqual(availability)
  })

  it.each([
    ['sign-up-unfinished', { status: 'UNCONFIRMED' }],
    ['federated', { status: 'EXTERNAL_PROVIDER' }],
    ['unsupported-status', { status: 'ARCHIVED' }],
    ['unsupported-status', { status: 'COMPROMISED' }],
    ['unsupported-status', { status: 'UNKNOWN' }],
    ['disabled', { enabled: false }],
    ['disabled', { enabled: false, status: 'FORCE_CHANGE_PASSWORD' }],
    ['federated', { enabled: false, status: 'EXTERNAL_PROVIDER' }],
  ] as const)('are all closed as %s for %j', (because, given) => {
    expect(shownAvailability(availabilityOf(pool(), reachable(given), around))).toEqual(
      methods.map(() => because),
    )
  })

  it('leave passwords and invitations where administrators do it all', () => {
    expect(shownAvailability(availabilityOf(adminOnly, reachable(), around))).toEqual([
      'admin-only-pool',
      'open',
      'open',
      'admin-only-pool',
      'not-first-sign-in',
    ])
  })

  it('need an app client for a recovery code', () => {
    const availability = availabilityOf(pool(), reachable(), { ...around, appClient: false })
    expect(availability['recovery-code']).toEqual({ open: false, because: 'no-app-client' })
    expect(availability.reset.open).toBe(true)
  })

  it('give no password to somebody who signs in without one', () => {
    const availability = availabilityOf(pool(), reachable(), { ...around, hasPassword: false })
    expect(shownAvailability(availability)).toEqual([
      ...['no-password', 'no-password', 'no-password', 'no-password'],
      'not-first-sign-in',
    ])
  })

  it('name the address as it may be shown', () => {
    const availability = availabilityOf(pool(), reachable(), around)
    const email = { kind: 'email', masked: 'a***@e***.com', verified: true }
    expect(availability.reset).toEqual({ open: true, destination: email })
    expect(availability['recovery-code']).toEqual({ open: true, destination: email })
    expect(availability['temporary-password']).toEqual({ open: true })
  })

  it('lead an invitation to an address that nobody has verified yet', () => {
    const invited = ada({
      status: 'FORCE_CHANGE_PASSWORD',
      attributes: { email: 'ada@example.com' },
    })
    expect(availabilityOf(pool(), invited, around)['resend-invitation']).toEqual({
      open: true,
      destination: { kind: 'email', masked: 'a***@e***.com', verified: false },
    })
  })
})

describe('what is worth knowing', () => {
  const dayMs = 24 * 60 * 60 * 1000
  const invited = (daysAgo: number) =>
    reachable({
      status: 'FORCE_CHANGE_PASSWORD',
      modifiedAt: new Date(noon.getTime() - daysAgo * dayMs),
    })

  it.each([
    ['nothing, as a rule', pool(), reachable(), []],
    [
      'that a reset is waited for',
      pool(),
      reachable({ status: 'RESET_REQUIRED' }),
      ['waiting-for-reset'],
    ],
    ['that the invitation has lapsed', pool(), invited(7.1), ['temporary-password-lapsed']],
    ['nothing about one that has not', pool(), invited(6.9), []],
    ['that MFA stays', pool(), reachable({ mfa: ['SOFTWARE_TOKEN_MFA'] }), ['mfa-stays']],
    [
      'that the pool does not verify the channel',
      pool({ autoVerified: new Set(['phone']) }),
      reachable(),
      ['channel-not-auto-verified'],
    ],
    [
      'that a Lambda sends the mail',
      pool({ customSenders: new Set(['email']) }),
      reachable(),
      ['custom-sender'],
    ],
    [
      'nothing of the Lambda for the other channel',
      pool({ customSenders: new Set(['phone']) }),
      reachable(),
      [],
    ],
    [
      'that 50 mails a day are all',
      pool({ builtInMail: true }),
      reachable(),
      ['built-in-mail-quota'],
    ],
    [
      'that SMS are in the sandbox',
      pool({ smsSandbox: true }),
      ada({ attributes: verifiedPhone }),
      ['sms-sandbox'],
    ],
    ['nothing of SMS where mail is used', pool({ smsSandbox: true }), reachable(), []],
    [
      'nothing of channels where no method uses one',
      pool({ builtInMail: true, smsSandbox: true, autoVerified: new Set() }),
      ada(),
      [],
    ],
  ] as const)('is %s', (_, settings, user, remarks) => {
    const availability = availabilityOf(settings, user, around)
    expect(remarksOn(settings, user, availability, noon)).toEqual(remarks)
  })
})

/** In the order of `methods`. */
function shownAvailability(availability: ReturnType<typeof availabilityOf>): string[] {
  return methods.map((method) => {
    const offered = availability[method]
    return offered.open ? 'open' : offered.because
  })
}
