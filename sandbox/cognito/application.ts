/**
 * The owner's application, seen from outside: signs people in and recovers passwords through the
 * real AWS SDK, with no credentials, as a web or mobile app would. It is a client of Cognito, not a
 * part of it: with the address of a real pool it would do the same there.
 */

import {
  type AuthFlowType,
  CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  type InitiateAuthCommandOutput,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { secretHash } from './secret-hash.ts'

/** The person is in. Of the simulator, the tokens are shaped as Cognito makes them, and signed by nobody. */
export type SignedIn = {
  readonly kind: 'signed-in'
  readonly accessToken: string
  /** Absent when it was itself what got the person in. */
  readonly refreshToken: string | undefined
}

/**
 * Cognito said no: the name and the sentence of its exception. A broken connection is here as well, under the
 * name of the SDK's error.
 */
export type Refused = { readonly kind: 'refused'; readonly name: string; readonly message: string }

/**
 * Where a sign-in has come to. Where something more is asked for, `respond` gives it and resolves to the next
 * step; after a refusal it may be called again, as long as the session lives (3 minutes). `destination` is
 * masked, and absent for an authenticator. `password-reset-required` comes only after the right old password,
 * and is answered with `forgotPassword` or the code of an administrator's reset.
 */
export type SignIn =
  | SignedIn
  | {
      readonly kind: 'new-password-required'
      respond(newPassword: string): Promise<SignIn>
    }
  | {
      readonly kind: 'mfa'
      readonly challenge: 'SMS_MFA' | 'EMAIL_OTP' | 'SOFTWARE_TOKEN_MFA'
      readonly destination: string | undefined
      respond(code: string): Promise<SignIn>
    }
  | { readonly kind: 'password-reset-required' }
  | Refused

/**
 * Where Cognito says it has sent the code, masked, and how: `EMAIL` or `SMS`. An app client that hides
 * who exists says so of people who do not exist, too.
 */
export type CodeRequested =
  | { readonly kind: 'code-sent'; readonly destination: string; readonly medium: string }
  | Refused

/** Whether ConfirmForgotPassword has set the password. */
export type PasswordChanged = { readonly kind: 'changed' } | Refused

/** The app client to be. With a secret, every call carries its SECRET_HASH. */
export type ApplicationOptions = {
  readonly url: string
  readonly clientId: string
  readonly clientSecret?: string
}

/**
 * Signs in and recovers, one call of the SDK each, without retries: the SDK would repeat a
 * LimitExceededException, and so use up the user's hour. What Cognito refuses is a value; only what is no
 * exception at all is thrown. A challenge that this application does not know comes back as a refusal with
 * the name `Error`. The Region is of no account: public operations are not signed.
 */
export class Application {
  readonly #clientId: string
  readonly #clientSecret: string | undefined
  readonly #cognito: CognitoIdentityProviderClient

  constructor({ url, clientId, clientSecret }: ApplicationOptions) {
    this.#clientId = clientId
    this.#clientSecret = clientSecret
    this.#cognito = new CognitoIdentityProviderClient({
      endpoint: url,
      region: 'us-west-2',
      maxAttempts: 1,
    })
  }

  /**
   * InitiateAuth with USER_PASSWORD_AUTH, which the app client has to allow (ALLOW_USER_PASSWORD_AUTH).
   * `username` is whatever the person types: an alias will do.
   */
  signIn(username: string, password: string): Promise<SignIn> {
    return this.#initiate(username, 'USER_PASSWORD_AUTH', {
      USERNAME: username,
      PASSWORD: password,
      ...this.#proof('SECRET_HASH', username),
    })
  }

  /** New tokens for an old session. `username` is the user's own, not an alias: it is hashed. */
  refresh(username: string, refreshToken: string): Promise<SignIn> {
    return this.#initiate(username, 'REFRESH_TOKEN_AUTH', {
      REFRESH_TOKEN: refreshToken,
      ...this.#proof('SECRET_HASH', username),
    })
  }

  /** Asks for a recovery code; each call sends another. The password stays what it is. */
  async forgotPassword(username: string): Promise<CodeRequested> {
    try {
      const { CodeDeliveryDetails: sent } = await this.#cognito.send(
        new ForgotPasswordCommand({
          ClientId: this.#clientId,
          Username: username,
          ...this.#proof('SecretHash', username),
        }),
      )
      const { Destination: destination = '', DeliveryMedium: medium = '' } = sent ?? {}
      return { kind: 'code-sent', destination, medium }
    } catch (error) {
      return refusal(error)
    }
  }

  /** Sets a new password with a code, whichever operation sent it. Signs nobody in, and nobody out. */
  async confirmForgotPassword(
    username: string,
    code: string,
    newPassword: string,
  ): Promise<PasswordChanged> {
    try {
      await this.#cognito.send(
        new ConfirmForgotPasswordCommand({
          ClientId: this.#clientId,
          Username: username,
          ConfirmationCode: code,
          Password: newPassword,
          ...this.#proof('SecretHash', username),
        }),
      )
      return { kind: 'changed' }
    } catch (error) {
      return refusal(error)
    }
  }

  /** Lets go of the connections of the SDK. */
  close(): void {
    this.#cognito.destroy()
  }

  async #initiate(
    username: string,
    flow: AuthFlowType,
    parameters: Record<string, string>,
  ): Promise<SignIn> {
    const command = new InitiateAuthCommand({
      ClientId: this.#clientId,
      AuthFlow: flow,
      AuthParameters: parameters,
    })
    return this.#answered(username, () => this.#cognito.send(command))
  }

  async #answered(username: string, ask: () => Promise<Answered>): Promise<SignIn> {
    try {
      return this.#read(username, await ask())
    } catch (error) {
      const { name, message } = refusal(error)
      if (name === 'PasswordResetRequiredException') return { kind: 'password-reset-required' }
      return { kind: 'refused', name, message }
    }
  }

  #read(username: string, answer: Answered): SignIn {
    const tokens = answer.AuthenticationResult
    if (tokens) {
      const { AccessToken: accessToken = '', RefreshToken: refreshToken } = tokens
      return { kind: 'signed-in', accessToken, refreshToken }
    }
    const challenge = answer.ChallengeName
    switch (challenge) {
      case 'NEW_PASSWORD_REQUIRED': {
        const respond = (chosen: string) =>
          this.#respond(username, answer, { NEW_PASSWORD: chosen })
        return { kind: 'new-password-required', respond }
      }
      case 'SMS_MFA':
      case 'EMAIL_OTP':
      case 'SOFTWARE_TOKEN_MFA': {
        const respond = (code: string) =>
          this.#respond(username, answer, { [`${challenge}_CODE`]: code })
        const destination = answer.ChallengeParameters?.['CODE_DELIVERY_DESTINATION']
        return { kind: 'mfa', challenge, destination, respond }
      }
      default:
        throw new Error(`This application does not know the challenge ${challenge}`)
    }
  }

  #respond(
    username: string,
    { ChallengeName, Session }: Answered,
    responses: Record<string, string>,
  ): Promise<SignIn> {
    const command = new RespondToAuthChallengeCommand({
      ClientId: this.#clientId,
      ChallengeName,
      Session,
      ChallengeResponses: {
        USERNAME: username,
        ...responses,
        ...this.#proof('SECRET_HASH', username),
      },
    })
    return this.#answered(username, () => this.#cognito.send(command))
  }

  #proof(member: 'SECRET_HASH' | 'SecretHash', username: string): Record<string, string> {
    if (this.#clientSecret === undefined) return {}
    return { [member]: secretHash(this.#clientSecret, username, this.#clientId) }
  }
}

type Answered = Pick<
  InitiateAuthCommandOutput,
  'AuthenticationResult' | 'ChallengeName' | 'ChallengeParameters' | 'Session'
>

function refusal(error: unknown): Refused {
  if (!(error instanceof Error)) throw error
  return { kind: 'refused', name: error.name, message: error.message }
}
