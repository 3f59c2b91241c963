/** InitiateAuth and RespondToAuthChallenge, as far as an owner needs them to get back in. */

import { type Channel, emailChannel, masked, phoneChannel } from './channels.ts'
import { inventCode } from './codes.ts'
import { mfaMessage } from './mailbox.ts'
import { type Context, unsigned } from './operation.ts'
import { isPassword } from './password-hash.ts'
import { temporaryPasswordLifeMs } from './password-policy.ts'
import { changePassword } from './passwords.ts'
import { type ClientOfPool, type Pool, requireClient } from './pool.ts'
import { verifySecretHash } from './secret-hash.ts'
import {
  invalidParameter,
  notAuthorized,
  ServiceException,
  userNotFound,
} from './service-exception.ts'
import { accessTokens, type Challenge } from './sessions.ts'
import type { Mfa, SignInMethod, User } from './user.ts'
import { clientId, oneOf, parse, password, required, text, textMap } from './validation.ts'

/** What every authenticator app of the sandbox shows. */
export const totpCode = '246810'

/**
 * By password or refresh token; SRP, custom challenges and choice-based sign-in are not there. Wrong
 * passwords count towards the lockout, which a finished sign-in ends. The password is looked at before the
 * status: that an account is to be reset (aws-amplify/amplify-js#4890), unconfirmed or too late is told only
 * to whoever knows it. The second factor is the user's preferred one; `mfaConfiguration` is not
 * acted on, and neither MFA_SETUP nor SELECT_MFA_TYPE is ever asked.
 *
 * @returns AuthenticationResult with the tokens, or ChallengeName and the Session to answer it with
 * @throws ServiceException `NotAuthorizedException` for most things, by its sentence: wrong password, too
 * many of them, disabled, a temporary password or refresh token that has run out, SECRET_HASH;
 * `UserNotFoundException` (LEGACY only); `PasswordResetRequiredException`; `UserNotConfirmedException`
 */
export const InitiateAuth = unsigned(
  {
    ClientId: clientId,
    AuthFlow: required(oneOf(['USER_PASSWORD_AUTH', 'REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN'])),
    AuthParameters: textMap,
  },
  (input, context) => {
    const at = requireClient(context.pools, input.ClientId)
    return input.AuthFlow === 'USER_PASSWORD_AUTH'
      ? withPassword(at, input.AuthParameters, context)
      : withRefreshToken(at, input.AuthParameters, context)
  },
)

type Parameters = ReadonlyMap<string, string>

function withPassword(at: ClientOfPool, parameters: Parameters, context: Context): object {
  const { pool, client } = at
  const name = need(parameters, 'USERNAME')
  const given = need(parameters, 'PASSWORD')
  verifySecretHash(client, [name], parameters.get('SECRET_HASH'))
  const user = knownUser(at, name)
  demandNotLocked(pool, user, context.now)
  const [current] = user.passwords
  if (!current || !isPassword(given, current)) {
    user.failedSignIns = { count: user.failedSignIns.count + 1, last: context.now }
    throw badLogin()
  }
  demandReady(at, user, context.now)
  if (user.status === 'FORCE_CHANGE_PASSWORD') {
    const parameters = {
      userAttributes: JSON.stringify(Object.fromEntries(user.attributes)),
      requiredAttributes: '[]',
    }
    return challenged(at, user, { name: 'NEW_PASSWORD_REQUIRED', parameters }, context)
  }
  return afterPassword(at, user, 'password', context)
}

function knownUser({ pool, client }: ClientOfPool, name: string): User {
  const hides = client.preventUserExistenceErrors === 'ENABLED'
  const user = pool.find(name)
  if (!user) throw hides ? badLogin() : userNotFound()
  if (!user.enabled) throw hides ? badLogin() : notAuthorized('User is disabled.')
  return user
}

// After five failures one second, then doubling to about a quarter of an hour (AWS developer guide). A try
// during the lockout is refused without a look at the password, and does not make it longer.
function demandNotLocked(pool: Pool, { failedSignIns: { count, last } }: User, now: Date): void {
  if (!pool.settings.signInLockout || count < 5) return
  const lockedMs = Math.min(1000 * 2 ** (count - 5), 15 * 60 * 1000)
  if (now.getTime() - last.getTime() < lockedMs) throw notAuthorized('Password attempts exceeded')
}

/**
 * What stands in the way even of the right password. RESET_REQUIRED is told by ENABLED clients, too: the
 * guide has them hide it for imported users, and AWS has since said otherwise (aws-amplify/aws-sdk-ios#2298).
 */
function demandReady({ pool, client }: ClientOfPool, user: User, now: Date): void {
  if (user.status === 'RESET_REQUIRED') {
    throw new ServiceException(
      'PasswordResetRequiredException',
      'Password reset required for the user',
    )
  }
  if (user.status === 'UNCONFIRMED') {
    throw new ServiceException('UserNotConfirmedException', 'User is not confirmed.')
  }
  const age = now.getTime() - user.passwordSetAt.getTime()
  const life = temporaryPasswordLifeMs(pool.settings.passwordPolicy)
  if (user.status !== 'FORCE_CHANGE_PASSWORD' || age < life) return
  if (client.preventUserExistenceErrors === 'ENABLED') throw badLogin()
  throw notAuthorized('Temporary password has expired and must be reset by an administrator.')
}

/** Tokens, or the second factor first. */
function afterPassword(
  at: ClientOfPool,
  user: User,
  method: SignInMethod,
  context: Context,
): object {
  const second = user.preferredMfa
  if (second && user.mfa.includes(second)) return secondFactor(at, user, second, context)
  return {
    ChallengeParameters: {},
    AuthenticationResult: at.pool.sessions.begin(user, at.client.id, method, context.now),
  }
}

