/** A witness beside a story, which knows the story's log. */

import { startWitness, type Witness } from '../../../sandbox/witness/start.ts'
import { type CheckpointKey, checkpointKey } from '../../../src/audit/checkpoint.ts'
import { Secret } from '../../../src/secret.ts'
import type { Story } from './story.ts'

/** The key that the story's checkpoints are signed with. */
export function logKeyOf({ env }: Pick<Story, 'env'>): CheckpointKey {
  return checkpointKey(new Secret(env['REKEY_SECRET_KEY'] ?? ''))
}

/** @param others the public keys of other logs that it signs for, too. Close it when the story is over. */
export function startWitnessOf(
  story: Pick<Story, 'env' | 'slack'>,
  others: readonly string[] = [],
): Promise<Witness> {
  const now = () => story.slack.workspace.now()
  const logs = [logKeyOf(story).verifier, ...others]
  return startWitness({ name: 'witness.example/acme', logs, now })
}
