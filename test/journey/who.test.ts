// biome-ignore-all lint/style/noExcessiveLinesPerFile: everybody who may not, at every step

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Fields } from '../../sandbox/slack/json.ts'
import type { Message } from '../../sandbox/slack/model.ts'
import type { Person } from '../../sandbox/slack/person.ts'
import { isRefusal } from '../../src/audit/refusals.ts'
import { policyWith, sandboxTiers } from '../support/policies.ts'
import { approve, ask, fillIn, openForm, passUntil } from '../support/story/interactions.ts'
import {
  auditChannel,
  cardSays,
  current,
  dmSaying,
  messageSaying,
  windowSays,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

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
    expect(await refusals('U0MIA')).toEqual([
      'approve: already-decided',
      'approve: unknown-request',
      ...Array(3).fill('approve: not-our-button'),
    ])
  })

  it('SE-01: is written down, whichever button it is that was changed', async () => {
    const { sam, mia } = story
    const card = await ask(story, sam, email)
    await mia.press('Deny…', { in: withValue(card, 'x'), asSeen: true })
    const receipt = await dmSaying(story, sam, 'Your request was sent')
    await sam.press('Withdraw', { in: withValue(receipt, 'x'), asSeen: true })
    await deny(card)
    const outcome = await dmSaying(story, sam, '[Ask again…]')
    await sam.press('Ask again…', { in: withValue(outcome, 'x'), asSeen: true })
    await sam.press('Ask again…', { in: withValue(outcome, 'REQ-0000000000:1'), asSeen: true })
    await windowSays(story, sam, 'No account matches')
    await sam.closeModal({ all: true })
    await chooseAs('x')
    await windowSays(story, sam, 'Something went wrong')
    await sam.closeModal({ all: true })
    await chooseAs('elsewhere:5f2c9d1e-0000-4000-8000-000000000000')
    await windowSays(story, sam, '[Find]')
    expect(await refusals('U0MIA')).toEqual(['deny: not-our-button'])
    expect(await refusals('U0SAM')).toEqual([
      'withdraw: not-our-button',
      'ask-again: not-our-button',
      'ask-again: unknown-request',
      'open: not-our-button',
      'open: not-our-pool',
    ])
  })

  it('SE-01 T22: does not look at the account of somebody else’s request', async () => {
    const { sam, slack, cognito } = story
    const suki = slack.person('U0SUKI')
    const hers = await ask(story, suki, 'judy@example.com')
    const id = /REQ-\w{10}/.exec(story.mia.read(hers))?.[0] ?? ''
    await deny(await ask(story, sam, email))
    const outcome = await dmSaying(story, sam, '[Ask again…]')
    const before = cognito.calls.length
    await sam.press('Ask again…', { in: withValue(outcome, `${id}:1`), asSeen: true })
    await windowSays(story, sam, 'Only the person who opened this request')
    expect(cognito.calls.length).toBe(before)
    expect(await refusals('U0SAM')).toEqual(['ask-again: not-your-request'])
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
    expect(await refusals('U0MIA')).toEqual(['approve: not-an-approver'])
    expect(await refusals('U0NOOR')).toEqual(['approve: too-fast'])
  })

  it('SE-02: is written down, whichever window it is that was changed', async () => {
    const { sam, mia } = story
    const card = await ask(story, sam, 'judy@example.com')
    for (const button of ['Approve…', 'Deny…']) {
      await mia.press(button, { in: card })
      await windowSays(story, mia, `[${button.slice(0, -1)}]`)
      if (button === 'Deny…') await mia.type('Why not?', 'No such ticket')
      changeWindow(mia, 'no JSON')
      await mia.submit()
      await windowSays(story, mia, 'Something went wrong')
      await mia.closeModal({ all: true })
    }
    const elsewhere = { pool: 'elsewhere', sub: '5f2c9d1e-0000-4000-8000-000000000000' }
    for (const changed of ['no JSON', JSON.stringify(elsewhere)]) {
      await openForm(story, sam, email)
      await fillIn(sam)
      changeWindow(sam, changed)
      await sam.submit()
      await sam.closeModal({ all: true })
    }
    await openForm(story, sam, email)
    await fillIn(sam, { reason: `x${' '.repeat(12)}` })
    await sam.submit()
    expect(nothingWasDone()).toBe(true)
    expect(await refusals('U0MIA')).toEqual(['approve: not-our-form', 'deny: not-our-form'])
    expect(await refusals('U0SAM')).toEqual([
      'open: not-our-form method',
      'open: not-our-pool',
      'open: faulty-form reason',
    ])
  })

  it('T22: a look that Cognito does not answer is in the ledger as well', async () => {
    const { sam, cognito } = story
    await openForm(story, sam, email)
    await fillIn(sam)
    cognito.faults.add({ kind: 'error-before', times: 100 })
    await sam.submit()
    await sam.closeModal({ all: true })
    await sam.command('/reset-password', 'judy@example.com', { channel: '#general' })
    await windowSays(story, sam, '[Find]')
    await story.stopRekey()
    const looks = (await story.ledger()).filter(({ entry }) => entry.type === 'account.looked-up')
    expect(looks.map(({ entry: { data } }) => Object.keys(data))).toEqual([
      ['found'],
      ['failed'],
      ['failed'],
    ])
  })

  it('CO-05: is refused, and written down, by a Rekey with an older policy too', async () => {
    const { ana } = story
    await story.overrule(policyWith({ requesters: ['S0SUPPORT', 'U0NOOR'] }))
    await ana.command('/reset-password', email, { channel: '#general' })
    await windowSays(story, ana, 'You can’t ask for recoveries here')
    expect(await refusals('U0ANA')).toEqual([': not-a-requester'])
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
    const mia2 = slack.person('U0MIA2')
    const hana = slack.person('U0HANA')
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

  it('SE-06: stands for whom the policy names also where they have approved under another account', async () => {
    const { approvers: _, ...rest } = standard ?? {}
    const tier = { ...rest, approvers: ['U0MIA', 'S0LEADS'], from: ['U0MIA'], approvals: 1 }
    story = await beginStory(undefined, policyWith({ tiers: [tier] }))
    const { sam, mia, slack } = story
    const card = await ask(story, sam, email)
    const mia2 = slack.person('U0MIA2')
    expect(await approve(story, mia2, card)).toMatch(
      /recorded\. One each must still come from @Mia/,
    )
    await mia.press('Approve…', { in: current(story, card) })
    expect(await windowSays(story, mia, '[Approve]')).toContain('one each from @Mia among them')
    await mia.closeModal({ all: true })
    await approve(story, mia, card)
    expect(await cardSays(story, card, 'signed out everywhere')).toContain('Mia')
    await expect.poll(() => auditChannel(story).join('\n')).toContain('in place of')
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

  it.each([
    ['a tag in Cognito', 'jane+aws@example.com', 'jane@example.com'],
    ['a tag in Slack', 'jane@example.com', 'jane+mia@example.com'],
    ['a tag in each', 'jane+aws@example.com', 'jane+mia@example.com'],
  ])('SE-07 T5: is known by their address, with %s', async (_, inCognito, inSlack) => {
    story = await beginStory()
    const { sam, mia, slack, cognito } = story
    cognito.pools.get('customers').update(email, { attributes: { email: inCognito } })
    slack.workspace.directory.setMember('U0JANE', { email: 'elsewhere@example.com' })
    slack.workspace.directory.setMember('U0MIA', { email: inSlack })
    story.pass(2 * minute)
    const card = await ask(story, sam, inCognito)
    await mia.press('Approve…', { in: card })
    await windowSays(story, mia, 'This is your own account')
    await sam.press('Withdraw', { in: await dmSaying(story, sam, 'Your request was sent') })
    await cardSays(story, card, 'Withdrawn')

    slack.workspace.directory.setMember('U0MIA', { email: 'mia@acme.example' })
    slack.workspace.directory.setMember('U0SAM', { email: inSlack })
    story.pass(2 * minute)
    await expect(ask(story, sam, inCognito)).rejects.toThrow('not sent')
    await windowSays(story, sam, 'This is your own account')
  })

  it('SE-07 T5: gets nothing approved that they asked for before anybody knew that they are the owner', async () => {
    story = await beginStory()
    const { sam, mia } = story
    const card = await ask(story, sam, email)
    await mia.press('Approve…', { in: card })
    await windowSays(story, mia, '[Approve]')
    await story.reload(policyWith({ samePerson: [['U0SAM', 'U0JANE']] }))
    story.pass(minute)
    await mia.submit()
    await windowSays(story, mia, 'Whoever asked for this is the account’s owner')
    expect(nothingWasDone()).toBe(true)
    expect(await refusals('U0MIA')).toEqual(['approve: requesters-account'])
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

describe('F9 T6: a channel of Rekey’s that becomes public', () => {
  it('hears nothing any more, nothing is taken from it, and somebody is told', async () => {
    story = await beginStory()
    const { sam, mia, slack } = story
    const card = await ask(story, sam, email)
    slack.workspace.directory.setChannel('C0APPROVE', { kind: 'public' })
    story.pass(minute)
    await mia.press('Approve…', { in: card })
    await expect.poll(() => auditChannel(story).join('\n')).toContain('everybody in the workspace')
    await sam.press('Withdraw', { in: await dmSaying(story, sam, 'Your request was sent') })
    await dmSaying(story, sam, 'You withdrew it')
    expect(mia.read(current(story, card))).toContain('Waiting for approval')
    expect(await story.readiness()).toContain(
      'C0APPROVE is shared with another organization, or public',
    )

    slack.workspace.directory.setChannel('C0APPROVE', { kind: 'private' })
    story.pass(2 * minute)
    await cardSays(story, card, 'Withdrawn')
    expect(await story.readiness()).toBe('ready\n')
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

describe('T6 a click in a channel that is shared, and none of Rekey’s', () => {
  it('is refused, and is no reason to call anybody', async () => {
    story = await beginStory()
    const { sam, slack } = story
    await ask(story, sam, email)
    slack.workspace.directory.setChannel('C0GENERAL', { extShared: true })
    story.pass(minute)
    await sam.command('/recovery', 'mine', { channel: '#general' })
    const list = await messageSaying(story, sam, '#general', '[Withdraw]')
    await sam.press('Withdraw', { in: list })
    await messageSaying(story, sam, '#general', 'You can’t use Rekey')
    expect(await story.readiness()).toBe('ready\n')
    expect(auditChannel(story).join('\n')).not.toContain('is shared with another organization')
  })
})

describe('SE-13: somebody who may not ask', () => {
  const rounds = 25
  const tries = 4
  const mostApartMs = 20

  it('is answered as quickly whether there is such an account or not', async () => {
    story = await beginStory()
    // Whoever asked Cognito would wait for it, and longer where it has somebody.
    story.cognito.faults.add({ operation: 'AdminGetUser', kind: 'slow', ms: 200, times: 1_000 })
    let apartMs = Number.POSITIVE_INFINITY
    // A busy machine has its moments. What takes longer by itself takes longer every time.
    for (let tried = 0; tried < tries && apartMs >= mostApartMs; tried += 1) apartMs = await gap()
    expect(apartMs).toBeLessThan(mostApartMs)
  })

  async function gap(): Promise<number> {
    const known: number[] = []
    const unknown: number[] = []
    // In turns, so that whatever else the machine does falls on both alike.
    for (let round = 0; round < rounds; round += 1) {
      const inTurn = [
        () => timed('jane@example.com', known),
        () => timed('nobody@example.com', unknown),
      ]
      for (const time of round % 2 === 0 ? inTurn : inTurn.toReversed()) await time()
    }
    return Math.abs(median(known) - median(unknown))
  }

  async function timed(query: string, times: number[]): Promise<void> {
    const { ana, slack } = story
    const begun = performance.now()
    await ana.command('/reset-password', query, { channel: '#general' })
    await slack.until(() => ana.modal !== undefined && ana.read(ana.modal).includes('Not possible'))
    times.push(performance.now() - begun)
    await ana.closeModal({ all: true })
  }
})

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN
}

/** What the ledger says that this person was refused, and why. Ends Rekey. */
async function refusals(by: string): Promise<string[]> {
  await story.stopRekey()
  return (await story.ledger()).flatMap(({ entry: { type, actor, data } }) => {
    if (!isRefusal({ type }) || actor.kind !== 'person' || actor.id !== by) return []
    const { attempt = '', why, because, fields = [] } = data
    return [`${attempt}: ${why ?? because} ${fields}`.trim()]
  })
}

async function deny(card: Message): Promise<void> {
  const { mia } = story
  await mia.press('Deny…', { in: card })
  await windowSays(story, mia, 'Why not?')
  await mia.type('Why not?', 'No such ticket')
  await mia.submit()
  await mia.closeModal({ all: true })
}

/** The window with something else in what nobody sees of it. */
function changeWindow(person: Person, private_metadata: string): void {
  const open = person.modal
  if (open === undefined) throw new Error('the window is not open')
  story.slack.workspace.views.update(open, { ...open.definition, private_metadata })
}

/** Sam chooses among two accounts, with something else in the button. */
async function chooseAs(value: string): Promise<void> {
  const { sam, slack } = story
  await sam.command('/reset-password', 'family@example.com', { channel: '#general' })
  await windowSays(story, sam, '[Choose]')
  const open = sam.modal
  if (open === undefined) throw new Error('the window is not open')
  slack.workspace.views.update(open, tampered(open.definition, value))
  await sam.press('Choose', { section: 'Fay Brook' })
}

function nothingWasDone(): boolean {
  const writes = ['AdminResetUserPassword', 'AdminSetUserPassword', 'ForgotPassword']
  return !story.cognito.calls.some(({ operation }) => writes.includes(operation))
}

/** The same message with something else in its buttons. */
function withValue(message: Message, value: string): Message {
  return { ...message, blocks: message.blocks.map((block) => tampered(block, value)) }
}

function tampered(thing: Fields, value: string): Fields {
  return JSON.parse(
    JSON.stringify(thing, (key, inner: unknown) => (key === 'value' ? value : inner)),
  )
}
