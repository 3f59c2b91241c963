import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Fields } from '../../sandbox/slack/json.ts'
import type { Message } from '../../sandbox/slack/model.ts'
import { policyWith, sandboxTiers } from './policies.ts'
import {
  approve,
  ask,
  auditChannel,
  beginStory,
  cardSays,
  current,
  dmSaying,
  messageSaying,
  minute,
  passUntil,
  type Story,
  windowSays,
} from './story.ts'

let story: Story
afterEach(() => story.end())

const email = 'jane@example.com'
const [, , standard] = sandboxTiers().tiers

describe('what comes back from somebody’s computer', () => {
  beforeEach(async () => {
    story = await beginStory()
  })

  it('SE-01 B1: decides nothing: a button for another request, another version, or none is of no use', async () => {
    const { sam, mia } = story
    const card = await ask(story, sam, email)
    const other = await ask(story, sam, 'judy@example.com')
    await sam.press('Withdraw', { in: await dmSaying(story, sam, 'Judy') })
    await cardSays(story, other, 'Withdrawn')
    const id = /REQ-\w{10}/.exec(story.mia.read(other))?.[0] ?? ''
    for (const value of [`${id}:1`, 'REQ-0000000000:1']) {
      await mia.press('Approve…', { in: withValue(card, value), asSeen: true })
      await windowSays(story, mia, 'Not possible')
      await mia.closeModal({ all: true })
    }
    for (const value of ['approve everything', `${id}`, '']) {
      await mia.press('Approve…', { in: withValue(card, value), asSeen: true })
      await messageSaying(story, mia, '#account-approvals', 'Something went wrong')
    }
    expect(nothingWasDone()).toBe(true)
    await approve(story, mia, card)
    await cardSays(story, card, 'signed out everywhere')
  })

  it('SE-02 B1: an approval window that names another request approves only what its reader may approve', async () => {
    const { sam, mia, noor, slack } = story
    const card = await ask(story, sam, email)
    const privileged = await ask(story, sam, 'alan@example.com')
    const id = /REQ-\w{10}/.exec(story.mia.read(privileged))?.[0] ?? ''
    await mia.press('Approve…', { in: card })
    await windowSays(story, mia, '[Approve]')
    const open = mia.modal
    if (open === undefined) throw new Error('the window is not open')
    slack.workspace.views.update(open, {
      ...open.definition,
      private_metadata: JSON.stringify({ id, version: 1, state: 'approved', approvals: [] }),
    })
    story.pass(minute)
    await mia.submit()
    await windowSays(story, mia, 'you aren’t an approver')
    expect(nothingWasDone()).toBe(true)
    // And whoever may has to have had that request before their eyes, and to type its name.
    await noor.press('Approve…', { in: card })
    await windowSays(story, noor, '[Approve]')
    const noors = noor.modal
    if (noors === undefined) throw new Error('the window is not open')
    slack.workspace.views.update(noors, {
      ...noors.definition,
      private_metadata: JSON.stringify({ id, version: 1 }),
    })
    await noor.submit()
    await windowSays(story, noor, 'quicker than anybody can read')
    expect(nothingWasDone()).toBe(true)
  })

  it('SE-03 SE-04 B2: an approval of what the request was before is not one of what it is now', async () => {
    const { sam, mia, noor, slack, cognito } = story
    const card = await ask(story, sam, email)
    await noor.press('Approve…', { in: card })
    await windowSays(story, noor, '[Approve]')
    // Mia approves and loses the right before it is carried out, so the request begins to wait anew.
    cognito.faults.add({ operation: 'AdminGetUser', kind: 'error-before', times: 3 })
    await approve(story, mia, card)
    slack.workspace.directory.setGroup('S0LEADS', ['U0NOOR'])
    story.pass(minute)
    await passUntil(story, () => auditChannel(story).join('\n').includes('is void'))
    await noor.submit()
    await windowSays(story, noor, 'has changed since you opened this window')
    await mia.press('Approve…', { in: current(story, card) })
    await windowSays(story, mia, 'you aren’t an approver')
    expect(nothingWasDone()).toBe(true)
  })
})

