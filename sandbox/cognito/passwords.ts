/** The four operations that recover an account: reset, set, forgot, confirm. */

import { type Channel, demandSelfService, masked, noChannel, recoveryChannel } from './channels.ts'
import { codeMismatch, demandCode, issueCode, spendAttempt } from './codes.ts'
import { recoveryMessage } from './mailbox.ts'
import { type Context, signed, unsigned } from './operation.ts'
import { demandNotReused, demandPolicy } from './password-policy.ts'
import { type ClientOfPool, type Pool, requireClient, requirePool } from './pool.ts'
import { verifySecretHash } from './secret-hash.ts'
import { notAuthorized, userNotFound } from './service-exception.ts'
import { replacePassword, touch, type User } from './user.ts'
import {
  clientId,
  confirmationCode,
  flag,
  password,
  required,
  secretHash,
  username,
  userPoolId,
} from './validation.ts'

/**
 * The user is RESET_REQUIRED from now on: the old password only earns a PasswordResetRequiredException.
 * Answers with nothing; where the code went, the caller is not told (AWS, API_AdminResetUserPassword). The
 * user's sessions go on. Each call sends another code, so a retry is not safe. It does not count against the
 * user's hour: LimitExceededException is in its model, and nothing says whether the budget is the same one.
 *
 * @throws ServiceException `NotAuthorizedException` when the user is disabled, is neither CONFIRMED nor (by
 * `resetAgain`) RESET_REQUIRED, or the pool is `admin_only`; `InvalidParameterException` when no channel is
 * eligible
 */
export const AdminResetUserPassword = signed(
  { UserPoolId: userPoolId, Username: username },
  (input, context) => {
    const pool = requirePool(context.pools, input.UserPoolId)
    const user = pool.require(input.Username)
    if (!user.enabled) throw notAuthorized('User is disabled.')
    if (!canBeReset(pool, user)) throw wrongState()
    const channel = demandChannel(pool, user)
    user.status = 'RESET_REQUIRED'
    touch(user, context.now)
    sendCode(pool, user, channel, context)
    return {}
  },
)

// FORCE_CHANGE_PASSWORD: aws-amplify/amplify-js#1340. UNCONFIRMED and EXTERNAL_PROVIDER: a guess.
function canBeReset(pool: Pool, { status }: User): boolean {
  if (status === 'RESET_REQUIRED') return pool.settings.resetAgain === 'sends-code'
  return status === 'CONFIRMED'
}

/**
 * Sends nothing and verifies nothing. Whoever has it set becomes CONFIRMED, or FORCE_CHANGE_PASSWORD with a
 * temporary one, whatever they were before: UNCONFIRMED (aws/aws-sdk-js#2976) and federated users, too.
 * `Permanent` is false by default, and a temporary password starts its validity anew. Sessions go on, the
 * user's hour is not touched, and recovery codes that are out die here, which AWS does not say.
 *
 * @throws ServiceException `InvalidPasswordException` by the policy,
 * `PasswordHistoryPolicyViolationException` by the history, which AWS models for this operation, too
 */
export const AdminSetUserPassword = signed(
  {
    UserPoolId: userPoolId,
    Username: username,
    Password: required(password),
    Permanent: flag,
  },
  (input, { pools, now }) => {
    const pool = requirePool(pools, input.UserPoolId)
    const user = pool.require(input.Username)
    // A disabled user is accepted and stays disabled; AWS documents no refusal.
    const status = input.Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD'
    changePassword(pool, user, { password: input.Password, status }, now)
    return {}
  },
)

/**
 * Sends a code and changes nothing else: the old password works until the code is used. A client that hides
 * who exists answers alike for those who are absent, disabled or without a channel (AWS developer guide,
 * "Managing error responses"), so success proves neither that the user exists nor that a message has left. A
 * call for a user who exists counts against their hour even if it is then refused or only simulated.
 *
 * @returns CodeDeliveryDetails, with the address masked
 * @throws ServiceException `UserNotFoundException` (LEGACY only); `LimitExceededException`;
 * `NotAuthorizedException` in an `admin_only` pool, for a disabled user (LEGACY only), and in
 * FORCE_CHANGE_PASSWORD or EXTERNAL_PROVIDER from either kind of client; `InvalidParameterException` without
 * an eligible channel, or UNCONFIRMED (LEGACY only)
 */
export const ForgotPassword = unsigned(
  { ClientId: clientId, Username: username, SecretHash: secretHash },
  (input, context) => {
    const at = requireClient(context.pools, input.ClientId)
    verifySecretHash(at.client, [input.Username], input.SecretHash)
    demandSelfService(at.pool.settings.recoveryMechanisms)
    const found = addressee(at, input.Username, context.now)
    if (!found) return simulated(input.Username)
    sendCode(at.pool, found.user, found.channel, context)
    return delivery(found.channel)
  },
)

