/** Users and pools for tests, made by naming what is special about them. */

import { type PoolSettings, settingsOf } from '../../../src/cognito/pool-settings.ts'
import type { CognitoUser } from '../../../src/cognito/user.ts'
import { subOf } from '../../../src/ids.ts'

export const noon = new Date('2026-03-01T12:00:00Z')

interface Given extends Partial<Omit<CognitoUser, 'attributes' | 'mfa'>> {
  readonly attributes?: Readonly<Record<string, string>>
  readonly mfa?: readonly string[]
}

/** Ada, CONFIRMED, with nothing but her name unless said otherwise. */
export function ada({ attributes = {}, mfa = [], ...given }: Given = {}): CognitoUser {
  return {
    sub: subOf('6f1a2b3c-0d4e-4f5a-8b6c-7d8e9f0a1b2c'),
    username: 'ada',
    status: 'CONFIRMED',
    enabled: true,
    createdAt: new Date('2025-03-01T12:00:00Z'),
    modifiedAt: new Date('2026-02-01T12:00:00Z'),
    ...given,
    attributes: new Map(Object.entries({ name: 'Ada Lovelace', ...attributes })),
    mfa: new Set(mfa),
  }
}

export const verifiedEmail = { email: 'ada@example.com', email_verified: 'true' }
export const verifiedPhone = { phone_number: '+12065550100', phone_number_verified: 'true' }

/** A pool that sends codes by e-mail first, by phone second. */
export function pool(given: Partial<PoolSettings> = {}): PoolSettings {
  const described = settingsOf({
    AutoVerifiedAttributes: ['email', 'phone_number'],
    EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' },
  })
  return { ...described, mechanisms: ['verified_email', 'verified_phone_number'], ...given }
}
