/** The operations that change a user but not the password: on, off, attributes, sign out. */

import { type Context, signed } from './operation.ts'
import { type Pool, requirePool } from './pool.ts'
import { invalidParameter, ServiceException } from './service-exception.ts'
import { touch, type User } from './user.ts'
import { attributeList, required, username, userPoolId } from './validation.ts'

const oneUser = { UserPoolId: userPoolId, Username: username }

/** Lets the user sign in again, with no session of before; done twice is done once. */
export const AdminEnableUser = signed(oneUser, (input, context) => {
  setEnabled(input, context, true)
  return {}
})

/** Ends the user's sessions too; enabling again does not bring them back. */
export const AdminDisableUser = signed(oneUser, (input, context) => {
  const { pool, user } = setEnabled(input, context, false)
  pool.sessions.revoke(user.sub)
  return {}
})

type Named = { readonly UserPoolId: string; readonly Username: string }

function setEnabled(input: Named, { pools, now }: Context, enabled: boolean) {
  const pool = requirePool(pools, input.UserPoolId)
  const user = pool.require(input.Username)
  user.enabled = enabled
  touch(user, now)
  return { pool, user }
}

/**
 * Ends the user's refresh tokens and sign-ins under way. Leaves the last-modified date alone: it is a matter
 * of sessions. (Unknown on AWS.) On AWS, tokens already issued pass offline checks until they run out, and
 * the cookie of managed login survives (AWS, API_AdminUserGlobalSignOut); neither is simulated.
 */
export const AdminUserGlobalSignOut = signed(oneUser, (input, { pools }) => {
  const pool = requirePool(pools, input.UserPoolId)
  pool.sessions.revoke(pool.require(input.Username).sub)
  return {}
})

/**
 * Never sends a verification code, as AWS may: an address is verified by saying so in the same call, or stays
 * unverified. A blank value deletes. Any other name is taken: the pool has no schema.
 *
 * @throws ServiceException `AliasExistsException` when somebody else already signs in with the new address,
 * in an alias pool only if the same call marks it as verified; `InvalidParameterException` for `sub`. Nothing
 * is then changed
 */
export const AdminUpdateUserAttributes = signed(
  { ...oneUser, UserAttributes: required(attributeList) },
  (input, { pools, now }) => {
    const pool = requirePool(pools, input.UserPoolId)
    const user = pool.require(input.Username)
    demandChangeable(pool, user, input.UserAttributes)
    for (const [name, value] of input.UserAttributes) {
      change(user, name, value, input.UserAttributes)
    }
    touch(user, now)
    return {}
  },
)

function demandChangeable(pool: Pool, user: User, wanted: ReadonlyMap<string, string>): void {
  if (wanted.has('sub')) throw invalidParameter('user.sub: Attribute cannot be updated.')
  for (const alias of ['email', 'phone_number'] as const) {
    const value = wanted.get(alias)
    if (!value || pool.othersNamed(value, user).length === 0) continue
    // In an alias pool an address is only taken once it is verified.
    const claims = pool.settings.usernameAttributes.includes(alias)
    if (claims || wanted.get(`${alias}_verified`) === 'true') {
      throw new ServiceException(
        'AliasExistsException',
        `An account with the given ${alias} already exists.`,
      )
    }
  }
}

// A blank value deletes. A new address is unverified, unless the same call says otherwise.
function change(user: User, name: string, value: string, all: ReadonlyMap<string, string>): void {
  const isNewAddress =
    (name === 'email' || name === 'phone_number') && user.attributes.get(name) !== value
  if (isNewAddress && !all.has(`${name}_verified`)) user.attributes.delete(`${name}_verified`)
  if (value === '') user.attributes.delete(name)
  else user.attributes.set(name, value)
}
