/**
 * Five Rekeys on one PostgreSQL, each a process with sockets of its own, and people who ask and approve
 * in all of them at once. One is killed in the middle. Every approved request is carried out, once.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { userSeed } from '../../sandbox/cognito/user-seed.ts'
import { RekeyProcess } from '../../sandbox/rekey-process.ts'
import type { Message } from '../../sandbox/slack/model.ts'
import type { Person } from '../../sandbox/slack/person.ts'
import { startWorld, type World } from '../../sandbox/world/world.ts'
import { brokenInvariants } from '../support/invariants.ts'
import { limits, policyWith } from '../support/policies.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { soak } from '../support/soak.ts'
import { approve, fillIn, openForm } from '../support/story/interactions.ts'
import { readLedger } from '../support/story/reading.ts'
import type { AnyStory } from '../support/story/story.ts'

const replicas = 5
// Each pair asks and approves on its own, beside the others.
const pairs = 6

let postgres: Postgres
let folder: string
let database: string
let world: World
let rekeys: readonly RekeyProcess[]
let stage: AnyStory

beforeAll(async () => {
  postgres = await startPostgres()
  database = await postgres.freshUrl()
  world = await startWorld()
  folder = mkdtempSync(join(tmpdir(), 'rekey-replicas-'))
  const policyFile = join(folder, 'policy.yml')
  writeFileSync(
    policyFile,
    policyWith({ limits: limits({}), minimumReadingTime: '0s', newMembersWait: '0s' }),
  )
  const { RECOVERY_PAGE_URL: _, ...environment } = world.environment(database)
  rekeys = Array.from(
    { length: replicas },
    (_, number) =>
      new RekeyProcess({
        environment: { ...environment, POLICY_FILE: policyFile, PORT: '0' },
        logFile: join(folder, `rekey-${number}.log`),
      }),
  )
  await Promise.all(rekeys.map((rekey) => rekey.start()))
  // The policy lets everybody decide as fast as they like, so nobody has to wait.
  stage = {
    slack: world.slack,
    mia: world.slack.person('U0MIA'),
    pass: () => undefined,
    patienceMs: 10_000,
  }
  hire()
})

afterAll(async () => {
  await Promise.all(rekeys.map((rekey) => rekey.stop()))
  await world.close()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

it(`CO-04 P11: ${soak.replicaRequests} approvals at five Rekeys, of which one dies: as many effects, each once`, {
  timeout: 3_600_000,
}, async () => {
  expect(world.slack.sockets.connections).toBe(2 * replicas)
  const emails = Array.from({ length: soak.replicaRequests }, (_, number) => newcomer(number))
  const begun = performance.now()
  let left: readonly string[] = emails
  for (let pass = 1; left.length > 0; pass += 1) {
    expect(pass, `not helped: ${left}`).toBeLessThan(5)
    if (pass > 1) await letAllPass(leaseMs)
    left = await helpAll(left)
  }
  const seconds = (performance.now() - begun) / 1_000
  const rate = (emails.length / seconds).toFixed(1)
  console.log(`replicas: ${emails.length} requests in ${seconds.toFixed(0)} s, ${rate} a second`)

  // What the dead one held is free again, also the place at the head of the audit channel's queue.
  await letAllPass(leaseMs)
  await expect
    .poll(async () => emails.filter((email) => codes(email) === 0), { timeout: patienceMs })
    .toEqual([])
  await expect
    .poll(async () => brokenInvariants(world, await readLedger(database)), {
      timeout: patienceMs,
      interval: 500,
    })
    .toEqual([])
  for (const email of emails) expect(codes(email)).toBe(1)
  const resets = world.cognito.calls.filter(
    ({ operation, effect }) => operation === 'AdminResetUserPassword' && effect === 'done',
  )
  expect(resets).toHaveLength(emails.length)
  const effects = resets.map(({ userAgent }) => /rekey-effect\/(\S+)/.exec(userAgent)?.[1])
  expect(new Set(effects).size).toBe(emails.length)
  const entries = await readLedger(database)
  const count = (type: string) => entries.filter(({ entry }) => entry.type === type).length
  expect(count('request.opened')).toBe(emails.length)
  expect(count('request.approved')).toBe(emails.length)
  // The one that died may have done so before it could say what it had done.
  expect(count('effect.confirmed') + count('effect.observed')).toBe(emails.length)
  // Whoever died is back, with its sockets.
  await world.slack.until(() => world.slack.sockets.connections === 2 * replicas)
})

// Nothing is carried out faster than the audit channel takes its posts, one after the other.
const patienceMs = 60_000 + soak.replicaRequests * 3_000

// Longer than anybody may hold anything without a word.
const leaseMs = 61_000

/** Helps everybody, and kills a Rekey when half of them are. @returns those whose help is held up by that */
async function helpAll(emails: readonly string[]): Promise<readonly string[]> {
  const waiting = [...emails]
  const left: string[] = []
  let helped = 0
  await Promise.all(
    Array.from({ length: pairs }, async (_, pair) => {
      for (let email = waiting.shift(); email !== undefined; email = waiting.shift()) {
        if (!(await isHelped(pair, email))) left.push(email)
        helped += 1
        if (helped === Math.ceil(soak.replicaRequests / 2)) rekeys[1]?.crash()
      }
    }),
  )
  return left
}

