/**
 * Who is in the pretend Cognito at the start, and helpers for making other people.
 *
 * Everybody who has a password at the start has `<First name>-sandbox-1`: Jane's is
 * `Jane-sandbox-1`. Carol's and Peter's are temporary ones. Frank signs in with Google and has none.
 */

import { createHash } from 'node:crypto'
import type { PoolSeed, PoolSettings } from './pool.ts'
import type { UserSeed, UserStatus } from './user.ts'

export type Seed = { readonly pools: readonly PoolSeed[] }

export const customersPoolId = 'us-west-2_aaaaaaaaa'
export const staffPoolId = 'eu-central-1_bbbbbbbbb'

/** An app client without a secret, which tells who exists (LEGACY). */
export const webClient = {
  id: 'customersweb0000000000000',
  name: 'customers-web',
  preventUserExistenceErrors: 'LEGACY',
} as const

/** An app client with a secret, which does not tell who exists (ENABLED). */
export const secretClient = {
  id: 'customersserver0000000000',
  name: 'customers-server',
  secret: 'sandboxclientsecret0000000000000000000000000000000000',
  preventUserExistenceErrors: 'ENABLED',
} as const

export const staffClient = {
  id: 'staffweb00000000000000000',
  name: 'staff-web',
  preventUserExistenceErrors: 'LEGACY',
} as const

/** E-mail sign-in, recovery by e-mail first and phone second. */
export const customersSettings: PoolSettings = {
  caseSensitive: false,
  usernameAttributes: ['email'],
  aliasAttributes: [],
  autoVerifiedAttributes: ['email'],
  recoveryMechanisms: [
    { priority: 1, name: 'verified_email' },
    { priority: 2, name: 'verified_phone_number' },
  ],
  passwordPolicy: {
    minimumLength: 8,
    requireUppercase: true,
    requireLowercase: true,
    requireNumbers: true,
    requireSymbols: true,
    temporaryPasswordValidityDays: 7,
  },
  mfaConfiguration: 'OPTIONAL',
  emailSendingAccount: 'DEVELOPER',
  tier: 'ESSENTIALS',
  attemptsPerHour: 5,
  signInLockout: true,
  resetAgain: 'sends-code',
  olderCodes: 'die',
}

/** Usernames of the application's choice, e-mail as an alias, recovery by administrators only. */
export const staffSettings: PoolSettings = {
  ...customersSettings,
  usernameAttributes: [],
  aliasAttributes: ['email'],
  recoveryMechanisms: [{ priority: 1, name: 'admin_only' }],
  passwordPolicy: { ...customersSettings.passwordPolicy, minimumLength: 12, historySize: 5 },
}

type Person = Partial<Omit<UserSeed, 'attributes'>> & {
  readonly email?: string
  readonly emailVerified?: boolean
  readonly phone?: string
  readonly phoneVerified?: boolean
  readonly attributes?: Readonly<Record<string, string>>
}

/**
 * A user named `name`: CONFIRMED and with no password unless said otherwise. Addresses count as
 * verified unless said otherwise. Without a username it is the `sub`, as in e-mail pools.
 */
export function person(name: string, given: Person = {}): UserSeed {
  const { email, emailVerified = true, phone, phoneVerified = true, attributes, ...rest } = given
  const sub = given.sub ?? uuidFrom(`${name} ${given.username ?? email ?? phone ?? ''}`)
  return {
    username: sub,
    sub,
    status: 'CONFIRMED',
    ...rest,
    attributes: {
      name,
      ...(email && { email, email_verified: String(emailVerified) }),
      ...(phone && { phone_number: phone, phone_number_verified: String(phoneVerified) }),
      ...attributes,
    },
  }
}

/** Somebody who came from an identity provider, under `<Provider>_<id>`. */
export function federated(name: string, username: string, email: string): UserSeed {
  const [providerName = '', userId = ''] = username.split('_')
  const identities = JSON.stringify([{ userId, providerName, primary: true }])
  const status: UserStatus = 'EXTERNAL_PROVIDER'
  return person(name, { username, email, status, attributes: { identities } })
}

