import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { RekeyProcess } from '../../sandbox/rekey-process.ts'
import type { Message } from '../../sandbox/slack/model.ts'
import { startWorld, type World } from '../../sandbox/world.ts'
import { approve, ask, cardSays, current, readLedger, witnesses } from './story.ts'

// A process has to end, start and rest several times in some of these.
vi.setConfig({ testTimeout: 90_000 })

/** Where Rekey is killed: while this call hangs, before or after its effect. */
type Moment =
  | { readonly of: 'cognito'; readonly call: string; readonly kind: 'hang-before' | 'hang-after' }
  | { readonly of: 'slack'; readonly call: string; readonly kind: 'hang-after' }

const cognito = (call: string, kind: 'hang-before' | 'hang-after'): Moment => ({
  of: 'cognito',
  call,
  kind,
})
const slack = (call: string, kind: 'hang-after'): Moment => ({ of: 'slack', call, kind })

let world: World
let rekey: RekeyProcess
let folder: string
afterEach(async () => {
  await rekey.stop()
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

async function begin(): Promise<string> {
  folder = mkdtempSync(join(tmpdir(), 'rekey-crash-'))
  const database = `sqlite:${join(folder, 'rekey.db')}`
  world = await startWorld()
  rekey = new RekeyProcess({
    environment: world.environment(database),
    logFile: join(folder, 'rekey.log'),
  })
  await rekey.start()
  return database
}

function arm(moment: Moment): () => boolean {
  const { call } = moment
  if (moment.of === 'slack') {
    world.slack.faults.add({ method: call, kind: moment.kind })
    const before = world.slack.transcript.callsOf(call).length
    return () => world.slack.transcript.callsOf(call).length > before
  }
  world.cognito.faults.add({ operation: call, kind: moment.kind })
  const isReached = (done: (typeof world.cognito.calls)[number]) =>
    done.operation === call && done.outcome === moment.kind
  return () => world.cognito.calls.some(isReached)
}

/** Kills Rekey at that moment, on the spot, and waits until it is back. */
async function killAt(moment: () => boolean): Promise<void> {
  await expect.poll(moment, { timeout: 15_000 }).toBe(true)
  const killed = rekey.pid
  rekey.crash()
  await expect.poll(() => rekey.pid !== killed && rekey.isRunning, { timeout: 15_000 }).toBe(true)
}

/** Lets as much time pass as Rekey rests after a crash in the middle of a call, a stride at a time. */
async function settle(isSettled: () => boolean): Promise<void> {
  const deadline = Date.now() + 40_000
  for (const stride of [61_000, 16_000, 16_000, 16_000]) {
    try {
      return await expect.poll(isSettled, { timeout: 3_000 }).toBe(true)
    } catch {
      if (Date.now() > deadline) break
      world.letPass(stride)
      await rekey.letPass(stride)
    }
  }
  await expect.poll(isSettled, { timeout: 10_000 }).toBe(true)
}

function people() {
  const person = (id: string) => world.slack.workspace.person(id)
  return { slack: world.slack, mia: person('U0MIA'), sam: person('U0SAM') }
}

const jane = 'jane@example.com'

describe('CR: killed with SIGKILL on the way of a reset, Rekey goes on after the restart', () => {
  it.each<[string, Moment]>([
    ['CR-08 after the approval, while the account is read', cognito('AdminGetUser', 'hang-before')],
    ['CR-10 in the call, which never lands', cognito('AdminResetUserPassword', 'hang-before')],
    ['CR-11 in the call, which lands', cognito('AdminResetUserPassword', 'hang-after')],
    ['CR-14 before the sign-out', cognito('AdminUserGlobalSignOut', 'hang-before')],
    ['CR-15 after the sign-out', cognito('AdminUserGlobalSignOut', 'hang-after')],
    ['CR-16 after an audit post that Slack has taken', slack('chat.postMessage', 'hang-after')],
    ['while the card is redrawn', slack('chat.update', 'hang-after')],
  ])('%s', async (_, moment) => {
    const database = await begin()
    const story = people()
    const card = await ask(story, story.sam, jane)
    // Whatever the opening posts is posted: what hangs from here on belongs to the approval.
    const owner = world.slack.workspace.person('U0JANE')
    await settle(
      () => story.sam.dm().length > 0 && owner.dm().length > 0 && witnesses(story).length > 1,
    )
    const reached = arm(moment)
    const approving = approve(story, story.mia, card)
    await killAt(reached)
    // The window may have lost its answer with the process; the approval is stored all the same.
    await approving.catch(() => undefined)
    await settle(() => story.mia.read(current(story, card)).includes('signed out everywhere'))

    // One code, one card, and each audit post once, in a ledger that is whole.
    expect(world.cognito.mailbox.to(jane)).toHaveLength(1)
    const cards = story.mia.messages('#account-approvals').filter(isCard)
    expect(cards).toHaveLength(1)
    await expect.poll(() => witnesses(story).length, { timeout: 15_000 }).toBeGreaterThanOrEqual(6)
    await rekey.stop()
    const entries = await readLedger(database)
    const seen = witnesses(story)
    for (const { seq, hash } of seen) expect(entries[seq - 1]?.hash).toBe(hash)
    expect(new Set(seen.map(({ seq }) => seq)).size).toBe(seen.length)
  })

  it('CR-05 after the request was stored, before its card is posted', async () => {
    await begin()
    const story = people()
    world.slack.faults.add({ method: 'chat.postMessage', kind: 'http-500-before', times: 99 })
    const asking = ask(story, story.sam, jane)
    const answers = () => JSON.stringify(world.slack.transcript.deliveries.map(({ ack }) => ack))
    await killAt(() => answers().includes('Request sent'))
    world.slack.faults.clear()
    await asking
    await settle(() => story.sam.dm().length > 0)
    expect(story.mia.messages('#account-approvals').filter(isCard)).toHaveLength(1)
  })

  it('CR-06 after Slack has taken the card, before Rekey knows', async () => {
    await begin()
    const story = people()
    await expect.poll(() => witnesses(story).length, { timeout: 10_000 }).toBe(1)
    world.slack.faults.add({ method: 'chat.postMessage', kind: 'hang-after', times: 3 })
    const asking = ask(story, story.sam, jane)
    await killAt(() => story.mia.messages('#account-approvals').some(isCard))
    world.slack.faults.clear()
    await asking
    await settle(() => story.sam.dm().length > 0 && witnesses(story).length > 1)
    expect(story.mia.messages('#account-approvals').filter(isCard)).toHaveLength(1)
  })

  function isCard(message: Message): boolean {
    return world.slack.workspace.asText(message).includes('Account recovery REQ-')
  }
})

describe('CR: killed on the way of a temporary password', () => {
  it.each<[string, Moment]>([
    ['CR-10 in the call, which never lands', cognito('AdminSetUserPassword', 'hang-before')],
    ['CR-11 in the call, which lands', cognito('AdminSetUserPassword', 'hang-after')],
  ])('%s: the password that is shown is the one that is set', async (_, moment) => {
    await begin()
    const story = people()
    const bob = 'bob@example.com'
    const card = await ask(story, story.sam, bob, { method: 'Temporary password' })
    const reached = arm(moment)
    const approving = approve(story, story.mia, card)
    await killAt(reached)
    await approving.catch(() => undefined)
    const offer = () =>
      story.sam.dm().findLast((each) => story.sam.read(each).includes('[Show the password once]'))
    await settle(() => offer() !== undefined)
    const message = offer()
    if (message === undefined) throw new Error('no password is offered')
    await story.sam.press('Show the password once', { in: message })
    const shown = await world.slack.until(
      () =>
        /"type":"rich_text_preformatted".*?"text":"((?:[^"\\]|\\.)+)"/.exec(
          JSON.stringify(story.sam.modal?.definition['blocks'] ?? []),
        )?.[1],
    )
    expect((await world.application.signIn(bob, shown)).kind).toBe('new-password-required')
    await cardSays(story, card, 'signed out everywhere')
  })

  it('CR-17 in the middle of the showing: it is not shown again, and is destroyed', async () => {
    await begin()
    const story = people()
    const card = await ask(story, story.sam, 'bob@example.com', { method: 'Temporary password' })
    await approve(story, story.mia, card)
    const offer = () =>
      story.sam.dm().findLast((each) => story.sam.read(each).includes('[Show the password once]'))
    await expect.poll(offer, { timeout: 10_000 }).toBeDefined()
    const message = offer()
    if (message === undefined) throw new Error('no password is offered')
    const reached = arm(slack('views.update', 'hang-after'))
    const pressing = story.sam.press('Show the password once', { in: message })
    await killAt(reached)
    await pressing
    world.letPass(61_000)
    await rekey.letPass(61_000)
    await expect
      .poll(() => story.sam.dm().some((each) => story.sam.read(each).includes('was destroyed')), {
        timeout: 15_000,
      })
      .toBe(true)
  })
})
