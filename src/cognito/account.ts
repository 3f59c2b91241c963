/** Makes the account that the other rooms see out of what Cognito tells: nothing whole leaves here. */

import type { Account, AccountRef, Contact } from '../recovery/model/account.ts'
import { emailsToldApart, maskEmail, maskPhone, phonesToldApart } from './mask.ts'
import type { PoolSettings } from './pool-settings.ts'
import { availabilityOf, remarksOn, type Surroundings } from './preflight.ts'
import { type CognitoUser, emailOf, phoneOf } from './user.ts'

/** All that is known of a user when an account is made of it. */
export interface Findings {
  readonly pool: Pick<AccountRef, 'pool' | 'userPoolId'>
  readonly settings: PoolSettings
  readonly user: CognitoUser
  readonly groups: readonly string[]
  readonly surroundings: Surroundings
  /** The digest of its addresses, where they are digested. */
  readonly addresses?: string | undefined
}

/** The account with what is available for it and the remarks on it as they stand at `now`. */
export function accountOf(findings: Findings, now: Date): Account {
  const { pool, settings, user, groups, addresses } = findings
  const availability = availabilityOf(settings, user, findings.surroundings)
  const ownerEmail = user.attributes.get('email')
  return {
    ref: { ...pool, sub: user.sub, username: user.username },
    name: nameOf(user),
    status: user.status,
    enabled: user.enabled,
    contacts: contactsOf(user),
    ...(addresses !== undefined && { addresses }),
    groups,
    createdAt: user.createdAt,
    modifiedAt: user.modifiedAt,
    temporaryPasswordDays: settings.temporaryPasswordDays,
    availability,
    remarks: remarksOn(settings, user, availability, now),
    ...(ownerEmail !== undefined && { ownerEmail }),
    ownerEmailVerified: emailOf(user)?.verified === true,
  }
}

/** The contacts of users who were found together, with enough of each to tell one from the other. */
export function contactsToldApart(users: readonly CognitoUser[]): readonly (readonly Contact[])[] {
  const emails = emailsToldApart(users.map(({ attributes }) => attributes.get('email') ?? ''))
  const phones = phonesToldApart(
    users.map(({ attributes }) => attributes.get('phone_number') ?? ''),
  )
  return users.map((user, place) =>
    contactsOf(user).map((contact) => ({
      ...contact,
      masked: (contact.kind === 'email' ? emails : phones)[place] ?? contact.masked,
    })),
  )
}

/** What a user can be reached by, as it may be shown. */
export function contactsOf(user: CognitoUser): Contact[] {
  return [emailOf(user), phoneOf(user)].filter((contact) => contact !== undefined)
}

function nameOf(user: CognitoUser): string {
  const whole =
    trimmed(user, 'name') || joined(trimmed(user, 'given_name'), trimmed(user, 'family_name'))
  return (whole && masked(whole)) || contactsOf(user)[0]?.masked || masked(user.username)
}

// In the scripts of East Asia the family name goes first.
function joined(given: string, family: string): string {
  const familyFirst = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u.test(
    family + given,
  )
  return (familyFirst ? [family, given] : [given, family]).filter(Boolean).join(' ')
}

// Many pools have addresses for usernames, and some for names.
function masked(text: string): string {
  if (text.includes('@')) return maskEmail(text)
  return /^\+\d+$/.test(text) ? maskPhone(text) : text
}

function trimmed(user: CognitoUser, attribute: string): string {
  return user.attributes.get(attribute)?.trim() ?? ''
}
