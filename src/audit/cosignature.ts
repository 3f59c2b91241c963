/**
 * What a witness signs: that it has seen this checkpoint, when, and nothing of this log before that it does not
 * go on from (C2SP tlog-cosignature, the Ed25519 kind).
 */

import { verify } from 'node:crypto'
import {
  type Checkpoint,
  checkpointIn,
  partsOfNote,
  readVerifier,
  signaturesBy,
} from './checkpoint.ts'

export interface Cosigned extends Checkpoint {
  /** By the witness's clock. */
  readonly at: Date
  /** The line of the note that says so. */
  readonly line: string
}

/** The number that signed-note gives to cosignatures with Ed25519. */
const cosignature = 4

/** Of the year 9999: later ones no date can hold. */
const lastSecond = 253_402_300_799n

/**
 * Reads a checkpoint that a witness has cosigned. Signatures of others are left alone.
 * @param witnessKey the witness's public key, in the one line that its operator publishes
 * @param verifiers the public keys of the log: what a witness has signed of another one says nothing of it
 * @returns undefined where it is no checkpoint of this log, or not cosigned by this witness
 */
export function readCosigned(
  note: string,
  witnessKey: string,
  verifiers: readonly string[],
): Cosigned | undefined {
  const known = readVerifier(witnessKey, cosignature)
  const { text, signatures } = partsOfNote(note)
  const checkpoint = checkpointIn(text)
  if (known === undefined || checkpoint === undefined) return undefined
  if (!verifiers.some((verifier) => verifier.startsWith(`${checkpoint.origin}+`))) return undefined
  for (const { line, bytes } of signaturesBy(known, signatures)) {
    if (bytes.length !== 8 + 64) continue
    const seconds = bytes.readBigUInt64BE()
    const signed = Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`)
    const isSigned = seconds <= lastSecond && verify(null, signed, known.key, bytes.subarray(8))
    if (isSigned) return { ...checkpoint, at: new Date(Number(seconds) * 1_000), line }
  }
  return undefined
}

/** The name in a witness's public key. @returns undefined where it is no such key */
export function witnessName(witnessKey: string): string | undefined {
  return readVerifier(witnessKey, cosignature)?.name
}
