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
  /** Also the answer for accounts that don't exist or are disabled. */
  | 'wrong-code'
  /** Too old, used already, or none was ever sent. */
  | 'expired-code'
  | 'too-many-tries'
  | 'password-policy'
  | 'password-history'
  | 'not-confirmed'
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
