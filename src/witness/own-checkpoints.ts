/** The checkpoints of this log alone: what another key has signed, or nobody, counts for nothing wherever it is stored. */

import { type SignedCheckpoint, signedTree } from '../audit/checkpoint-signer.ts'
import type { Checkpoints, Cosignature, Ledger } from '../recovery/ports/ledger.ts'

export interface OwnCheckpointsOptions {
  readonly ledger: Pick<Ledger, 'head'>
  /** The public keys whose checkpoints count. */
  readonly verifiers: readonly string[]
  /** Those that no stranger has: what they signed counts no more, and is no cause for alarm. */
  readonly former?: readonly string[]
}

// Those of a former key, or somebody else's rows: beyond that, Rekey signs from the beginning.
const mostLooks = 50

export class OwnCheckpoints implements Checkpoints {
  readonly #stored: Checkpoints
  readonly #options: OwnCheckpointsOptions

  constructor(stored: Checkpoints, options: OwnCheckpointsOptions) {
    this.#stored = stored
    this.#options = options
  }

  async latest(below = Infinity): Promise<SignedCheckpoint | undefined> {
    const { seq } = await this.#options.ledger.head()
    let found = await this.#stored.latest(Math.min(below, seq + 1))
    for (let looks = 0; looks < mostLooks; looks += 1) {
      if (found === undefined || this.#isOwn(found)) return found
      found = await this.#stored.latest(found.size)
    }
    return undefined
  }

  /** The newest that is stored, where it is none of this log, or of more entries than there are. */
  async stray(): Promise<SignedCheckpoint | undefined> {
    const newest = await this.#stored.latest()
    if (newest === undefined) return undefined
    const { ledger, verifiers, former = [] } = this.#options
    const isKnown = isSignedBy([...verifiers, ...former], newest)
    return isKnown && newest.size <= (await ledger.head()).seq ? undefined : newest
  }

  async find(size: number): Promise<SignedCheckpoint | undefined> {
    const found = await this.#stored.find(size)
    return found !== undefined && this.#isOwn(found) ? found : undefined
  }

  async all(): Promise<readonly SignedCheckpoint[]> {
    return (await this.#stored.all()).filter((each) => this.#isOwn(each))
  }

  add(checkpoint: SignedCheckpoint, at: Date, witnesses: readonly string[]): Promise<void> {
    return this.#stored.add(checkpoint, at, witnesses)
  }

  addCosignature(cosignature: Cosignature): Promise<void> {
    return this.#stored.addCosignature(cosignature)
  }

  cosignatures(): Promise<readonly Cosignature[]> {
    return this.#stored.cosignatures()
  }

  lastCosigned(witness: string): Promise<number> {
    return this.#stored.lastCosigned(witness)
  }

  #isOwn(checkpoint: SignedCheckpoint): boolean {
    return isSignedBy(this.#options.verifiers, checkpoint)
  }
}

function isSignedBy(verifiers: readonly string[], checkpoint: SignedCheckpoint): boolean {
  return verifiers.some((verifier) => signedTree(checkpoint, verifier) !== undefined)
}
