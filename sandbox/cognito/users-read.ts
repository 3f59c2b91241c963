/** The operations that only look at users: one, many, their groups, their ways to sign in. */

import { type Context, signed } from './operation.ts'
import { requirePool } from './pool.ts'
import { invalidParameter, resourceNotFound } from './service-exception.ts'
import type { Mfa, User } from './user.ts'
import { userFilter } from './user-filter.ts'
import { pageSize, required, text, texts, username, userPoolId } from './validation.ts'

const oneUser = { UserPoolId: userPoolId, Username: username }
const token = text({ min: 1, max: 131072, pattern: /^[\S]+$/ })

/**
 * By username, `sub` or active alias; answers with the username, whichever it was asked by. Dates are seconds
 * with a fraction. The obsolete MFAOptions are left out. On AWS each call makes the user a monthly active
 * one, which is billed (AWS, API_AdminGetUser).
 */
export const AdminGetUser = signed(oneUser, (input, { pools }) => {
  const user = requirePool(pools, input.UserPoolId).require(input.Username)
  return {
    ...description(user),
    UserAttributes: attributeList(user.attributes),
    ...mfaSettings(user),
  }
})

/**
 * At once consistent, and in the order in which users were added, unlike on AWS, where a change may take a
 * moment to be found. Pages hold 60 at most, which is also what no `Limit` and 0 mean, and are full up to the
 * last; AWS may send short and even empty ones before (AWS, API_ListUsers), so a caller has to go on until
 * there is no token.
 *
 * @throws ServiceException `InvalidParameterException` for a filter that does not parse or names another
 * attribute, for a token older than an hour, and when `AttributesToGet` names what a user of the page does
 * not have
 */
export const ListUsers = signed(
  {
    UserPoolId: userPoolId,
    Filter: text({ max: 256 }),
    Limit: pageSize,
    PaginationToken: token,
    AttributesToGet: texts,
  },
  (input, { pools, now }) => {
    const pool = requirePool(pools, input.UserPoolId)
    const matching = pool.users.filter(userFilter(input.Filter))
    const { page, next } = cut(matching, input.Limit || 60, input.PaginationToken, now)
    return {
      Users: page.map((user) => ({
        ...description(user),
        Attributes: attributeList(chosen(user, input.AttributesToGet)),
      })),
      PaginationToken: next,
    }
  },
)

/** The names only; precedence and roles are not kept. Pages hold 60 at most. */
export const AdminListGroupsForUser = signed(
  { ...oneUser, Limit: pageSize, NextToken: token },
  (input, { pools, now }) => {
    const pool = requirePool(pools, input.UserPoolId)
    const { groups } = pool.require(input.Username)
    const { page, next } = cut(groups, input.Limit || 60, input.NextToken, now)
    return {
      Groups: page.map((name) => ({ GroupName: name, UserPoolId: pool.id })),
      NextToken: next,
    }
  },
)

/** A group is there as long as somebody is in it: nobody needs an empty one here. */
export const GetGroup = signed(
  { UserPoolId: userPoolId, GroupName: required(text({ min: 1, max: 128 })) },
  (input, { pools }) => {
    const pool = requirePool(pools, input.UserPoolId)
    if (!pool.users.some(({ groups }) => groups.includes(input.GroupName)))
      throw resourceNotFound('Group not found.')
    return { Group: { GroupName: input.GroupName, UserPoolId: pool.id } }
  },
)

/**
 * The one operation that tells whether a user has a password at all. Passkeys (WEB_AUTHN) are never among the
 * factors here.
 */
export const AdminGetUserAuthFactors = signed(oneUser, (input, { pools }) => {
  const user = requirePool(pools, input.UserPoolId).require(input.Username)
  const password = user.passwords.length > 0 ? ['PASSWORD'] : []
  return {
    Username: user.username,
    ConfiguredUserAuthFactors: [...password, ...user.mfa.map((each) => factorNames[each])],
    ...mfaSettings(user),
  }
})

const factorNames = {
  SMS_MFA: 'SMS_OTP',
  EMAIL_OTP: 'EMAIL_OTP',
  SOFTWARE_TOKEN_MFA: 'SOFTWARE_TOKEN',
} satisfies Record<Mfa, string>

/** What AdminGetUser, ListUsers and AdminCreateUser all say of a user. */
export function description(user: User) {
  return {
    Username: user.username,
    UserCreateDate: epochSeconds(user.createdAt),
    UserLastModifiedDate: epochSeconds(user.lastModified),
    Enabled: user.enabled,
    UserStatus: user.status,
  }
}

/** A date as JSON 1.1 carries it: seconds since 1970, with milliseconds as the fraction. */
export const epochSeconds = (date: Date) => date.getTime() / 1000

/** Attributes as the API lists them. */
export const attributeList = (attributes: ReadonlyMap<string, string>) =>
  [...attributes].map(([Name, Value]) => ({ Name, Value }))

function mfaSettings({ mfa, preferredMfa }: User) {
  return mfa.length === 0 ? {} : { PreferredMfaSetting: preferredMfa, UserMFASettingList: mfa }
}

function chosen(user: User, names: readonly string[] | undefined): ReadonlyMap<string, string> {
  if (!names) return user.attributes
  return new Map(
    names.map((name) => {
      const value = user.attributes.get(name)
      if (value === undefined) {
        throw invalidParameter('One or more requested attributes do not exist.')
      }
      return [name, value]
    }),
  )
}

// A pagination token lives one hour (AWS developer guide, "Managing and searching for user accounts").
const tokenLifeMs = 60 * 60 * 1000

function cut<T>(
  all: readonly T[],
  size: number,
  pageToken: string | undefined,
  now: Context['now'],
): { page: readonly T[]; next: string | undefined } {
  const start = pageToken === undefined ? 0 : startOf(pageToken, now)
  const end = start + size
  const next = Buffer.from(`${end} ${now.getTime()}`).toString('base64url')
  return { page: all.slice(start, end), next: end < all.length ? next : undefined }
}

function startOf(pageToken: string, now: Date): number {
  const [start, issuedAt] = Buffer.from(pageToken, 'base64url').toString().split(' ').map(Number)
  const good = Number.isInteger(start) && now.getTime() - Number(issuedAt) < tokenLifeMs
  if (!good || start === undefined) throw invalidParameter('Invalid pagination token.')
  return start
}
