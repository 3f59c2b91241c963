/** sealing/ seals what must not be read from the database, and opens it again for its one use. */

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { EffectId, PersonId, RequestId, Sub } from '../ids.ts'
import { Secret } from '../secret.ts'

/** A sealed password. Worth nothing without the key, and with the key only for this one effect. */
export interface Sealed {
  readonly request: RequestId
  readonly effect: EffectId
  /** Which key it was sealed with, so that a changed key is told apart from a changed row. */
  readonly keyId: string
  readonly salt: Buffer
  readonly nonce: Buffer
  readonly box: Buffer
}

/** Whose password it is, and who may see it: for anybody else, the box does not open. */
export interface SealedFor {
  readonly requester: PersonId
  readonly userPoolId: string
  readonly sub: Sub
}

// NIST SP 800-38D: 96-bit nonces and full 128-bit tags for AES-GCM.
const nonceBytes = 12
const tagBytes = 16

/** Seals with AES-256-GCM under the operator's key, and opens with that one or one before it. */
export class PasswordSealer {
  readonly #key: Secret
  readonly #keyId: string
  readonly #keys: ReadonlyMap<string, Secret>

  /**
   * @param key 32 bytes, in base64 (`REKEY_SECRET_KEY`)
   * @param former keys that some secrets may still be sealed with; nothing new is sealed with them
   */
  constructor(key: Secret, former: readonly Secret[] = []) {
    this.#key = key
    this.#keyId = idOf(key)
    this.#keys = new Map([...former, key].map((each) => [idOf(each), each]))
  }

  seal(of: Pick<Sealed, 'request' | 'effect'>, whose: SealedFor, secret: Secret): Sealed {
    const { request, effect } = of
    const salt = randomBytes(32)
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', boxKey(this.#key, salt), nonce, {
      authTagLength: tagBytes,
    })
    cipher.setAAD(purpose(of, whose))
    const box = Buffer.concat([
      cipher.update(secret.reveal(), 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ])
    return { request, effect, keyId: this.#keyId, salt, nonce, box }
  }

  /** @throws when the key is another one, or the row was changed or moved, or is somebody else's */
  open(sealed: Sealed, whose: SealedFor): Secret {
    const key = this.#keys.get(sealed.keyId)
    if (key === undefined) {
      throw new Error(
        `the secret of ${sealed.effect} was sealed with another REKEY_SECRET_KEY: name that one in REKEY_SECRET_KEYS_OLD`,
      )
    }
    try {
      return opened(key, sealed, purpose(sealed, whose))
    } catch (error) {
      try {
        // What was sealed before boxes were bound to people: the seal of its request binds it.
        return opened(key, sealed, formerPurpose(sealed))
      } catch {
        throw error
      }
    }
  }
}

// One key per secret: no two secrets can ever meet under one key and nonce, however many there are.
function boxKey(key: Secret, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', bytesOf(key), salt, 'rekey sealed secret v1', 32))
}

function idOf(key: Secret): string {
  return Buffer.from(hkdfSync('sha256', bytesOf(key), '', 'rekey key id', 6)).toString('hex')
}

function bytesOf(key: Secret): Buffer {
  return Buffer.from(key.reveal(), 'base64')
}

function opened(key: Secret, { salt, nonce, box }: Sealed, aad: Buffer): Secret {
  const decipher = createDecipheriv('aes-256-gcm', boxKey(key, salt), nonce, {
    authTagLength: tagBytes,
  })
  decipher.setAAD(aad)
  decipher.setAuthTag(box.subarray(-tagBytes))
  const plain = Buffer.concat([decipher.update(box.subarray(0, -tagBytes)), decipher.final()])
  return new Secret(plain.toString('utf8'))
}

type Place = Pick<Sealed, 'request' | 'effect'>

/** What the box is bound to. A box moved to another row, or to other people, does not open. */
function purpose({ request, effect }: Place, { requester, userPoolId, sub }: SealedFor): Buffer {
  const kind = 'temporary-password'
  return Buffer.from(
    String(canonicalize({ v: 2, kind, request, effect, requester, userPoolId, sub })),
  )
}

function formerPurpose({ request, effect }: Place): Buffer {
  return Buffer.from(String(canonicalize({ v: 1, kind: 'temporary-password', request, effect })))
}
