/**
 * Checkpoints: signed statements that the ledger had this many entries and this root. In the formats
 * of C2SP (tlog-checkpoint, signed-note), so that any verifier of transparency logs can read and
 * cosign them.
 */

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import type { Secret } from '../secret.ts'

export interface Checkpoint {
  readonly origin: string
  /** How many entries, from the first on. */
  readonly size: number
  /** Of the Merkle tree over their hashes: 32 bytes, in base64. */
  readonly root: string
}

/** What signs checkpoints, and what checks them. */
export interface CheckpointKey {
  /** Which log this is. The name of the key, too. */
  readonly origin: string
  /** Name, id and public key in one line: what a verifier is given. */
  readonly verifier: string
  sign(size: number, root: Buffer): string
}

// RFC 8410: what stands before the 32 bytes of an Ed25519 key in DER.
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex')

/** The number that signed-note gives to Ed25519. */
const ed25519 = 1

/** The key is derived from the operator's, so that there is no second one to keep. @param secretKey 32 bytes, in base64 */
export function checkpointKey(secretKey: Secret): CheckpointKey {
  const given = Buffer.from(secretKey.reveal(), 'base64')
  const seed = Buffer.from(hkdfSync('sha256', given, '', 'rekey checkpoint key v1', 32))
  const key = createPrivateKey({
    key: Buffer.concat([pkcs8Head, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const open = createPublicKey(key)
    .export({ format: 'der', type: 'spki' })
    .subarray(spkiHead.length)
  const origin = `rekey-ledger/${createHash('sha256').update(open).digest('hex').slice(0, 16)}`
  const id = keyId(origin, open)
  return {
    origin,
    verifier: [
      origin,
      id.toString('hex'),
      Buffer.concat([Buffer.of(ed25519), open]).toString('base64'),
    ].join('+'),
    sign: (size, root) => {
      const text = `${origin}\n${size}\n${root.toString('base64')}\n`
      const signature = Buffer.concat([id, sign(null, Buffer.from(text), key)])
      return `${text}\n— ${origin} ${signature.toString('base64')}\n`
    },
  }
}

/**
 * Reads a checkpoint and checks its signature. Signatures of others beside it are left alone.
 * @param verifier as `CheckpointKey.verifier` gives it
 * @returns undefined when it is no checkpoint, or not signed by this key
 */
export function readCheckpoint(note: string, verifier: string): Checkpoint | undefined {
  const [origin = '', size = '', root = ''] = openNote(note, verifier)?.split('\n') ?? []
  if (origin === '' || !verifier.startsWith(`${origin}+`)) return undefined
  if (!/^(0|[1-9]\d{0,14})$/.test(size) || Buffer.from(root, 'base64').length !== 32)
    return undefined
  return { origin, size: Number(size), root }
}

/** The text of a signed note (C2SP signed-note). @returns undefined when this key has not signed it */
export function openNote(note: string, verifier: string): string | undefined {
  const known = readVerifier(verifier)
  const [, text = '', signatures = ''] = /^([\s\S]+?\n)\n((?:— \S+ \S+\n)+)$/.exec(note) ?? []
  if (known === undefined) return undefined
  const isSigned = signatures.split('\n').some((line) => {
    const [, name, signed = ''] = line.split(' ')
    const bytes = Buffer.from(signed, 'base64')
    if (name !== known.name || !bytes.subarray(0, 4).equals(known.id)) return false
    return verify(null, Buffer.from(text), known.key, bytes.subarray(4))
  })
  return isSigned ? text : undefined
}

/** Whether it is written as `CheckpointKey.verifier` is. */
export function isVerifier(text: string): boolean {
  return readVerifier(text) !== undefined
}

function readVerifier(verifier: string) {
  const [, name = '', id = '', key = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(verifier) ?? []
  const bytes = Buffer.from(key, 'base64')
  if (bytes.length !== 33 || bytes[0] !== ed25519) return undefined
  const open = bytes.subarray(1)
  if (keyId(name, open).toString('hex') !== id) return undefined
  return { name, id: Buffer.from(id, 'hex'), key: publicKey(open) }
}

function publicKey(open: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([spkiHead, open]), format: 'der', type: 'spki' })
}

/** As signed-note has it: the beginning of a hash over name, kind and key. */
function keyId(name: string, open: Buffer): Buffer {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.of(ed25519))
    .update(open)
    .digest()
    .subarray(0, 4)
}
