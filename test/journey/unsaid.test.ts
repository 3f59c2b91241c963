/** T16: what has to be said follows from the ledger, whatever somebody else writes into the tables. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { orderBehind, readBehind, writeBehind } from '../support/story/behind.ts'
import { approve, ask } from '../support/story/interactions.ts'
import {
  auditCaughtUp,
  auditChannel,
  cardSays,
  dmSaying,
  messageSaying,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import type { Story } from '../support/story/story.ts'

let story: Story
beforeEach(async () => {
  story = await beginStory()
})
afterEach(() => story.end())

const numbered = (from: number, to: number) =>
  `with recursive n(i) as (select ${from} union all select i + 1 from n where i < ${to})`

describe('A4 T16 rows that say that something was posted', () => {
  it('do not keep a call from security', async () => {
    await ask(story, story.sam, 'jane@example.com')
    await auditCaughtUp(story)
    writeBehind(
      story,
      `${numbered(1, 500)}
        insert or ignore into posts (key, channel, ts) select 'alert ' || i, 'C0LEADS', '1.000000' from n`,
    )
    const jane = story.slack.person('U0JANE')
    await jane.press('This wasn’t me', { in: await dmSaying(story, jane, 'asked') })
    await messageSaying(story, story.mia, '#account-approvals', 'please look')
  })

  it('do not keep a recovery from the audit channel', async () => {
    await auditCaughtUp(story)
    writeBehind(
      story,
      `${numbered(2, 500)}
        insert or ignore into posts (key, channel, ts) select 'audit entry ' || i, 'C0AUDIT', '1.000000' from n`,
    )
    const card = await ask(story, story.sam, 'jane@example.com')
    await approve(story, story.mia, card)
    await cardSays(story, card, 'signed out everywhere')
    await auditCaughtUp(story)
    expect(auditChannel(story).join('\n')).toMatch(/approved/)
  })

  it('do not keep the message from the owner', async () => {
    writeBehind(
      story,
      `create trigger mute after insert on requests begin
        insert into posts (key, channel, ts) values
          ('owner ' || new.id || ' notice', 'D0', '1.000000'), ('owner ' || new.id || ' outcome', 'D0', '1.000000');
      end`,
    )
    await ask(story, story.sam, 'jane@example.com')
    await dmSaying(story, story.slack.person('U0JANE'), 'asked')
  })

  it('A12 with the place of another post do not have it written over', async () => {
    await ask(story, story.sam, 'jane@example.com')
    await auditCaughtUp(story)
    await dmSaying(story, story.sam, 'Your request was sent')
    const [request] = readBehind(story, 'select id from requests')
    const before = auditChannel(story)
    writeBehind(
      story,
      `update posts set channel = other.channel, ts = other.ts
        from (select channel, ts from posts where key like 'audit entry%' order by ts desc limit 1) as other
        where key = 'requester ${request?.['id']} sent'`,
    )
    orderBehind(story, { kind: 'tell-requester', request: request?.['id'] })
    const ordered = `select done_at from jobs where id like 'JOB-F%'`
    await expect.poll(() => readBehind(story, ordered)[0]?.['done_at']).not.toBe(null)
    expect(auditChannel(story)).toEqual(before)
  })
})
