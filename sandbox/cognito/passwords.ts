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
 * Answers with nothing; where the code went, the caller is not told (AWS, API_AdminResetUserPassword).
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

function canBeReset(pool: Pool, { status }: User): boolean {
  if (status === 'RESET_REQUIRED') return pool.settings.resetAgain === 'sends-code'
  return status === 'CONFIRMED'
}

/**
 * Sends nothing and verifies nothing. Whoever has it set becomes CONFIRMED, or FORCE_CHANGE_PASSWORD
 * with a temporary one, whatever they were before: UNCONFIRMED and federated users, too.
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
 * Sends a code and changes nothing else. A client that hides who exists answers for everybody alike
 * (AWS developer guide, "Managing error responses").
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
 * Spends the code with the password it sets. Any app client of the pool will do, whichever operation
 * the code came from. A wrong code, too, counts against the user's hour.
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

/** Sets a password that meets the policy and the history; throws when it does not. */
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
