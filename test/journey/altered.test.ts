/** F2: somebody can write to the database, and has no key. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  keepPicture,
  orderBehind,
  putPictureBack,
  readBehind,
  writeBehind,
} from '../support/story/behind.ts'
import { approve, ask } from '../support/story/interactions.ts'
import {
  auditChannel,
  cardSays,
  dmSaying,
  messageSaying,
  typesIn,
  windowSays,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import type { Story } from '../support/story/story.ts'

let story: Story
beforeEach(async () => {
  story = await beginStory()
})
afterEach(() => story.end())

const offer = 'Show the password once'

const write = (...statements: readonly string[]) => writeBehind(story, ...statements)

const changes = () =>
  story.cognito.calls.filter(({ operation }) => /^Admin(?!Get|List)/.test(operation))

const types = () => typesIn(story)

describe('F2 T16 a database that somebody else writes to', () => {
  it('F2 carries out no approval that was put there, stops the request and calls Security', async () => {
    const card = await ask(story, story.sam, 'jane@example.com')
    write(
      `insert into approvals select id, 'U0MIA', opened_at + 1 from requests`,
      `update requests set state = 'approved', version = version + 1`,
    )
    const [row] = readBehind(story, 'select id from requests')
    orderBehind(story, { kind: 'execute', request: row?.['id'] })
    await cardSays(story, card, /changed in the database/)
    await messageSaying(story, story.mia, '#account-approvals', /Somebody else has changed/)
    await dmSaying(story, story.sam, /changed in the database/)
    expect(auditChannel(story).join('\n')).toContain('Somebody else has changed')
    expect(changes()).toEqual([])
    expect(await types()).not.toContain('effect.intended')
    expect((await types()).filter((type) => type === 'request.stopped')).toHaveLength(1)
  })

  it('F2 carries out no request that was put back to how it once was', async () => {
    const card = await ask(story, story.sam, 'jane@example.com')
    keepPicture(story)
    await story.mia.press('Deny…', { in: card })
    await windowSays(story, story.mia, /\[Deny\]/)
    await story.mia.type('Why not?', 'She did not answer')
    await story.mia.submit()
    await cardSays(story, card, /[Dd]enied/)
    putPictureBack(story)
    await story.mia.press('Approve…', { in: card, asSeen: true })
    await windowSays(story, story.mia, /changed in the database/)
    await messageSaying(story, story.mia, '#account-approvals', /Somebody else has changed/)
    expect(changes()).toEqual([])
  })

  it('F2 shows a password to nobody that was put in the place of whoever asked for it', async () => {
    const card = await ask(story, story.sam, 'bob@example.com', { method: 'Temporary password' })
    await approve(story, story.mia, card)
    await dmSaying(story, story.sam, `[${offer}]`)
    write(`update requests set requested_by = 'U0SUKI'`)
    const suki = story.slack.person('U0SUKI')
    await suki.command('/recovery', 'mine', { channel: '#general' })
    await messageSaying(
      story,
      suki,
      '#general',
      /1 request was changed in the database|You have asked for no recovery yet/,
    )
    await messageSaying(story, story.mia, '#account-approvals', /Somebody else has changed/)
    expect(await types()).not.toContain('secret.revealing')
  })

  it('F2 lists what nobody has changed, names what was, and calls Security once', async () => {
    await ask(story, story.sam, 'jane@example.com')
    await ask(story, story.sam, 'bob@example.com')
    write(
      `update requests set body_json = '{' where opened_at = (select min(opened_at) from requests)`,
    )
    await story.mia.command('/recovery', 'pending', { channel: '#general' })
    await messageSaying(
      story,
      story.mia,
      '#general',
      /What waits for a decision[\s\S]*1 request was changed in the database by somebody else, and is not shown: REQ-\w+\. Security was called[\s\S]*REQ-/,
    )
    await messageSaying(story, story.mia, '#account-approvals', /Somebody else has changed/)
    expect((await types()).filter((type) => type === 'request.stopped')).toHaveLength(1)
  })

  it('F2 says so where a request was deleted that the ledger has open, and calls Security once', async () => {
    const card = await ask(story, story.sam, 'jane@example.com')
    write('delete from requests')
    await story.mia.press('Approve…', { in: card, asSeen: true })
    await cardSays(story, card, /changed in the database/)
    await messageSaying(story, story.mia, '#account-approvals', /its row is gone/)
    expect((await types()).filter((type) => type === 'request.stopped')).toHaveLength(1)
  })
})
