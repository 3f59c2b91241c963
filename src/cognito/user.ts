/** A Cognito user as AdminGetUser tells of it, with the few things Rekey reads given their types. */

import type { AdminGetUserCommandOutput } from '@aws-sdk/client-cognito-identity-provider'
import { type Sub, subOf } from '../ids.ts'
import { type AccountStatus, accountStatuses, type Contact } from '../recovery/model/account.ts'
import { maskEmail, maskPhone } from './mask.ts'

export interface CognitoUser {
  readonly sub: Sub
  readonly username: string
  readonly status: AccountStatus
  readonly enabled: boolean
  readonly attributes: ReadonlyMap<string, string>
  /** The second factors in use: `SMS_MFA`, `EMAIL_OTP`, `SOFTWARE_TOKEN_MFA`. */
  readonly mfa: ReadonlySet<string>
  readonly createdAt: Date
  readonly modifiedAt: Date
}

/** @throws when Cognito's answer lacks what every user has */
export function userOf(answer: AdminGetUserCommandOutput): CognitoUser {
  const attributes = attributeMap(answer.UserAttributes)
  const { PreferredMfaSetting: preferred, UserMFASettingList: mfa = [] } = answer
  return {
    sub: subOf(attributes.get('sub') ?? ''),
    username: present(answer.Username, 'username'),
    status: accountStatuses.find((status) => status === answer.UserStatus) ?? 'UNKNOWN',
    enabled: answer.Enabled ?? false,
    attributes,
    mfa: new Set(preferred ? [...mfa, preferred] : mfa),
    createdAt: present(answer.UserCreateDate, 'date of creation'),
    modifiedAt: present(answer.UserLastModifiedDate, 'date of change'),
  }
}

/** Attributes by name, as AdminGetUser and ListUsers list them. */
export function attributeMap(
  attributes: readonly { Name?: string | undefined; Value?: string | undefined }[] = [],
): ReadonlyMap<string, string> {
  return new Map(attributes.map(({ Name = '', Value = '' }) => [Name, Value]))
}

/** The user's e-mail address as it may be shown, or undefined where there is none. */
export function emailOf({ attributes }: CognitoUser): Contact | undefined {
  const address = attributes.get('email')
  if (!address) return undefined
  const verified = attributes.get('email_verified') === 'true'
  return { kind: 'email', masked: maskEmail(address), verified }
}

/** The user's phone number as it may be shown, or undefined where there is none. */
export function phoneOf({ attributes }: CognitoUser): Contact | undefined {
  const number = attributes.get('phone_number')
  if (!number) return undefined
  const verified = attributes.get('phone_number_verified') === 'true'
  return { kind: 'phone', masked: maskPhone(number), verified }
}

function present<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`Cognito told of a user without ${what}`)
  return value
}
