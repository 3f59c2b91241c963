/** What witnesses have signed, as it is kept here: a signature counts only under its witness's key. */

import { partsOfNote } from '../audit/checkpoint.ts'
import { type Cosigned, readCosigned } from '../audit/cosignature.ts'
import type { Checkpoints, Ledger } from '../recovery/ports/ledger.ts'
import { treeOfEntries, type Witness } from './comparison.ts'

type Named = Pick<Witness, 'name' | 'key'>

export class KeptSignatures {
  readonly #checkpoints: Checkpoints
  readonly #verifier: string
  /** By witness, as it was read last. */
  readonly #read = new Map<string, { readonly size: number; readonly signed: Cosigned }>()

  constructor(checkpoints: Checkpoints, verifier: string) {
    this.#checkpoints = checkpoints
    this.#verifier = verifier
  }

  /** The newest checkpoint of this log that it has signed; undefined where there is none, or another hand has been at it. */
  async newest({ name, key }: Named): Promise<Cosigned | undefined> {
    const size = await this.#checkpoints.lastCosigned(name)
    const before = this.#read.get(name)
    if (before?.size === size) return before.signed
    const signed = size === 0 ? undefined : await this.#signed({ name, key }, size)
    if (signed !== undefined) this.#read.set(name, { size, signed })
    return signed
  }

  async #signed({ name, key }: Named, size: number): Promise<Cosigned | undefined> {
    const checkpoint = await this.#checkpoints.find(size)
    const all = await this.#checkpoints.cosignatures()
    const kept = all.find((each) => each.witness === name && each.size === size)
    if (checkpoint === undefined || kept === undefined) return undefined
    const { text } = partsOfNote(checkpoint.note)
    return readCosigned(`${text}\n${kept.line}\n`, key, [this.#verifier])
  }
}

/** Whether its own signature shows that it has seen this ledger's first `size` entries as they are now. */
export async function hasSigned(
  signed: Cosigned | undefined,
  size: number,
  ledger: Pick<Ledger, 'entries'>,
): Promise<boolean> {
  if (signed === undefined || signed.size < size) return false
  const tree = await treeOfEntries(ledger, signed.size)
  return tree.size === signed.size && tree.root().toString('base64') === signed.root
}