/** A pool's seed with other settings or other users than the default one. */
export function customersPool(
  users: readonly UserSeed[] = customers(),
  settings: Partial<PoolSettings> = {},
): PoolSeed {
  return {
    id: customersPoolId,
    name: 'customers',
    settings: { ...customersSettings, ...settings },
    clients: [webClient, secretClient],
    users,
  }
}

export function staffPool(
  users: readonly UserSeed[] = staff(),
  settings: Partial<PoolSettings> = {},
): PoolSeed {
  return {
    id: staffPoolId,
    name: 'staff',
    settings: { ...staffSettings, ...settings },
    clients: [staffClient],
    users,
  }
}

export function defaultSeed(): Seed {
  return { pools: [customersPool(), staffPool()] }
}

function customers(): UserSeed[] {
  return [
    person('Jane Doe', { email: 'jane@example.com', password: 'Jane-sandbox-1' }),
    person('Bob Stone', {
      email: 'bob@example.com',
      emailVerified: false,
      password: 'Bob-sandbox-1',
    }),
    person('Carol Reed', {
      email: 'carol@example.com',
      status: 'FORCE_CHANGE_PASSWORD',
      password: 'Carol-sandbox-1',
      ageDays: 2,
    }),
    person('Dave Marsh', {
      email: 'dave@example.com',
      emailVerified: false,
      status: 'UNCONFIRMED',
      password: 'Dave-sandbox-1',
    }),
    person('Erin Vale', {
      email: 'erin@example.com',
      status: 'RESET_REQUIRED',
      password: 'Erin-sandbox-1',
      ageDays: 1,
    }),
    federated('Frank Hill', 'Google_1234567890', 'frank@example.com'),
    person('Grace Wood', {
      email: 'grace@example.com',
      enabled: false,
      password: 'Grace-sandbox-1',
    }),
    person('Heidi Lake', {
      email: 'heidi@example.com',
      mfa: ['EMAIL_OTP'],
      password: 'Heidi-sandbox-1',
    }),
    person('Ivan Moor', {
      email: 'ivan@example.com',
      emailVerified: false,
      phone: '+12065550109',
      mfa: ['SMS_MFA'],
      password: 'Ivan-sandbox-1',
    }),
    person('Judy Glen', {
      email: 'judy@example.com',
      mfa: ['SOFTWARE_TOKEN_MFA'],
      password: 'Judy-sandbox-1',
    }),
    person('Ken Ford', {
      email: 'ken@example.com',
      emailVerified: false,
      phone: '+12065550111',
      password: 'Ken-sandbox-1',
    }),
    person('Alan Admin', {
      email: 'alan@example.com',
      groups: ['admins'],
      password: 'Alan-sandbox-1',
    }),
    person('Fay Brook', { email: 'family@example.com', password: 'Fay-sandbox-1' }),
    federated('Finn Brook', 'Google_2233445566', 'family@example.com'),
    person('山田 花子', { email: 'hanako@example.jp', password: 'Hanako-sandbox-1' }),
    person(longName, {
      email: 'maximiliane-alexandra.von-und-zu-hohenlangenburg-schillingsfuerst@example.com',
      password: 'Maximiliane-sandbox-1',
    }),
  ]
}

const longName =
  'Maximiliane Alexandra Wilhelmina Theodora Philippa Josephine Antoinette ' +
  'von und zu Hohenlangenburg-Schillingsfürst-Waldenburg-Bartenstein the Younger'

function staff(): UserSeed[] {
  return [
    person('Mary Lane', {
      username: 'mary.lane',
      email: 'mary@staff.example',
      password: 'Mary-sandbox-1',
    }),
    person('Nora Pike', {
      username: 'nora.pike',
      email: 'nora@staff.example',
      emailVerified: false,
      password: 'Nora-sandbox-1',
    }),
    person('Peter Dale', {
      username: 'peter.dale',
      email: 'peter@staff.example',
      status: 'FORCE_CHANGE_PASSWORD',
      password: 'Peter-sandbox-1',
      ageDays: 9,
    }),
  ]
}

/** The same UUID for the same text, so that a sandbox is the same after a restart. */
function uuidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}
