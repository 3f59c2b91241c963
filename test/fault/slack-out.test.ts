/** What Rekey says to Slack, in bad weather: nothing is lost, and what may have been said is looked for first. */

import { afterEach, describe, expect, it } from 'vitest'
import { userSeed } from '../../sandbox/cognito/user-seed.ts'
import type { Json } from '../../sandbox/slack/json.ts'
import type { Message } from '../../sandbox/slack/model.ts'
import type { Person } from '../../sandbox/slack/person.ts'
import { knownCards } from '../support/known-cards.ts'
import { limits, policyWith } from '../support/policies.ts'
import {
  approve,
  ask,
  fillIn,
  formLabels,
  openForm,
  passUntil,
} from '../support/story/interactions.ts'
import {
  cardSays,
  dmSaying,
  messageSaying,
  windowSays,
  witnesses,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

const jane = 'jane@example.com'
let story: Story
afterEach(() => story.end())

describe('a post that may not have arrived', () => {
  it.each([
    ['SO-03: drop-before: is made again where the line broke before Slack had it', 'drop-before'],
    ['SO-04: hang-before: is not waited for for ever, and made again', 'hang-before'],
    ['SO-04: hang-after: is not waited for for ever, and not made again', 'hang-after'],
  ] as const)('%s: it stands there once', async (_, kind) => {
    story = await beginStory(undefined, undefined, { timeouts: { slackMs: 1_000 } })
    const { sam, mia, slack } = story
    await slack.until(() => witnesses(story).length === 1)
    slack.faults.add({ method: 'chat.postMessage', channel: 'C0APPROVE', kind })
    slack.faults.add({ method: 'chat.postMessage', channel: 'C0AUDIT', kind })
    await send(sam, jane)
    await passUntil(story, () => knownCards(story) === 1)
    await approve(story, mia, theCard())
    await passUntil(story, () => inAudit('Signed out everywhere').length > 0)
    expect(outcomes('C0APPROVE')).toEqual(kind === 'hang-after' ? ['ok, hang-after'] : [kind, 'ok'])
    const seqs = witnesses(story).map(({ seq }) => seq)
    expect(seqs).toEqual([...new Set(seqs)].toSorted((one, other) => one - other))
  })
})

describe('a channel that asks for patience', () => {
  it('SO-01: gets none of what waits for it until then, and other channels go on', async () => {
    story = await beginStory()
    const { sam, slack } = story
    const busy = { method: 'chat.postMessage', channel: 'C0APPROVE', kind: 'rate-limit' } as const
    const release = slack.faults.add({ ...busy, retryAfterSeconds: 90, times: 1_000 })
    const accounts = [jane, 'judy@example.com', 'bob@example.com']
    for (const [index, account] of accounts.entries()) {
      await send(sam, account)
      await slack.until(() => inAudit('asked to recover').length === index + 1)
      await dmSaying(story, sam, 'Your request was sent')
    }
    story.pass(60_000)
    await sam.command('/recovery', 'mine', { channel: '#general' })
    expect(outcomes('C0APPROVE')).toEqual(['ratelimited'])
    release()
    story.pass(31_000)
    await slack.until(() => knownCards(story) === accounts.length)
    expect(outcomes('C0APPROVE')).toEqual(['ratelimited', 'ok', 'ok', 'ok'])
  })
})

describe('a history that shows 15 messages, once a minute', () => {
  it('SO-06: is looked through to the end, however long it takes, before anything is posted again', async () => {
    story = await beginStory()
    const { sam, mia, slack } = story
    slack.faults.limitHistory(() => slack.workspace.now())
    slack.faults.add({ method: 'chat.postMessage', channel: 'C0APPROVE', kind: 'drop-after' })
    await send(sam, jane)
    await slack.until(() => outcomes('C0APPROVE').length === 1)
    for (let said = 0; said < 40; said += 1) mia.say('#account-approvals', `Lunch? ${said}`)
    await approve(story, mia, theCard())
    await passUntil(story, () => mia.read(theCard()).includes('signed out everywhere'))
    expect(outcomes('C0APPROVE')).toEqual(['ok, drop-after'])
    const looks = slack.transcript.callsOf('conversations.history')
    expect(looks.filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThanOrEqual(3)
  })

  it('SO-06: is compared with the ledger to the end, thread by thread', async () => {
    story = await beginStory()
    const { sam, slack, ana } = story
    slack.faults.limitHistory(() => slack.workspace.now())
    for (const [done, account] of [jane, 'judy@example.com', 'hanako@example.jp'].entries()) {
      await ask(story, sam, account)
      await sam.press('Withdraw', { in: await dmSaying(story, sam, '[Withdraw]') })
      await slack.until(() => inAudit('withdrew the request').length === done + 1)
      await slack.until(() => !sam.dm().some((each) => sam.read(each).includes('[Withdraw]')))
    }
    for (let said = 0; said < 20; said += 1) ana.say('#account-audit', `Noted. ${said}`)
    const last = inAudit('withdrew the request').at(-1)
    slack.workspace.deleteMessage('#account-audit', last?.ts ?? '')
    story.pass(11 * minute)
    await minutesUntil(() => inAudit('is gone from this channel').length > 0)
    await slack.until(() => inAudit('withdrew the request').length === 3)
    await story.stopRekey()
    const gone = (await story.ledger()).filter(({ entry }) => entry.type === 'post.missing')
    expect(gone).toHaveLength(1)
  })
})

describe('words as long as they may be, in characters of four bytes', () => {
  const anything = '[\\s\\S]*'
  // No policy takes just any words for a reference.
  const almostAnything = `(?!she|She|yes|confirmed)${anything}`
  const roomy = policyWith({
    limits: limits({}),
    ticket: { pattern: anything, example: 'HELP-1' },
    identityChecks: [
      {
        id: 'callback',
        label: 'Called back on the number on file',
        evidence: { reference: 'Call record', pattern: almostAnything, example: 'CALL-1' },
      },
    ],
  })

  it.each([
    ['faces', `x${'😀'.repeat(249)}y`],
    ['characters that are written longer than they are', '<&>'.repeat(166)],
  ])(
    'SO-11: %s: Slack refuses nothing, nothing is cut through, the ledger has all of it',
    async (_, words) => {
      story = await beginStory(undefined, roomy)
      const { sam, mia, slack, cognito } = story
      cognito.pools.get('customers').add(userSeed(cut(words, 400), { email: 'long@example.com' }))
      const short = cut(words, 64)
      const denied = await sendAtLength(words, short)
      await denyAtLength(denied, cut(words, 300))
      await cardSays(story, denied, 'Denied')
      await approve(story, mia, await sendAtLength(words, short))
      await slack.until(() => inAudit('Signed out everywhere').length > 0)
      await sam.command('/recovery', 'mine', { channel: '#general' })

      const says = slack.transcript.calls.filter(({ method }) => /^(chat|views)\./.test(method))
      const refused = says.filter(({ outcome }) => outcome !== 'ok')
      expect(refused.map(({ method, answer }) => ({ method, answer }))).toEqual([])
      expect(slack.transcript.deliveries.flatMap(({ problems = [] }) => problems)).toEqual([])
      const texts = says.flatMap(({ args }) => textsIn(args))
      expect(texts.filter((text) => !text.isWellFormed() || text.includes('\ufffd'))).toEqual([])
      await story.stopRekey()
      const [opened] = (await story.ledger()).filter(({ entry }) => entry.type === 'request.opened')
      expect(opened?.entry.data).toMatchObject({ reason: words, evidence: short })
    },
  )
})

/** Fills in the form and sends it, without waiting for what comes of it. */
async function send(person: Person, account: string): Promise<void> {
  await openForm(story, person, account)
  await fillIn(person)
  expect(await person.submit()).toEqual({ kind: 'updated' })
  await person.closeModal({ all: true })
}

async function sendAtLength(words: string, short: string): Promise<Message> {
  const { sam } = story
  await sam.command('/reset-password', 'long@example.com', { channel: '#general' })
  await windowSays(story, sam, 'Call record')
  await sam.type('Call record', short)
  await sam.type(formLabels.reason, words)
  await sam.type(formLabels.ticket, short)
  expect(await sam.submit()).toEqual({ kind: 'updated' })
  const id = /REQ-\w{10}/.exec(sam.modal === undefined ? '' : sam.read(sam.modal))?.[0] ?? '?'
  await sam.closeModal({ all: true })
  return messageSaying(story, story.mia, '#account-approvals', id)
}

async function denyAtLength(card: Message, words: string): Promise<void> {
  const { mia } = story
  await mia.press('Deny…', { in: card })
  await windowSays(story, mia, 'Why not?')
  await mia.type('Why not?', words)
  await mia.submit()
  await windowSays(story, mia, 'The request is denied')
  await mia.closeModal({ all: true })
}

/** The one card there is. */
function theCard(): Message {
  const { mia } = story
  const cards = mia.messages('#account-approvals').filter((each) => each.botId !== undefined)
  const [card] = cards
  if (card === undefined || cards.length > 1) throw new Error(`there are ${cards.length} cards`)
  return card
}

/** Lets time pass, a minute at a stride, until this is so. */
async function minutesUntil(look: () => boolean): Promise<void> {
  await passUntil(story, () => {
    if (look()) return true
    story.pass(minute)
    return false
  })
}

/** What came of every post to a channel, in order. */
function outcomes(channel: string): string[] {
  return story.slack.transcript
    .callsOf('chat.postMessage')
    .filter(({ args }) => args['channel'] === channel)
    .map(({ outcome }) => outcome)
}

function inAudit(words: string): Message[] {
  return story.slack.workspace.messages.all.filter(
    (each) => each.channel === 'C0AUDIT' && story.ana.read(each).includes(words),
  )
}

/** As much of it as fits, in whole characters. */
function cut(words: string, most: number): string {
  return [...words].reduce((kept, one) => (kept.length + one.length > most ? kept : kept + one), '')
}

function textsIn(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((inner) => textsIn(inner))
}
