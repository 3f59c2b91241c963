/** PostgreSQL is ended and started again and again, while requests are opened, approved and carried out. */

import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { userSeed } from '../../sandbox/cognito/user-seed.ts'
import { startWorld, type World } from '../../sandbox/world/world.ts'
import { CognitoAccounts } from '../../src/cognito/accounts.ts'
import { type RequestId, type Sub, subOf } from '../../src/ids.ts'
import { recoveryJobs } from '../../src/job-handlers.ts'
import { createLog } from '../../src/log.ts'
import { type Handlers, Outbox } from '../../src/outbox/outbox.ts'
import type { RecoveryRequest } from '../../src/recovery/model/request.ts'
import {
  createServices,
  type Services,
  type Workers,
} from '../../src/recovery/services/services.ts'
import { PasswordSealer } from '../../src/sealing/password-sealer.ts'
import { Secret } from '../../src/secret.ts'
import { type OpenStore, openStore } from '../../src/store/open.ts'
import { brokenInvariants } from '../support/invariants.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { rowSealer } from '../support/row-sealer.ts'
import { idOf, People, policy } from '../support/small-world/people.ts'
import { soak } from '../support/soak.ts'

const wanted = soak.outageRequests

// Three times in a short run, and every five to ten seconds in a long one; for up to two seconds.
const outagesAtLeast = 3
const betweenMs = { least: 5_000, most: 10_000 }
const longestDownMs = 2_000

const atOnce = 8

let postgres: Postgres
let world: World
let opened: OpenStore
let outbox: Outbox
let services: Services & Workers
/** Time passes by itself, and faster where somebody waits for it. */
let passedMs = 0
const now = () => new Date(Date.now() + passedMs)

beforeAll(async () => {
  postgres = await startPostgres()
  world = await startWorld({ now })
  const url = await postgres.freshUrl()
  for (const [name, value] of Object.entries(world.environment(url))) {
    if (name.startsWith('AWS_')) process.env[name] = value
  }
  opened = await openStore(url, { sealer: rowSealer })
  services = createServices({
    store: opened.store,
    ledger: opened.ledger,
    rateLimiter: opened.rateLimiter,
    accounts: new CognitoAccounts({ pools: policy.pools, now }),
    directory: new People(),
    sealer: new PasswordSealer(new Secret(Buffer.alloc(32, 7).toString('base64'))),
    policy: () => policy,
    now,
    auditBacklog: async () => ({ waiting: 0 }),
    monotonicMs: () => performance.now(),
  })
  const log = createLog('silent')
  outbox = new Outbox({ jobs: opened.jobs, handlers: handlers(services), now, log, pollMs: 20 })
}, 60_000)
afterAll(async () => {
  await outbox.stop()
  await opened.close()
  await world.close()
  await postgres.stop()
})

/** What is said in Slack is other tests' business. */
function handlers(workers: Workers): Handlers {
  const said = async () => ({ kind: 'done' }) as const
  return {
    ...recoveryJobs(workers),
    'sign-checkpoint': said,
    'show-witness': said,
    'reconcile-audit': said,
    'reconcile-month': said,
    'draw-card': said,
    'post-audit': said,
    'post-alert': said,
    'post-checkpoint': said,
    'post-reminder': said,
    'tell-requester': said,
    'tell-owner': said,
    'notify-pause': said,
    'clear-reveal': said,
  }
}

function customer(number: number): Sub {
  const email = `customer${number}@example.com`
  const user = userSeed(`Customer ${number}`, { email })
  world.cognito.pools.get('customers').add(user)
  return subOf(user.sub)
}

let failedTries = 0

/** As a person does it: again, the same, until somebody says that it is done. */
async function persevering<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await act()
    } catch {
      failedTries += 1
      await pause(100)
    }
  }
}

