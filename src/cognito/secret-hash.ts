/** The proof that a caller knows an app client's secret, as Cognito's public operations want it. */

import { createHmac } from 'node:crypto'
import type { Secret } from '../secret.ts'

/**
 * Base64 of HMAC-SHA256 over username and client id.
 * @param username the very text that goes out as `Username` in the same call
 */
export function secretHash(username: string, clientId: string, secret: Secret): string {
  return createHmac('sha256', secret.reveal()).update(`${username}${clientId}`).digest('base64')
}
