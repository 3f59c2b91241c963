/** What an operating system does to a process: tells it to end, freezes it, has no room left for its files. */

import { afterEach, describe, expect, it } from 'vitest'
import { brokenInvariants } from '../support/invariants.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { beginStage, type Stage } from '../support/stage.ts'
import { approve, ask } from '../support/story/interactions.ts'
import { current, windowSays } from '../support/story/reading.ts'

let stage: Stage
let postgres: Postgres | undefined
afterEach(async () => {
  await stage.end()
  await postgres?.stop()
  postgres = undefined
})

function callsOf(operation: string) {
  return stage.cognito.calls.filter((call) => call.operation === operation)
}

async function entriesOf(type: string) {
  return (await stage.ledger()).filter(({ entry }) => entry.type === type)
}

describe('told to end', () => {
  it('CR-23: finishes the call that is under way, and exits with 0 within 25 s', async () => {
    stage = await beginStage()
    const email = stage.newcomer()
    const card = await ask(stage, stage.sam, email)
    stage.cognito.faults.add({ operation: 'AdminResetUserPassword', kind: 'slow', ms: 3_000 })
    await approve(stage, stage.mia, card)
    await expect.poll(() => callsOf('AdminResetUserPassword')).toHaveLength(1)
    // A terminal tells the whole group, and npm its child once more.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      if (stage.rekey.pid !== undefined) process.kill(stage.rekey.pid, signal)
    }
    await stage.rekey.advanceClock(0)
    // After 25 s it would have been 1.
    expect(stage.rekey.lastExitCode).toBe(0)
    await stage.settle(() => cardSays(card, 'signed out everywhere'))
    // By its answer, which was waited for.
    expect(await entriesOf('effect.confirmed')).toHaveLength(1)
    expect(stage.cognito.mailbox.to(email)).toHaveLength(1)
  })
})

describe('killed', () => {
  it('F1 leaves no recovery page behind: the next one has its port', async () => {
    stage = await beginStage({ hasPage: true })
    const isServed = () =>
      fetch(stage.recoveryPage).then(
        ({ status }) => status === 200,
        () => false,
      )
    await expect.poll(isServed).toBe(true)
    const killed = stage.rekey.pid
    stage.rekey.crash()
    // It says that it runs when it has the port.
    await expect.poll(() => stage.rekey.isRunning && stage.rekey.pid !== killed).toBe(true)
    await expect.poll(isServed).toBe(true)
    await stage.rekey.stop()
    expect(await isServed()).toBe(false)
  })
})

describe('frozen', () => {
  it('P2 CR-24: for longer than a lease, leads to no second call: the account shows that there was one', async () => {
    postgres = await startPostgres()
    stage = await beginStage({ databaseUrl: await postgres.freshUrl() })
    const email = stage.newcomer()
    const card = await ask(stage, stage.sam, email)
    // Stopped between what it has written down and the call.
    stage.arm({ writing: ['"type":"effect.intended"'], when: 'after', freeze: true })
    const frozen = stage.rekey.pid ?? 0
    await approve(stage, stage.mia, card).catch(() => undefined)
    await expect.poll(() => stage.hasStruck()).toBe(true)
    const other = await stage.another()
    for (let stride = 0; !cardSays(card, 'signed out everywhere') && stride < 8; stride++) {
      stage.advanceClock(31_000)
      await other.advanceClock(31_000)
      await expect
        .poll(() => cardSays(card, 'signed out everywhere'), { timeout: 5_000 })
        .toBe(true)
        .catch(() => undefined)
    }
    expect(stage.cognito.mailbox.to(email)).toHaveLength(1)
    const looks = callsOf('AdminGetUser').length
    process.kill(frozen, 'SIGCONT')
    // It looks before it calls.
    await expect.poll(() => callsOf('AdminGetUser').length).toBeGreaterThan(looks)
    await expect.poll(() => callsOf('AdminUserGlobalSignOut')).toHaveLength(1)
    const broken = async () => brokenInvariants(stage, await stage.ledger())
    await expect.poll(broken).toEqual([])
    expect(stage.cognito.mailbox.to(email)).toHaveLength(1)
    expect(await entriesOf('effect.duplicate')).toEqual([])
  })
})

describe('without room for its files', () => {
  it('CR-25: calls nothing, says so, and goes on when there is room', async () => {
    // No file of the process may grow beyond this, in blocks of 512 bytes; to try is an error, not a signal.
    const blocks = 2_000
    const through = ['sh', '-c', `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`]
    stage = await beginStage({ through })
    const { mia } = stage
    const email = stage.newcomer()
    const card = await ask(stage, stage.sam, email)
    // The journal grows by each look.
    const look = () => stage.sam.command('/reset-password', email, { channel: '#general' })
    const isFull = async () => {
      await look()
      return (await fetch(new URL('readyz', stage.health))).text()
    }
    await expect.poll(isFull, { interval: 1 }).toContain('is full')
    await stage.sam.closeModal({ all: true })
    await mia.press('Approve…', { in: current(stage, card) }).catch(() => undefined)
    await windowSays(stage, mia, /went wrong|Not done/i)
    await mia.closeModal({ all: true })
    expect(callsOf('AdminResetUserPassword')).toEqual([])
    await stage.rekey.stop()
    await stage.another()
    await approve(stage, mia, card)
    await expect.poll(() => cardSays(card, 'signed out everywhere')).toBe(true)
    expect(stage.cognito.mailbox.to(email)).toHaveLength(1)
    const broken = async () => brokenInvariants(stage, await stage.ledger())
    await expect.poll(broken).toEqual([])
  })
})

function cardSays(card: Parameters<typeof current>[1], words: string): boolean {
  return stage.mia.read(current(stage, card)).includes(words)
}
