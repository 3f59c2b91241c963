/** What signs the ledger, and what has witnesses sign it after that. */

import { checkpointKey } from '../audit/checkpoint.ts'
import { CheckpointSigner, type CheckpointSignerDeps } from '../audit/checkpoint-signer.ts'
import { type EntryContent, entryWithout, rekey } from '../recovery/model/drafts.ts'
import type { Ledger } from '../recovery/ports/ledger.ts'
import type { Secret } from '../secret.ts'
import { OwnCheckpoints } from './own-checkpoints.ts'
import { dayOf, Witnessing, type WitnessingDeps } from './witnessing.ts'

export interface Signing {
  /** Those of this log. */
  readonly checkpoints: OwnCheckpoints
  readonly checkpointSigner: CheckpointSigner
  readonly witnessing: Witnessing
}

interface SigningDeps extends Omit<WitnessingDeps, 'signer' | 'verifier'> {
  /** What checkpoints are signed with is derived from it. */
  readonly secretKey: Secret
  readonly formerSecretKeys?: readonly Secret[]
  readonly ledger: WitnessingDeps['ledger'] & Pick<Ledger, 'head' | 'hashesFrom'>
}

export function createSigning(deps: SigningDeps): Signing {
  const { secretKey, formerSecretKeys = [], ledger, now } = deps
  const key = checkpointKey(secretKey)
  const { verifier } = key
  const checkpoints = new OwnCheckpoints(deps.checkpoints, {
    ledger,
    verifiers: [verifier],
    former: formerSecretKeys.map((former) => checkpointKey(former).verifier),
  })
  const checkpointSigner = new CheckpointSigner({
    ...{ key, ledger, checkpoints, now },
    witnesses: deps.witnesses.map(({ name }) => name),
    alarm: alarmOf(deps),
  })
  const witnessing = new Witnessing({
    ...{ ...deps, checkpoints, verifier },
    signer: checkpointSigner,
  })
  return { checkpoints, checkpointSigner, witnessing }
}

/** Once for each that is stray; once a day, as long as nothing is signed. */
function alarmOf({ store, policy, now }: SigningDeps): CheckpointSignerDeps['alarm'] {
  return {
    stray: ({ size, note }) =>
      write({ type: 'checkpoint.stray', size }, `checkpoint stray ${size} ${note}`),
    withheld: (size) =>
      write({ type: 'checkpoint.withheld', size }, `checkpoint withheld ${size} ${dayOf(now())}`),
  }

  async function write(content: EntryContent, once: string): Promise<void> {
    await store.write(entryWithout(rekey, policy(), content), now(), once)
  }
}
