/** F4: many at once in a user group. Each is named, security is called once, and nothing is decided by whoever is not named. */

import { afterEach, describe, expect, it } from 'vitest'
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
import type { Story } from '../support/story/story.ts'

let story: Story
afterEach(() => story.end())

const email = 'jane@example.com'
const leads = ['U0MIA', 'U0MIA2', 'U0NOOR']
const [, , standard] = sandboxTiers().tiers

describe('F4 many who come into the approvers’ group at once', () => {
  it('F4: are named, every one of them, in the ledger and the audit channel, and security is called once', async () => {
    story = await begin()
    const crowd = crowdOf(50)
    setLeads([...crowd, 'U0ANA', ...leads])
    await passUntil(story, () => audited().includes('@Ana'))
    await passUntil(story, () => crowd.every((id) => audited().includes(id)))
    expect(calls()).toHaveLength(1)
    expect(calls().join()).toMatch(/Came: .* and 31 more\. .*named in the audit channel/)
    // Those who stood in front of Ana go, and their going is as plain.
    setLeads(['U0ANA', ...leads])
    await passUntil(story, () => /members now/.test(audited()) && audited().includes('(4 members'))
    await expect.poll(() => calls().length).toBe(2)
    const changes = await groupChanges()
    expect(changes.flatMap(({ came }) => came).toSorted()).toEqual([...crowd, 'U0ANA'].toSorted())
    expect(changes.flatMap(({ went }) => went).toSorted()).toEqual(crowd.toSorted())
    for (const { came, went } of changes) expect(came.length + went.length).toBeLessThan(41)
  })

  it('F4: decide only once they are named, also where nobody waits, and a look stays short', async () => {
    story = await begin(policyWith({ newMembersWait: '0s' }))
    const card = await ask(story, story.sam, email)
    setLeads([...crowdOf(1_500), ...leads, 'U0ANA'])
    await approve(story, story.ana, card)
    await cardSays(story, card, 'signed out everywhere')
    await story.stopRekey()
    const all = (await story.ledger()).map(({ entry }) => entry)
    const named = all.findIndex(({ data }) => String(data.came).includes('U0ANA'))
    const approved = all.findIndex(({ type }) => type === 'request.approved')
    expect(named).toBeGreaterThan(0)
    expect(named).toBeLessThan(approved)
    const before = all.slice(0, approved).filter(({ type }) => type === 'group.changed')
    expect(before.length).toBeLessThan(30)
    expect(before.filter(({ data }) => data.continues !== true)).toHaveLength(1)
  })
})

describe('F4 as a means to stop everything', () => {
  it('F4: an emptied group that is filled again says until when nobody decides, and naming people lets them at once', async () => {
    story = await begin()
    const { sam, mia } = story
    const card = await ask(story, sam, email)
    setLeads([])
    await passUntil(story, () => audited().includes('Went:'))
    await messageSaying(story, mia, '#account-approvals', 'Nobody is in it now')
    setLeads(leads)
    await passUntil(story, () => /Came: @Mia/.test(audited()))
    await messageSaying(
      story,
      mia,
      '#account-approvals',
      /Came: @Mia.* Until .*nobody in it can decide by it.*name approvers as users/s,
    )
    await mia.press('Approve…', { in: current(story, card) })
    await windowSays(story, mia, 'You can’t decide on this request yet')
    await mia.closeModal({ all: true })
    await story.reload(policyWith({ tiers: [{ ...standard, approvers: ['S0LEADS', 'U0MIA'] }] }))
    await approve(story, mia, current(story, card))
    await cardSays(story, card, 'signed out everywhere')
    expect((await groupChanges()).at(-1)).toMatchObject({
      nobodyUntil: expect.any(String),
      cameDecideFrom: expect.any(String),
    })
  })

  it('F4: whoever comes beside others who may decide is told from when on, and nothing else', async () => {
    story = await begin()
    setLeads([...leads, 'U0ANA'])
    await passUntil(story, () => audited().includes('Came: @Ana'))
    await messageSaying(story, story.mia, '#account-approvals', /Came: @Ana.*decide by it from/s)
    expect(calls().join()).not.toContain('nobody in it')
    const [change] = await groupChanges()
    expect(change).not.toHaveProperty('nobodyUntil')
    expect(change).toHaveProperty('cameDecideFrom')
  })
})

describe('F4 in a tier with two approvals', () => {
  it('F4: whoever makes approvers of two accounts recovers nothing with them on that day', async () => {
    story = await begin()
    const { ana, slack } = story
    const { directory } = slack.workspace
    directory.setGroup('S0SUPPORT', ['U0SAM', 'U0SUKI', 'U0ANA'])
    directory.setGroup('S0SECURITY', ['U0PRIYA', 'U0NOOR', 'U0HANA', 'U0JANE'])
    story.pass(6_000)
    const card = await ask(story, ana, 'mary@staff.example', { method: 'Permanent password' })
    for (const id of ['U0HANA', 'U0JANE']) {
      const person = slack.person(id)
      await person.press('Approve…', { in: current(story, card) })
      await windowSays(story, person, 'You can’t decide on this request yet')
      await person.closeModal({ all: true })
    }
    await story.stopRekey()
    const types = (await story.ledger()).map(({ entry }) => entry.type)
    expect(types).not.toContain('request.approved')
  })
})

/** Ana, Hana and Jane read the approvals channel, too. */
async function begin(policy?: string): Promise<Story> {
  const begun = await beginStory(undefined, policy)
  const { directory } = begun.slack.workspace
  const { members } = directory.channelCalled('C0APPROVE')
  directory.setChannel('C0APPROVE', {
    members: [...new Set([...members, 'U0ANA', 'U0HANA', 'U0JANE'])],
  })
  return begun
}

/** So many people of the workspace who are in no group yet. */
function crowdOf(size: number): readonly string[] {
  const { directory } = story.slack.workspace
  const like = directory.memberOrThrow('U0JANE')
  const ids = Array.from({ length: size }, (_, index) => `U0CROWD${1_000 + index}`)
  const people = ids.map((id) => ({
    ...like,
    id,
    email: `${id}@example.com`,
    handle: id.toLowerCase(),
    displayName: id,
    realName: id,
  }))
  directory.members = [...directory.members, ...people]
  return ids
}

function setLeads(ids: readonly string[]): void {
  story.slack.workspace.directory.setGroup('S0LEADS', ids)
  story.pass(6_000)
}

function audited(): string {
  return auditChannel(story).join('\n')
}

/** The messages that call security because of a user group. */
function calls(): readonly string[] {
  const { all } = story.slack.workspace.messages
  return all
    .filter(({ channel, text }) => channel === 'C0APPROVE' && /please look.*S0LEADS/s.test(text))
    .map(({ text }) => text)
}

interface Change {
  readonly came: readonly string[]
  readonly went: readonly string[]
  readonly [key: string]: unknown
}

async function groupChanges(): Promise<Change[]> {
  await story.stopRekey()
  const all = (await story.ledger()).map(({ entry }) => entry)
  return all
    .filter(({ type }) => type === 'group.changed')
    .map(({ data }) => data as unknown as Change)
}
