// biome-ignore-all lint/style/noExcessiveLinesPerFile: one database, and all that is asked of it

/**
 * A database of version 0.1, as it was left in the midst of everything: whatever Rekey has become since,
 * it reads what was written then, and goes on with it. test/fixtures/database-0.1 says how it was made.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../../sandbox/slack/model.ts'
import type { Person } from '../../../sandbox/slack/person.ts'
import type { Call } from '../../../sandbox/slack/transcript.ts'
import type { EntryDraft } from '../../../src/audit/entry.ts'
import { audit } from '../../../src/cli/audit.ts'
import type { RequestId } from '../../../src/ids.ts'
import type { LimitName } from '../../../src/policy/policy.ts'
import { RowSealer } from '../../../src/sealing/row-sealer.ts'
import { Secret } from '../../../src/secret.ts'
import { type OpenStore, openStore } from '../../../src/store/open.ts'
import {
  asJson,
  drain,
  folderOf,
  load,
  type Resumed,
  readKept,
  resume,
  whatStands,
} from '../../support/kept-database.ts'
import { type Postgres, startPostgres } from '../../support/postgres.ts'
import { entryAbout } from '../../support/store/things.ts'
import { approve } from '../../support/story/interactions.ts'
import { passwordOn, windowSays } from '../../support/story/reading.ts'

const version = '0.1'
const kept = readKept(version)
const { requests } = kept

interface Expected {
  readonly stands: Awaited<ReturnType<typeof whatStands>>
  /** Every open job. */
  readonly jobs: readonly string[]
  /** Everything that was done once, and must not be done again. */
  readonly idempotencyKeys: readonly string[]
}

const expected: Expected = JSON.parse(
  readFileSync(join(folderOf(version), 'expected.json'), 'utf8'),
)

const minute = 60_000

let postgres: Postgres
let folder: string
const sealer = new RowSealer(new Secret(kept.secretKey))
const endsWith = kept.ledgerEnd

beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rekey-kept-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe.each(['SQLite', 'PostgreSQL'])('a database of 0.1 on %s', (engine) => {
  let url: string
  let auditors: Readonly<Record<string, string>>
  beforeEach(async () => {
    url = engine === 'SQLite' ? `sqlite:${join(folder, 'rekey.db')}` : await postgres.freshUrl()
    auditors = { DATABASE_URL: url, REKEY_SECRET_KEY: kept.secretKey }
    await load(version, url)
  })

  it('says what it said', () =>
    opening(async (opened) => {
      // The upgrade has written one entry: what is there was bound to the key.
      const { entries } = expected.stands.head
      const head = { ...expected.stands.head, entries: entries + 1, hash: expect.any(String) }
      const waiting = expected.stands.auditPostsWaiting
      const auditPostsWaiting = { ...waiting, count: waiting.count + 1 }
      const stands = { ...expected.stands, head, auditPostsWaiting }
      expect(asJson(await whatStands(opened, kept))).toEqual(stands)
    }))

  it.each([undefined, '0'.repeat(16), endsWith.slice(0, 8)])(
    'F2 is bound to no key without the operator’s word for it: %s',
    async (word) => {
      const unasked = openStore(url, { sealer, now: () => kept.at, endsWith: word })
      await expect(unasked).rejects.toThrow(`SEAL_DATABASE=${endsWith}`)
    },
  )

  it('has every job that it had, each in its lane', async () => {
    const unreadable: string[] = []
    const opened = await openStore(url, {
      sealer,
      endsWith,
      now: () => kept.at,
      unreadable: (job) => unreadable.push(job),
    })
    const jobs = await drain(opened)
    await opened.close()
    const { entries } = expected.stands.head
    // What the entry about the sealing is cause for.
    const isOfUpgrade = (job: string) =>
      job.includes(` #${entries + 1} null`) || job.startsWith('groups: ')
    expect(jobs.filter(isOfUpgrade)).toEqual([
      expect.stringMatching(/^alerts: post-alert /),
      expect.stringMatching(/^audit: post-audit /),
      expect.stringMatching(/^groups: look-at-groups/),
    ])
    expect(jobs.filter((job) => !isOfUpgrade(job))).toEqual(expected.jobs)
    expect(unreadable).toEqual([])
  })

  it('has a ledger that agrees with itself, with its checkpoints and with the key that signed them', async () => {
    await opening(async () => undefined)
    const { checkpoints, head } = expected.stands
    expect(await verified(auditors)).toEqual([
      expect.stringContaining(`intact: ${head.entries + 1} entries`),
      expect.stringContaining('no witness was asked'),
      '42 requests follow from the ledger, and the tables say the same',
      expect.stringContaining('every seal fits'),
      `${checkpoints.length} signed checkpoints agree`,
    ])
  })

  it('knows every idempotency key again', () =>
    opening(async ({ store }) => {
      const entry = lookedUp()
      const again = (key: string) => store.write(entry, kept.at, key)
      for (const key of expected.idempotencyKeys) expect(await again(key)).toBe('repeated')
      expect(await again('one that nobody has made')).toBe('recorded')
    }))

  it.each<[LimitName, string]>([
    ['requestsPerRequester', 'U0SAM'],
    ['requestsPerAccount', accountOf('Jane Doe')],
    ['requestsOverall', 'all'],
    ['approvalsPerApprover', 'U0MIA'],
    ['executionsOverall', 'all'],
  ])('has counted what counts towards %s', (name, of) =>
    opening(async ({ store }) => {
      const entry = lookedUp()
      const uses = (whom: string) => [{ name, of: whom, most: 1, windowMs: 24 * 60 * minute }]
      const counting = (whom: string) =>
        store.write(entry, kept.at, undefined, { consumes: uses(whom) })
      expect(await counting(of)).toEqual({ usedUp: name })
      expect(await counting('somebody else')).toBe('recorded')
    }),
  )

  it('has counted what somebody tried on the recovery page', () =>
    opening(async ({ rateLimiter }) => {
      const key = Buffer.from('what somebody tried on the page.').toString('base64url')
      expect(await rateLimiter.take(key, 1, 24 * 60 * minute, kept.at)).toBe(false)
      expect(await rateLimiter.take('another', 1, 24 * 60 * minute, kept.at)).toBe(true)
    }))

  it('goes on', { timeout: 600_000 }, async () => {
    // Migrated: that is how whatever waits is found.
    await opening(async () => undefined)
    const names = await namesGiven(url)
    const rekey = await resume(kept, url)
    const reader = await openStore(url, { readOnly: true })
    try {
      await goOn(rekey, reader, url)
    } finally {
      await reader.close()
      await rekey.end()
    }
    expect(await verified(auditors)).toEqual([
      expect.stringMatching(/^intact: \d+ entries/),
      expect.stringContaining('no witness was asked'),
      expect.stringMatching(/^\d+ requests follow from the ledger, and the tables say the same$/),
      expect.stringContaining('every seal fits'),
      expect.stringMatching(/^\d+ signed checkpoints agree$/),
    ])
    const given = await namesGiven(url)
    // Under another name it would be waited for, found again or known as repeated no more.
    expect(unknownIn(given.lanes, [...names.lanes, ...lanesSince])).toEqual([])
    expect(unknownIn(given.posts, names.posts)).toEqual([])
    expect(unknownIn(given.idempotencyKeys, names.idempotencyKeys)).toEqual([])
    await opening(async (opened) => {
      await expectNothingTwice(opened)
      expect(await opened.jobs.parked()).toBe(expected.stands.setAside)
      const routines = routinesIn(await drain(opened))
      expect(routines).toEqual([...new Set(routines)])
    })
  })

  async function opening(look: (opened: OpenStore) => Promise<void>): Promise<void> {
    const opened = await openStore(url, { sealer, endsWith, now: () => kept.at })
    try {
      await look(opened)
    } finally {
      await opened.close()
    }
  }
})

