/** SE-14: who took part is what the ledger says, whatever lists of rows have. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { policyWith, sandboxTiers } from '../support/policies.ts'
import { readBehind, writeBehind } from '../support/story/behind.ts'
import { ask } from '../support/story/interactions.ts'
import { current, dmSaying, typesIn } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

let story: Story
beforeEach(async () => {
  const [, , standard] = sandboxTiers().tiers
  story = await beginStory(
    undefined,
    policyWith({ requesters: ['S0SUPPORT', 'U0PRIYA'], tiers: [standard] }),
  )
})
afterEach(() => story.end())

const types = () => typesIn(story)

describe('SE-14 a freeze', () => {
  it('A9 is lifted by nobody who took part, though the table hides what they asked for', async () => {
    const { sam, mia, priya } = story
    const jane = story.slack.person('U0JANE')
    await ask(story, priya, 'jane@example.com')
    const first = await dmSaying(story, jane, 'asked')
    await priya.press('Withdraw', { in: await dmSaying(story, priya, 'Your request was sent') })
    await expect.poll(() => jane.read(current(story, first))).toContain('is over')
    await ask(story, sam, 'jane@example.com')
    await expect.poll(() => jane.dm().length).toBe(2)
    for (const notice of jane.dm()) {
      await jane.press('This wasn’t me', { in: current(story, notice) })
      await expect.poll(() => jane.read(current(story, notice))).toContain('Thank you')
      story.pass(minute)
    }
    const alerts = () =>
      mia.messages('#account-approvals').filter((each) => mia.read(each).includes('please look'))
    await expect.poll(() => alerts().length).toBe(2)
    const [, second] = alerts()
    if (second === undefined) throw new Error('no second call')
    writeBehind(story, `update requests set sub = 'x' where requested_by = 'U0PRIYA'`)
    await priya.press('Let this account be recovered again', { in: second })
    await expect.poll(types).toContain('decision.refused')
    expect(readBehind(story, 'select * from freezes')).toHaveLength(1)
    expect(await types()).not.toContain('freeze.lifted')
  })
})
