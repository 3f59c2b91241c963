/** The machine's clock is wrong, or is set while Rekey runs. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { userSeed } from '../../sandbox/cognito/user-seed.ts'
import { RekeyProcess } from '../../sandbox/rekey-process.ts'
import { startWorld, type World } from '../../sandbox/world/world.ts'
import type { ChainedEntry } from '../../src/audit/entry.ts'
import { openStore } from '../../src/store/open.ts'
import { limits, policyWith } from '../support/policies.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { approve, ask } from '../support/story/interactions.ts'
import { cardSays } from '../support/story/reading.ts'

let world: World
let rekey: RekeyProcess
let folder: string
let database: string
let newcomers = 0
/** By how much the machine's clock is ahead. */
let standing = 0
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rekey-clock-'))
  standing = 0
})
afterEach(async () => {
  await rekey.stop()
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

async function begin(url: string): Promise<void> {
  database = url
  world = await startWorld()
  const policyFile = join(folder, 'policy.yml')
  writeFileSync(policyFile, policyWith({ limits: limits({}), minimumReadingTime: '0s' }))
  rekey = new RekeyProcess({
    environment: {
      ...world.environment(url),
      POLICY_FILE: policyFile,
      CLOCK_FILE: join(folder, 'clock'),
    },
    logFile: join(folder, 'rekey.log'),
    preload: [join(import.meta.dirname, '../support/jumping-clock.ts')],
  })
  await rekey.start()
}

/** Sets the machine's clock, as Rekey's process sees it. */
function set(aheadMs: number): void {
  standing = aheadMs
  writeFileSync(join(folder, 'clock'), String(aheadMs))
}

function people() {
  const someone = (id: string) => world.slack.person(id)
  return { slack: world.slack, mia: someone('U0MIA'), sam: someone('U0SAM') }
}

/** Slack's client may take a jump ahead for a silence, and connect anew. Here it is made sure of, and waited for. */
async function jump(aheadMs: number): Promise<void> {
  const opened = () => world.slack.transcript.callsOf('apps.connections.open').length
  const before = opened()
  const isAhead = aheadMs > standing
  set(aheadMs)
  if (!isAhead) return
  world.slack.sockets.kill()
  await expect.poll(() => opened() - before >= 2 && world.slack.sockets.connections).toBe(2)
}

/** Asked for, and carried out; the clock is set in between. */
async function recovered(aheadMs: number): Promise<void> {
  newcomers += 1
  const email = `timeless${newcomers}@example.com`
  world.cognito.pools.get('customers').add(userSeed(`Time Less ${newcomers}`, { email }))
  const story = people()
  const card = await ask(story, story.sam, email)
  await jump(aheadMs)
  expect(await approve(story, story.mia, card)).toContain('Your approval is recorded')
  await cardSays(story, card, 'signed out everywhere')
  expect(world.cognito.mailbox.to(email)).toHaveLength(1)
}

async function entries(): Promise<readonly ChainedEntry[]> {
  const opened = await openStore(database, { readOnly: true })
  try {
    return await Array.fromAsync(opened.ledger.entries())
  } finally {
    await opened.close()
  }
}

/** How far the times in the ledger are from the true ones, at most. */
async function worstMs(began: number): Promise<number> {
  const now = Date.now()
  return Math.max(
    ...(await entries()).map(({ entry }) => {
      const time = new Date(entry.time).getTime()
      return Math.max(began - time, time - now, 0)
    }),
  )
}

const tenMinutes = 10 * 60_000
const day = 24 * 60 * 60_000

describe('TI-01: the machine’s clock is set, a day ahead, a day back, to 1970', () => {
  it('nothing expires before its time, and what is approved meanwhile is carried out once', async () => {
    const began = Date.now()
    await begin(`sqlite:${join(folder, 'rekey.db')}`)
    for (const aheadMs of [day, -day, -Date.now()]) await recovered(aheadMs)
    const types = (await entries()).map(({ entry }) => entry.type)
    expect(types.filter((type) => type === 'effect.confirmed')).toHaveLength(3)
    expect(types.filter((type) => type === 'sessions.revoked')).toHaveLength(3)
    expect(types).not.toContain('request.expired')
    expect(await worstMs(began)).toBeLessThan(1_000)
  })
})

describe('TI-03: the machine’s clock is ten minutes off', () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres.stop())

  it('the database’s decides', async () => {
    const began = Date.now()
    set(tenMinutes)
    await begin(await postgres.freshUrl())
    await recovered(tenMinutes)
    expect(await worstMs(began)).toBeLessThan(1_000)
  })
})