/** Everybody does what they were about to do, and time does the rest. */
async function goOn(rekey: Resumed, { store }: OpenStore, url: string): Promise<void> {
  const { slack, cognito, pass } = rekey
  const person = (id: string) => slack.person(id)
  const sam = person('U0SAM')
  const mia = person('U0MIA')
  const noor = person('U0NOOR')
  const stage = { slack, mia, pass }
  const customers = cognito.pools.get('customers')

  // What was drawn then can still be pressed, and a click that was dealt with then is known again.
  await sam.press('It worked', { in: cardOf(sam, 'Nadia Attention'), asSeen: true })
  await slack.workspace.deliver(kept.click)
  await become({ 'Nadia Attention': 'executed', 'Will Withdrawn': 'withdrawn' })

  await person('U0PRIYA').command('/recovery', 'resume', { channel: '#general' })
  await become({ 'Ada Approved': 'executed', 'Carol Reed': 'executed' })

  const offer = letterTo(sam, 'Sia Sealed', 'Show the password once')
  await sam.press('Show the password once', { in: offer, asSeen: true })
  await expect.poll(() => isOnScreen(sam)).toBe(true)
  expect(customers.isPassword('sia.sealed@example.com', passwordOn(sam))).toBe(true)
  await sam.closeModal({ all: true })
  await sam.press('Show the password once', { in: offer, asSeen: true })
  await windowSays(stage, sam, 'Not possible')
  await sam.closeModal({ all: true })

  // The breaker counts what was carried out within a minute.
  pass(minute)
  expect(await approve(stage, mia, cardOf(mia, 'Jane Doe'))).toContain('recorded')
  expect(await approve(stage, noor, cardOf(noor, 'Nora Pike'))).toContain('recorded')
  await become({
    'Jane Doe': 'executed',
    'Nora Pike': 'executed',
    'Ida Intended': 'executed',
    'Ike Intended': 'executed',
    'Una Unknown': 'executed',
    'Tom Throttled': 'executed',
    'Eva Executing': 'failed',
    'Fanny Frozen': 'lapsed',
  })
  const letters = cognito.mailbox.to('jane@example.com')
  expect(letters.map(({ template }) => template)).toEqual(['recovery-code'])
  customers.update('bree.one@example.com', { status: 'CONFIRMED' })
  // The longest that passes between two looks whether an owner is back.
  pass(10 * minute)
  await become({ 'Bree One': 'recovered' })

  pass(31 * minute)
  await become({
    'Esko Escalated': 'expired',
    'Rosa Reminded': 'expired',
    'Alan Admin': 'expired',
    'Peter Dale': 'expired',
    'Paula Pending': 'expired',
  })
  await expect.poll(() => slack.transcript.calls.some(looksBack(60)), patiently).toBe(true)

  pass(24 * 60 * minute)
  await become({ 'Sia Sealed': 'lapsed', 'Ruth Revealing': 'lapsed', 'Rae Revealed': 'lapsed' })
  await expect
    .poll(() => slack.transcript.calls.some(looksBack(20 * 24 * 60)), patiently)
    .toBe(true)
  await expect.poll(() => rekey.metrics(), patiently).toMatch(/^rekey_audit_backlog 0$/m)
  await rekey.stopRekey()
  expect(rekey.errors()).toBe('')
  expect(await verified(rekey.env, ['--live'], rekey.now)).toContainEqual(
    expect.stringMatching(/^audit channel: \d+ posts agree, .* and none is gone/),
  )
  for (const name of Object.keys(requests)) {
    expect(cardsOf(mia, name).length, `cards about ${name}`).toBe(1)
  }

  /** Lets time pass, whenever Rekey has nothing more to do for the moment, until these requests are so. */
  async function become(states: Readonly<Record<string, string>>): Promise<void> {
    const names = Object.keys(states)
    const found = async () =>
      Object.fromEntries(
        await Promise.all(names.map(async (name) => [name, (await store.find(idOf(name)))?.state])),
      )
    const end = performance.now() + givenUpMs
    let before = ''
    let since = performance.now()
    while (performance.now() < end && !isDeepStrictEqual(await found(), states)) {
      await sleep(100)
      const done = (await column(url, 'jobs', 'id || attempts || coalesce(done_at, 0)')).join()
      if (done !== before) since = performance.now()
      before = done
      if (performance.now() - since < idleMs) continue
      pass(16_000)
      since = performance.now()
    }
    expect(await found()).toEqual(states)
  }
}

// A job under way changes nothing in its row until it is done.
const idleMs = 1_000

// What does not come in this time, in real time, never comes.
const givenUpMs = 90_000

const patiently = { timeout: 90_000 }

/** Reads the history of a channel from so long ago on: only a reconciler does. */
function looksBack(minutes: number) {
  const since = kept.at.getTime() / 1_000 - minutes * 60
  return ({ method, args }: Call) =>
    method === 'conversations.history' && Number(args['oldest'] ?? Infinity) < since
}

function cardOf(person: Person, name: string): Message {
  const [card] = cardsOf(person, name)
  if (card === undefined) throw new Error(`there is no card about ${name}`)
  return card
}

function cardsOf(person: Person, name: string): readonly Message[] {
  return person
    .messages('#account-approvals')
    .filter((each) => person.read(each).includes(`Account recovery ${idOf(name)}`))
}

