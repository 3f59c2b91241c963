// biome-ignore-all lint/style/noExcessiveLinesPerFile: every race over the wire, in one world

/**
 * The same races over Slack's wire: two whole Rekeys on one PostgreSQL, each with its own sockets, and
 * people who press at the same moment, twice, or whose press is delivered again and again.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { userSeed } from '../../sandbox/cognito/user-seed.ts'
import type { Message } from '../../sandbox/slack/model.ts'
import { viewSubmission } from '../../sandbox/slack/payloads.ts'
import type { Person } from '../../sandbox/slack/person.ts'
import type { Envelope } from '../../sandbox/slack/transcript.ts'
import { startWorld, type World } from '../../sandbox/world/world.ts'
import type { ChainedEntry } from '../../src/audit/entry.ts'
import { createLog } from '../../src/log.ts'
import { type Rekey, startRekey } from '../../src/rekey.ts'
import { readSettings } from '../../src/settings.ts'
import { brokenInvariants } from '../support/invariants.ts'
import { patientTimeouts } from '../support/patient-timeouts.ts'
import { limits, policyWith } from '../support/policies.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { soak } from '../support/soak.ts'
import { ask, fillIn, formLabels, openForm } from '../support/story/interactions.ts'
import { cardSays, current, dmSaying, readLedger, windowSays } from '../support/story/reading.ts'
import type { AnyStory } from '../support/story/story.ts'

let postgres: Postgres
let folder: string
let database: string
let world: World
let rekeys: readonly Rekey[]
let stage: AnyStory
let sam: Person
let mia: Person
let noor: Person
let newcomers = 0
const log: string[] = []

beforeAll(async () => {
  postgres = await startPostgres()
  database = await postgres.freshUrl()
  world = await startWorld()
  folder = mkdtempSync(join(tmpdir(), 'rekey-wire-'))
  const policyFile = join(folder, 'policy.yml')
  writeFileSync(policyFile, policyWith({ limits: limits({}), minimumReadingTime: '0s' }))
  const environment: Record<string, string> = {
    ...world.environment(database),
    POLICY_FILE: policyFile,
    PORT: '0',
    // Two Rekeys on one machine have no port for two pages.
    RECOVERY_PAGE_URL: '',
  }
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith('AWS_')) process.env[name] = value
  }
  const read = readSettings(environment)
  if (read.kind === 'faulty') throw new Error(read.faults.join('\n'))
  const out = new Writable({
    write(line: Buffer, _encoding, written) {
      log.push(line.toString('utf8'))
      written()
    },
  })
  const start = () =>
    startRekey(read.settings, {
      log: createLog('error', out),
      pollMs: 20,
      timeouts: patientTimeouts,
    })
  rekeys = [await start(), await start()]
  const { slack } = world
  sam = slack.person('U0SAM')
  mia = slack.person('U0MIA')
  noor = slack.person('U0NOOR')
  // The policy lets everybody decide as fast as they like, so nobody has to wait.
  stage = { slack: world.slack, mia, pass: () => undefined }
})

afterAll(async () => {
  for (const rekey of rekeys) await rekey.stop()
  await world.close()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('two people at the same moment, at two Rekeys', () => {
  it('SI-04 CO-02: one approves and one denies: the first holds, and the other reads whose it was', async () => {
    for (let round = 0; round < soak.wireRounds; round += 1) {
      const { card, email } = await opened()
      await window(mia, card, 'Approve…', '[Approve]')
      await window(noor, card, 'Deny…', '[Deny]')
      await noor.type(commentLabel, 'I called her: it was not her')
      await together(round, mia, noor)
      const [miaReads, noorReads] = [await told(mia), await told(noor)]
      if (miaReads.includes('recorded')) {
        expect(noorReads).toMatch(/already approved by @Mia \d{4}-\d\d-\d\d \d\d:\d\d UTC/)
        await cardSays(stage, card, 'signed out everywhere')
        expect(codes(email)).toBe(1)
      } else {
        expect(noorReads).toContain('The request is denied')
        expect(miaReads).toMatch(/already denied by @Noor \d{4}-\d\d-\d\d \d\d:\d\d UTC/)
        await cardSays(stage, card, 'Denied')
        expect(codes(email)).toBe(0)
      }
    }
  })

  it('CO-01: both approve where one is needed: one is recorded, and the other reads whose it was', async () => {
    for (let round = 0; round < soak.wireRounds; round += 1) {
      const { card, email } = await opened()
      await window(mia, card, 'Approve…', '[Approve]')
      await window(noor, card, 'Approve…', '[Approve]')
      await together(round, mia, noor)
      const reads = { Mia: await told(mia), Noor: await told(noor) }
      const [winner, loser] = reads.Mia.includes('recorded')
        ? (['Mia', 'Noor'] as const)
        : (['Noor', 'Mia'] as const)
      expect(reads[winner]).toContain('Your approval is recorded')
      expect(reads[loser]).toMatch(
        new RegExp(`already approved by @${winner} \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC`),
      )
      await cardSays(stage, card, 'signed out everywhere')
      expect(codes(email)).toBe(1)
    }
  })
})

describe('SI-01: delivered four times, to sockets of both Rekeys,', () => {
  it('a command opens one window', async () => {
    const email = newcomer()
    await openForm(stage, sam, email)
    await again(lastEnvelope())
    await windowSays(stage, sam, formLabels.method)
    await sam.closeModal({ all: true })
  })

  it('a form opens one request', async () => {
    const email = newcomer()
    await openForm(stage, sam, email)
    await fillIn(sam)
    await submitFourTimes(sam)
    await sam.closeModal({ all: true })
    expect((await entriesOf('request.opened')).filter(isAbout(email))).toHaveLength(1)
    expect((await entriesOf('open.refused')).filter(isAbout(email))).toHaveLength(0)
  })

  it('“Approve…” opens one window, and its submission is one approval, then and later', async () => {
    const { card, email } = await opened()
    await window(mia, card, 'Approve…', '[Approve]')
    await again(lastEnvelope())
    await windowSays(stage, mia, '[Approve]')
    await submitFourTimes(mia)
    await cardSays(stage, card, 'signed out everywhere')
    // Replayed when all is done.
    await again(lastEnvelope())
    await mia.closeModal({ all: true })
    expect((await entriesOf('request.approved')).filter(isAbout(email))).toHaveLength(1)
    expect((await entriesOf('decision.refused')).filter(isAbout(email))).toHaveLength(0)
    expect(codes(email)).toBe(1)
  })

  it('a denial is one', async () => {
    const { card, email } = await opened()
    await window(noor, card, 'Deny…', '[Deny]')
    await noor.type(commentLabel, 'I called her: it was not her')
    await submitFourTimes(noor)
    await noor.closeModal({ all: true })
    await cardSays(stage, card, 'Denied')
    expect((await entriesOf('request.denied')).filter(isAbout(email))).toHaveLength(1)
    expect((await entriesOf('decision.refused')).filter(isAbout(email))).toHaveLength(0)
  })

  it('“Withdraw” is one, and the requester hears of no second', async () => {
    const { card, email } = await opened()
    const receipt = await dmSaying(stage, sam, receiptOf(email))
    await sam.press('Withdraw', { in: receipt })
    await again(lastEnvelope())
    await cardSays(stage, card, /[Ww]ithdrawn/)
    expect((await entriesOf('request.withdrawn')).filter(isAbout(email))).toHaveLength(1)
    expect((await entriesOf('decision.refused')).filter(isAbout(email))).toHaveLength(0)
  })
})

describe('SI-02: pressed twice at once, each press with a trigger of its own,', () => {
  it('“Approve…” and then “Approve” are one approval', async () => {
    const { card, email } = await opened()
    await Promise.all([
      mia.press('Approve…', { in: current(stage, card) }),
      mia.press('Approve…', { in: current(stage, card) }),
    ])
    await windowSays(stage, mia, '[Approve]')
    await Promise.all([mia.submit(), mia.submit()])
    await cardSays(stage, card, 'signed out everywhere')
    await mia.closeModal({ all: true }).catch(() => undefined)
    expect((await entriesOf('request.approved')).filter(isAbout(email))).toHaveLength(1)
    expect(codes(email)).toBe(1)
  })

  it('“Withdraw” is one withdrawal, and the second press hears when that was', async () => {
    const { card, email } = await opened()
    const receipt = await dmSaying(stage, sam, receiptOf(email))
    const press = () => sam.press('Withdraw', { in: receipt, asSeen: true })
    await Promise.all([press(), press()])
    await cardSays(stage, card, /[Ww]ithdrawn/)
    await world.slack.until(() => /already withdrawn by @Sam \d{4}-/.test(saidToSam()))
    expect((await entriesOf('request.withdrawn')).filter(isAbout(email))).toHaveLength(1)
  })
})

it('P1 P7: and all of it together is in order', async () => {
  await expect
    .poll(async () => brokenInvariants(world, await readLedger(database)), { interval: 500 })
    .toEqual([])
  // A press that is delivered again is no trouble, and nobody is told of any.
  expect(log).toEqual([])
  const read = world.slack.workspace.messages.all.map((each) => world.slack.workspace.asText(each))
  expect(read.filter((text) => text.includes('Something went wrong'))).toEqual([])
})

const commentLabel = 'Why not?'

function newcomer(): string {
  newcomers += 1
  const email = `newcomer${newcomers}@example.com`
  world.cognito.pools.get('customers').add(userSeed(`New Comer ${newcomers}`, { email }))
  return email
}

async function opened(): Promise<{ readonly card: Message; readonly email: string }> {
  const email = newcomer()
  return { card: await ask(stage, sam, email), email }
}

/** Opens a window from the card, and waits until it can be decided in it. */
async function window(who: Person, card: Message, button: string, shows: string): Promise<void> {
  await who.press(button, { in: current(stage, card) })
  await windowSays(stage, who, shows)
}