/**
 * Nobody, when the client hides who exists and the user is absent, disabled or without a channel.
 * Those are the three that AWS documents: a wrong state is told even by a client that hides.
 */
function addressee({ pool, client }: ClientOfPool, name: string, now: Date) {
  const hides = client.preventUserExistenceErrors === 'ENABLED'
  const user = pool.find(name)
  if (!user) {
    if (hides) return undefined
    throw userNotFound('Username/client id combination not found.')
  }
  spendAttempt(user, pool.settings.attemptsPerHour, now)
  if (!user.enabled) {
    if (hides) return undefined
    throw notAuthorized('User is disabled.')
  }
  if (!['CONFIRMED', 'RESET_REQUIRED', 'UNCONFIRMED'].includes(user.status)) throw wrongState()
  const channel = forgotChannel(pool, user)
  if (channel) return { user, channel }
  if (hides) return undefined
  throw noChannel()
}

// An unfinished sign-up is answered as if it had no address (aws/aws-sdk-net#1984).
function forgotChannel(pool: Pool, user: User): Channel | undefined {
  if (user.status === 'UNCONFIRMED') return undefined
  return recoveryChannel(user, pool.settings.recoveryMechanisms)
}

const delivery = (channel: Channel) => ({
  CodeDeliveryDetails: {
    Destination: masked(channel.to),
    DeliveryMedium: channel.kind === 'sms' ? 'SMS' : 'EMAIL',
    AttributeName: channel.attribute,
  },
})

// Must look like the real thing and be the same every time, or it would tell who exists.
function simulated(name: string) {
  const to = name.includes('@') ? name : `${name}@example.com`
  return delivery({ kind: 'email', attribute: 'email', to })
}

/**
 * Spends the code with the password it sets, and makes the user CONFIRMED. Any app client of the pool will
 * do, whichever operation the code came from (AWS, API_ConfirmForgotPassword). A wrong code, too, counts
 * against the user's hour. A password that is refused leaves the code as it is. Sessions go on. A retry after
 * a lost answer finds the code spent, and gets ExpiredCodeException.
 *
 * @throws ServiceException `CodeMismatchException`, also for the absent and the disabled where the client
 * hides who exists; `ExpiredCodeException`; `LimitExceededException`; `InvalidPasswordException`;
 * `PasswordHistoryPolicyViolationException`; from LEGACY clients `UserNotFoundException` and
 * `NotAuthorizedException`
 */
export const ConfirmForgotPassword = unsigned(
  {
    ClientId: clientId,
    Username: username,
    ConfirmationCode: confirmationCode,
    Password: required(password),
    SecretHash: secretHash,
  },
  (input, { pools, now }) => {
    const at = requireClient(pools, input.ClientId)
    verifySecretHash(at.client, [input.Username], input.SecretHash)
    const user = confirming(at, input.Username, now)
    demandCode(user, input.ConfirmationCode, now)
    changePassword(at.pool, user, { password: input.Password, status: 'CONFIRMED' }, now)
    return {}
  },
)

function confirming({ pool, client }: ClientOfPool, name: string, now: Date): User {
  const hides = client.preventUserExistenceErrors === 'ENABLED'
  const user = pool.find(name)
  if (!user) {
    throw hides ? codeMismatch() : userNotFound('Username/client id combination not found.')
  }
  spendAttempt(user, pool.settings.attemptsPerHour, now)
  if (!user.enabled) throw hides ? codeMismatch() : notAuthorized('User is disabled.')
  return user
}

/**
 * Sets a password that meets the policy and the history. Ends recovery codes and sign-ins under way, and
 * leaves refresh tokens alone: on Cognito a new password signs nobody out (aws-amplify/amplify-js#6559).
 *
 * @throws ServiceException `InvalidPasswordException` or `PasswordHistoryPolicyViolationException`; the user
 * is then as before
 */
export function changePassword(
  pool: Pool,
  user: User,
  change: { readonly password: string; readonly status: 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD' },
  now: Date,
): void {
  const { passwordPolicy } = pool.settings
  demandPolicy(change.password, passwordPolicy)
  demandNotReused(change.password, user.passwords, passwordPolicy)
  replacePassword(user, change.password, change.status, now)
  pool.sessions.dropChallenges(user.sub)
}

function demandChannel(pool: Pool, user: User): Channel {
  demandSelfService(pool.settings.recoveryMechanisms)
  const channel = recoveryChannel(user, pool.settings.recoveryMechanisms)
  if (!channel) throw noChannel()
  return channel
}

function sendCode(pool: Pool, user: User, channel: Channel, context: Context): void {
  const code = issueCode(user, pool.settings.olderCodes, context.now)
  context.send(pool, user, channel, recoveryMessage(code))
}

const wrongState = () => notAuthorized('User password cannot be reset in the current state.')