async function openRequest(sub: Sub, number: number): Promise<RequestId> {
  const application = {
    pool: 'customers',
    sub,
    method: number % 3 === 0 ? 'temporary-password' : 'reset',
    reason: 'Lost her phone, can’t sign in',
    ticket: 'HELP-1234',
    identityCheck: 'callback',
    evidence: 'CALL-12',
  } as const
  const answer = await persevering(() =>
    services.requests.open({ application, by: idOf('ada'), idempotencyKey: `form ${number}` }),
  )
  if (answer.kind === 'moved') return answer.change.request.id
  // Somebody has heard of an error, and it was stored nevertheless.
  if (answer.kind !== 'repeated') throw new Error(`not opened: ${JSON.stringify(answer)}`)
  const ref = {
    pool: 'customers',
    userPoolId: policy.pools[0]?.userPoolId ?? '',
    sub,
    username: '',
  }
  const standing = await persevering(() => opened.store.findOpen(ref))
  if (standing === undefined) throw new Error(`request ${number} was taken, and is gone`)
  return standing.id
}

async function approve(id: RequestId): Promise<void> {
  const answer = await persevering(() =>
    services.decisions.approve({
      request: id,
      by: idOf('grace'),
      seenVersion: 1,
      idempotencyKey: `click ${id}`,
    }),
  )
  expect(['moved', 'repeated']).toContain(answer.kind)
}

/** A server that is not stopped in order half of the time, and is away for a while. */
async function outage(turn: number): Promise<void> {
  await postgres.shutDown(turn % 2 === 0 ? 'immediate' : 'fast')
  await pause(between(0, longestDownMs))
  await postgres.resume()
}

function between(least: number, most: number): number {
  return least + Math.random() * (most - least)
}

function isOver(request: RecoveryRequest | undefined): boolean {
  if (request?.state === 'executed') return request.sessions !== 'to-revoke'
  return ['failed', 'expired', 'recovered', 'lapsed'].includes(request?.state ?? '')
}

describe('DB-04: PostgreSQL goes down every few seconds', { timeout: 3_600_000 }, () => {
  it(`P5: all ${wanted} requests come to an end, and nothing is out of order`, async () => {
    const began = performance.now()
    outbox.start()
    const ids: RequestId[] = []
    let next = 0
    let isDone = false
    const worker = async () => {
      while (next < wanted) {
        const number = next
        next += 1
        const id = await openRequest(customer(number), number)
        await approve(id)
        ids.push(id)
      }
    }
    const weather = async () => {
      for (let turn = 0; ; turn++) {
        const due = (wanted * (turn + 0.5)) / outagesAtLeast
        const end = performance.now() + between(betweenMs.least, betweenMs.most)
        while (!isDone && next < due && performance.now() < end) await pause(5)
        if (isDone) return turn
        await outage(turn)
      }
    }
    const going = weather()
    await Promise.all(Array.from({ length: atOnce }, worker))
    isDone = true
    const outages = await going
    expect(outages).toBeGreaterThanOrEqual(outagesAtLeast)

    // What was cut off in the middle rests until its lease is over: time passes when nothing else does.
    const left = new Set(ids)
    let written = 0
    for (;;) {
      for (const id of left) if (isOver(await opened.store.find(id))) left.delete(id)
      if (left.size === 0) break
      const { seq } = await opened.ledger.head()
      if (seq === written) passedMs += 5_000
      written = seq
      await pause(200)
    }

    const entries = await Array.fromAsync(opened.ledger.entries())
    // Here nothing is said in Slack.
    const faults = brokenInvariants(world, entries).filter((fault) => !/^I(6|12):/.test(fault))
    expect(faults).toEqual([])
    expect(new Set(ids).size).toBe(wanted)
    const counts = Map.groupBy(entries, ({ entry }) => entry.type)
    const count = (type: Parameters<typeof counts.get>[0]) => counts.get(type)?.length ?? 0
    expect(count('request.opened')).toBe(wanted)
    expect(count('request.approved')).toBe(wanted)
    expect(count('effect.confirmed') + count('effect.observed')).toBe(wanted)
    expect(count('sessions.revoked')).toBe(wanted)
    const seconds = Math.round((performance.now() - began) / 1_000)
    console.log(
      `outages: ${wanted} requests, ${outages} outages in ${seconds} s; ${failedTries} tries failed and were made again, ${count('effect.observed')} effects were observed`,
    )
  })
})
