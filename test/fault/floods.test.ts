/** A client without any right floods what it can reach, while people in Slack do their work. */

import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import type { Message } from '../../sandbox/slack/model.ts'
import { type Answers, type FloodKind, flood } from '../support/flood/flood.ts'
import { soak } from '../support/soak.ts'
import { beginStage, type Stage } from '../support/stage.ts'
import { approve, ask, formLabels } from '../support/story/interactions.ts'
import { current, windowSays } from '../support/story/reading.ts'

let stage: Stage
afterEach(() => stage.end())

// In a few seconds beside other tests, on two cores, a second says nothing of Rekey.
const isTimed = soak.floodSeconds > 10

const floods = [
  ['page', 200],
  ['spoofed', 60],
  ['readyz', 150],
  ['tcp', 2_500],
  ['pipelined', 100],
] as const satisfies readonly (readonly [FloodKind, number])[]

describe('F1 a flood', () => {
  it.each(floods)(
    'of the kind “%s” over %s connections stops nobody in Slack',
    async (kind, connections) => {
      // As many files as most systems give a process.
      const through = ['sh', '-c', 'ulimit -n 1024; exec "$0" "$@"']
      stage = await beginStage({ through, hasPage: true })
      const isOfPage = kind === 'page' || kind === 'spoofed'
      const flooding = await flood(kind, isOfPage ? stage.recoveryPage : stage.health, connections)
      const end = performance.now() + soak.floodSeconds * 1_000
      let worked = 0
      do {
        await work()
        worked += 1
      } while (performance.now() < end)
      expectLittleWork(await flooding.end(), worked)
    },
  )
})

/** A command with its window, a probe, and a request with its approval. */
async function work(): Promise<void> {
  const { sam, mia } = stage
  const email = stage.newcomer()
  const [acked, shown, probed] = await command(email)
  if (isTimed) {
    expect(acked).toBeLessThan(3_000)
    expect(shown).toBeLessThan(10_000)
    expect(probed).toBeLessThan(1_000)
  }
  const card = await patiently(() => ask(stage, sam, email))
  expect(await patiently(() => approve(stage, mia, card))).toContain('recorded')
  await expect.poll(() => cardSays(card, 'signed out everywhere')).toBe(true)
}

async function command(email: string): Promise<readonly [number, number, number]> {
  const { sam } = stage
  const began = performance.now()
  let acked = 0
  await patiently(async () => {
    const outcome = await sam.command('/reset-password', email, { channel: '#general' })
    acked = performance.now() - began
    if (outcome.kind === 'failed') throw new Error(outcome.says)
    await windowSays(stage, sam, formLabels.method)
  })
  const shown = performance.now() - began
  await sam.closeModal({ all: true })
  const asked = performance.now()
  await patiently(() => fetch(new URL('livez', stage.health)))
  return [acked, shown, performance.now() - asked]
}

/** Where the machine itself is slow, people try again. Where seconds are looked at, once has to do. */
async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (isTimed || tries === 10) throw error
      for (const each of [stage.sam, stage.mia])
        await each.closeModal({ all: true }).catch(() => {})
    }
  }
}

/** What the flood has come to in Cognito and in the database, however much there was of it. */
function expectLittleWork(answers: Answers, worked: number): void {
  const asked = stage.cognito.calls.filter(({ operation }) => operation === 'ForgotPassword')
  expect(asked.length, JSON.stringify(answers)).toBeLessThanOrEqual(30)
  const database = new DatabaseSync(stage.database.slice('sqlite:'.length), { readOnly: true })
  const [head] = database.prepare('select place from head').all()
  const [limits] = database.prepare('select count(*) as kept from limits').all()
  database.close()
  // A request has some dozens of jobs, and Rekey itself tries every ten seconds whether it can write.
  expect(Number(head?.['place'])).toBeLessThan(200 + 100 * worked)
  expect(Number(limits?.['kept'])).toBeLessThan(100 + 10 * worked)
}

function cardSays(card: Message, words: string): boolean {
  return stage.mia.read(current(stage, card)).includes(words)
}
