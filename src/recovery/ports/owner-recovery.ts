import type { Secret } from '../../secret.ts'
import type { Failure } from '../model/effect.ts'

/** What a user pool asks of a new password. */
export interface PasswordRules {
  readonly minimumLength: number
  readonly uppercase: boolean
  readonly lowercase: boolean
  readonly numbers: boolean
  readonly symbols: boolean
}

/**
 * - `asked`: nothing that speaks against it, or nothing that may be told. Whether there is such an
 *   account, and whether a code went out, is the same answer on purpose; the failure is for the log.
 * - `unavailable`: it could not be asked for, whoever it was for
 */
export type CodeAsked =
  | { readonly kind: 'asked'; readonly failure?: Failure }
  | { readonly kind: 'unavailable'; readonly failure: Failure }

/** Why a password was not changed by its owner. */
export type OwnerRefusal =
  /**
   * The code is wrong, too old or used already, or none was ever sent; also when Cognito has had too many tries for the
   * account, and for accounts that don't exist, are disabled, or whose sign-up was never completed. What is told apart
   * tells who has an account, and which two names are one.
   */
  | 'wrong-code'
  | 'password-policy'
  | 'password-history'
  /** Nothing was changed, and it may work later. */
  | 'unavailable'
  /** It may or may not have been changed. */
  | 'unclear'

export type PasswordChanged =
  | { readonly kind: 'changed' }
  | { readonly kind: 'refused'; readonly why: OwnerRefusal; readonly failure: Failure }

/** What an owner can do for themself, without anybody's approval. cognito/ provides it. */
export interface OwnerRecovery {
  /** The names of the pools whose owners can, in the policy's order. */
  readonly pools: readonly string[]
  /** Undefined while the pool can't be read. */
  rules(pool: string): Promise<PasswordRules | undefined>
  /** What somebody typed, as the pool may know them by: the one address or number in it, or all of it. */
  signInName(pool: string, typed: string): string
  /** Has a code sent, once. @param username whatever the owner signs in with */
  sendCode(pool: string, username: string): Promise<CodeAsked>
  /** Sets the password if the code fits, in one try. */
  confirm(pool: string, username: string, code: Secret, password: Secret): Promise<PasswordChanged>
}
