/** The ledger's newest checkpoint, held against what a witness has signed. */

import { partsOfNote } from '../audit/checkpoint.ts'
import type { SignedCheckpoint } from '../audit/checkpoint-signer.ts'
import { type Cosigned, readCosigned } from '../audit/cosignature.ts'
import { consistencyProof, MerkleTree } from '../audit/merkle.ts'
import type { ProxySettings } from '../proxy.ts'
import type { Checkpoints, Ledger } from '../recovery/ports/ledger.ts'
import { type Shown, showTo, type WitnessAnswer } from './client.ts'

/** A witness as the operator, or an auditor, has named it. */
export interface Witness {
  readonly name: string
  /** Its public key, in the one line that its operator publishes. */
  readonly key: string
  /** What comes before `/add-checkpoint`. */
  readonly url: string
}

export type Comparison =
  /** It has signed the newest checkpoint, just now. */
  | { readonly kind: 'agrees'; readonly cosigned: Cosigned }
  | Contradiction
  | { readonly kind: 'unknown'; readonly because: string }

/** What a witness says against the ledger. The protocol has it unsigned. */
export interface Contradiction {
  /**
   * - `rewritten`: it has signed a checkpoint of `witnessed` entries, and those are not the ones in this ledger
   * - `behind`: it has signed more than this ledger has
   */
  readonly kind: 'rewritten' | 'behind'
  /** Of the newest checkpoint here. */
  readonly size: number
  readonly witnessed: number
}

export interface Kept {
  readonly ledger: Pick<Ledger, 'entries'>
  readonly checkpoints: Pick<Checkpoints, 'latest' | 'find'>
}

export interface ComparisonOptions {
  /** What it has signed last, as far as is known here; it says so itself where that is wrong. */
  readonly lastCosigned: number
  /** The public keys of this log. */
  readonly verifiers: readonly string[]
  readonly now: () => Date
  readonly proxy?: ProxySettings
  /** How long one answer may take. */
  readonly timeoutMs?: number
}

const mostTries = 4

// As far as two clocks may be apart. What was signed longer ago is no answer to what was asked now.
const clocksApartMs = 10 * 60_000

/** Shows it the newest checkpoint. Shown again, the same one is signed again. */
export async function compareWith(
  witness: Pick<Witness, 'key' | 'url'>,
  kept: Kept,
  options: ComparisonOptions,
): Promise<Comparison> {
  const { checkpoints } = kept
  let old = options.lastCosigned
  for (let tries = 0; tries < mostTries; tries += 1) {
    const latest = await checkpoints.latest()
    if (latest === undefined) return { kind: 'unknown', because: 'there is no checkpoint' }
    const { size } = latest
    if (old > size) old = size
    const answer = await show(latest, old)
    if (answer.kind === 'failed') return { kind: 'unknown', because: answer.because }
    if (answer.kind === 'signed') return readSigned(latest, answer.lines)
    const isOther = answer.kind === 'inconsistent' || (old === size && (answer.size ?? old) === old)
    if (isOther) return rewritten(latest, old)
    if (answer.size === undefined) return { kind: 'unknown', because: 'HTTP 409 without a size' }
    // Another Rekey may have signed, and shown, a newer one meanwhile: it is stored before it is shown.
    const newest = (await checkpoints.latest())?.size ?? 0
    if (answer.size > newest) return { kind: 'behind', size: newest, witnessed: answer.size }
    old = answer.size
  }
  return { kind: 'unknown', because: 'it names another size each time' }

  async function show(checkpoint: SignedCheckpoint, from: number): Promise<WitnessAnswer> {
    const { note } = checkpoint
    const proof = await proofOf(kept, from, checkpoint)
    return showTo(witness.url, { old: from, note, proof }, options)
  }

  /** Anything between here and there may say 422, or 409: the witness has to name the size itself. */
  async function rewritten(checkpoint: SignedCheckpoint, witnessed: number): Promise<Comparison> {
    const again = await show(checkpoint, 0)
    return again.kind === 'elsewhere' && again.size === witnessed
      ? { kind: 'rewritten', size: checkpoint.size, witnessed }
      : { kind: 'unknown', because: 'it refuses, and does not say again what it has signed' }
  }

  function readSigned({ note }: SignedCheckpoint, lines: string): Comparison {
    const cosigned = readCosigned(
      `${partsOfNote(note).text}\n${lines}`,
      witness.key,
      options.verifiers,
    )
    if (cosigned === undefined)
      return { kind: 'unknown', because: 'it was signed with another key' }
    const apartMs = Math.abs(options.now().getTime() - cosigned.at.getTime())
    return apartMs > clocksApartMs
      ? {
          kind: 'unknown',
          because: `it was signed at ${timeOf(cosigned.at)}, and not within the ${clocksApartMs / 60_000} minutes that two clocks may be apart`,
        }
      : { kind: 'agrees', cosigned }
  }
}

/** The tree of the ledger's first entries, from nothing but those. */
export async function treeOfEntries(
  ledger: Pick<Ledger, 'entries'>,
  size: number,
): Promise<MerkleTree> {
  const tree = new MerkleTree()
  for (const hash of await hashesIn(ledger, 0, size)) tree.push(hash)
  return tree
}

async function proofOf(
  { ledger, checkpoints }: Kept,
  from: number,
  to: SignedCheckpoint,
): Promise<Shown['proof']> {
  if (from === 0 || from === to.size) return []
  // Where somebody has deleted it, the ledger itself is read.
  const tree = (await checkpoints.find(from)) ?? (await treeOfEntries(ledger, from))
  return consistencyProof(tree, await hashesIn(ledger, tree.size, to.size))
}

async function hashesIn(
  ledger: Pick<Ledger, 'entries'>,
  after: number,
  upTo: number,
): Promise<string[]> {
  const hashes: string[] = []
  if (upTo <= after) return hashes
  for await (const { entry, hash } of ledger.entries(after + 1)) {
    if (entry.seq > upTo) break
    hashes.push(hash)
  }
  return hashes
}

/** A time that no calendar has can be signed, too. */
function timeOf(at: Date): string {
  return Number.isNaN(at.getTime()) ? 'no time' : at.toISOString()
}