function letterTo(person: Person, name: string, words: string): Message {
  const found = person.dm().findLast((each) => {
    const says = person.read(each)
    return says.includes(idOf(name)) && says.includes(words)
  })
  if (found === undefined) throw new Error(`${name} is not in any message that says “${words}”`)
  return found
}

function isOnScreen(person: Person): boolean {
  const blocks = JSON.stringify(person.modal?.definition['blocks'] ?? [])
  return blocks.includes('rich_text_preformatted')
}

function idOf(name: string): RequestId {
  const id = requests[name]
  if (id === undefined) throw new Error(`there is no request for ${name}`)
  return id
}

/** An entry to write, under the policy in force. */
function lookedUp(): EntryDraft {
  const { policy = '' } = expected.stands
  return entryAbout(null, { type: 'account.looked-up', policy })
}

/** As limits name an account. */
function accountOf(name: string): string {
  const found = kept.accounts.find(({ attributes }) => attributes['name'] === name)
  return `us-west-2_aaaaaaaaa ${found?.sub}`
}

/** What `npm run audit -- verify` prints. */
async function verified(
  env: Readonly<Record<string, string>>,
  options: readonly string[] = [],
  now?: () => Date,
): Promise<readonly string[]> {
  const lines: string[] = []
  const status = await audit(['verify', ...options], env, (line) => lines.push(line), now)
  expect(lines.join('\n')).toContain('intact')
  expect(status).toBe(0)
  return lines
}

/** What was on its way when everything stopped is said and counted once, and nothing seems to have been tampered with. */
async function expectNothingTwice({ ledger }: OpenStore): Promise<void> {
  const entries = (await Array.fromAsync(ledger.entries())).map(({ entry }) => entry)
  const once = entries
    .filter(({ type }) => ['request.reminded', 'request.escalated', 'owner.told'].includes(type))
    .map(({ type, request, data }) => `${type} ${request} ${data['round'] ?? data['about'] ?? ''}`)
  expect(once.toSorted()).toEqual([...new Set(once)].toSorted())
  const since = entries.filter(({ seq }) => seq > expected.stands.head.entries)
  // A key that the policy has had since has its default.
  expect(since.filter(({ type }) => type === 'policy.changed')).toHaveLength(1)
  const alarming = ['group.changed', 'post.missing', 'post.altered', 'effect.duplicate']
  expect(since.filter(({ type }) => alarming.includes(type))).toEqual([])
  const refused = since.filter(({ type }) => type.endsWith('.refused'))
  expect(refused.map(({ type, data }) => [type, data['why'] ?? data['error']]).toSorted()).toEqual([
    ['decision.refused', 'password-shown'],
    ['effect.refused', 'OwnerReported'],
  ])
}

/** What 0.1 did not do yet. */
const lanesSince = ['addresses REQ', 'groups']

/** The names by which what is stored is found again. */
async function namesGiven(url: string) {
  return {
    lanes: await column(url, 'jobs', 'lane'),
    posts: await column(url, 'posts', 'key'),
    idempotencyKeys: await column(url, 'inbox', 'idempotency_key'),
  }
}

/** Past the store, which looks names up and does not list them. */
async function column(url: string, table: string, name: string): Promise<readonly string[]> {
  const query = `select ${name} as name from ${table}`
  if (url.startsWith('sqlite:')) {
    const database = new DatabaseSync(url.slice('sqlite:'.length), { readOnly: true })
    const rows = database.prepare(query).all()
    database.close()
    return rows.map((row) => String(row['name']))
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(query)
  await client.end()
  return rows.map((row) => row.name)
}

function unknownIn(given: readonly string[], known: readonly string[]): readonly string[] {
  const forms = new Set(known.map(formOf))
  return [...new Set(given.map(formOf))].filter((form) => !forms.has(form))
}

/** A name without what it is about. */
function formOf(name: string): string {
  return name
    .replaceAll(/(REQ|EFF)-[0-9A-Z]+/g, '$1')
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'HASH')
    .replaceAll(/\b[UC]0[A-Z0-9]+/g, 'ID')
    .replaceAll(/\d+/g, 'N')
}

/** Those of these jobs that put themselves back, without the rest. */
function routinesIn(jobs: readonly string[]): readonly string[] {
  return jobs.flatMap((job) => /^.*: (?:sign-checkpoint|reconcile-\w+)(?=,)/.exec(job) ?? [])
}
