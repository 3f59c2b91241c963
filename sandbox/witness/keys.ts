/** Public keys and signatures as C2SP signed-note writes them, for logs (kind 1) and witnesses (kind 4). */

import { createHash, createPublicKey, type KeyObject } from 'node:crypto'

/** What the key signs: notes (1), or cosignatures with a time (4). */
export type KeyKind = 1 | 4

export interface PublicKey {
  readonly name: string
  readonly id: string
  readonly key: KeyObject
}

/** The line in which a public key is handed on. @param key 32 bytes */
export function keyLine(name: string, kind: KeyKind, key: Uint8Array): string {
  const typed = Buffer.concat([Buffer.of(kind), key])
  return `${name}+${idOf(name, typed)}+${typed.toString('base64')}`
}

/** @throws where the line is not such a key, or its id another's */
export function readKeyLine(line: string, kind: KeyKind): PublicKey {
  const parts = line.split('+')
  const [name = '', id = ''] = parts
  // Base64 has plus signs as well.
  const typed = Buffer.from(parts.slice(2).join('+'), 'base64')
  if (name === '' || typed.length !== 33 || typed[0] !== kind || id !== idOf(name, typed))
    throw new Error(`this is no key of kind ${kind}: ${line}`)
  const x = typed.subarray(1).toString('base64url')
  return {
    name,
    id,
    key: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
  }
}

/** In eight hexadecimal digits. */
export function idOf(name: string, typedKey: Uint8Array): string {
  return createHash('sha256').update(`${name}\n`).update(typedKey).digest('hex').slice(0, 8)
}
