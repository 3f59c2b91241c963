/** What signs the ledger, and what has witnesses sign it after that. */

import { checkpointKey } from '../audit/checkpoint.ts'
import { CheckpointSigner } from '../audit/checkpoint-signer.ts'
import { RowSealer } from '../sealing/row-sealer.ts'
import type { Secret } from '../secret.ts'
import { Witnessing, type WitnessingDeps } from './witnessing.ts'

export interface Signing {
  readonly checkpointSigner: CheckpointSigner
  readonly witnessing: Witnessing
}

interface SigningDeps extends Omit<WitnessingDeps, 'signer' | 'verifier' | 'sealer'> {
  /** What checkpoints are signed with is derived from it. */
  readonly secretKey: Secret
  readonly ledger: WitnessingDeps['ledger'] &
    ConstructorParameters<typeof CheckpointSigner>[0]['ledger']
}

export function createSigning(deps: SigningDeps): Signing {
  const { secretKey, ledger, checkpoints, now } = deps
  const key = checkpointKey(secretKey)
  const { verifier } = key
  const checkpointSigner = new CheckpointSigner({
    key,
    ledger,
    checkpoints,
    witnesses: deps.witnesses.map(({ name }) => name),
    now,
  })
  const sealer = new RowSealer(secretKey)
  return {
    checkpointSigner,
    witnessing: new Witnessing({ ...deps, signer: checkpointSigner, verifier, sealer }),
  }
}
