/** F2, T27: the policy in force, while somebody else writes to the database: another one never comes into force unheard. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSettings } from '../../src/settings.ts'
import { policyWith, sandboxTiers } from '../support/policies.ts'
import { readBehind, writeBehind } from '../support/story/behind.ts'
import { auditCaughtUp, messageSaying, readLedger } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import type { Story } from '../support/story/story.ts'

let story: Story
beforeEach(async () => {
  story = await beginStory()
  await auditCaughtUp(story)
})
afterEach(() => story.end())

const weaker = policyWith({
  tiers: sandboxTiers().tiers.map((tier) => ({ ...tier, approvers: ['S0LEADS', 'U0ANA'] })),
})

describe('F2, T27 another policy', () => {
  it.each([
    ['is gone', 'delete from policies'],
    ['is no JSON', `update policies set meaning_json = 'x'`],
    ['is another one', `update policies set meaning_json = '{"tiers":[]}'`],
  ])('calls security where what was stored of the one before %s', async (_, statement) => {
    await story.stopRekey()
    writeBehind(story, statement)
    await story.startWith(weaker)
    const alert = await messageSaying(story, story.mia, '#account-approvals', 'The policy changed')
    expect(story.mia.read(alert)).toContain('please look')
    expect(story.mia.read(alert)).toContain('can’t be read')
    expect(await entries('policy.changed')).toEqual([
      { before: await firstPolicy(), unreadable: true },
    ])
  })

  it('tells what changed, where its meaning was stored in place of the one before', async () => {
    writeBehind(story, `update policies set meaning_json = '${meaningOf(weaker)}'`)
    await story.reload(weaker)
    const alert = await messageSaying(story, story.mia, '#account-approvals', 'The policy changed')
    expect(story.mia.read(alert)).toContain('can’t be read')
  })

  it('tells what changed, where the row of the one to come was put in ahead of time', async () => {
    const { hash } = policyOf(weaker)
    writeBehind(story, `insert into policies values ('${hash}', '${meaningOf(weaker)}x')`)
    await story.reload(weaker)
    await messageSaying(story, story.mia, '#account-approvals', 'U0ANA')
    await story.reload(policyWith({}))
    const changes = await entries('policy.changed')
    expect(String(changes.at(-1)?.['changes'])).toContain('U0ANA → nothing')
  })

  it('has a group that it names begin with the alarm', async () => {
    await story.stopRekey()
    writeBehind(story, 'delete from policies')
    await story.startWith(policyWith({ requesters: ['S0SUPPORT', 'S0HEADS'] }))
    await messageSaying(story, story.mia, '#account-approvals', 'S0HEADS')
    const started = await entries('rekey.started')
    expect(started.at(-1)).not.toHaveProperty('groupsFirstSeen')
  })
})

it('F2 the policy in force has its row again after a start, and nothing changed', async () => {
  await story.stopRekey()
  const [row] = readBehind(story, 'select * from policies')
  writeBehind(story, `update policies set meaning_json = 'x'`)
  await story.restart()
  expect(readBehind(story, 'select * from policies')).toEqual([row])
  expect(await entries('policy.changed')).toEqual([])
})

function policyOf(text: string) {
  const file = join(story.folder, 'weaker.yml')
  writeFileSync(file, text)
  const read = readSettings({ ...story.env, POLICY_FILE: file })
  if (read.kind === 'faulty') throw new Error(read.faults.join())
  return read.settings.policy
}

function meaningOf(text: string): string {
  const { hash: _, ...meaning } = policyOf(text)
  return JSON.stringify(meaning).replaceAll("'", "''")
}

async function entries(type: string) {
  const all = await readLedger(story.env['DATABASE_URL'] ?? '')
  return all.filter(({ entry }) => entry.type === type).map(({ entry }) => entry.data)
}

async function firstPolicy() {
  const [first] = await readLedger(story.env['DATABASE_URL'] ?? '')
  return first?.entry.policy
}
