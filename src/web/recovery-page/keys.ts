/** The keys of the page: none of them is the operator's own, and from none of them can that be found. */

import { hkdfSync } from 'node:crypto'
import type { Secret } from '../../secret.ts'

export interface PageKeys {
  /** Signs what a form carries. */
  readonly forms: Buffer
  /** Makes names and addresses unreadable where they are counted. */
  readonly limits: Buffer
}

/** @param secretKey the operator's: 32 bytes, in base64 */
export function pageKeys(secretKey: Secret): PageKeys {
  const bytes = Buffer.from(secretKey.reveal(), 'base64')
  const derived = (purpose: keyof PageKeys) =>
    Buffer.from(hkdfSync('sha256', bytes, '', `rekey recovery page ${purpose} v1`, 32))
  return { forms: derived('forms'), limits: derived('limits') }
}
