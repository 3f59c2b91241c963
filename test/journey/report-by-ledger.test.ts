/** SE-14: what an owner reports is taken back by what the ledger says, whatever the database has been made to say. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { notFollowing } from '../support/replayed.ts'
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
  callsOf,
  cardSays,
  current,
  dmSaying,
  messageSaying,
  toldTo,
  typesIn,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

let story: Story
beforeEach(async () => {
  story = await beginStory()
})
afterEach(() => story.end())

const types = () => typesIn(story)

/** Jane's account is recovered with a temporary password, and she is told. */
async function recovered() {
  const card = await ask(story, story.sam, 'jane@example.com', { method: 'Temporary password' })
  keepPicture(story)
  await approve(story, story.mia, card)
  await cardSays(story, card, 'signed out everywhere')
  const jane = story.slack.person('U0JANE')
  const notice = await dmSaying(story, jane, 'Your account was recovered')
  await auditCaughtUp(story)
  return { card, jane, notice }
}

const ways: readonly (readonly [string, () => void])[] = [
  [
    'A26 one column of it changed',
    () => writeBehind(story, 'update requests set expires_at = expires_at + 1'),
  ],
  [
    'A26 another account put in its place',
    () => writeBehind(story, `update requests set sub = 'x'`),
  ],
  ['A26 its call deleted', () => writeBehind(story, 'delete from effects')],
  [
    'A26 a row that cannot be read',
    () => writeBehind(story, `update requests set body_json = '{'`),
  ],
  ['A6 it was put back to before its approval', () => putPictureBack(story)],
  [
    'A6 its row deleted',
    () =>
      writeBehind(
        story,
        ...['secrets', 'effects', 'approvals', 'requests'].map((table) => `delete from ${table}`),
      ),
  ],
]

describe('SE-14 what was carried out, and was changed in the database', () => {
  it.each(ways)('is frozen and taken back as its owner reports it: %s', async (_, change) => {
    const { jane, notice } = await recovered()
    change()
    await jane.press('This wasn’t me', { in: notice })
    await expect.poll(() => jane.read(current(story, notice))).toContain('Thank you')
    await expect.poll(() => callsOf(story, 'AdminUserGlobalSignOut')).toBeGreaterThanOrEqual(2)
    // The password that was set, and the one that nobody knows.
    await expect.poll(() => callsOf(story, 'AdminSetUserPassword')).toBe(2)
    expect(readBehind(story, 'select * from freezes')).toHaveLength(1)
    await messageSaying(
      story,
      story.mia,
      '#account-approvals',
      /has changed what is stored.*as the ledger has it/,
    )
    await messageSaying(story, story.mia, '#account-approvals', /did not ask for this/)
    await expect.poll(types).toContain('secret.scrambled')
    expect(notFollowing(await story.ledger())).toEqual([])
  })

  it('A26 is followed up as before, without a report', async () => {
    const { card } = await recovered()
    writeBehind(story, 'update requests set expires_at = expires_at + 1')
    const madeUseless = () => {
      story.pass(5 * minute)
      return callsOf(story, 'AdminSetUserPassword')
    }
    await expect.poll(madeUseless, { interval: 100 }).toBeGreaterThanOrEqual(2)
    await cardSays(story, card, /useless/)
    expect(notFollowing(await story.ledger())).toEqual([])
  })

  it('A26 is nobody’s to report whom the ledger does not know for its owner', async () => {
    const { notice } = await recovered()
    writeBehind(
      story,
      `update requests set body_json = replace(body_json, '"owner":"U0JANE"', '"owner":"U0SUKI"')`,
    )
    const [row] = readBehind(story, 'select id from requests')
    orderBehind(story, { kind: 'tell-owner', request: row?.['id'] })
    await messageSaying(story, story.mia, '#account-approvals', /has changed what is stored/)
    await auditCaughtUp(story)
    const suki = story.slack.person('U0SUKI')
    expect(toldTo(suki)).not.toContain('This wasn')
    const jane = story.slack.person('U0JANE')
    expect(jane.read(current(story, notice))).toContain('This wasn’t me')
  })
})

describe('A21 what waits, and was changed in the database', () => {
  it('is stopped as the ledger has it: nothing of what was written there is sealed', async () => {
    const card = await ask(story, story.sam, 'bob@example.com')
    await auditCaughtUp(story)
    writeBehind(
      story,
      `update requests set body_json = replace(replace(body_json, '"reason":"', '"reason":"Call +44 20 7946 0000. '), '"approvalsNeeded":1', '"approvalsNeeded":0')`,
      `update requests set body_json = json_set(body_json, '$.owner', 'U0SUKI', '$.ownerReach', 'slack')`,
      `insert into effects (id, request_id, kind, number, state, fence, attempts, first_intended_at, intended_at, lease_until, before_status, before_modified_at, unchanged_looks)
        select 'EFF-0000000000', id, 'reset', 1, 'unknown', 1, 1, 0, 0, 0, 'CONFIRMED', 0, 0 from requests`,
    )
    const [row] = readBehind(story, 'select id from requests')
    orderBehind(story, { kind: 'draw-card', request: row?.['id'] })
    await cardSays(story, card, /changed in the database/)
    await auditCaughtUp(story)
    const suki = story.slack.person('U0SUKI')
    expect(toldTo(suki)).not.toContain('to recover your account')
    expect(story.mia.read(current(story, card))).not.toContain('+44 20')
    const [stopped] = readBehind(story, 'select state, body_json from requests')
    expect(stopped?.['state']).toBe('failed')
    expect(JSON.parse(String(stopped?.['body_json']))).toMatchObject({ approvalsNeeded: 1 })
    expect(String(stopped?.['body_json'])).not.toMatch(/U0SUKI|\+44 20/)
    expect(readBehind(story, 'select * from effects')).toEqual([])
  })
})
