/**
 * Acme's user pools: its customers, whose application they sign in to, and its staff.
 *
 * Everybody who has a password at the start has `<First name>-sandbox-1`: Jane's is `Jane-sandbox-1`. Carol's
 * and Peter's are temporary ones. Frank and Finn sign in with Google and have none.
 *
 * Every customer stands for one state of an account that Cognito treats in its own way; where it does not
 * show by itself, a line says which.
 */

import type { CognitoSeed, PoolSeed, PoolSettings } from '../cognito/pool.ts'
import type { UserSeed } from '../cognito/user.ts'
import { federatedUserSeed, userSeed } from '../cognito/user-seed.ts'

/** Pool ids as AWS makes them: a Region, and nine characters. */
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

/** Without a secret, too. */
export const staffClient = {
  id: 'staffweb00000000000000000',
  name: 'staff-web',
  preventUserExistenceErrors: 'LEGACY',
} as const

/**
 * E-mail sign-in, recovery by e-mail first and phone second. A policy as the console proposes it: 8
 * characters, all four classes, temporary passwords for 7 days. Five recovery attempts an hour are the fewest
 * that AWS gives.
 */
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

/**
 * Usernames of the application's choice, e-mail as an alias (once verified), recovery by administrators only:
 * a code reaches nobody here. The current password and the four before it may not come again.
 */
export const staffSettings: PoolSettings = {
  ...customersSettings,
  usernameAttributes: [],
  aliasAttributes: ['email'],
  recoveryMechanisms: [{ priority: 1, name: 'admin_only' }],
  passwordPolicy: { ...customersSettings.passwordPolicy, minimumLength: 12, historySize: 5 },
}

/** The customers' pool, with other users or settings where a test says so. Only settings are merged. */
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

/** The staff's pool, with other users or settings where a test says so. */
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

/** Both pools, with everybody in them; the customers' comes first, and the playground counts on that. */
export function acmeUserPools(): CognitoSeed {
  return { pools: [customersPool(), staffPool()] }
}

// One for each state of an account: a list, longer than a function would be.
function customers(): UserSeed[] {
  return [
    userSeed('Jane Doe', { email: 'jane@example.com', password: 'Jane-sandbox-1' }),
    // No channel is eligible: a reset is refused with InvalidParameterException.
    userSeed('Bob Stone', {
      email: 'bob@example.com',
      emailVerified: false,
      password: 'Bob-sandbox-1',
    }),
    // Invited, and never signed in: the temporary password has five of its seven days left.
    userSeed('Carol Reed', {
      email: 'carol@example.com',
      status: 'FORCE_CHANGE_PASSWORD',
      password: 'Carol-sandbox-1',
      ageDays: 2,
    }),
    // An unfinished sign-up: setting a password would confirm it, with an address that nobody has proved.
    userSeed('Dave Marsh', {
      email: 'dave@example.com',
      emailVerified: false,
      status: 'UNCONFIRMED',
      password: 'Dave-sandbox-1',
    }),
    // To be reset since yesterday, with no code out: one has to be sent again.
    userSeed('Erin Vale', {
      email: 'erin@example.com',
      status: 'RESET_REQUIRED',
      password: 'Erin-sandbox-1',
      ageDays: 1,
    }),
    // The password is Google's: Cognito has none to reset.
    federatedUserSeed('Frank Hill', 'Google_1234567890', 'frank@example.com'),
    userSeed('Grace Wood', {
      email: 'grace@example.com',
      enabled: false,
      password: 'Grace-sandbox-1',
    }),
    // The e-mail carries the second factor, so no code may go there, and there is no phone.
    userSeed('Heidi Lake', {
      email: 'heidi@example.com',
      mfa: ['EMAIL_OTP'],
      password: 'Heidi-sandbox-1',
    }),
    // The same with the phone; the e-mail is not verified.
    userSeed('Ivan Moor', {
      email: 'ivan@example.com',
      emailVerified: false,
      phone: '+12065550109',
      mfa: ['SMS_MFA'],
      password: 'Ivan-sandbox-1',
    }),
    // An authenticator stands in the way of no channel.
    userSeed('Judy Glen', {
      email: 'judy@example.com',
      mfa: ['SOFTWARE_TOKEN_MFA'],
      password: 'Judy-sandbox-1',
    }),
    // The code comes by SMS, the second mechanism.
    userSeed('Ken Ford', {
      email: 'ken@example.com',
      emailVerified: false,
      phone: '+12065550111',
      password: 'Ken-sandbox-1',
    }),
    userSeed('Alan Admin', {
      email: 'alan@example.com',
      groups: ['admins'],
      password: 'Alan-sandbox-1',
    }),
    // Two users with one address, one of them federated: a search finds both.
    userSeed('Fay Brook', { email: 'family@example.com', password: 'Fay-sandbox-1' }),
    federatedUserSeed('Finn Brook', 'Google_2233445566', 'family@example.com'),
    userSeed('山田 花子', { email: 'hanako@example.jp', password: 'Hanako-sandbox-1' }),
    // Names that are easily cut: the end of the first address is the second, and a command brings `r&amp;d`.
    userSeed("Sean O'Neill", { email: "sean.o'neill@example.com", password: 'Sean-sandbox-1' }),
    userSeed('Neill Park', { email: 'neill@example.com', password: 'Neill-sandbox-1' }),
    userSeed('R&D Desk', { email: 'r&d@example.com', password: 'Desk-sandbox-1' }),
    // In a channel both look like f***@e***.com, which the window of whoever asks tells apart.
    userSeed('Fiona Hale', { email: 'fiona@example.com', password: 'Fiona-sandbox-1' }),
    userSeed(longName, {
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
    userSeed('Mary Lane', {
      username: 'mary.lane',
      email: 'mary@staff.example',
      password: 'Mary-sandbox-1',
    }),
    userSeed('Nora Pike', {
      username: 'nora.pike',
      email: 'nora@staff.example',
      emailVerified: false,
      password: 'Nora-sandbox-1',
    }),
    // The temporary password has run out two days ago, and the status does not show it.
    userSeed('Peter Dale', {
      username: 'peter.dale',
      email: 'peter@staff.example',
      status: 'FORCE_CHANGE_PASSWORD',
      password: 'Peter-sandbox-1',
      ageDays: 9,
    }),
  ]
}
