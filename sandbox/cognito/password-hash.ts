/** Passwords as the simulated pool keeps them: salted hashes, never the words themselves. */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** A password that can be recognized and not be read. */
export type PasswordHash = { readonly salt: Uint8Array; readonly key: Uint8Array }

/**
 * Different for each call, unless the salt is given. Cheap, and so no way to keep real passwords: a world
 * begins with two dozen invented ones, and tests begin hundreds of worlds.
 */
export function hashPassword(password: string, salt: Uint8Array = randomBytes(16)): PasswordHash {
  return { salt, key: createHmac('sha256', salt).update(password).digest() }
}

/** Whether this is the password that was hashed; compares in constant time. */
export function isPassword(password: string, hash: PasswordHash): boolean {
  return timingSafeEqual(hashPassword(password, hash.salt).key, hash.key)
}
