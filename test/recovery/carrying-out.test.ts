/** The steps between the decisions, over a real store, with a clock that only goes forward. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { idOf } from '../model/people.ts'
import { SmallWorld } from '../model/small-world.ts'

let world: SmallWorld
beforeEach(async () => {
  world = new SmallWorld()
  await world.start()
})
afterEach(() => world.end())

const application = {
  pool: 'customers',
  method: 'reset',
  reason: 'Lost her phone, can’t sign in',
  ticket: 'HELP-1234',
  identityCheck: 'callback',
  evidence: 'CALL-12',
} as const

async function approved(): Promise<void> {
  const { sub } = world.cognito.accounts[1] ?? {}
  if (sub === undefined) throw new Error('there is no such account')
  const made = await world.at((desk, gesture) =>
    desk.open({ ...application, sub }, idOf('ada'), gesture),
  )
  if (made?.kind !== 'moved') throw new Error(`not opened: ${made?.kind}`)
  const { id } = made.change.request
  await world.at((desk, gesture) => desk.approve(id, idOf('grace'), 1, gesture))
}

describe('the gate', () => {
  it('CR-24 after a claim that is too old, nothing is called; a later look decides', async () => {
    await approved()
    // The process stands still for as long as a lease, between what it writes down and the call.
    world.stallAfterRecording(61_000)
    await world.work()
    expect(world.cognito.made).toEqual([])
    for (let turn = 0; turn < 8; turn++) {
      world.pass(16_000)
      await world.work()
    }
    expect(world.cognito.made.filter(({ deed }) => deed === 'reset')).toHaveLength(1)
  })
})
