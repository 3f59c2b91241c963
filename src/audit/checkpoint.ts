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
  const id = keyId(origin, open, ed25519)
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
  const checkpoint = checkpointIn(openNote(note, verifier) ?? '')
  return checkpoint && verifier.startsWith(`${checkpoint.origin}+`) ? checkpoint : undefined
}

/** What the text of a checkpoint says, whoever has signed it. */
export function checkpointIn(text: string): Checkpoint | undefined {
  const [origin = '', size = '', root = ''] = text.split('\n')
  if (origin === '' || !/^(0|[1-9]\d{0,14})$/.test(size)) return undefined
  return Buffer.from(root, 'base64').length === 32
    ? { origin, size: Number(size), root }
    : undefined
}

/** The text of a signed note (C2SP signed-note). @returns undefined when this key has not signed it */
export function openNote(note: string, verifier: string): string | undefined {
  const known = readVerifier(verifier, ed25519)
  if (known === undefined) return undefined
  const { text, signatures } = partsOfNote(note)
  const isSigned = signaturesBy(known, signatures).some(({ bytes }) =>
    verify(null, Buffer.from(text), known.key, bytes),
  )
  return isSigned ? text : undefined
}

/** What is signed, and the lines that sign it; both empty where it is no note. */
export function partsOfNote(note: string): { readonly text: string; readonly signatures: string } {
  const [, text = '', signatures = ''] = /^([\s\S]+?\n)\n((?:— \S+ \S+\n)+)$/.exec(note) ?? []
  return { text, signatures }
}

/** Those that say they are this key's. Whether they are is for `verify` to say. */
export function signaturesBy(key: NoteKey, signatures: string) {
  return signatures.split('\n').flatMap((line) => {
    const [dash, name, signed = '', ...more] = line.split(' ')
    const bytes = Buffer.from(signed, 'base64')
    const isIts = name === key.name && bytes.subarray(0, 4).equals(key.id)
    return dash === '—' && isIts && more.length === 0 ? [{ line, bytes: bytes.subarray(4) }] : []
  })
}

/** A public key as signed-note writes it in a line. */
export interface NoteKey {
  readonly name: string
  readonly id: Buffer
  readonly key: KeyObject
}

/** Whether it is written as `CheckpointKey.verifier` is. */
export function isVerifier(text: string): boolean {
  return readVerifier(text, ed25519) !== undefined
}

/** @param kind the number that signed-note gives to what the key does */
export function readVerifier(verifier: string, kind: number): NoteKey | undefined {
  const [, name = '', id = '', key = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(verifier) ?? []
  const bytes = Buffer.from(key, 'base64')
  if (bytes.length !== 33 || bytes[0] !== kind) return undefined
  const open = bytes.subarray(1)
  if (keyId(name, open, kind).toString('hex') !== id) return undefined
  return { name, id: Buffer.from(id, 'hex'), key: publicKey(open) }
}

function publicKey(open: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([spkiHead, open]), format: 'der', type: 'spki' })
}

/** As signed-note has it: the beginning of a hash over name, kind and key. */
function keyId(name: string, open: Buffer, kind: number): Buffer {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.of(kind))
    .update(open)
    .digest()
    .subarray(0, 4)
}
