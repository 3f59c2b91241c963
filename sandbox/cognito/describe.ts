/** DescribeUserPool and DescribeUserPoolClient: the settings as AWS spells them. */

import { signed } from './operation.ts'
import type { PasswordPolicy } from './password-policy.ts'
import { type PoolSettings, requireClient, requirePool } from './pool.ts'
import { resourceNotFound } from './service-exception.ts'
import { epochSeconds } from './users-read.ts'
import { clientId, userPoolId } from './validation.ts'

/**
 * Settings that the simulator does not act on are told as they were given, such as `triggers`. The account in
 * the Arn is all zeros, LastModifiedDate stays at the start whatever `configure` changes, and the history
 * size is left out when it is off, as on AWS. AWS tells a good deal more.
 */
export const DescribeUserPool = signed({ UserPoolId: userPoolId }, (input, { pools }) => {
  const pool = requirePool(pools, input.UserPoolId)
  const { settings } = pool
  return {
    UserPool: {
      Id: pool.id,
      Name: pool.name,
      Arn: `arn:aws:cognito-idp:${pool.id.split('_')[0]}:000000000000:userpool/${pool.id}`,
      CreationDate: epochSeconds(pool.createdAt),
      LastModifiedDate: epochSeconds(pool.createdAt),
      EstimatedNumberOfUsers: pool.users.length,
      Policies: {
        PasswordPolicy: policyOut(settings.passwordPolicy),
        SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] },
      },
      ...settingsOut(settings),
    },
  }
})

function settingsOut(settings: PoolSettings) {
  const recovery = settings.recoveryMechanisms
  return {
    MfaConfiguration: settings.mfaConfiguration,
    UsernameAttributes: settings.usernameAttributes,
    AliasAttributes: settings.aliasAttributes,
    AutoVerifiedAttributes: settings.autoVerifiedAttributes,
    UsernameConfiguration: { CaseSensitive: settings.caseSensitive },
    EmailConfiguration: { EmailSendingAccount: settings.emailSendingAccount },
    SmsConfigurationFailure: settings.smsConfigurationFailure,
    LambdaConfig: settings.triggers ?? {},
    DeletionProtection: 'INACTIVE',
    UserPoolTier: settings.tier,
    AccountRecoverySetting: recovery && {
      RecoveryMechanisms: recovery.map(({ name, priority }) => ({
        Name: name,
        Priority: priority,
      })),
    },
  }
}

function policyOut(policy: PasswordPolicy) {
  return {
    MinimumLength: policy.minimumLength,
    RequireUppercase: policy.requireUppercase,
    RequireLowercase: policy.requireLowercase,
    RequireNumbers: policy.requireNumbers,
    RequireSymbols: policy.requireSymbols,
    PasswordHistorySize: policy.historySize || undefined,
    TemporaryPasswordValidityDays: policy.temporaryPasswordValidityDays,
  }
}

/**
 * Tells the client secret in clear, as AWS does: whoever may call this knows it. A client of another pool
 * does not exist. The validities are AWS's defaults: a challenge 3 minutes, a refresh token 30 days.
 */
export const DescribeUserPoolClient = signed(
  { UserPoolId: userPoolId, ClientId: clientId },
  (input, { pools }) => {
    const wanted = requirePool(pools, input.UserPoolId)
    const { pool, client } = requireClient(pools, input.ClientId)
    if (pool !== wanted) {
      throw resourceNotFound(`User pool client ${input.ClientId} does not exist.`)
    }
    return {
      UserPoolClient: {
        UserPoolId: pool.id,
        ClientId: client.id,
        ClientName: client.name,
        ClientSecret: client.secret,
        PreventUserExistenceErrors: client.preventUserExistenceErrors,
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
        AuthSessionValidity: 3,
        RefreshTokenValidity: 30,
      },
    }
  },
)
