/** What a user pool's settings mean for recovering its accounts. */

import type { UsernameAttributeType, UserPoolType } from '@aws-sdk/client-cognito-identity-provider'
import type { Contact } from '../recovery/model/account.ts'
import type { PasswordRules } from '../recovery/ports/owner-recovery.ts'

export interface PoolSettings {
  /** Names of recovery mechanisms, the first choice first; empty in pools older than the setting. */
  readonly mechanisms: readonly string[]
  readonly caseSensitive: boolean
  /** Where addresses are what users are named by; empty where the application gives them usernames. */
  readonly usernameAttributes: readonly UsernameAttributeType[]
  readonly autoVerified: ReadonlySet<Contact['kind']>
  /** Cognito's own sender: 50 messages a day for the whole AWS account. */
  readonly builtInMail: boolean
  /** Where a Lambda does the sending, so that Cognito's success tells nothing about it. */
  readonly customSenders: ReadonlySet<Contact['kind']>
  readonly smsSandbox: boolean
  /** Whether users may sign in by a code or a passkey, and so may have no password at all. */
  readonly passwordless: boolean
  /** Cognito's own estimate of how many users there are. */
  readonly users: number
  readonly passwordRules: PasswordRules
  readonly temporaryPasswordDays: number
}

// Cognito's defaults for what DescribeUserPool leaves out.
const shortestPassword = 6
const usualTemporaryPasswordDays = 7

/** Reads DescribeUserPool's answer. */
export function settingsOf(pool: UserPoolType): PoolSettings {
  const policy = pool.Policies?.PasswordPolicy
  const factors = pool.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? []
  const senders = pool.LambdaConfig
  return {
    mechanisms: mechanismsOf(pool),
    // The API's default is case-sensitive, and then the answer may leave it out.
    caseSensitive: pool.UsernameConfiguration?.CaseSensitive ?? true,
    usernameAttributes: pool.UsernameAttributes ?? [],
    autoVerified: kinds(
      pool.AutoVerifiedAttributes?.includes('email'),
      pool.AutoVerifiedAttributes?.includes('phone_number'),
    ),
    builtInMail: !senders?.CustomEmailSender && !sendsThroughSes(pool),
    customSenders: kinds(Boolean(senders?.CustomEmailSender), Boolean(senders?.CustomSMSSender)),
    smsSandbox: pool.SmsConfigurationFailure?.includes('SNSSandbox') ?? false,
    passwordless: factors.some((factor) => factor !== 'PASSWORD'),
    users: pool.EstimatedNumberOfUsers ?? Number.POSITIVE_INFINITY,
    passwordRules: {
      minimumLength: policy?.MinimumLength ?? shortestPassword,
      uppercase: policy?.RequireUppercase ?? false,
      lowercase: policy?.RequireLowercase ?? false,
      numbers: policy?.RequireNumbers ?? false,
      symbols: policy?.RequireSymbols ?? false,
    },
    // 0 is documented to mean the default, not "at once".
    temporaryPasswordDays: policy?.TemporaryPasswordValidityDays || usualTemporaryPasswordDays,
  }
}

function sendsThroughSes(pool: UserPoolType): boolean {
  return pool.EmailConfiguration?.EmailSendingAccount === 'DEVELOPER'
}

function mechanismsOf(pool: UserPoolType): string[] {
  const mechanisms = pool.AccountRecoverySetting?.RecoveryMechanisms ?? []
  return mechanisms
    .toSorted((a, b) => (a.Priority ?? Number.MAX_VALUE) - (b.Priority ?? Number.MAX_VALUE))
    .flatMap(({ Name }) => Name ?? [])
}

function kinds(email = false, phone = false): ReadonlySet<Contact['kind']> {
  return new Set([...(email ? ['email' as const] : []), ...(phone ? ['phone' as const] : [])])
}
