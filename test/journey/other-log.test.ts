/** F5: a witness signs other logs, too, and somebody has one there: its checkpoints say nothing of Rekey's ledger. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Witness } from '../../sandbox/witness/start.ts'
import { checkpointKey } from '../../src/audit/checkpoint.ts'
import { MerkleTree } from '../../src/audit/merkle.ts'
import { audit } from '../../src/cli/audit.ts'
import { Secret } from '../../src/secret.ts'
import { writeBehind } from '../support/story/behind.ts'
import { auditCaughtUp, readLedger } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'
import { logKeyOf, startWitnessOf } from '../support/story/witnessed.ts'

const stranger = checkpointKey(new Secret(Buffer.alloc(32, 7).toString('base64')))
const own = () => logKeyOf(story)

let story: Story
let witness: Witness
beforeEach(async () => {
  story = await beginStory()
  witness = await startWitnessOf(story, [stranger.verifier])
  await auditCaughtUp(story)
  await story.stopRekey()
  // The ledger as it is, signed by a stranger: as whoever rewrites it would have it.
  const tree = new MerkleTree()
  for (const { hash } of await readLedger(story.env['DATABASE_URL'] ?? '')) tree.push(hash)
  const note = stranger.sign(tree.size, tree.root())
  const frontier = tree.frontier.join(' ')
  writeBehind(story, `insert into checkpoints values (${tree.size}, '${note}', '${frontier}')`)
  const body = `old 0\n\n${note}`
  await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body })
  expect(witness.seen(stranger.origin)?.size).toBe(tree.size)
})
afterEach(async () => {
  await story.end()
  await witness.close()
})

it('F5 verify does not take it for Rekey’s at the witness, and asks for a key where it has none', async () => {
  const { status, said } = await verified(['--witness', witness.url])
  expect(status).toBe(2)
  expect(said).toContain('--key')
  expect(said).not.toContain('agrees')
})

it('F5 verify does not take it for Rekey’s in a file', async () => {
  const file = join(story.folder, 'witnessed.txt')
  writeFileSync(file, witness.seen(stranger.origin)?.note ?? '')
  writeBehind(story, 'drop trigger checkpoints_no_delete', 'delete from checkpoints')
  const { status, said } = await verified(['--witness', file, '--key', own().verifier])
  expect(status).toBe(2)
  expect(said).toContain('no checkpoint of this log')
})

it('F5 verify says where nothing is signed by the key that was given', async () => {
  writeBehind(story, 'drop trigger checkpoints_no_delete', 'delete from checkpoints')
  expect((await verified(['--key', own().verifier])).status).toBe(0)
  const { status, said } = await verified(['--key', own().verifier], 121 * minute)
  expect(status).toBe(2)
  expect(said).toContain('signs once an hour')
})

/** As an auditor, who has no key of Rekey's. */
async function verified(more: readonly string[], later = 5 * minute) {
  const { REKEY_SECRET_KEY: _, WITNESSES: __, ...env } = story.env
  const lines: string[] = []
  const now = () => new Date(story.slack.workspace.now().getTime() + later)
  const database = ['--database', story.env['DATABASE_URL'] ?? '']
  const args = ['verify', ...more, '--witness-key', witness.key, ...database]
  const status = await audit(args, env, (line) => lines.push(line), now)
  return { status, said: lines.join('\n') }
}
