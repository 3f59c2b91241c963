/** A policy that names other channels than before, while requests are under way. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { policyWith } from '../support/policies.ts'
import { approve, ask, passUntil } from '../support/story/interactions.ts'
import {
  auditCaughtUp,
  cardSays,
  current,
  dmSaying,
  messageSaying,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

const jane = 'jane@example.com'
let story: Story
beforeEach(async () => {
  story = await beginStory()
  const { directory } = story.slack.workspace
  directory.channels = [
    ...directory.channels,
    { ...directory.channelCalled('C0APPROVE'), id: 'C0DESK', name: 'desk' },
    { ...directory.channelCalled('C0AUDIT'), id: 'C0RECORD', name: 'record' },
  ]
})
afterEach(() => story.end())

const moveApprovals = () =>
  story.reload(policyWith({ channels: { approvals: 'C0DESK', audit: 'C0AUDIT' } }))
const moveAudit = () =>
  story.reload(policyWith({ channels: { approvals: 'C0APPROVE', audit: 'C0RECORD' } }))

describe('another approvals channel', () => {
  it('SO-13: has the card of a request that waits, and who approves there has approved it', async () => {
    const { sam, mia, cognito } = story
    await ask(story, sam, jane)
    await moveApprovals()
    const card = await messageSaying(story, mia, '#desk', 'Approve…')
    expect(await approve(story, mia, card)).toContain('recorded')
    await cardSays(story, card, 'signed out everywhere')
    expect(cognito.mailbox.to(jane)).toHaveLength(1)
  })

  it('SO-10 SO-13: the one before hears nothing more, since it may be shared by now', async () => {
    const { sam, mia, slack } = story
    const card = await ask(story, sam, jane)
    await moveApprovals()
    await messageSaying(story, mia, '#desk', 'Approve…')
    const before = edits('C0APPROVE')
    slack.workspace.directory.setChannel('C0APPROVE', { extShared: true })
    story.pass(2 * minute)
    await sam.press('Withdraw', { in: await dmSaying(story, sam, '[Withdraw]') })
    await messageSaying(story, mia, '#desk', 'Withdrawn')
    expect(edits('C0APPROVE')).toBe(before)
    expect(story.mia.read(current(story, card))).toContain('Approve…')
  })

  it.each([{ archived: true }, { members: ['U0MIA'] }])(
    'SO-13: goes on where the one before takes nothing any more: %o',
    async (change) => {
      const { sam, mia, slack } = story
      await ask(story, sam, jane)
      await moveApprovals()
      slack.workspace.directory.setChannel('C0APPROVE', change)
      await sam.press('Withdraw', { in: await dmSaying(story, sam, '[Withdraw]') })
      await messageSaying(story, mia, '#desk', 'Withdrawn')
    },
  )

  it('SO-13: has the reminders too, below the card', async () => {
    const { sam, mia } = story
    await story.reload(policyWith({ reminders: { after: '5m', times: 1 } }))
    await ask(story, sam, jane)
    await story.reload(
      policyWith({
        reminders: { after: '5m', times: 1 },
        channels: { approvals: 'C0DESK', audit: 'C0AUDIT' },
      }),
    )
    const card = await messageSaying(story, mia, '#desk', 'Approve…')
    story.pass(6 * minute)
    await passUntil(story, () => mia.replies('#desk', card.ts).length === 1)
  })
})

describe('another audit channel', () => {
  it('SO-13: goes on in a thread of its own, and nothing is missed in the one before', async () => {
    const { sam, mia, slack } = story
    const card = await ask(story, sam, jane)
    // One reply in the old thread at least: a refusal begins none.
    await auditCaughtUp(story)
    await refuseOnce()
    await slack.until(() => posts('C0AUDIT').some((each) => each.threadTs !== undefined))
    await auditCaughtUp(story)
    await moveAudit()
    await approve(story, mia, current(story, card))
    await cardSays(story, card, 'signed out everywhere')
    await slack.until(() => posts('C0RECORD').some(({ text }) => text.includes('Signed out every')))
    const [root, ...below] = posts('C0RECORD').filter(({ text }) => /Jane|REQ-/.test(text))
    expect(below.map(({ threadTs }) => threadTs)).toEqual(below.map(() => root?.ts))
    for (let round = 0; round < 2; round += 1) {
      const looks = slack.transcript.callsOf('conversations.history').length
      story.pass(11 * minute)
      const now = () => slack.transcript.callsOf('conversations.history').length
      await passUntil(story, () => now() > looks + 1)
    }
    await auditCaughtUp(story)
    await story.stopRekey()
    const types = (await story.ledger()).map(({ entry }) => entry.type)
    expect(types.filter((type) => type.startsWith('post.'))).toEqual([])
  })

  /** Sam may not approve his own request, which is posted below it. */
  async function refuseOnce(): Promise<void> {
    const { sam, slack } = story
    const card = slack.workspace.messages.all.find(({ channel }) => channel === 'C0APPROVE')
    if (card === undefined) throw new Error('there is no card')
    await sam.press('Approve…', { in: card })
  }
})

function posts(channel: string) {
  return story.slack.workspace.messages.all.filter((each) => each.channel === channel)
}

function edits(channel: string): number {
  const calls = story.slack.transcript.callsOf('chat.update')
  return calls.filter(({ args, outcome }) => args['channel'] === channel && outcome === 'ok').length
}
