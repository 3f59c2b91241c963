// biome-ignore-all lint/style/noExcessiveLinesPerFile: one owner, and all that they can report

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../sandbox/slack/model.ts'
import type { Person } from '../../sandbox/slack/person.ts'
import { policyWith, sandboxTiers } from '../support/policies.ts'
import { approve, ask, openForm, passUntil } from '../support/story/interactions.ts'
import {
  auditChannel,
  cardSays,
  current,
  dmSaying,
  messageSaying,
  passwordOn,
  windowSays,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

let story: Story
afterEach(() => story.end())

const email = 'jane@example.com'
const general = { channel: '#general' }
const wasntMe = 'This wasn’t me'
const temporary = { method: 'Temporary password' }
const show = 'Show the password once'

const toJane = { method: 'chat.postMessage', channel: 'U0JANE' } as const

const jane = (): Person => story.slack.person('U0JANE')

describe('the owner', () => {
  beforeEach(async () => {
    story = await beginStory()
  })

  it('P13 T1: hears that somebody asks, and what was done, in Slack', async () => {
    const { sam, mia } = story
    const card = await ask(story, sam, email)
    const notice = await dmSaying(story, jane(), 'asked')
    expect(await cardSays(story, card, 'The owner was told in Slack')).toContain('can stop it')
    expect(jane().read(notice)).toContain('Nothing has been changed')
    await approve(story, mia, card)
    const outcome = await dmSaying(story, jane(), 'Your account was recovered')
    expect(jane().read(outcome)).toContain('Mia')
    await expect
      .poll(() => jane().read(current(story, notice)))
      .toContain('It was carried out: see the message below')
    // No code and no address, and never only where the code went.
    expect(jane().read(outcome)).not.toMatch(/\d{6}|jane@/)
  })

  it('is told that it came to nothing, in the message they have', async () => {
    const { sam } = story
    await ask(story, sam, email)
    const notice = await dmSaying(story, jane(), 'asked')
    await sam.press('Withdraw', { in: await dmSaying(story, sam, 'Your request was sent') })
    await expect.poll(() => jane().read(current(story, notice))).toContain('is over')
    expect(jane().dm()).toHaveLength(1)
  })

  it('P13: nobody reads that they were told before Slack has taken it', async () => {
    const { sam, slack } = story
    const release = slack.faults.add({ ...toJane, kind: 'rate-limit', times: 1_000 })
    const card = await ask(story, sam, email)
    await dmSaying(story, sam, 'Your request was sent')
    expect(await cardSays(story, card, 'Rekey is telling the owner')).not.toContain('was told')
    release()
    // That Rekey itself is turned away says nothing of the owner.
    const turnedAway = { ...toJane, kind: 'error', error: 'missing_scope', times: 4 } as const
    slack.faults.add(turnedAway)
    await passUntil(story, () =>
      story.mia.read(current(story, card)).includes('The owner was told in Slack'),
    )
    await story.stopRekey()
    const types = (await story.ledger()).map(({ entry }) => entry.type)
    expect(types.filter((type) => type.startsWith('owner.'))).toEqual(['owner.told'])
  })

  it('P13: is known not to have heard of it when Slack refuses the message, and is tried no more', async () => {
    const { sam, mia, slack } = story
    const refusal = {
      ...toJane,
      kind: 'error',
      error: 'messages_tab_disabled',
      times: 1_000,
    } as const
    const release = slack.faults.add(refusal)
    const card = await ask(story, sam, email)
    await passUntil(story, () =>
      mia.read(current(story, card)).includes('The owner could not be told in Slack'),
    )
    expect(mia.read(current(story, card))).toContain('messages_tab_disabled')
    await audited('could not be told in Slack that somebody asks')
    const tries = () =>
      slack.transcript
        .callsOf('chat.postMessage')
        .filter(({ args }) => args['channel'] === toJane.channel).length
    expect(tries()).toBe(3)
    story.pass(5 * minute)
    // What comes after it in its lane is done: the outcome is told, once it can be.
    release()
    await approve(story, mia, card)
    await dmSaying(story, jane(), 'Your account was recovered')
    await cardSays(story, card, 'The owner was told in Slack')
    await story.stopRekey()
    const told = (await story.ledger())
      .map(({ entry }) => entry)
      .filter(({ type }) => type === 'owner.told' || type === 'owner.not-told')
    expect(told.map(({ type, data }) => [type, data['about'], data['error']])).toEqual([
      ['owner.not-told', 'request', 'messages_tab_disabled'],
      ['owner.told', 'request', undefined],
      ['owner.told', 'outcome', undefined],
    ])
  })

  it('P13: is tried again after one refusal, however often Slack asked for patience before', async () => {
    const { sam, slack } = story
    slack.faults.add({ ...toJane, kind: 'rate-limit', retryAfterSeconds: 5, times: 4 })
    slack.faults.add({ ...toJane, kind: 'error', error: 'messages_tab_disabled' })
    await ask(story, sam, email)
    await passUntil(story, () =>
      jane()
        .dm()
        .some((each) => jane().read(each).includes('asked')),
    )
    await story.stopRekey()
    const types = (await story.ledger()).map(({ entry }) => entry.type)
    expect(types.filter((type) => type.startsWith('owner.'))).toEqual(['owner.told'])
  })

  it('B8: is not written to at an address that nobody has verified, and the card says so', async () => {
    story.cognito.pools.get('customers').update(email, {
      attributes: {
        email_verified: 'false',
        phone_number: '+12065550199',
        phone_number_verified: 'true',
      },
    })
    const card = await ask(story, story.sam, email, temporary)
    expect(story.mia.read(card)).toContain('Cognito has not verified the address')
    await approve(story, story.mia, card)
    await cardSays(story, card, 'signed out everywhere')
    expect(jane().dm()).toEqual([])
    await story.stopRekey()
    const opened = (await story.ledger()).find(({ entry }) => entry.type === 'request.opened')
    expect(opened?.entry.data['ownerReach']).toBe('not-verified')
  })
})

describe('“This wasn’t me”', () => {
  beforeEach(async () => {
    story = await beginStory()
  })

  it('SE-14: before the approval it ends the request, freezes the account for a day and calls security', async () => {
    const { sam, mia, priya, cognito } = story
    const card = await ask(story, sam, email)
    await jane().press(wasntMe, { in: await dmSaying(story, jane(), 'asked') })
    await cardSays(story, card, 'The owner says that it was not them')
    const alert = await messageSaying(story, mia, '#account-approvals', 'please look')
    expect(mia.read(alert)).toContain('did not ask for this')
    await dmSaying(story, sam, 'did not ask for this')
    await dmSaying(story, jane(), 'Thank you')
    expect(cognito.calls.some(({ operation }) => operation === 'AdminResetUserPassword')).toBe(
      false,
    )

    await openForm(story, sam, email)
    await sam.closeModal({ all: true })
    await expect(ask(story, sam, email)).rejects.toThrow('not sent')
    await windowSays(story, sam, 'somebody else is trying to get in')
    await sam.closeModal({ all: true })

    // Only security ends it early; else the next day does.
    await mia.press('Let this account be recovered again', { in: alert })
    await privately(mia, 'Only the people')
    await priya.command('/recovery', 'mine', general)
    story.pass(24 * 60 * minute)
    await ask(story, sam, email)
  })

  it('SE-14: makes an unused temporary password useless and ends the sessions, at once', async () => {
    const { sam, mia, noor, cognito, application } = story
    const card = await ask(story, sam, email, temporary)
    await approve(story, mia, card)
    const outcome = await dmSaying(story, jane(), 'Your account was recovered')
    await cardSays(story, card, 'signed out everywhere')
    const set = passwordsSet()
    await jane().press(wasntMe, { in: outcome })
    await passUntil(story, () => passwordsSet() > set)
    expect(
      cognito.calls.filter(({ operation }) => operation === 'AdminUserGlobalSignOut').length,
    ).toBeGreaterThan(1)
    await cardSays(story, card, 'replaced by one that nobody knows')
    expect((await application.signIn(email, 'Jane-sandbox-1')).kind).not.toBe('signed-in')
    // Its requester can't see it any more.
    expect(sam.read(await dmSaying(story, sam, 'Taken back'))).not.toContain('Show the password')

    const alert = await messageSaying(story, noor, '#account-approvals', 'please look')
    await noor.press('Let this account be recovered again', { in: alert })
    await privately(noor, 'can be recovered again')
    await ask(story, sam, email)
  })

  it('SE-14: calls security again when somebody has used what was reported', async () => {
    const { sam, mia, application } = story
    const card = await ask(story, sam, email, temporary)
    await approve(story, mia, card)
    await sam.press(show, { in: await dmSaying(story, sam, `[${show}]`) })
    const password = await story.slack.until(() => passwordOn(sam))
    const step = await application.signIn(email, password)
    if (step.kind !== 'new-password-required') throw new Error(step.kind)
    await step.respond('Mallory-is-in-1')
    await jane().press(wasntMe, { in: await dmSaying(story, jane(), 'Your account was recovered') })
    await cardSays(story, card, 'Used, and not by the owner')
    await messageSaying(story, mia, '#account-approvals', 'the recovery has been used')
    await dmSaying(story, sam, 'Ask the people who look after security')
    await story.stopRekey()
    const types = (await story.ledger()).map(({ entry }) => entry.type)
    expect(types).not.toContain('request.recovered')
  })

  it('SE-14: is honoured when it comes while the call is under way', async () => {
    const { sam, mia, cognito } = story
    cognito.faults.add({ operation: 'AdminSetUserPassword', kind: 'drop-after' })
    const card = await ask(story, sam, email, temporary)
    await approve(story, mia, card)
    await cardSays(story, card, 'Being carried out')
    await jane().press(wasntMe, { in: await dmSaying(story, jane(), 'asked') })
    await cardSays(story, card, 'The owner says that it was not them')
    await passUntil(story, () => passwordsSet() > 1)
    await cardSays(story, card, 'replaced by one that nobody knows')
    expect(passwordsSet()).toBe(2)
  })

  it.each([
    ['while nobody knows what came of it', async () => {}],
    [
      'when its requester alone has said that nothing came of it',
      async (card: Message) => {
        await story.sam.press('Nothing came of it', { in: current(story, card) })
        await cardSays(story, card, 'Failed')
        await dmSaying(story, jane(), 'something may have come of it')
      },
    ],
  ])('SE-14: ends the sessions of whoever was quicker than Rekey’s look, %s', async (_, settle) => {
    const { mia } = story
    const card = await untilStolen()
    story.cognito.faults.clear()
    await passUntil(story, () => mia.read(current(story, card)).includes('Needs a person'))
    await settle(card)
    await jane().press(wasntMe, { in: await dmSaying(story, jane(), 'asked') })
    await cardSays(story, card, 'Changed, and perhaps not by the owner')
    await messageSaying(story, mia, '#account-approvals', 'the account has been changed since')
    await cardSays(story, card, 'signed out everywhere')
    expect(sessions()).toBe(0)
    expect(jane().read(await dmSaying(story, jane(), 'It is not known whether'))).not.toContain(
      `[${wasntMe}]`,
    )
  })

  it('SE-14: ends the sessions when it is reported before Rekey can look, and looking settles nothing', async () => {
    const { mia, cognito } = story
    const card = await untilStolen()
    await jane().press(wasntMe, { in: await dmSaying(story, jane(), 'asked') })
    await cardSays(story, card, 'The owner says that it was not them')
    cognito.faults.clear()
    await passUntil(story, () =>
      mia.read(current(story, card)).includes('Changed, and perhaps not'),
    )
    await cardSays(story, card, 'signed out everywhere')
    expect(sessions()).toBe(0)
  })

  it('is for the owner alone, and counts once', async () => {
    const { sam, slack } = story
    await ask(story, sam, email)
    const notice = await dmSaying(story, jane(), 'asked')
    const otto = slack.person('U0SUKI')
    await otto.press(wasntMe, { in: notice, asSeen: true })
    await jane().press(wasntMe, { in: notice })
    await dmSaying(story, jane(), 'Thank you')
    await jane().press(wasntMe, { in: notice, asSeen: true })
    await story.stopRekey()
    const types = (await story.ledger()).map(({ entry }) => entry)
    expect(types.filter(({ type }) => type === 'owner.reported')).toHaveLength(1)
    expect(
      types.filter(({ type }) => type === 'decision.refused').map(({ data }) => data['why']),
    ).toEqual(['not-the-owner', 'already-reported'])
  })
})

/** A reset whose answer is lost, and somebody who has used its code before Rekey could look. */
async function untilStolen(): Promise<Message> {
  const { sam, mia, cognito, application } = story
  cognito.faults.add({ operation: 'AdminResetUserPassword', kind: 'drop-after' })
  const card = await ask(story, sam, email)
  await approve(story, mia, card)
  await expect.poll(() => cognito.mailbox.to(email)).toHaveLength(1)
  cognito.faults.add({ operation: 'AdminGetUser', kind: 'throttle', times: 100 })
  const code = cognito.mailbox.latest(email)?.code ?? ''
  await application.confirmForgotPassword(email, code, 'Mallory-is-in-1')
  expect((await application.signIn(email, 'Mallory-is-in-1')).kind).toBe('signed-in')
  expect(sessions()).toBe(1)
  return card
}

const sessions = () => story.cognito.pools.get('customers').user(email).sessions

describe('“This wasn’t me” about a permanent password', () => {
  it('SE-14: makes a permanent password useless, though nothing shows whether it was used', async () => {
    const both = { ...sandboxTiers().tiers[2], approvals: 2, methods: ['permanent-password'] }
    story = await beginStory(undefined, policyWith({ tiers: [both] }))
    const { sam, mia, noor, application } = story
    const card = await ask(story, sam, email, { method: 'Permanent password' })
    await approve(story, mia, card)
    await approve(story, noor, current(story, card))
    await sam.press(show, { in: await dmSaying(story, sam, `[${show}]`) })
    const password = await story.slack.until(() => passwordOn(sam))
    expect((await application.signIn(email, password)).kind).toBe('signed-in')
    await jane().press(wasntMe, { in: await dmSaying(story, jane(), 'Your account was recovered') })
    await passUntil(story, () => story.mia.read(current(story, card)).includes('Taken back'))
    expect((await application.signIn(email, password)).kind).toBe('refused')
    await cardSays(story, card, 'signed out everywhere')
  })
})

describe('a freeze', () => {
  it('SE-14: nobody lifts the freeze who asked for what was reported, or approved it', async () => {
    const [, , standard] = sandboxTiers().tiers
    story = await beginStory(
      undefined,
      policyWith({ requesters: ['S0SUPPORT', 'U0PRIYA'], tiers: [standard] }),
    )
    const { mia, noor, priya } = story
    const card = await ask(story, priya, email)
    await approve(story, noor, card)
    await jane().press(wasntMe, { in: await dmSaying(story, jane(), 'Your account was recovered') })
    const alert = await messageSaying(story, mia, '#account-approvals', 'please look')
    for (const involved of [priya, noor]) {
      await involved.press('Let this account be recovered again', { in: alert })
      await privately(involved, 'somebody else of the people for security')
    }
    await expect(ask(story, priya, email)).rejects.toThrow('not sent')
    await windowSays(story, priya, 'somebody else is trying to get in')
    await story.stopRekey()
    const refused = (await story.ledger())
      .map(({ entry }) => entry)
      .filter(({ data }) => data['attempt'] === 'thaw')
    expect(refused.map(({ actor, data }) => [actor, data['why']])).toEqual([
      [{ kind: 'person', id: priya.id }, 'took-part'],
      [{ kind: 'person', id: noor.id }, 'took-part'],
    ])
  })

  it('SE-14: nobody lifts it who asked for a request that was reported before it, or after', async () => {
    const [, , standard] = sandboxTiers().tiers
    story = await beginStory(
      undefined,
      policyWith({ requesters: ['S0SUPPORT', 'U0PRIYA'], tiers: [standard] }),
    )
    const { sam, mia, noor, priya } = story
    await ask(story, priya, email)
    const first = await dmSaying(story, jane(), 'asked')
    await priya.press('Withdraw', { in: await dmSaying(story, priya, 'Your request was sent') })
    await expect.poll(() => jane().read(current(story, first))).toContain('is over')
    await ask(story, sam, email)
    await expect.poll(() => jane().dm().length).toBe(2)
    const second = jane().dm().at(-1)
    if (second === undefined) throw new Error('there are two')
    for (const notice of [first, second]) {
      await jane().press(wasntMe, { in: current(story, notice) })
      await expect.poll(() => jane().read(current(story, notice))).toContain('Thank you')
      story.pass(minute)
    }
    const alerts = () =>
      mia.messages('#account-approvals').filter((each) => mia.read(each).includes('please look'))
    await expect.poll(() => alerts().length).toBe(2)
    const refusals = () =>
      privateAnswers(priya).filter((each) => each.includes('somebody else of the people')).length
    for (const [pressed, alert] of alerts().entries()) {
      await priya.press('Let this account be recovered again', { in: alert })
      await expect.poll(refusals).toBe(pressed + 1)
    }
    await noor.press('Let this account be recovered again', { in: alerts()[0] ?? second })
    await privately(noor, 'can be recovered again')
  })
})

describe('nobody is forgotten', () => {
  const [, , standard] = sandboxTiers().tiers

  it('reminds those who can decide, twice as long apart each time, and not once it is decided', async () => {
    story = await beginStory(
      undefined,
      policyWith({ reminders: { after: '2m', times: 3 }, requestExpiresAfter: '60m' }),
    )
    const { sam, mia } = story
    const card = await ask(story, sam, email)
    const reminders = () =>
      mia
        .replies('#account-approvals', card.ts)
        .filter((each) => mia.read(each).includes('still waits'))
    story.pass(2 * minute)
    await expect.poll(() => reminders().length).toBe(1)
    expect(mia.read(reminders()[0] ?? card)).toContain('@leads')
    story.pass(4 * minute)
    await expect.poll(() => reminders().length).toBe(2)
    await approve(story, mia, card)
    await cardSays(story, card, 'signed out everywhere')
    story.pass(8 * minute)
    await dmSaying(story, sam, 'carried out')
    expect(reminders().length).toBe(2)
  })

  it('reminds in the thread of the card, and never in its place', async () => {
    story = await beginStory(
      undefined,
      policyWith({ reminders: { after: '2m', times: 3 }, requestExpiresAfter: '60m' }),
    )
    const { sam, mia, slack } = story
    const toApprovals = { method: 'chat.postMessage', channel: 'C0APPROVE' } as const
    // The card is still on its way when the first reminder is due.
    slack.faults.add({ ...toApprovals, kind: 'slow', ms: 3_000 })
    const asked = ask(story, sam, email)
    await dmSaying(story, sam, 'Your request was sent')
    story.pass(2 * minute)
    const card = await asked
    await passUntil(story, () => mia.replies('#account-approvals', card.ts).length > 0)
    expect(mia.messages('#account-approvals')).toHaveLength(1)
    expect(await approve(story, mia, card)).toContain('recorded')
  })

  it('lets others decide when nobody has, after the time that the policy gives', async () => {
    story = await beginStory(
      undefined,
      policyWith({ tiers: [{ ...standard, escalation: { to: ['S0HEADS'], after: '10m' } }] }),
    )
    const { sam, mia, slack } = story
    const hana = slack.person('U0HANA')
    const card = await ask(story, sam, email)
    await hana.press('Approve…', { in: card })
    await windowSays(story, hana, 'you aren’t an approver')
    await hana.closeModal({ all: true })
    story.pass(10 * minute)
    await expect
      .poll(() =>
        mia
          .replies('#account-approvals', card.ts)
          .map((each) => mia.read(each))
          .join(),
      )
      .toContain('@heads: this request has waited long')
    expect(await approve(story, hana, card)).toContain('recorded')
    await cardSays(story, card, 'signed out everywhere')
  })

  it('says so when nobody is left who can decide, and when somebody is again', async () => {
    story = await beginStory(
      undefined,
      policyWith({
        reminders: { after: '2m', times: 5 },
        requestExpiresAfter: '60m',
        newMembersWait: '0s',
      }),
    )
    const { sam, mia, slack } = story
    const card = await ask(story, sam, email)
    slack.workspace.directory.setGroup('S0LEADS', ['U0SAM'])
    story.pass(2 * minute)
    await cardSays(story, card, 'Nobody is left who can approve this')
    await messageSaying(story, mia, '#account-approvals', 'Nobody is left who could approve')
    slack.workspace.directory.setGroup('S0LEADS', ['U0MIA', 'U0NOOR'])
    story.pass(4 * minute)
    await expect
      .poll(() => mia.read(current(story, card)))
      .not.toContain('Nobody is left who can approve this')
    await approve(story, mia, card)
    await cardSays(story, card, 'signed out everywhere')
  })

  it.each([0, 1])('says so without a reminder to say it with (%i of them)', async (times) => {
    story = await beginStory(
      undefined,
      policyWith({
        reminders: { after: '2m', times },
        requestExpiresAfter: '60m',
        newMembersWait: '0s',
      }),
    )
    const { sam, mia, slack } = story
    const card = await ask(story, sam, email)
    story.pass(2 * minute)
    slack.workspace.directory.setGroup('S0LEADS', ['U0SAM'])
    story.pass(11 * minute)
    await cardSays(story, card, 'Nobody is left who can approve this')
    await messageSaying(story, mia, '#account-approvals', 'Nobody is left who could approve')
    slack.workspace.directory.setGroup('S0LEADS', ['U0MIA', 'U0NOOR'])
    story.pass(11 * minute)
    await expect
      .poll(() => mia.read(current(story, card)))
      .not.toContain('Nobody is left who can approve this')
  })

  it('says so when those who are left are too few without somebody who has approved and may no more', async () => {
    story = await beginStory(
      undefined,
      policyWith({ tiers: [{ ...standard, approvals: 2 }], requestExpiresAfter: '60m' }),
    )
    const { sam, mia, slack } = story
    const card = await ask(story, sam, email)
    expect(await approve(story, mia, card)).toContain('recorded')
    slack.workspace.directory.setGroup('S0LEADS', ['U0NOOR'])
    story.pass(11 * minute)
    await cardSays(story, card, 'Nobody is left who can approve this')
  })

  it('says so soon when the approval that there was is void', async () => {
    story = await beginStory()
    const { sam, mia, slack, cognito } = story
    const card = await ask(story, sam, email)
    // As long as the account cannot be looked at, nothing begins.
    cognito.faults.add({ operation: 'AdminGetUser', kind: 'throttle', times: 1_000 })
    expect(await approve(story, mia, card)).toContain('recorded')
    slack.workspace.directory.setGroup('S0LEADS', ['U0SAM'])
    cognito.faults.clear()
    story.pass(30_000)
    await audited('is void')
    story.pass(61_000)
    await cardSays(story, card, 'Nobody is left who can approve this')
  })

  it('SE-05 B7: opens no request that nobody could ever decide on', async () => {
    story = await beginStory()
    const { sam, slack } = story
    slack.workspace.directory.setGroup('S0LEADS', [])
    await expect(ask(story, sam, email)).rejects.toThrow('not sent')
    await windowSays(story, sam, 'Too few people could decide')
  })
})

async function audited(words: string): Promise<void> {
  await story.slack.until(() => auditChannel(story).some((post) => post.includes(words)))
}

function passwordsSet(): number {
  return story.cognito.calls.filter(({ operation }) => operation === 'AdminSetUserPassword').length
}

async function privately(person: Person, words: string): Promise<void> {
  await story.slack.until(
    () => privateAnswers(person).some((answer) => answer.includes(words)),
    10_000,
  )
}

function privateAnswers(person: Person): string[] {
  return person
    .messages('#account-approvals')
    .filter(({ onlyFor }) => onlyFor === person.id)
    .map((each) => person.read(each))
}
