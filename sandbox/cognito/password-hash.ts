/** Passwords as the simulated pool keeps them: salted scrypt hashes, never the words themselves. */

import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'

/** A password that can be recognized and not be read. */
export type PasswordHash = { readonly salt: Uint8Array; readonly key: Uint8Array }

// A thousand rounds and not more: a sandbox starts with two dozen passwords and must start at once.
const cost = { N: 1024, r: 8, p: 1 }

/** Different for each call, unless the salt is given. */
export function hashPassword(password: string, salt: Uint8Array = randomBytes(16)): PasswordHash {
  return { salt, key: scryptSync(password, salt, 32, cost) }
}

/** Whether this is the password that was hashed; compares in constant time. */
export function isPassword(password: string, hash: PasswordHash): boolean {
  return timingSafeEqual(hashPassword(password, hash.salt).key, hash.key)
}
