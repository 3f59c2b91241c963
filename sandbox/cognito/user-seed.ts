/** Users to begin with, made from as little as a test cares to say. */

import { createHash } from 'node:crypto'
import type { UserSeed, UserStatus } from './user.ts'

/** What may be said of a user; every `UserSeed` field is taken as it is. */
export type UserSeedOptions = Partial<Omit<UserSeed, 'attributes'>> & {
  readonly email?: string
  /** Default true, and so for the phone. */
  readonly emailVerified?: boolean
  /** With a plus and the country, as Cognito keeps it: `+12065550109`. */
  readonly phone?: string
  readonly phoneVerified?: boolean
  readonly attributes?: Readonly<Record<string, string>>
}

/**
 * A user with the attribute `name`: CONFIRMED, without a password, created 30 days ago, unless said
 * otherwise. Without a username it is the `sub`, as in pools where people sign in with their e-mail.
 * The `sub` is a function of the name and the address, so that it is the same after a restart.
 */
export function userSeed(name: string, given: UserSeedOptions = {}): UserSeed {
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

/**
 * Somebody who came from an identity provider; the username is `<Provider>_<id>`, such as `Google_12`.
 * EXTERNAL_PROVIDER, without a password, with a verified e-mail and the attribute `identities` (JSON), by
 * which Cognito shows such users.
 */
export function federatedUserSeed(name: string, username: string, email: string): UserSeed {
  const [providerName = '', userId = ''] = username.split('_')
  const identities = JSON.stringify([{ userId, providerName, primary: true }])
  const status: UserStatus = 'EXTERNAL_PROVIDER'
  return userSeed(name, { username, email, status, attributes: { identities } })
}

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
