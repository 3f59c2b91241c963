import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { approve, ask } from '../support/story/interactions.ts'
import { cardSays, dmSaying, witnesses } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import type { Story } from '../support/story/story.ts'

let postgres: Postgres
let story: Story
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())
afterEach(() => story.end())

const offer = 'Show the password once'

describe('the same stories on PostgreSQL', () => {
  it('a reset, to a ledger that the channel has witnessed', async () => {
    story = await beginStory(await postgres.freshUrl())
    const card = await ask(story, story.sam, 'jane@example.com')
    await approve(story, story.mia, card)
    await cardSays(story, card, 'signed out everywhere')
    const code = story.cognito.mailbox.latest('jane@example.com')?.code ?? ''
    await story.application.confirmForgotPassword('jane@example.com', code, 'Jane-is-back-1')
    const signIn = await story.application.signIn('jane@example.com', 'Jane-is-back-1')
    expect(signIn.kind).toBe('signed-in')
    await story.slack.until(() => witnesses(story).length >= 5)
    await story.stopRekey()
    const entries = await story.ledger()
    for (const { seq, hash } of witnesses(story)) expect(entries[seq - 1]?.hash).toBe(hash)
  })

  it('a temporary password, across a restart', async () => {
    story = await beginStory(await postgres.freshUrl())
    const { sam, mia } = story
    const card = await ask(story, sam, 'bob@example.com', { method: 'Temporary password' })
    await story.restart()
    await approve(story, mia, card)
    const dm = await dmSaying(story, sam, `[${offer}]`)
    await story.restart()
    await sam.press(offer, { in: dm })
    await story.slack.until(() =>
      JSON.stringify(sam.modal?.definition ?? '').includes('rich_text_preformatted'),
    )
    const set = story.cognito.calls.filter(({ operation }) => operation === 'AdminSetUserPassword')
    expect(set).toHaveLength(1)
  })
})
