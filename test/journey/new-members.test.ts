/** F4: whoever edits the user groups decides who may approve. It shows, and it takes a day. */

import { afterEach, describe, expect, it } from 'vitest'
import type { Person } from '../../sandbox/slack/person.ts'
import { policyWith, sandboxTiers } from '../support/policies.ts'
import { approve, ask, passUntil } from '../support/story/interactions.ts'
import {
  auditChannel,
  cardSays,
  current,
  messageSaying,
  windowSays,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

let story: Story
afterEach(() => story.end())

const email = 'jane@example.com'
const hour = 60 * minute
const [, , standard] = sandboxTiers().tiers
const leads = ['U0MIA', 'U0MIA2', 'U0NOOR']
const notYet = 'You can’t decide on this request yet'

describe('F4 somebody who is put into the approvers’ group', () => {
  it('F4 T27: decides nothing on that day, and the audit channel and security hear of both', async () => {
    story = await begin()
    const { sam, ana, mia } = story
    const card = await ask(story, sam, email)
    setLeads([...leads, 'U0ANA'])
    await isRefused(ana, 'Approve…')
    await isRefused(ana, 'Deny…')
    await messageSaying(story, mia, '#account-approvals', 'Came: @Ana')
    setLeads(leads)
    await passUntil(story, () => audited().includes('Went: @Ana'))
    await messageSaying(story, mia, '#account-approvals', 'Went: @Ana')
    expect(audited()).toContain('Came: @Ana')
    await approve(story, mia, card)
    await cardSays(story, card, 'signed out everywhere')
    expect(await groupChanges()).toEqual([
      'use S0LEADS +U0ANA -',
      expect.stringMatching(/^\w+ S0LEADS \+ -U0ANA$/),
    ])
    expect(await entries('decision.refused')).toMatchObject([
      { attempt: 'approve', why: 'new-member', group: 'S0LEADS' },
      { attempt: 'deny', why: 'new-member', group: 'S0LEADS' },
    ])
    // Who could do what by which line of the policy.
    expect(await entries('request.opened')).toMatchObject([{ heldBy: 'S0SUPPORT' }])
    expect(await entries('request.approved')).toMatchObject([{ heldBy: 'S0LEADS' }])

    async function isRefused(person: Person, button: string): Promise<void> {
      await person.press(button, { in: current(story, card) })
      expect(await windowSays(story, person, notYet)).toMatch(
        /Rekey first saw you in @leads .* you can decide from .* in @leads for longer/s,
      )
      await person.closeModal({ all: true })
    }
  })

  it('F4: decides a day later, and who was there at the first look, or is named, at once', async () => {
    const tier = { ...standard, approvers: ['S0LEADS', 'U0ANA'] }
    story = await begin(policyWith({ tiers: [tier], requestExpiresAfter: '24h' }))
    const { sam, ana, mia, slack } = story
    const hana = slack.person('U0HANA')
    setLeads([...leads, 'U0HANA', 'U0ANA'])
    const card = await ask(story, sam, email)
    // Ana has a line of her own.
    await ana.press('Approve…', { in: card })
    await windowSays(story, ana, '[Approve]')
    await ana.closeModal({ all: true })
    await hana.press('Approve…', { in: card })
    await windowSays(story, hana, notYet)
    await hana.closeModal({ all: true })
    await mia.press('Approve…', { in: card })
    await windowSays(story, mia, '[Approve]')
    await mia.closeModal({ all: true })
    story.pass(23 * hour)
    await hana.press('Approve…', { in: current(story, card) })
    await windowSays(story, hana, notYet)
    await hana.closeModal({ all: true })
    story.pass(hour)
    const later = await ask(story, sam, 'judy@example.com')
    await approve(story, hana, later)
    await cardSays(story, later, 'signed out everywhere')
    expect(await entries('request.approved')).toMatchObject([{ heldBy: 'S0LEADS' }])
  })

  it('F4: has no approval that counts where they went and came again before it was carried out', async () => {
    story = await begin()
    const { sam, mia, cognito } = story
    const card = await ask(story, sam, email)
    cognito.faults.add({ operation: 'AdminGetUser', kind: 'error-before', times: 3 })
    await approve(story, mia, card)
    setLeads(['U0NOOR'])
    await story.noor.command('/recovery', '', { channel: '#general' })
    await expect.poll(audited).toContain('Went: @Mia')
    setLeads(leads)
    await passUntil(story, () => audited().includes('is void'))
    await mia.press('Approve…', { in: current(story, card) })
    await windowSays(story, mia, notYet)
  })

  it('F4: decides at once where the policy or the tier says so; it shows all the same', async () => {
    story = await begin(policyWith({ newMembersWait: '0s' }))
    const { sam, ana } = story
    setLeads([...leads, 'U0ANA'])
    await approve(story, ana, await ask(story, sam, email))
    await expect.poll(audited).toContain('Came: @Ana')
    await story.reload(policyWith({ tiers: [{ ...standard, approvals: 2, newMembersWait: '0s' }] }))
    setLeads([...leads, 'U0ANA', 'U0HANA'])
    const card = await ask(story, sam, 'judy@example.com')
    await approve(story, story.slack.person('U0HANA'), card)
    await cardSays(story, card, '1 of 2')
    await story.reload(policyWith({ tiers: [{ ...standard, approvals: 2, newMembersWait: '1h' }] }))
    await ana.press('Approve…', { in: current(story, card) })
    await windowSays(story, ana, notYet)
  })
})

describe('F4 the first look', () => {
  it('F4: is the beginning: at the first start, and of a group that another policy names', async () => {
    story = await begin()
    const { sam } = story
    setGroup('S0HEADS', ['U0HANA', 'U0ANA'])
    await story.reload(policyWith({ tiers: [{ ...standard, approvers: ['S0HEADS'] }] }))
    await approve(story, story.ana, await ask(story, sam, email))
    expect(await entries('rekey.started')).toMatchObject([
      { groupsFirstSeen: ['S0LEADS: 3', 'S0SECURITY: 2', 'S0SUPPORT: 2'] },
    ])
    expect(await entries('policy.changed')).toMatchObject([
      { groupsFirstSeen: ['S0HEADS: 2'], membersFirstSeen: ['S0HEADS: U0HANA, U0ANA'] },
    ])
    expect(await groupChanges()).toEqual([])
    expect(audited()).toContain(
      'User groups seen for the first time, with their members: S0HEADS: 2',
    )
    expect(audited()).toContain('`S0HEADS`: @Hana and @Ana')
  })

  it('F4: after a stop shows who came meanwhile', async () => {
    story = await begin()
    await story.stopRekey()
    setLeads([...leads, 'U0ANA'])
    await story.restart()
    const card = await ask(story, story.sam, email)
    await story.ana.press('Approve…', { in: card })
    await windowSays(story, story.ana, notYet)
    expect(await groupChanges()).toEqual(['use S0LEADS +U0ANA -'])
    expect((await entries('rekey.started')).at(-1)).not.toHaveProperty('groupsFirstSeen')
  })
})

describe('F4 a look', () => {
  it('F4: at a group that is disabled says so, and nobody has come anew when it is back', async () => {
    story = await begin()
    const { sam, mia, slack } = story
    const card = await ask(story, sam, email)
    const { groups } = slack.workspace.directory
    slack.workspace.directory.disableGroup('S0LEADS')
    story.pass(minute)
    await mia.press('Approve…', { in: card })
    await windowSays(story, mia, 'you aren’t an approver')
    await mia.closeModal({ all: true })
    await expect.poll(audited).toContain('is gone or disabled')
    slack.workspace.directory.groups = groups
    story.pass(minute)
    await approve(story, mia, card)
    await expect.poll(audited).toContain('is there again, as it was')
    expect(await groupChanges()).toEqual([
      expect.stringMatching(/^\w+ S0LEADS gone$/),
      expect.stringMatching(/^\w+ S0LEADS back$/),
    ])
  })

  it('F4: that Slack does not answer changes nothing, and nobody decides', async () => {
    story = await begin()
    const { sam, ana, slack } = story
    const card = await ask(story, sam, email)
    setLeads([...leads, 'U0ANA'])
    const fault = { method: 'usergroups.list', kind: 'error', error: 'internal_error' } as const
    slack.faults.add({ ...fault, times: 3 })
    await ana.press('Approve…', { in: card })
    await messageSaying(story, ana, '#account-approvals', 'Something went wrong')
    story.pass(minute)
    await passUntil(story, () => audited().includes('Came: @Ana'))
    expect(await groupChanges()).toEqual([expect.stringMatching(/S0LEADS \+U0ANA -$/)])
  })
})

/** Ana reads the approvals channel, too. */
async function begin(policy?: string): Promise<Story> {
  const begun = await beginStory(undefined, policy)
  const { directory } = begun.slack.workspace
  const { members } = directory.channelCalled('C0APPROVE')
  directory.setChannel('C0APPROVE', { members: [...new Set([...members, 'U0ANA', 'U0HANA'])] })
  return begun
}

function setLeads(ids: readonly string[]): void {
  setGroup('S0LEADS', ids)
}

function setGroup(group: string, ids: readonly string[]): void {
  story.slack.workspace.directory.setGroup(group, ids)
  // What Slack said a moment ago is asked for again.
  story.pass(6_000)
}

function audited(): string {
  return auditChannel(story).join('\n')
}

async function entries(type: string): Promise<Readonly<Record<string, unknown>>[]> {
  await story.stopRekey()
  const all = (await story.ledger()).map(({ entry }) => entry)
  return all.filter((entry) => entry.type === type).map(({ data }) => data)
}

async function groupChanges(): Promise<string[]> {
  return (await entries('group.changed')).map(({ look, group, came, went, gone, back }) => {
    if (gone === true) return `${look} ${group} gone`
    return back === true ? `${look} ${group} back` : `${look} ${group} +${came} -${went}`
  })
}
