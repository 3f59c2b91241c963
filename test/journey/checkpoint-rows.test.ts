/** F2, F5: what Rekey signs, and what it takes for signed, while somebody else writes to the database. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkpointKey } from '../../src/audit/checkpoint.ts'
import { MerkleTree } from '../../src/audit/merkle.ts'
import { audit } from '../../src/cli/audit.ts'
import { Secret } from '../../src/secret.ts'
import { orderBehind, readBehind, writeBehind } from '../support/story/behind.ts'
import { approve, ask } from '../support/story/interactions.ts'
import { auditCaughtUp, auditChannel, cardSays, messageSaying } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'
import { logKeyOf } from '../support/story/witnessed.ts'

let story: Story
beforeEach(async () => {
  story = await beginStory()
  const card = await ask(story, story.sam, 'jane@example.com')
  await approve(story, story.mia, card)
  await cardSays(story, card, 'signed out everywhere')
  await auditCaughtUp(story)
})
afterEach(() => story.end())

const stranger = checkpointKey(new Secret(Buffer.alloc(32, 7).toString('base64')))
const ownKey = () => logKeyOf(story).verifier

describe('F5 a checkpoint that this Rekey has not signed', () => {
  it.each([
    ['of another log', 500, (size: number) => noteOf(size)],
    ['of nobody, and of an immense size', 1_099_511_627_776, () => 'x'],
  ])('counts for nothing, and security hears of it: one %s', async (_, size, note) => {
    writeBehind(story, `insert into checkpoints values (${size}, '${note(size)}', 'ab')`)
    sign()
    await messageSaying(story, story.mia, '#account-approvals', 'no checkpoint of this Rekey')
    await expect.poll(() => sizes().length).toBe(2)
    expect(sizes()[0]).toBeLessThan(100)
    // Said once, and not again with every one that is signed.
    await ask(story, story.sam, 'judy@example.com')
    sign()
    await expect.poll(() => sizes().length).toBe(3)
    expect(alerts('no checkpoint of this Rekey')).toBe(1)
  })

  it('is not posted in the audit channel', async () => {
    writeBehind(story, `insert into checkpoints values (5, '${noteOf(5)}', 'ab')`)
    orderBehind(story, { kind: 'post-checkpoint', size: 5 })
    sign()
    await expect.poll(() => auditChannel(story).join()).toContain('rekey-ledger/')
    expect(auditChannel(story).join()).not.toContain(stranger.origin)
  })
})

describe('F5 entries that do not hold on to one another', () => {
  it('are not signed, and security hears of it; put back, they are', async () => {
    writeBehind(
      story,
      'drop trigger ledger_no_update',
      'create table kept as select * from ledger where seq = 2',
      `update ledger set hash = 'ab' || substr(hash, 3) where seq = 2`,
    )
    sign()
    await messageSaying(story, story.mia, '#account-approvals', 'No checkpoint was signed')
    expect(sizes()).toEqual([])
    writeBehind(story, 'update ledger set hash = (select hash from kept) where seq = 2')
    writeBehind(story, 'drop table kept')
    sign()
    await expect.poll(() => sizes().length).toBe(1)
    await auditCaughtUp(story)
    expect(await verified('--key', ownKey())).toBe(0)
  })

  it('are not signed where the ones before were signed otherwise', async () => {
    sign()
    await expect.poll(() => sizes().length).toBe(1)
    const [size = 0] = sizes()
    const own = logKeyOf(story)
    const tree = new MerkleTree()
    for (let seq = 1; seq <= size; seq++) tree.push('ab'.repeat(32))
    const note = own.sign(size, tree.root())
    writeBehind(
      story,
      'drop trigger checkpoints_no_update',
      `update checkpoints set note = '${note}', frontier = '${tree.frontier.join(' ')}'`,
    )
    await ask(story, story.sam, 'judy@example.com')
    sign()
    await messageSaying(story, story.mia, '#account-approvals', 'No checkpoint was signed')
    expect(sizes()).toEqual([size])
  })
})

function sign(): void {
  orderBehind(story, { kind: 'sign-checkpoint' })
}

function noteOf(size: number): string {
  const tree = new MerkleTree()
  for (let seq = 1; seq <= size; seq++) tree.push('ab'.repeat(32))
  return stranger.sign(size, tree.root())
}

function sizes(): number[] {
  return readBehind(story, 'select size from checkpoints order by size').map((row) =>
    Number(row['size']),
  )
}

function alerts(words: string): number {
  return story.mia
    .messages('#account-approvals')
    .filter((message) => story.mia.read(message).includes(words)).length
}

function verified(...more: string[]) {
  const now = () => new Date(story.slack.workspace.now().getTime() + 5 * minute)
  const args = ['verify', ...more, '--database', story.env['DATABASE_URL'] ?? '']
  return audit(args, { ...story.env }, () => {}, now)
}
