/** F2: what somebody else puts into the database is as Rekey once stored it, or looks like an entry. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashOf } from '../../src/audit/chain.ts'
import type { Entry } from '../../src/audit/entry.ts'
import type { RequestId } from '../../src/ids.ts'
import { ledgerRow } from '../../src/store/ledger-row.ts'
import {
  keepPicture,
  orderBehind,
  putPictureBack,
  readBehind,
  writeBehind,
} from '../support/story/behind.ts'
import { approve, ask } from '../support/story/interactions.ts'
import {
  auditCaughtUp,
  auditChannel,
  callsOf,
  cardSays,
  dmSaying,
  messageSaying,
  toldTo,
  typesIn,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import type { Story } from '../support/story/story.ts'

let story: Story
beforeEach(async () => {
  story = await beginStory()
})
afterEach(() => story.end())

describe('F2 T16 a request that was put back to what Rekey once stored', () => {
  it('signs nobody out again', async () => {
    const card = await ask(story, story.sam, 'jane@example.com')
    // The newest picture there is before the sessions are ended.
    writeBehind(
      story,
      ...['requests', 'approvals', 'effects', 'secrets'].map(
        (table) => `create table kept_${table} as select * from ${table} where false`,
      ),
      `create trigger picture after insert on ledger
        when new.entry_json like '%"type":"effect.confirmed"%' and not exists (select 1 from kept_requests)
        begin
          insert into kept_requests select * from requests; insert into kept_approvals select * from approvals;
          insert into kept_effects select * from effects; insert into kept_secrets select * from secrets;
        end`,
    )
    await approve(story, story.mia, card)
    await cardSays(story, card, 'signed out everywhere')
    await auditCaughtUp(story)
    putPictureBack(story)
    const [row] = readBehind(story, 'select id from requests')
    orderBehind(story, { kind: 'revoke-sessions', request: row?.['id'] as RequestId })
    await messageSaying(story, story.mia, '#account-approvals', /has changed what is stored/)
    expect(callsOf(story, 'AdminUserGlobalSignOut')).toBe(1)
    expect(await typesIn(story)).toContain('request.altered')
  })

  it('does not have its owner told that nothing was changed', async () => {
    const card = await ask(story, story.sam, 'jane@example.com', { method: 'Temporary password' })
    keepPicture(story)
    await approve(story, story.mia, card)
    await cardSays(story, card, 'signed out everywhere')
    const jane = story.slack.person('U0JANE')
    const notice = await dmSaying(story, jane, 'Your account was recovered')
    await auditCaughtUp(story)
    putPictureBack(story)
    await jane.press('This wasn’t me', { in: notice })
    await messageSaying(story, story.mia, '#account-approvals', /has changed what is stored/)
    await expect.poll(() => typesIn(story)).toContain('owner.reported')
    await auditCaughtUp(story)
    expect(toldTo(jane)).not.toContain('It was not carried out')
  })
})

describe('F2 an entry that the sealed head does not go back to', () => {
  it.each([4_000_000, -5])('is posted nowhere: %i', async (seq) => {
    await auditCaughtUp(story)
    const [first] = readBehind(story, 'select entry_json from ledger where seq = 1')
    const like = JSON.parse(String(first?.['entry_json'])) as Entry
    const reason = 'Call +44 20 7946 0000 and read your codes out'
    const entry: Entry = {
      ...like,
      seq,
      type: 'recovery.paused',
      data: { reason, automatic: false },
    }
    const row = ledgerRow({ entry, hash: hashOf(entry) })
    writeBehind(
      story,
      `insert into ledger (seq, hash, entry_json) values (${seq}, '${row.hash}', '${row.entry_json}')`,
    )
    orderBehind(story, { kind: 'post-audit', seq, request: null } as const, { lane: 'audit' })
    orderBehind(story, { kind: 'post-alert', seq, request: null } as const, { lane: 'alerts' })
    // What waits behind them comes, and they are set aside.
    await ask(story, story.sam, 'jane@example.com')
    await auditCaughtUp(story)
    const set = `select count(*) as n from jobs where parked_at is not null`
    await expect.poll(() => readBehind(story, set)[0]?.['n']).toBe(2)
    expect(auditChannel(story).join()).not.toContain('+44 20')
    const said = story.mia.messages('#account-approvals').map((each) => story.mia.read(each))
    expect(said.join()).not.toContain('+44 20')
  })
})
