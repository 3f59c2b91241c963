/** An account's addresses as a keyed digest: whether they are still the same, and nothing else of them. */

import { createHmac, hkdfSync } from 'node:crypto'
import type { Secret } from '../secret.ts'
import type { CognitoUser } from './user.ts'

export type DigestAddresses = (user: Pick<CognitoUser, 'sub' | 'attributes'>) => string

/**
 * Digests of one key are alike only where the account is the same and each of its addresses is, to the letter:
 * Cognito sends to an address as it is written. Those of two accounts say nothing about each other.
 * @param secret 32 bytes, in base64 (`REKEY_SECRET_KEY`)
 * @returns `<key id>:<HMAC-SHA-256>`: the key's id tells another key from another address
 */
export function addressDigester(secret: Secret): DigestAddresses {
  const bytes = Buffer.from(secret.reveal(), 'base64')
  const key = Buffer.from(hkdfSync('sha256', bytes, '', 'rekey address digest v1', 32))
  const keyId = Buffer.from(hkdfSync('sha256', bytes, '', 'rekey address key id', 6))
  return ({ sub, attributes }) => {
    const addresses = ['email', 'phone_number'].map((name) => attributes.get(name) ?? null)
    const said = JSON.stringify([sub, ...addresses])
    return `${keyId.toString('hex')}:${createHmac('sha256', key).update(said).digest('base64url')}`
  }
}