describe('one person', () => {
  it('SE-06 T4: counts once, under however many accounts, and never for their own request', async () => {
    story = await beginStory(
      undefined,
      policyWith({
        requesters: ['S0SUPPORT', 'U0NOOR'],
        tiers: [{ ...standard, approvers: ['S0LEADS', 'U0HANA'], approvals: 2 }],
      }),
    )
    const { sam, mia, slack } = story
    const mia2 = slack.workspace.person('U0MIA2')
    const hana = slack.workspace.person('U0HANA')
    const card = await ask(story, sam, email)
    await approve(story, mia, card)
    await mia2.press('Approve…', { in: current(story, card) })
    await windowSays(story, mia2, 'You have approved this request already')
    expect(nothingWasDone()).toBe(true)
    await approve(story, hana, current(story, card))
    await cardSays(story, card, 'signed out everywhere')

    const own = await ask(story, story.noor, 'judy@example.com')
    slack.workspace.directory.setMember('U0HANA', { email: 'noor+hana@acme.example' })
    story.pass(minute)
    await hana.press('Approve…', { in: own })
    await windowSays(story, hana, 'You asked for this recovery yourself')
  })

  it('SE-07 T5: neither approves nor asks for the recovery of their own account', async () => {
    story = await beginStory()
    const { sam, mia, slack } = story
    slack.workspace.directory.setMember('U0JANE', { email: 'elsewhere@example.com' })
    slack.workspace.directory.setMember('U0MIA', { email })
    const card = await ask(story, sam, email)
    await mia.press('Approve…', { in: card })
    await windowSays(story, mia, 'This is your own account')
    slack.workspace.directory.setMember('U0SAM', { email: 'judy@example.com' })
    story.pass(minute)
    await expect(ask(story, sam, 'judy@example.com')).rejects.toThrow('not sent')
    await windowSays(story, sam, 'This is your own account')
  })
})

describe('two who stand for different people', () => {
  it('waits for one of each, and says of whom', async () => {
    const both = { ...standard, from: ['S0SECURITY', 'S0LEADS'], approvals: 2 }
    const { approvers: _, ...tier } = both
    story = await beginStory(undefined, policyWith({ tiers: [tier] }))
    const { sam, mia, noor, priya } = story
    const card = await ask(story, sam, email)
    expect(mia.read(card)).toContain('@security and @leads')
    await approve(story, mia, card)
    await cardSays(story, card, 'One each must still come from @security')
    expect(nothingWasDone()).toBe(true)
    await approve(story, priya, current(story, card))
    await cardSays(story, card, 'signed out everywhere')
    expect(noor.read(current(story, card))).toContain('Priya')
  })
})

describe('T6 SO-10: a channel that is shared with another organization', () => {
  it('hears nothing any more, nothing is taken from it, and somebody is told', async () => {
    story = await beginStory()
    const { sam, mia, slack } = story
    const card = await ask(story, sam, email)
    slack.workspace.directory.setChannel('C0APPROVE', { extShared: true })
    story.pass(minute)
    const said = () => mia.messages('#account-approvals').filter(({ onlyFor }) => !onlyFor).length
    const before = said()
    await mia.press('Approve…', { in: card })
    await expect
      .poll(() => auditChannel(story).join('\n'))
      .toContain('shared with another organization')
    await sam.press('Withdraw', { in: await dmSaying(story, sam, 'Your request was sent') })
    await dmSaying(story, sam, 'You withdrew it')
    expect(said()).toBe(before)
    expect(mia.read(current(story, card))).toContain('Waiting for approval')
    expect(await story.readiness()).toContain('C0APPROVE is shared')

    slack.workspace.directory.setChannel('C0APPROVE', { extShared: false })
    story.pass(2 * minute)
    await cardSays(story, card, 'Withdrawn')
    await messageSaying(story, mia, '#account-approvals', 'shared with another organization')
    expect(await story.readiness()).toBe('ready\n')
  })
})

function nothingWasDone(): boolean {
  const writes = ['AdminResetUserPassword', 'AdminSetUserPassword', 'ForgotPassword']
  return !story.cognito.calls.some(({ operation }) => writes.includes(operation))
}

/** The same message with something else in its buttons. */
function withValue(message: Message, value: string): Message {
  const tampered = (thing: Fields): Fields =>
    JSON.parse(JSON.stringify(thing, (key, inner: unknown) => (key === 'value' ? value : inner)))
  return { ...message, blocks: message.blocks.map(tampered) }
}
