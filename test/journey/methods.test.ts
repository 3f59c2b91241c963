import { afterEach, describe, expect, it } from 'vitest'
import { Application } from '../../sandbox/cognito/application.ts'
import type { Message } from '../../sandbox/slack/model.ts'
import { secretClient, staffClient } from '../../sandbox/world/user-pool-seed.ts'
import { approve, ask, openForm, passUntil } from '../support/story/interactions.ts'
import {
  auditChannel,
  cardSays,
  current,
  dmSaying,
  messageSaying,
  passwordOn,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

let story: Story
afterEach(() => story.end())

function policy(client: string): string {
  return `
version: 1
channels: { approvals: C0APPROVE, audit: C0AUDIT }
pools:
  customers: { userPoolId: us-west-2_aaaaaaaaa, client: ${client} }
  staff: { userPoolId: eu-central-1_bbbbbbbbb }
requesters: [S0SUPPORT]
security: [S0SECURITY]
tiers:
  - { name: staff, when: { pools: [staff] }, approvers: [S0SECURITY], approvals: 2, methods: [permanent-password] }
  - name: standard
    approvers: [S0LEADS]
    approvals: 1
    methods: [reset, temporary-password, recovery-code, resend-invitation]
identityChecks: [{ id: callback, label: Called back on the number on file, evidence: { source: Where is that number on file?, options: [HR record] } }]
`
}

const withoutSecret = policy('{ id: customersweb0000000000000 }')
const withSecret = policy(`{ id: ${secretClient.id}, secretEnv: CUSTOMERS_CLIENT_SECRET }`)

async function approved(account: string, method: string): Promise<Message> {
  const card = await ask(story, story.sam, account, { method })
  await approve(story, story.mia, card)
  return card
}

describe('a recovery code', () => {
  it.each([
    ['by a client without a secret', withoutSecret],
    ['by a client with one, whose SECRET_HASH Cognito checks', withSecret],
  ])('reaches Jane %s, and her old password keeps working until she uses it', async (_, text) => {
    story = await beginStory(undefined, text)
    const { application, cognito } = story
    const card = await approved('jane@example.com', 'Recovery code, nothing reset')
    await dmSaying(story, story.sam, /j\S*@e\S*/)
    await story.slack.until(() => cognito.mailbox.to('jane@example.com').length === 1)
    expect((await application.signIn('jane@example.com', 'Jane-sandbox-1')).kind).toBe('signed-in')
    const code = cognito.mailbox.latest('jane@example.com')?.code ?? ''
    await application.confirmForgotPassword('jane@example.com', code, 'Jane-is-back-1')
    expect((await application.signIn('jane@example.com', 'Jane-is-back-1')).kind).toBe('signed-in')
    story.pass(2 * minute)
    await cardSays(story, card, 'Recovered')
  })

  it('is what is offered to Erin, whose account waits for a reset already', async () => {
    story = await beginStory(undefined, withoutSecret)
    const form = await openForm(story, story.sam, 'erin@example.com')
    expect(form).toContain('(x) Recovery code, nothing reset')
    await story.sam.closeModal({ all: true })
    await approved('erin@example.com', 'Recovery code, nothing reset')
    await story.slack.until(() => story.cognito.mailbox.to('erin@example.com').length === 1)
    const code = story.cognito.mailbox.latest('erin@example.com')?.code ?? ''
    await story.application.confirmForgotPassword('erin@example.com', code, 'Erin-is-back-1')
    expect((await story.application.signIn('erin@example.com', 'Erin-is-back-1')).kind).toBe(
      'signed-in',
    )
  })

  it('CG-04 is never sent again by Rekey itself when its answer is lost, since no look can tell', async () => {
    story = await beginStory(undefined, withoutSecret)
    const { sam, mia, cognito } = story
    cognito.faults.add({ operation: 'ForgotPassword', kind: 'drop-after' })
    const card = await approved('jane@example.com', 'Recovery code, nothing reset')
    await passUntil(story, () => mia.read(current(story, card)).includes('Needs a person'))
    expect(mia.read(current(story, card))).toMatch(
      /Before the call the account was: Confirmed, last changed .* looked last, it was: Confirmed/,
    )
    await sam.press('It worked', { in: await dmSaying(story, sam, '[It worked]') })
    await cardSays(story, card, 'Carried out')
    expect(cognito.mailbox.to('jane@example.com')).toHaveLength(1)
  })
})

describe('what may not have arrived', () => {
  let drawn = 0

  it('is sent again at a person’s word, as an effect of its own, and twice at most', async () => {
    story = await beginStory(undefined, withoutSecret)
    const { sam, mia, cognito } = story
    cognito.faults.add({ operation: 'ForgotPassword', kind: 'drop-before', times: 3 })
    const card = await approved('jane@example.com', 'Recovery code, nothing reset')
    for (const answered of [0, 1]) {
      await passUntil(story, () => mia.read(current(story, card)).includes('Needs a person'))
      expect(cognito.calls.filter(({ outcome }) => outcome === 'drop-before')).toHaveLength(
        answered + 1,
      )
      const offer = await dmSaying(story, sam, '[Send again]')
      await isDrawnAnew(offer)
      await sam.press('Send again', { in: current(story, offer) })
      await story.slack.until(() =>
        auditChannel(story).some((post) => post.includes(`sent again (number ${answered + 2})`)),
      )
      await passUntil(story, () => cognito.calls.filter(isSending).length > answered + 1)
    }
    await passUntil(story, () => mia.read(current(story, card)).includes('Needs a person'))
    await isDrawnAnew(card)
    await mia.press('Send again', { in: current(story, card) })
    await messageSaying(story, mia, '#account-approvals', 'as often as Rekey does that')
    expect(cognito.calls.filter(isSending)).toHaveLength(3)
    await story.stopRekey()
    const intents = (await story.ledger()).filter(({ entry }) => entry.type === 'effect.intended')
    expect(new Set(intents.map(({ entry }) => entry.data['effect'])).size).toBe(3)
  })

  /** Its buttons are for the request as it is now: an older one is refused. */
  async function isDrawnAnew(message: Message): Promise<void> {
    const version = () => Number(/REQ-\w+:(\d+)/.exec(JSON.stringify(current(story, message)))?.[1])
    await story.slack.until(() => version() > drawn)
    drawn = version()
  }

  function isSending({ operation }: { readonly operation: string }): boolean {
    return operation === 'ForgotPassword'
  }
})

describe('a new invitation', () => {
  it('lets Carol in for the first time, and nobody at the desk sees the password', async () => {
    story = await beginStory(undefined, withoutSecret)
    const { application, cognito } = story
    const form = await openForm(story, story.sam, 'carol@example.com')
    expect(form).toContain('(x) New invitation')
    await story.sam.closeModal({ all: true })
    const card = await approved('carol@example.com', 'New invitation')
    await cardSays(story, card, 'signed out everywhere')
    expect(cognito.mailbox.to('carol@example.com')).toHaveLength(1)
    const password = cognito.mailbox.latest('carol@example.com')?.temporaryPassword ?? ''
    expect(JSON.stringify(story.slack.transcript.calls)).not.toContain(password)
    const step = await application.signIn('carol@example.com', password)
    if (step.kind !== 'new-password-required') throw new Error(step.kind)
    expect((await step.respond('Carol-is-in-1')).kind).toBe('signed-in')
    story.pass(2 * minute)
    await cardSays(story, card, 'Recovered')
  })
})

describe('a permanent password', () => {
  it('takes two approvals in a pool where administrators do it all, and works at once', async () => {
    story = await beginStory(undefined, withoutSecret)
    const { sam, noor, priya, cognito } = story
    const [employee] = cognito.pools
      .get('staff')
      .users()
      .filter(({ status }) => status === 'CONFIRMED')
    const username = employee?.username ?? ''
    const form = await openForm(story, sam, username)
    expect(form).toContain('staff')
    await sam.closeModal({ all: true })
    const card = await ask(story, sam, username, { method: 'Permanent password' })
    await approve(story, noor, card)
    await approve(story, priya, current(story, card))
    const offer = await dmSaying(story, sam, '[Show the password once]')
    await sam.press('Show the password once', { in: offer })
    const password = await story.slack.until(() => passwordOn(sam))
    const staff = new Application({ url: cognito.url, clientId: staffClient.id })
    expect((await staff.signIn(username, password)).kind).toBe('signed-in')
    staff.close()
  })
})

describe('what was not used in time', () => {
  it('lapses, and Sam can ask again with the account filled in', async () => {
    story = await beginStory(undefined, withoutSecret)
    const { sam } = story
    const card = await approved('jane@example.com', 'Reset with a code')
    await cardSays(story, card, 'signed out everywhere')
    story.pass(61 * minute)
    await cardSays(story, card, 'Not used in time')
    await sam.press('Ask again…', { in: await dmSaying(story, sam, '[Ask again…]') })
    const form = await story.slack.until(() => {
      const says = sam.modal === undefined ? '' : sam.read(sam.modal)
      return says.includes('How should it be recovered?') && says
    })
    expect(form).toContain('(x) Recovery code, nothing reset')
  })
})