/** Both submit at the same moment. Whose envelope is the first to leave takes turns. */
async function together(round: number, ...both: [Person, Person]): Promise<void> {
  const inOrder = round % 2 === 0 ? both : both.toReversed()
  await Promise.all(inOrder.map((each) => each.submit()))
}

/** What somebody's window says in the end. */
async function told(who: Person): Promise<string> {
  const says = await windowSays(stage, who, /recorded|is denied|Not possible/)
  await who.closeModal({ all: true })
  return says
}

function lastEnvelope(): Envelope {
  const envelope = world.slack.workspace.lastEnvelopes
    .toReversed()
    .find(({ type }) => type !== 'events_api')
  if (envelope === undefined) throw new Error('nothing was delivered')
  return envelope
}

/** Slack delivers it again, three more times, over whichever sockets are next. */
async function again({ type, payload }: Envelope): Promise<void> {
  await Promise.all(
    [1, 2, 3].map((retry_attempt) =>
      world.slack.workspace.deliver({ type, payload, retry_attempt, retry_reason: 'timeout' }),
    ),
  )
}

/** The same submission, four times at the same moment: whatever the app answers, the window stays as it is. */
async function submitFourTimes(who: Person): Promise<void> {
  if (who.modal === undefined) throw new Error('there is no window to submit')
  const payload = viewSubmission(world.slack.workspace, who.member, who.modal)
  const deliveries = [0, 1, 2, 3].map((retry_attempt) =>
    world.slack.workspace.deliver({ type: 'interactive', payload, retry_attempt }),
  )
  for (const { kind } of await Promise.all(deliveries)) expect(kind).toBe('acked')
}

function codes(email: string): number {
  return world.cognito.mailbox.to(email).length
}

/** What only Sam can see, from Rekey. */
function saidToSam(): string {
  const channels = ['#general', '#account-approvals']
  const seen = [...channels.flatMap((channel) => sam.messages(channel)), ...sam.dm()]
  return seen
    .filter(({ onlyFor }) => onlyFor === sam.id)
    .map((each) => sam.read(each))
    .join('\n')
}

async function entriesOf(type: string): Promise<ChainedEntry[]> {
  return (await readLedger(database)).filter(({ entry }) => entry.type === type)
}

function receiptOf(email: string): RegExp {
  return new RegExp(`${nameOf(email)}\\b[^]*\\[Withdraw\\]`)
}

function nameOf(email: string): string {
  return `New Comer ${/\d+/.exec(email)?.[0]}`
}

function isAbout(email: string): (chained: ChainedEntry) => boolean {
  const name = nameOf(email)
  return ({ entry }) => entry.data['account'] === name
}
