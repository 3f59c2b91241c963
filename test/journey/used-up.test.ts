/** Requests for one account that come to nothing, again and again: who is held up by them, and who hears of it. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../../sandbox/slack/person.ts'
import { brokenInvariants } from '../support/invariants.ts'
import { limits, policyWith } from '../support/policies.ts'
import { approve, ask, passUntil } from '../support/story/interactions.ts'
import { current, dmSaying, messageSaying, windowSays } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

const jane = 'jane@example.com'
const hour = 60 * minute
const threePerDay = () => policyWith({ limits: limits({ requestsPerAccount: '3 per 1d' }) })

let story: Story
beforeEach(async () => {
  story = await beginStory(undefined, threePerDay())
})
afterEach(() => story.end())

describe('an account that is asked for, and nothing comes of it', () => {
  it('F7 T21: is no harder to recover after three requests that were withdrawn, and security is called once', async () => {
    for (let times = 0; times < 3; times += 1) await askAndWithdraw()
    story.pass(12 * hour)
    await ask(story, suki(), jane)
    await calledOnce()
    await story.stopRekey()
    const ledger = await story.ledger()
    expect(ledger.filter(({ entry }) => entry.type === 'requests.repeated')).toHaveLength(1)
    expect(brokenInvariants(story, ledger)).toEqual([])
  })

  it('F7: calls its owner and the approvers three times a day for one requester, not all day', async () => {
    const { mia, sam } = story
    for (let times = 0; times < 3; times += 1) await askAndWithdraw()
    story.pass(hour)
    await expect(ask(story, sam, jane)).rejects.toThrow('not sent')
    await windowSays(story, sam, 'as many requests as the policy allows in this time, from you')
    await sam.closeModal({ all: true })
    expect(story.slack.person('U0JANE').dm()).toHaveLength(3)
    // The fourth, by whoever it is, calls security again.
    await ask(story, suki(), jane)
    const sent = await dmSaying(story, suki(), '[Withdraw]')
    await suki().press('Withdraw', { in: sent })
    await messageSaying(story, mia, '#account-approvals', '4 requests for Jane Doe')
  })

  it('F7: nor after three that were denied, or that nobody decided on', async () => {
    const { sam, mia } = story
    const denied = await ask(story, sam, jane)
    await mia.press('Deny…', { in: current(story, denied) })
    await windowSays(story, mia, '[Deny]')
    await mia.type('Why not?', 'Call her back first')
    await mia.submit()
    await messageSaying(story, mia, '#account-approvals', 'Denied')
    for (let times = 0; times < 2; times += 1) {
      const card = await ask(story, sam, jane)
      await passUntil(story, () => {
        story.pass(10 * minute)
        return mia.read(current(story, card)).includes('Expired')
      })
    }
    await ask(story, suki(), jane)
    await calledOnce()
  })

  it('F7: gives one back once, whoever presses twice', async () => {
    await story.reload(policyWith({ limits: limits({ requestsPerAccount: '2 per 1d' }) }))
    const { sam, mia } = story
    await approve(story, mia, await ask(story, sam, jane))
    await messageSaying(story, mia, '#account-approvals', 'signed out everywhere')
    await ask(story, sam, jane)
    const sent = await dmSaying(story, sam, '[Withdraw]')
    await Promise.all([sam.press('Withdraw', { in: sent }), sam.press('Withdraw', { in: sent })])
    await expect.poll(() => sam.read(current(story, sent))).toContain('Withdrawn')
    await approve(story, mia, await ask(story, suki(), jane))
    await expect(ask(story, suki(), jane)).rejects.toThrow('not sent')
  })
})

describe('an account that has had as many requests as the policy allows', () => {
  it('F7: is cleared by somebody of security who had no part in them, and by nobody else', async () => {
    await story.reload(policyWith({ limits: limits({ requestsPerAccount: '1 per 1d' }) }))
    const { sam, mia, noor, priya } = story
    const card = await ask(story, sam, jane)
    await approve(story, noor, card)
    await messageSaying(story, mia, '#account-approvals', 'signed out everywhere')
    await expect(ask(story, suki(), jane)).rejects.toThrow('not sent')
    const says = await windowSays(story, suki(), 'as many requests as the policy allows')
    const [command = ''] = /clear REQ-\w{10}/.exec(says) ?? []
    await suki().closeModal({ all: true })

    expect(await answer(suki(), command)).toContain('Only the people')
    expect(await answer(noor, command)).toContain('somebody else of the people for security')
    expect(await answer(priya, 'clear jane')).toContain('REQ-…')
    expect(await answer(priya, 'clear REQ-0000000000')).toContain('no such request')
    expect(await answer(priya, command)).toContain('can be asked for again')
    await ask(story, suki(), jane)
    await messageSaying(story, mia, '#account-approvals', 'no longer count')
    await story.stopRekey()
    const entries = (await story.ledger()).map(({ entry }) => entry)
    const cleared = entries.filter(({ type }) => type === 'limit.cleared')
    expect(cleared.map(({ actor, request }) => ({ actor, request }))).toEqual([
      { actor: { kind: 'person', id: priya.id }, request: command.slice('clear '.length) },
    ])
    const refused = entries.filter(({ data }) => data['attempt'] === 'clear')
    expect(refused.map(({ data }) => data['why'])).toEqual([
      'not-security',
      'took-part-lately',
      'unknown-request',
    ])
  })
})

const suki = () => story.slack.person('U0SUKI')

async function askAndWithdraw(): Promise<void> {
  const { sam } = story
  await ask(story, sam, jane)
  const sent = await dmSaying(story, sam, '[Withdraw]')
  await sam.press('Withdraw', { in: sent })
  await expect.poll(() => sam.read(current(story, sent))).toContain('Withdrawn')
}

/** Security has been called because of what came again. */
async function calledOnce(): Promise<void> {
  const { mia } = story
  await messageSaying(story, mia, '#account-approvals', 'A second request')
  const calls = mia
    .messages('#account-approvals')
    .filter((each) => mia.read(each).includes('A second request'))
  expect(calls).toHaveLength(1)
}

async function answer(person: Person, text: string): Promise<string> {
  const answers = () => person.messages('#general').filter(({ onlyFor }) => onlyFor === person.id)
  const before = answers().length
  await person.command('/recovery', text, { channel: '#general' })
  return story.slack.until(() => {
    const newest = answers().at(-1)
    return answers().length > before && newest !== undefined && person.read(newest)
  })
}
