import { afterEach, describe, expect, it } from 'vitest'
import type { UserSeed } from '../../../sandbox/cognito/user.ts'
import { federatedUserSeed, userSeed } from '../../../sandbox/cognito/user-seed.ts'
import { customersPool } from '../../../sandbox/world/user-pool-seed.ts'
import { type Method, methods } from '../../../src/policy/method.ts'
import { Secret } from '../../../src/secret.ts'
import { effect, openWire, type Wire } from '../../support/cognito/wire.ts'

let wire: Wire | undefined
afterEach(() => wire?.close())

const email = 'ada@example.com'
const verified = { email }
const unverified = { email, emailVerified: false }

/** The states of an account, as the fact table of Cognito has them: each with and without an address for codes. */
const accounts: [string, UserSeed][] = [
  ['CONFIRMED', userSeed('Ada Lovelace', { ...verified, status: 'CONFIRMED' })],
  ['CONFIRMED without a channel', userSeed('Ada Lovelace', { ...unverified, status: 'CONFIRMED' })],
  ['CONFIRMED with e-mail MFA', userSeed('Ada Lovelace', { ...verified, mfa: ['EMAIL_OTP'] })],
  ['RESET_REQUIRED', userSeed('Ada Lovelace', { ...verified, status: 'RESET_REQUIRED' })],
  [
    'RESET_REQUIRED without a channel',
    userSeed('Ada Lovelace', { ...unverified, status: 'RESET_REQUIRED' }),
  ],
  [
    'FORCE_CHANGE_PASSWORD',
    userSeed('Ada Lovelace', { ...verified, status: 'FORCE_CHANGE_PASSWORD' }),
  ],
  ['UNCONFIRMED', userSeed('Ada Lovelace', { ...unverified, status: 'UNCONFIRMED' })],
  ['EXTERNAL_PROVIDER', federatedUserSeed('Ada Lovelace', 'Google_1', email)],
  ['disabled', userSeed('Ada Lovelace', { ...verified, enabled: false })],
]

/** What Rekey does not do although Cognito would, with the reason it gives. */
const stricter: Record<string, Partial<Record<Method, string>>> = {
  // Unknown on AWS, and a code is what is wanted: recovery-code sends a fresh one.
  RESET_REQUIRED: { reset: 'already-reset' },
  // It would confirm an account whose address nobody has verified.
  UNCONFIRMED: {
    'temporary-password': 'sign-up-unfinished',
    'permanent-password': 'sign-up-unfinished',
  },
  // AWS advises against it: the password lives elsewhere, and one here can't be taken away again.
  EXTERNAL_PROVIDER: { 'temporary-password': 'federated', 'permanent-password': 'federated' },
  // The owner still could not sign in.
  disabled: {
    'temporary-password': 'disabled',
    'permanent-password': 'disabled',
    'resend-invitation': 'disabled',
  },
}

const cells = accounts.flatMap(([state, user]) =>
  methods.map((method) => [state, method, user] as const),
)

describe('what Rekey says a method can do is what Cognito does', () => {
  it.each(cells)('T18: for %s and %s', async (state, method, user) => {
    wire = await openWire({ seed: { pools: [customersPool([user])] } })
    const inspection = await wire.accounts.inspect('customers', wire.sub('Ada'))
    if (inspection.kind !== 'account') throw new Error(inspection.kind)
    const availability = inspection.account.availability[method]

    const password = new Secret('Given-by-desk-7')
    const answer = await wire.accounts.perform(method, wire.ref('Ada'), effect(), { password })

    const exception = stricter[state]?.[method]
    if (exception !== undefined) {
      expect(availability).toEqual({ open: false, because: exception })
    } else {
      expect(answer.kind).toBe(availability.open ? 'done' : 'refused')
    }
  })
})
