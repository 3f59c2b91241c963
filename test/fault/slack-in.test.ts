// biome-ignore-all lint/style/noExcessiveLinesPerFile: everything that Slack can do to what comes in

/** What Slack delivers, delivered badly: twice, early, late, while the database waits, as the line goes dead. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { RekeyProcess } from '../../sandbox/rekey-process.ts'
import { fieldsOf, rowsOf, stringOf } from '../../sandbox/slack/json.ts'
import type { Message } from '../../sandbox/slack/model.ts'
import { viewSubmission } from '../../sandbox/slack/payloads.ts'
import type { Person } from '../../sandbox/slack/person.ts'
import type { Delivery } from '../../sandbox/slack/socket-mode.ts'
import { startWorld } from '../../sandbox/world/world.ts'
import { knownCards } from '../support/known-cards.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import {
  approve,
  ask,
  fillIn,
  formLabels,
  nameLabel,
  openForm,
  passUntil,
} from '../support/story/interactions.ts'
import {
  cardSays,
  current,
  dmSaying,
  messageSaying,
  readLedger,
  windowSays,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { type AnyStory, minute, type Story } from '../support/story/story.ts'

const jane = 'jane@example.com'
let story: Story

describe('the same thing, twice', () => {
  afterEach(() => story.end())

  it('SI-02: a window that is confirmed twice at once is one approval, and the second answer says so', async () => {
    story = await beginStory()
    const { sam, mia, cognito } = story
    const card = await ask(story, sam, jane)
    const answers = await confirmTwice(mia, card)
    expect(answers.filter((each) => each.includes('Your approval is recorded'))).toHaveLength(1)
    expect(answers.filter((each) => each.includes('already approved by <@U0MIA>'))).toHaveLength(1)
    await cardSays(story, card, 'signed out everywhere')
    expect(cognito.mailbox.to(jane)).toHaveLength(1)
    expect(await entriesOf('request.approved')).toHaveLength(1)
  })

  it('SI-02: where two approvals are needed, one person’s two clicks are still one of them', async () => {
    story = await beginStory()
    const { sam, noor, cognito } = story
    const card = await ask(story, sam, 'alan@example.com')
    const answers = await confirmTwice(noor, card, 'Alan Admin')
    expect(answers.filter((each) => each.includes('1 more needed'))).toHaveLength(1)
    expect(answers.filter((each) => each.includes('Your approval counts once'))).toHaveLength(1)
    expect(cognito.calls.some(({ operation }) => operation.startsWith('AdminReset'))).toBe(false)
    expect(await entriesOf('request.approved')).toHaveLength(1)
  })

  it('SI-05: what is sent again minutes later changes nothing, whatever has become of the request', async () => {
    story = await beginStory()
    const { sam, mia, slack, cognito } = story
    await openForm(story, sam, jane)
    await fillIn(sam)
    await sam.submit()
    const opening = slack.workspace.lastEnvelopes.at(-1)
    await sam.closeModal({ all: true })
    const first = await messageSaying(story, mia, '#account-approvals', 'Waiting for approval')
    const receipt = await dmSaying(story, sam, '[Withdraw]')
    await sam.press('Withdraw', { in: receipt })
    await cardSays(story, first, 'Withdrawn')
    story.pass(6 * minute)
    if (opening === undefined) throw new Error('nothing was delivered')
    expect((await slack.workspace.deliver(opening)).kind).toBe('acked')

    const card = await ask(story, sam, jane)
    await approve(story, mia, card)
    const approving = slack.workspace.lastEnvelopes.findLast(
      ({ payload }) => payload['type'] === 'view_submission',
    )
    await cardSays(story, card, 'signed out everywhere')
    story.pass(6 * minute)
    if (approving === undefined) throw new Error('nothing was delivered')
    expect((await slack.workspace.deliver(approving)).kind).toBe('acked')
    expect(cards(mia)).toHaveLength(2)
    expect(cognito.mailbox.to(jane)).toHaveLength(1)
    const types = (await entries()).map(({ entry }) => entry.type)
    expect(types.filter((type) => type === 'request.opened')).toHaveLength(2)
    expect(types.filter((type) => type === 'request.approved')).toHaveLength(1)
    expect(types.filter((type) => type.endsWith('.refused'))).toEqual([])
  })
})

describe('a click that arrives too late for its window', () => {
  afterEach(() => story.end())

  it.each(['expired_trigger_id', 'trigger_expired'])(
    'SI-09: does nothing, the person is told so, and the next one works (%s)',
    async (error) => {
      story = await beginStory()
      const { sam, mia, slack } = story
      const card = await ask(story, sam, jane)
      slack.faults.add({ method: 'views.open', kind: 'error', error })
      await mia.press('Approve…', { in: card })
      await slack.until(() =>
        mia
          .messages('#account-approvals')
          .some(
            (each) => each.onlyFor === mia.id && mia.read(each).includes('Nothing has happened'),
          ),
      )
      await approve(story, mia, card)
      await cardSays(story, card, 'signed out everywhere')
    },
  )
})

describe('a click on a card that Rekey does not know to be posted', () => {
  afterEach(() => story.end())

  it('SI-03: is as good as any other', async () => {
    story = await beginStory(undefined, undefined, { timeouts: { slackMs: 2_000 } })
    const { sam, mia, slack } = story
    slack.faults.add({ method: 'chat.postMessage', channel: 'C0APPROVE', kind: 'hang-after' })
    const card = await ask(story, sam, jane)
    expect(knownCards(story)).toBe(0)
    await approve(story, mia, card)
    await sent(jane)
    await passUntil(story, () => mia.read(current(story, card)).includes('signed out everywhere'))
    expect(cards(mia)).toHaveLength(1)
  })
})

describe('a connection that ends while a form is on its way', () => {
  afterEach(() => story.end())

  it.each(['warning', 'refresh_requested', 'cut'] as const)(
    'SI-10: %s: what Slack sends again counts once, and so does what the person sends again',
    async (ending) => {
      story = await beginStory()
      const { sam, mia, slack, cognito } = story
      const card = await ask(story, sam, jane)
      await mia.press('Approve…', { in: card })
      await windowSays(story, mia, '[Approve]')
      story.pass(3_000)
      slack.sockets.endAfterNext(ending)
      expect((await mia.submit()).kind).toBe('failed')
      const lost = slack.workspace.lastEnvelopes.at(-1)
      if (lost === undefined) throw new Error('nothing was delivered')
      await sent(jane)
      // There is a second socket, which has heard of nothing.
      expect((await slack.workspace.deliver({ ...lost, retry_attempt: 1 })).kind).toBe('acked')
      await mia.submit()
      expect(await windowSays(story, mia, 'Not possible')).toContain('already approved by @Mia')
      await cardSays(story, card, 'signed out everywhere')
      expect(cognito.mailbox.to(jane)).toHaveLength(1)
      expect(await entriesOf('request.approved')).toHaveLength(1)
      // Mia's own second try; what Slack sent again is not even that.
      expect(await entriesOf('decision.refused')).toHaveLength(1)
    },
  )
})

describe('an app token that Slack refuses when a socket is to be opened again', () => {
  afterEach(() => story.end())

  it('SO-07: ends nothing: what needs no socket goes on, and it is opened when Slack lets it', async () => {
    story = await beginStory()
    const { sam, slack } = story
    const card = await ask(story, sam, jane)
    const refused = {
      method: 'apps.connections.open',
      kind: 'error',
      error: 'invalid_auth',
    } as const
    const mend = slack.faults.add({ ...refused, times: 1_000 })
    slack.sockets.disconnect('refresh_requested')
    await expect.poll(() => story.readiness()).toContain('no socket to Slack is open')
    await expect.poll(() => story.logged()).toContain('Slack opens no socket; trying again')
    story.pass(31 * minute)
    await cardSays(story, card, 'Expired')
    mend()
    await expect.poll(() => story.readiness()).toBe('ready\n')
    await openForm(story, sam, jane)
  })
})

describe('a socket that is being opened again while Rekey stops', () => {
  afterEach(() => story.end())

  it('SI-10: is not left open', async () => {
    story = await beginStory()
    const { slack } = story
    const opening = () => slack.transcript.callsOf('apps.connections.open').length
    const before = opening()
    const { greeted } = slack.sockets
    slack.faults.add({ method: 'apps.connections.open', kind: 'slow', ms: 2_000, times: 2 })
    slack.sockets.disconnect('refresh_requested')
    await expect.poll(opening).toBe(before + 2)
    await story.stopRekey()
    // Slack's answers come after that, and whatever they open is closed again.
    await expect.poll(() => slack.sockets.greeted - greeted).toBe(2)
    await expect.poll(() => slack.sockets.connections).toBe(0)
  })
})

describe('a socket that is closed before Slack has said hello', () => {
  afterEach(() => story.end())

  it('SI-10: is opened again, at the start too', async () => {
    story = await beginStory()
    const { slack, sam } = story
    await story.stopRekey()
    // An app may have ten.
    const others = await Promise.all(Array.from({ length: 10 }, openSocket))
    const tries = () => slack.transcript.callsOf('apps.connections.open').length
    const before = tries()
    const starting = story.restart()
    await expect.poll(() => tries() - before).toBeGreaterThan(2)
    for (const other of others) other.close()
    await starting
    await openForm(story, sam, jane)
  })

  async function openSocket(): Promise<WebSocket> {
    const answer = await fetch(`${story.slack.apiUrl}apps.connections.open`, {
      method: 'POST',
      headers: { authorization: `Bearer ${story.slack.appToken}` },
    })
    const socket = new WebSocket((await answer.json()).url)
    await new Promise((opened) => socket.addEventListener('open', opened))
    return socket
  }
})

describe('a database that keeps everybody waiting', () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres.stop())

  it('P12 SI-09: for longer than Slack waits: the form says that it works on it, and then what came of it', async () => {
    const url = await postgres.freshUrl()
    story = await beginStory(url)
    try {
      const { sam, mia, slack } = story
      await openForm(story, sam, jane)
      await fillIn(sam)
      const other = new pg.Client({ connectionString: url })
      await other.connect()
      await other.query('begin; lock table head in access exclusive mode')
      expect((await sam.submit()).kind).toBe('pushed')
      await windowSays(story, sam, 'Still working on it')
      const submission = slack.workspace.lastEnvelopes.at(-1)
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      await other.query('rollback')
      await other.end()
      await windowSays(story, sam, /REQ-\w{10}/)
      if (submission === undefined) throw new Error('nothing was delivered')
      await slack.workspace.deliver(submission)
      await messageSaying(story, mia, '#account-approvals', 'Waiting for approval')
      expect(cards(mia)).toHaveLength(1)
      expect(await entriesOf('request.opened')).toHaveLength(1)
      expect(await entriesOf('open.refused')).toEqual([])
    } finally {
      await story.end()
    }
  })

  it('SI-09: and holds up all of Rekey: the person is told to try again, and then how it stands', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rekey-slow-'))
    const file = join(folder, 'rekey.db')
    const world = await startWorld()
    const environment = world.environment(`sqlite:${file}`)
    const rekey = new RekeyProcess({ environment, logFile: join(folder, 'rekey.log') })
    try {
      await rekey.start()
      const person = (id: string) => world.slack.person(id)
      const [sam, mia] = [person('U0SAM'), person('U0MIA')]
      const stage: AnyStory = { slack: world.slack, mia }
      await openForm(stage, sam, jane)
      await fillIn(sam)
      const other = new DatabaseSync(file)
      other.exec('begin immediate')
      expect((await sam.submit()).kind).toBe('failed')
      other.exec('rollback')
      other.close()
      const card = await messageSaying(stage, mia, '#account-approvals', 'Waiting for approval')
      expect(await windowSays(stage, sam, formLabels.reason)).toContain('HELP-1234')
      await sam.submit()
      const id = /REQ-\w{10}/.exec(mia.read(card))?.[0] ?? 'no request'
      expect(await windowSays(stage, sam, 'Not possible')).toContain(`It is ${id}, opened by @Sam`)
      expect(cards(mia)).toHaveLength(1)
      await rekey.stop()
      const types = (await readLedger(`sqlite:${file}`)).map(({ entry }) => entry.type)
      expect(types.filter((type) => type === 'request.opened')).toHaveLength(1)
    } finally {
      await rekey.stop()
      await world.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

/** Presses “Approve” in one window two times, before either is answered. @returns what each was answered */
async function confirmTwice(person: Person, card: Message, name?: string): Promise<string[]> {
  const { slack } = story
  await person.press('Approve…', { in: card })
  await windowSays(story, person, '[Approve]')
  if (name !== undefined) await person.type(nameLabel, name)
  story.pass(3_000)
  const view = person.modal
  if (view === undefined) throw new Error('no window is open')
  const confirm = () => {
    const payload = viewSubmission(slack.workspace, person.member, view)
    return slack.workspace.deliver({ type: 'interactive', payload })
  }
  const answers = await Promise.all([confirm(), confirm()])
  return answers.map(wordsOf)
}

/** The window with which a submission was answered. */
function wordsOf(delivery: Delivery): string {
  if (delivery.kind !== 'acked') throw new Error(`not answered: ${delivery.kind}`)
  const blocks = rowsOf(fieldsOf(delivery.payload['view'])['blocks'])
  return blocks.map((block) => stringOf(fieldsOf(block['text'])['text'])).join('\n')
}

/** Until a code has been sent. */
async function sent(to: string): Promise<void> {
  const letters = () => story.cognito.mailbox.to(to)
  await expect.poll(letters, { interval: 10 }).toHaveLength(1)
}

function cards(mia: Person): Message[] {
  return mia
    .messages('#account-approvals')
    .filter((each) => mia.read(each).includes('Account recovery'))
}

async function entries() {
  await story.stopRekey()
  return await story.ledger()
}

async function entriesOf(type: string) {
  return (await entries()).filter(({ entry }) => entry.type === type)
}
