/** What a signed-in or half signed-in user holds: challenges under way, and refresh tokens. */

import { randomBytes, randomUUID } from 'node:crypto'
import { notAuthorized } from './service-exception.ts'
import type { SignInMethod, User } from './user.ts'

/** The challenges that sign-in can end in; others of AWS are never asked. */
export type ChallengeName = 'NEW_PASSWORD_REQUIRED' | 'SMS_MFA' | 'EMAIL_OTP' | 'SOFTWARE_TOKEN_MFA'

/** A sign-in that waits for an answer. */
export type Challenge = {
  readonly name: ChallengeName
  readonly sub: string
  readonly clientId: string
  readonly since: Date
  /** What answers an MFA challenge. */
  readonly code?: string
}

type RefreshToken = { readonly sub: string; readonly clientId: string; readonly since: Date }

// AuthSessionValidity (3 to 15 minutes on AWS) and RefreshTokenValidity as an app client has them by default.
const challengeLifeMs = 3 * 60 * 1000
const refreshLifeMs = 30 * 24 * 60 * 60 * 1000
const accessLifeSeconds = 3600

/**
 * All sessions of one pool. Access tokens are not among them: nothing here takes one, so that it could not be
 * told that one was revoked. Nothing but `revoke` ends a refresh token before its 30 days: neither a reset
 * nor a new password does, as on Cognito (aws-amplify/amplify-js#6559).
 */
export class Sessions {
  #challenges = new Map<string, Challenge>()
  #refresh = new Map<string, RefreshToken>()
  #revoked = new Set<string>()

  /** Keeps the challenge; the string is the Session that its answer has to bring back, within 3 minutes. */
  challenge(challenge: Challenge): string {
    const session = randomBytes(48).toString('base64url')
    this.#challenges.set(session, challenge)
    return session
  }

  /** Throws NotAuthorizedException when the session is unknown, spent or too old. Does not spend it. */
  open(session: string, now: Date): Challenge {
    const challenge = this.#challenges.get(session)
    if (!challenge) throw notAuthorized('Invalid session for the user.')
    if (now.getTime() - challenge.since.getTime() >= challengeLifeMs) {
      throw notAuthorized('Invalid session for the user, session is expired.')
    }
    return challenge
  }

  /** The session has been answered and is of no use any more. */
  spend(session: string): void {
    this.#challenges.delete(session)
  }

  /**
   * AuthenticationResult of a finished sign-in, with a refresh token of its own. Notes on the user when and
   * how they came in, and forgets their failures.
   */
  begin(user: User, clientId: string, method: SignInMethod, now: Date): object {
    user.lastSignInAt = now
    user.signedInWith = method
    user.failedSignIns = { count: 0, last: now }
    const refresh = randomBytes(48).toString('base64url')
    this.#refresh.set(refresh, { sub: user.sub, clientId, since: now })
    return { ...accessTokens(user, clientId, now), RefreshToken: refresh }
  }

  /**
   * The `sub` that a refresh token stands for. The token is not replaced: it is good for its 30 days, as
   * often as one likes. A token of another app client is unknown.
   *
   * @throws ServiceException `NotAuthorizedException`, which says whether it is revoked, unknown or too old
   */
  refresh(token: string, clientId: string, now: Date): string {
    if (this.#revoked.has(token)) throw notAuthorized('Refresh Token has been revoked')
    const found = this.#refresh.get(token)
    if (!found || found.clientId !== clientId) throw notAuthorized('Invalid Refresh Token')
    if (now.getTime() - found.since.getTime() >= refreshLifeMs) {
      throw notAuthorized('Refresh Token has expired')
    }
    return found.sub
  }

  /** How many refresh tokens of a user have not been revoked; those that are too old count as well. */
  count(sub: string): number {
    return [...this.#refresh.values()].filter((token) => token.sub === sub).length
  }

  /** Ends all of a user's sessions and challenges; their refresh tokens are "revoked" from now on. */
  revoke(sub: string): void {
    this.dropChallenges(sub)
    for (const [token, { sub: owner }] of this.#refresh) {
      if (owner !== sub) continue
      this.#refresh.delete(token)
      this.#revoked.add(token)
    }
  }

  /** Drops challenges under way, which were opened with a password that is no longer the user's. */
  dropChallenges(sub: string): void {
    for (const [session, challenge] of this.#challenges) {
      if (challenge.sub === sub) this.#challenges.delete(session)
    }
  }
}

/**
 * An access and an id token for an hour: shaped like Cognito's, with fewer claims, and signed by nobody
 * (`alg` is `none`), so that no verifier takes them.
 */
export function accessTokens(user: User, clientId: string, now: Date) {
  const issuedAt = Math.floor(now.getTime() / 1000)
  const claims = { sub: user.sub, iat: issuedAt, exp: issuedAt + accessLifeSeconds }
  return {
    AccessToken: jwt({ ...claims, token_use: 'access', client_id: clientId }),
    IdToken: jwt({ ...claims, token_use: 'id', aud: clientId }),
    ExpiresIn: accessLifeSeconds,
    TokenType: 'Bearer',
  }
}

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ ...claims, jti: randomUUID() })}.unsigned`
}
