/** Whether a witness agrees with the ledger, as far as its newest checkpoint goes. */

import { partsOfNote } from '../audit/checkpoint.ts'
import type { SignedCheckpoint } from '../audit/checkpoint-signer.ts'
import { type Cosigned, readCosigned } from '../audit/cosignature.ts'
import { consistencyProof, MerkleTree } from '../audit/merkle.ts'
import type { ProxySettings } from '../proxy.ts'
import type { Checkpoints, Ledger } from '../recovery/ports/ledger.ts'
import { type Shown, showTo } from './client.ts'

/** A witness as the operator, or an auditor, has named it. */
export interface Witness {
  readonly name: string
  /** Its public key, in the one line that its operator publishes. */
  readonly key: string
  /** What comes before `/add-checkpoint`. */
  readonly url: string
}

export type Agreement =
  /** It has signed the newest checkpoint, now or before. */
  | { readonly kind: 'agrees'; readonly cosigned: Cosigned }
  /** It has signed a checkpoint of this many entries, and those are not the ones in this ledger. */
  | { readonly kind: 'rewritten'; readonly size: number; readonly witnessed: number }
  /** It has signed more than this ledger has. */
  | { readonly kind: 'behind'; readonly size: number; readonly witnessed: number }
  | { readonly kind: 'unknown'; readonly because: string }

export interface Kept {
  readonly ledger: Pick<Ledger, 'entries'>
  readonly checkpoints: Pick<Checkpoints, 'latest' | 'find'>
}

const mostTries = 4

/**
 * Shows it the newest checkpoint. Shown again, the same one is signed again.
 * @param lastCosigned what it has signed last, as far as is known here; it says so itself where that is wrong
 */
export async function agreementWith(
  { key, url }: Pick<Witness, 'key' | 'url'>,
  { ledger, checkpoints }: Kept,
  { lastCosigned, proxy }: { readonly lastCosigned: number; readonly proxy?: ProxySettings },
): Promise<Agreement> {
  let old = lastCosigned
  for (let tries = 0; tries < mostTries; tries += 1) {
    const latest = await checkpoints.latest()
    if (latest === undefined) return { kind: 'unknown', because: 'there is no checkpoint' }
    const { size, note } = latest
    if (old > size) old = size
    const answer = await showTo(url, { old, note, proof: await proofOf(old, latest) }, proxy)
    if (answer.kind === 'failed') return { kind: 'unknown', because: answer.because }
    if (answer.kind === 'inconsistent') return { kind: 'rewritten', size, witnessed: old }
    if (answer.kind === 'signed') {
      const cosigned = readCosigned(`${partsOfNote(note).text}\n${answer.lines}`, key)
      return cosigned === undefined
        ? { kind: 'unknown', because: 'it was signed with another key' }
        : { kind: 'agrees', cosigned }
    }
    if (answer.size === old && old === size) return { kind: 'rewritten', size, witnessed: size }
    // Another Rekey may have signed, and shown, a newer one meanwhile.
    const newest = (await checkpoints.latest())?.size ?? 0
    if (answer.size > newest) return { kind: 'behind', size: newest, witnessed: answer.size }
    old = answer.size
  }
  return { kind: 'unknown', because: 'it names another size each time' }

  async function proofOf(from: number, to: SignedCheckpoint): Promise<Shown['proof']> {
    if (from === 0 || from === to.size) return []
    const tree = await treeOf(from)
    return consistencyProof(tree, await hashesIn(tree.size, to.size))
  }

  async function treeOf(size: number): Promise<Pick<MerkleTree, 'size' | 'frontier'>> {
    const known = await checkpoints.find(size)
    if (known !== undefined) return known
    // Somebody has deleted it: then the ledger itself is read.
    const tree = new MerkleTree()
    for (const hash of await hashesIn(0, size)) tree.push(hash)
    return tree
  }

  async function hashesIn(after: number, upTo: number): Promise<string[]> {
    const hashes: string[] = []
    for await (const { entry, hash } of ledger.entries(after + 1)) {
      if (entry.seq > upTo) break
      hashes.push(hash)
    }
    return hashes
  }
}
