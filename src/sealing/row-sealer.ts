/**
 * Binds rows to the operator's key. Whoever can write to the database and has no key can change a row, but
 * cannot make it fit again.
 */

import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Secret } from '../secret.ts'

/** What a seal is of: the same values under one name are worth nothing under the other. */
export type SealedKind = 'request' | 'head' | 'inbox' | 'post' | 'owner-told'

/** HMAC-SHA-256 over canonical JSON (RFC 8785). Seals with one key, and checks with that or one before it. */
export class RowSealer {
  readonly #keyId: string
  readonly #keys: ReadonlyMap<string, Buffer>

  /**
   * @param key 32 bytes, in base64 (`REKEY_SECRET_KEY`)
   * @param former keys that some rows may still be sealed with; nothing new is sealed with them
   */
  constructor(key: Secret, former: readonly Secret[] = []) {
    const own = derived(key)
    this.#keyId = own.id
    this.#keys = new Map([...former.map(derived), own].map(({ id, mac }) => [id, mac]))
  }

  /** What every seal of the present key begins with. */
  get prefix(): string {
    return `v1.${this.#keyId}.`
  }

  get hasFormer(): boolean {
    return this.#keys.size > 1
  }

  /** @param content plain JSON: what the row says, and to what it belongs */
  seal(kind: SealedKind, content: object): string {
    return this.#sealWith(this.#keyId, kind, content)
  }

  /** What this content is sealed as by each key, the present one's first. */
  sealAny(kind: SealedKind, content: object): readonly string[] {
    const former = [...this.#keys.keys()].filter((id) => id !== this.#keyId)
    return [this.#keyId, ...former].map((id) => this.#sealWith(id, kind, content))
  }

  /** Whether this content was sealed so, by whoever has the key or had one before it. */
  fits(kind: SealedKind, content: object, seal: string | null): boolean {
    const [version, keyId = ''] = seal?.split('.') ?? []
    if (seal === null || version !== 'v1' || !this.#keys.has(keyId)) return false
    const [given, made] = [Buffer.from(seal), Buffer.from(this.#sealWith(keyId, kind, content))]
    return given.length === made.length && timingSafeEqual(given, made)
  }

  /** Whether this seal says that it was made with a key that is known here. */
  knows(seal: string | null): boolean {
    return this.#keys.has(seal?.split('.')[1] ?? '')
  }

  #sealWith(keyId: string, kind: SealedKind, content: object): string {
    const key = this.#keys.get(keyId)
    if (key === undefined) throw new Error(`there is no key ${keyId} to seal with`)
    const bytes = String(canonicalize({ v: 1, kind, content }))
    return `v1.${keyId}.${createHmac('sha256', key).update(bytes).digest('hex')}`
  }
}

// Keys of their own: what is learnt of one says nothing of the box keys or of each other.
function derived(key: Secret): { readonly id: string; readonly mac: Buffer } {
  const bytes = Buffer.from(key.reveal(), 'base64')
  return {
    id: Buffer.from(hkdfSync('sha256', bytes, '', 'rekey row seal key id', 6)).toString('hex'),
    mac: Buffer.from(hkdfSync('sha256', bytes, '', 'rekey row seal v1', 32)),
  }
}