function secondFactor(at: ClientOfPool, user: User, name: Mfa, context: Context): object {
  if (name === 'SOFTWARE_TOKEN_MFA') {
    return challenged(at, user, { name, code: totpCode, parameters: {} }, context)
  }
  const channel: Channel = name === 'SMS_MFA' ? phoneChannel(user) : emailChannel(user)
  const code = inventCode()
  context.send(at.pool, user, channel, mfaMessage(code))
  const parameters = {
    CODE_DELIVERY_DELIVERY_MEDIUM: channel.kind === 'sms' ? 'SMS' : 'EMAIL',
    CODE_DELIVERY_DESTINATION: masked(channel.to),
  }
  return challenged(at, user, { name, code, parameters }, context)
}

function challenged(
  { pool, client }: ClientOfPool,
  user: User,
  asked: Pick<Challenge, 'name' | 'code'> & { readonly parameters: Record<string, string> },
  { now }: Context,
): object {
  const { parameters, ...challenge } = asked
  return {
    ChallengeName: challenge.name,
    Session: pool.sessions.challenge({
      ...challenge,
      sub: user.sub,
      clientId: client.id,
      since: now,
    }),
    ChallengeParameters: { USER_ID_FOR_SRP: user.username, ...parameters },
  }
}

function withRefreshToken({ pool, client }: ClientOfPool, parameters: Parameters, at: Context) {
  const sub = pool.sessions.refresh(need(parameters, 'REFRESH_TOKEN'), client.id, at.now)
  const user = pool.require(sub)
  // The caller has no sign-in name in its hands here: Cognito wants the hash of the user's own.
  verifySecretHash(client, [user.username, user.sub], parameters.get('SECRET_HASH'))
  if (!user.enabled) throw notAuthorized('User is disabled.')
  return {
    ChallengeParameters: {},
    AuthenticationResult: accessTokens(user, client.id, at.now),
  }
}

/**
 * Goes on with a sign-in that InitiateAuth or this operation left at a challenge, within 3 minutes of it, by
 * the same app client. A wrong code may be corrected within the session; a new password that is refused, too.
 * A new password makes the user CONFIRMED, and the second factor may be asked after it. Wrong codes do not
 * count towards the lockout.
 *
 * @throws ServiceException `CodeMismatchException` for a wrong code; `InvalidPasswordException` and
 * `PasswordHistoryPolicyViolationException` for a new password; `NotAuthorizedException` for a session that
 * is unknown, spent, too old or not this user's; `InvalidParameterException` for an answer that is missing
 */
export const RespondToAuthChallenge = unsigned(
  {
    ClientId: clientId,
    ChallengeName: required(
      oneOf(['NEW_PASSWORD_REQUIRED', 'SMS_MFA', 'EMAIL_OTP', 'SOFTWARE_TOKEN_MFA']),
    ),
    Session: text({ min: 20, max: 2048 }),
    ChallengeResponses: textMap,
  },
  (input, context) => {
    const at = requireClient(context.pools, input.ClientId)
    const responses = input.ChallengeResponses
    const name = need(responses, 'USERNAME')
    verifySecretHash(at.client, [name], responses.get('SECRET_HASH'))
    if (input.Session === undefined) throw invalidParameter('Missing required parameter Session')
    const challenge = at.pool.sessions.open(input.Session, context.now)
    const user = challengedUser(at, name, challenge, input.ChallengeName)
    if (challenge.name === 'NEW_PASSWORD_REQUIRED') {
      return newPassword(at, user, responses, context)
    }
    demandMfaCode(challenge, responses)
    at.pool.sessions.spend(input.Session)
    return {
      ChallengeParameters: {},
      AuthenticationResult: at.pool.sessions.begin(
        user,
        at.client.id,
        methodOf[challenge.name],
        context.now,
      ),
    }
  },
)

const methodOf = {
  SMS_MFA: 'sms',
  EMAIL_OTP: 'email',
  SOFTWARE_TOKEN_MFA: 'authenticator',
} satisfies Record<Mfa, SignInMethod>

function challengedUser(at: ClientOfPool, name: string, challenge: Challenge, answered: string) {
  const user = at.pool.find(name)
  const fits =
    user?.sub === challenge.sub &&
    at.client.id === challenge.clientId &&
    answered === challenge.name
  if (!user || !fits) throw notAuthorized('Invalid session for the user.')
  if (!user.enabled) throw notAuthorized('User is disabled.')
  return user
}

function newPassword(at: ClientOfPool, user: User, responses: Parameters, context: Context) {
  const { password: chosen } = parse(
    { password: required(password) },
    { password: responses.get('NEW_PASSWORD') },
  )
  changePassword(at.pool, user, { password: chosen, status: 'CONFIRMED' }, context.now)
  return afterPassword(at, user, 'new-password', context)
}

const codeNames = {
  SMS_MFA: 'SMS_MFA_CODE',
  EMAIL_OTP: 'EMAIL_OTP_CODE',
  SOFTWARE_TOKEN_MFA: 'SOFTWARE_TOKEN_MFA_CODE',
} satisfies Record<Mfa, string>

function demandMfaCode(challenge: Challenge, responses: Parameters): void {
  if (challenge.name === 'NEW_PASSWORD_REQUIRED') return
  if (need(responses, codeNames[challenge.name]) === challenge.code) return
  throw new ServiceException('CodeMismatchException', 'Invalid code or auth state for the user.')
}

function need(parameters: Parameters, name: string): string {
  const value = parameters.get(name)
  if (value === undefined) throw invalidParameter(`Missing required parameter ${name}`)
  return value
}

const badLogin = () => notAuthorized('Incorrect username or password.')
