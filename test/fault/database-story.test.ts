/** What people meet when the database fails under a running Rekey, and what becomes of their requests. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../sandbox/slack/model.ts'
import { brokenInvariants } from '../support/invariants.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import {
  approve,
  ask,
  fillIn,
  formLabels,
  openForm,
  passUntil,
} from '../support/story/interactions.ts'
import { current, messageSaying, windowSays } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import type { Story } from '../support/story/story.ts'
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts'

let postgres: Postgres
let proxy: TcpProxy
let story: Story
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  proxy = await startProxy(postgres.port)
  story = await beginStory(proxy.urlOf(await postgres.freshUrl()))
})
afterEach(async () => {
  proxy.become('pass')
  await story.end()
  await proxy.close()
})

const jane = 'jane@example.com'
const trouble = /Something went wrong here that shouldn’t have.*look at where things stand/

async function ready(): Promise<void> {
  await expect.poll(() => story.readiness()).toBe('ready\n')
}

function resets(): number {
  const calls = story.cognito.calls
  return calls.filter(({ operation }) => operation === 'AdminResetUserPassword').length
}

/** What was claimed as the database went rests until its lease is over. */
async function carriedOut(card: Message): Promise<void> {
  const says = () => story.mia.read(current(story, card))
  await passUntil(story, () => says().includes('signed out everywhere'))
}

/** Every entry, once Rekey has ended and everything about them is in order. */
async function ledger(): Promise<string[]> {
  await story.stopRekey()
  const entries = await story.ledger()
  // What is said in Slack may still have been on its way when Rekey ended.
  const faults = brokenInvariants(story, entries).filter((fault) => !/^I(6|12):/.test(fault))
  expect(faults).toEqual([])
  return entries.map(({ entry }) => entry.type)
}

describe('DB-01: the database is down', () => {
  it('when a form is sent: nothing happens, its sender hears so, and sends the same form later', async () => {
    const { sam, mia } = story
    await openForm(story, sam, jane)
    await fillIn(sam)
    await postgres.shutDown('immediate')
    await expect.poll(() => story.readiness()).toContain('the database takes nothing')
    // Whoever collects figures does so all the time: what can still be known is told.
    expect(await story.metrics()).toMatch(/^rekey_slack_connected 1$/m)
    expect(await story.metrics()).toMatch(/^rekey_audit_backlog nan$/im)
    await sam.submit()
    await windowSays(story, sam, trouble)
    await sam.closeModal()
    // What was typed is still there.
    await windowSays(story, sam, formLabels.method)
    expect(mia.messages('#account-approvals')).toHaveLength(0)

    await postgres.resume()
    await ready()
    await sam.submit()
    await windowSays(story, sam, 'asks to recover the account')
    await messageSaying(story, mia, '#account-approvals', 'Jane Doe')
    await sam.closeModal()
    expect((await ledger()).filter((type) => type === 'request.opened')).toHaveLength(1)
  })

  it('when somebody asks and when somebody approves: neither is done, nor said to be', async () => {
    const { sam, mia } = story
    const card = await ask(story, sam, jane)
    await mia.press('Approve…', { in: current(story, card) })
    await windowSays(story, mia, '[Approve]')
    story.pass(3_000)
    proxy.become('cut')
    await mia.submit()
    await windowSays(story, mia, trouble)
    await mia.closeModal()
    await sam.command('/reset-password', 'judy@example.com', { channel: '#general' })
    await windowSays(story, sam, trouble)
    await sam.closeModal({ all: true })
    expect(resets()).toBe(0)

    proxy.become('pass')
    await ready()
    expect(story.mia.read(current(story, card))).toContain('No approvals yet')
    await mia.submit()
    await windowSays(story, mia, 'Your approval is recorded')
    await carriedOut(card)
    expect(resets()).toBe(1)
    expect((await ledger()).filter((type) => type === 'request.approved')).toHaveLength(1)
  })
})

describe('DB-03: the database is gone between the call and its settling', () => {
  it('what became of the call is seen in the account, a minute later, and nothing is sent twice', async () => {
    const { sam, mia, cognito } = story
    const card = await ask(story, sam, jane)
    cognito.faults.add({ operation: 'AdminResetUserPassword', kind: 'slow', ms: 700 })
    const approving = approve(story, mia, card)
    const codes = () => cognito.mailbox.to(jane).length
    await expect.poll(codes, { interval: 5 }).toBe(1)
    proxy.become('cut')
    await approving.catch(() => undefined)
    await expect.poll(() => story.logged()).toMatch(/"task":"execute".*a job failed/)
    story.pass(60_000)
    proxy.become('pass')
    await ready()
    await carriedOut(card)
    expect(codes()).toBe(1)
    expect(resets()).toBe(1)
    expect(await ledger()).toContain('effect.observed')
  })
})

describe('DB-05: the network swallows everything for a while', () => {
  it('each statement is given up on in seconds, and Rekey goes on as soon as it can', async () => {
    const { sam, mia } = story
    const card = await ask(story, sam, jane)
    proxy.become('black-hole')
    const began = performance.now()
    expect(await story.readiness()).toContain('the database takes nothing')
    // Five seconds are the server's limit, and three the network's beyond it; the rest is for a busy machine.
    expect(performance.now() - began).toBeLessThan(30_000)
    proxy.become('pass')
    await ready()
    expect(await approve(story, mia, card)).toContain('recorded')
    await carriedOut(card)
    expect(resets()).toBe(1)
  })
})

describe('DB-06: the answer to a COMMIT is lost', () => {
  it.each(['lost', 'unanswered'] as const)(
    'an approval counts once, its approver reads so, and the call is made once (%s)',
    async (is) => {
      const { sam, mia } = story
      const card = await ask(story, sam, jane)
      proxy.strikeAt({ writing: '"type":"request.approved"', is, by: 'reset' })
      expect(await approve(story, mia, card)).toContain('recorded')
      expect(proxy.struck).toBe(1)
      proxy.strikeAt({ writing: '"type":"effect.intended"', is, by: 'reset' })
      await carriedOut(card)
      expect(resets()).toBe(1)
      const types = await ledger()
      expect(types.filter((type) => type === 'request.approved')).toHaveLength(1)
    },
  )
})
