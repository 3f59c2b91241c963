/** T16: what has to be said follows from the ledger, whatever somebody else writes into the tables. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RowSealer } from '../../src/sealing/row-sealer.ts'
import { Secret } from '../../src/secret.ts'
import { orderBehind, readBehind, writeBehind } from '../support/story/behind.ts'
import { approve, ask } from '../support/story/interactions.ts'
import {
  auditCaughtUp,
  auditChannel,
  cardSays,
  dmSaying,
  messageSaying,
  typesIn,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

let story: Story
beforeEach(async () => {
  story = await beginStory()
})
afterEach(() => story.end())

const numbered = (from: number, to: number) =>
  `with recursive n(i) as (select ${from} union all select i + 1 from n where i < ${to})`

describe('DB-12 A4 T16 rows that say that something was posted', () => {
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

  it.each([
    ['A12 with the place of another post do not have it written over', false],
    ['A12 nor has one that is sealed, of a message for a person', true],
  ])('%s', async (_, isSealed) => {
    await ask(story, story.sam, 'jane@example.com')
    await auditCaughtUp(story)
    await dmSaying(story, story.sam, 'Your request was sent')
    const [request] = readBehind(story, 'select id from requests')
    const key = `requester ${request?.['id']} sent`
    const newest = `select channel, ts from posts where key like 'audit entry%' order by ts desc limit 1`
    const [other] = readBehind(story, newest)
    const post = { key, channel: other?.['channel'], ts: other?.['ts'], digest: null }
    const sealer = new RowSealer(new Secret(story.env['REKEY_SECRET_KEY'] ?? ''))
    const seal = isSealed ? sealer.seal('post', post) : ''
    const before = auditChannel(story)
    writeBehind(
      story,
      `update posts set channel = '${post.channel}', ts = '${post.ts}', seal = '${seal}' where key = '${key}'`,
    )
    orderBehind(story, { kind: 'tell-requester', request: request?.['id'] })
    const ordered = `select done_at from jobs where lane like 'forged %'`
    await expect.poll(() => readBehind(story, ordered)[0]?.['done_at']).not.toBe(null)
    expect(auditChannel(story)).toEqual(before)
  })
})

const hush = (kind: string) =>
  `create trigger hush after insert on jobs when new.kind = '${kind}' begin
    update jobs set done_at = 1 where id = new.id;
  end`

const types = () => typesIn(story)

/** Lets time pass, and waits until Rekey has looked whether everything was said. */
async function lookAfter(milliseconds: number): Promise<void> {
  const looks = () => story.logged().split('looked whether everything').length
  const before = looks()
  story.pass(milliseconds)
  await expect.poll(looks).toBeGreaterThan(before)
}

const onlyOnce = (said: string, words: string) => expect(said.split(words)).toHaveLength(2)

const approvals = () =>
  story.mia
    .messages('#account-approvals')
    .map((each) => story.mia.read(each))
    .join('\n')

describe('DB-12 A4 T16 jobs that somebody takes away', () => {
  it('keep no call from security, which is made once', async () => {
    await ask(story, story.sam, 'jane@example.com')
    writeBehind(story, hush('post-alert'))
    const jane = story.slack.person('U0JANE')
    await jane.press('This wasn’t me', { in: await dmSaying(story, jane, 'asked') })
    await expect.poll(async () => (await types()).includes('owner.reported')).toBe(true)
    await auditCaughtUp(story)
    story.pass(6 * minute)
    await messageSaying(story, story.mia, '#account-approvals', 'please look')
    await auditCaughtUp(story)
    await lookAfter(6 * minute)
    onlyOnce(approvals(), 'please look')
  })

  it('hold up what is carried out, until the audit channel has heard of the rest', async () => {
    await auditCaughtUp(story)
    writeBehind(story, hush('post-audit'))
    const first = await ask(story, story.sam, 'jane@example.com')
    await approve(story, story.mia, first)
    await cardSays(story, first, 'signed out everywhere')
    story.pass(16 * minute)
    await expect.poll(() => story.readiness()).toMatch('audit channel is behind')
    writeBehind(story, 'drop trigger hush')
    story.pass(minute)
    await expect.poll(() => story.readiness()).toBe('ready\n')
    expect(auditChannel(story).join('\n')).toMatch(/approved/)
  })

  it('A13 keep no message from the owner', async () => {
    writeBehind(story, hush('tell-owner'))
    const card = await ask(story, story.sam, 'jane@example.com')
    await auditCaughtUp(story)
    writeBehind(story, 'update requests set owner_told_at = opened_at')
    const [request] = readBehind(story, 'select id from requests')
    orderBehind(story, { kind: 'draw-card', request: request?.['id'] })
    await expect
      .poll(
        () =>
          readBehind(story, `select done_at from jobs where lane like 'forged %'`)[0]?.['done_at'],
      )
      .not.toBe(null)
    expect(await cardSays(story, card, 'telling the owner')).not.toContain('was told in Slack')
    writeBehind(story, 'drop trigger hush')
    story.pass(11 * minute)
    await dmSaying(story, story.slack.person('U0JANE'), 'asked')
    await cardSays(story, card, 'was told in Slack')
  })

  it('A4 never come due, and are taken away: what is done now and then is done all the same', async () => {
    await auditCaughtUp(story)
    writeBehind(
      story,
      `create trigger late after insert on jobs
        begin update jobs set not_before = 9000000000000000 where id = new.id; end`,
      `create trigger later after update on jobs when new.not_before < 9000000000000000
        begin update jobs set not_before = 9000000000000000 where id = new.id; end`,
      'update jobs set not_before = 9000000000000000',
    )
    story.pass(121 * minute)
    const signed = 'select count(*) as n from checkpoints'
    await expect.poll(() => readBehind(story, signed)[0]?.['n']).toBe(1)
  })
})

describe('A4 a channel that is away', () => {
  it('gets each call once when it is back', async () => {
    await ask(story, story.sam, 'jane@example.com')
    await auditCaughtUp(story)
    const fault = { kind: 'error', error: 'internal_error', times: 1_000 } as const
    story.slack.faults.add({ ...fault, method: 'chat.postMessage' })
    const jane = story.slack.person('U0JANE')
    await jane.press('This wasn’t me', { in: await dmSaying(story, jane, 'asked') })
    await expect.poll(async () => (await types()).includes('owner.reported')).toBe(true)
    for (let round = 0; round < 4; round += 1) await lookAfter(3 * minute)
    story.slack.faults.clear()
    story.pass(2 * minute)
    await messageSaying(story, story.mia, '#account-approvals', 'please look')
    await auditCaughtUp(story)
    await lookAfter(2 * minute)
    onlyOnce(approvals(), 'please look')
  })
})