async function letAllPass(milliseconds: number): Promise<void> {
  world.advanceClock(milliseconds)
  await Promise.all(rekeys.map((rekey) => rekey.advanceClock(milliseconds)))
}

/** As many who ask and who approve as there are pairs. */
function hire(): void {
  const { directory } = world.slack.workspace
  const sam = directory.memberOrThrow('U0SAM')
  for (let pair = 0; pair < pairs; pair += 1) {
    for (const id of [askerOf(pair), approverOf(pair)]) {
      const name = id.slice(2).toLowerCase()
      const differs = { id, handle: name, realName: name, displayName: name }
      directory.members = [
        ...directory.members,
        { ...sam, ...differs, email: `${name}@acme.example` },
      ]
    }
  }
  const all = (idOf: (pair: number) => string) =>
    Array.from({ length: pairs }, (_, pair) => idOf(pair))
  directory.setGroup('S0SUPPORT', all(askerOf))
  directory.setGroup('S0LEADS', all(approverOf))
  for (const channel of ['#account-approvals', '#general']) {
    const { members } = directory.channelCalled(channel)
    directory.setChannel(channel, { members: [...members, ...all(askerOf), ...all(approverOf)] })
  }
}

function askerOf(pair: number): string {
  return `U0ASKER${pair}`
}

function approverOf(pair: number): string {
  return `U0LEAD${pair}`
}

function newcomer(number: number): string {
  const email = `newcomer${number}@example.com`
  world.cognito.pools.get('customers').add(userSeed(nameOf(email), { email }))
  return email
}

function nameOf(email: string): string {
  return `New Comer ${/\d+/.exec(email)?.[0]}`
}

/** From the command to the approval. False when it did not get that far, because a Rekey died over it. */
async function isHelped(pair: number, email: string): Promise<boolean> {
  const asker = world.slack.person(askerOf(pair))
  const approver = world.slack.person(approverOf(pair))
  try {
    const card = cardOf(email) ?? (await asked(asker, email))
    if (isWaiting(card)) expect(await approve(stage, approver, card)).toContain('recorded')
    return true
  } catch {
    for (const each of [asker, approver])
      if (each.modal !== undefined) await each.closeModal({ all: true })
    return false
  }
}

async function asked(asker: Person, email: string): Promise<Message> {
  await openForm(stage, asker, email)
  await fillIn(asker, {}, stage.patienceMs)
  // Whatever the window says, the channel knows better: a Rekey may have died, or be slow.
  const before = world.slack.workspace.messages.all.length
  await asker.submit()
  await asker.closeModal({ all: true })
  return world.slack.until(() => cardOf(email, before), stage.patienceMs)
}

/** @param from how many messages are too old to be it */
function cardOf(email: string, from = 0): Message | undefined {
  const { messages } = world.slack.workspace
  const name = new RegExp(`${nameOf(email)}\\b`)
  return messages.all
    .slice(from)
    .find((each) => each.channel === 'C0APPROVE' && name.test(JSON.stringify(each.blocks)))
}

function codes(email: string): number {
  return world.cognito.mailbox.to(email).length
}

function isWaiting({ channel, ts }: Message): boolean {
  const card = world.slack.workspace.messages.find(channel, ts)
  return card === undefined || JSON.stringify(card.blocks).includes('No approvals yet')
}
