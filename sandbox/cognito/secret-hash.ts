/** The proof, on public operations, that the caller knows an app client's secret. */

import { createHmac, timingSafeEqual } from 'node:crypto'
import { notAuthorized } from './service-exception.ts'

/**
 * Base64 of HMAC-SHA256 over username and client id, with the client secret as the key and nothing in
 * between, as Cognito's developer guide defines it.
 *
 * @param username the very string that the same call sends as the username; for a refresh token, where none
 * is sent, the user's own username or `sub`
 */
export function secretHash(clientSecret: string, username: string, clientId: string): string {
  return createHmac('sha256', clientSecret)
    .update(username + clientId, 'utf8')
    .digest('base64')
}

type Client = { readonly id: string; readonly secret?: string | undefined }

/**
 * Throws NotAuthorizedException unless `hash` fits the client and one of the user's names. A client with a
 * secret needs one, and a client without may send none. Only public operations have a hash at all; one secret
 * for each client is known here, where AWS allows two at a time.
 */
export function verifySecretHash(
  client: Client,
  names: readonly string[],
  hash: string | undefined,
): void {
  if (client.secret === undefined) {
    if (hash !== undefined) throw unverified(client)
    return
  }
  if (hash === undefined) {
    throw notAuthorized(
      `Client ${client.id} is configured with secret but SECRET_HASH was not received`,
    )
  }
  const { secret } = client
  if (!names.some((name) => same(secretHash(secret, name, client.id), hash))) {
    throw unverified(client)
  }
}

const unverified = (client: Client) =>
  notAuthorized(`Unable to verify secret hash for client ${client.id}`)

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
