/**
 * Thousands of commands in any order, with a Cognito that fails and a Rekey that is killed, held
 * against a plain reference. What fails is printed with its seed and path; put them into
 * `regressions`, and they are tried first from then on.
 */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atFirst } from '../../support/small-world/people.ts'
import { SmallWorld } from '../../support/small-world/small-world.ts'
import { soak } from '../../support/soak.ts'
import { beginStage, commands, tally } from './commands.ts'
import { reached } from './invariants.ts'
import { Reference } from './reference.ts'
import { regressions } from './regressions.ts'

const runsAtOnce = 25

// A command takes three or four milliseconds where nothing else runs.
const timeoutMs = Math.max(3_600_000, soak.modelCommands * 15)

describe('whatever happens, in whatever order', () => {
  it.each(regressions)('P1: what went wrong before stays right (seed $seed)', async (found) => {
    await fc.assert(property(found.replayPath), { ...found, endOnFailure: true })
  })

  it('P1 P4 T28: every request moves as the reference says, and the invariants hold', {
    timeout: timeoutMs,
  }, async () => {
    while (count() < soak.modelCommands) {
      await fc.assert(property(), { numRuns: runsAtOnce })
    }
    console.log(`model: ${count()} commands, the slowest to settle took ${slowestMs / 1000} s`)
    // Otherwise the commands no longer reach what they are for.
    for (const type of [
      'effect.observed',
      'effect.undecided',
      'secret.revealed',
      'approvals.voided',
      'recovery.paused',
      'owner.reported',
    ])
      expect([...reached.keys()]).toContain(type)
    // P4. Two looks fifteen seconds apart after a lease of sixty are the longest way to an answer.
    expect(slowestMs).toBeLessThanOrEqual(90_000)
  })
})

let slowestMs = 0

function property(replayPath?: string) {
  const some = fc.commands(commands, {
    maxCommands: 90,
    size: 'max',
    ...(replayPath === undefined ? {} : { replayPath }),
  })
  return fc.asyncProperty(some, async (list) => {
    const world = new SmallWorld()
    try {
      const begin = async () => ({ model: new Reference(atFirst), real: await beginStage(world) })
      await fc.asyncModelRun(begin, list)
      slowestMs = Math.max(slowestMs, await quiet(world))
    } finally {
      await world.end()
    }
  })
}

function count(): number {
  return [...tally.values()].reduce((sum, each) => sum + each, 0)
}

/** Lets the storm pass, and measures in the world's time until nothing is under way any more. */
async function quiet(world: SmallWorld): Promise<number> {
  world.cognito.weather.length = 0
  world.cognito.isDark = false
  await world.letGoOn()
  const begun = world.now().getTime()
  let lastWorked = begun
  for (let turn = 0; turn < 500; turn++) {
    const states = (await world.store.listOpen()).requests.map(({ state }) => state)
    if (!states.includes('approved') && !states.includes('executing')) {
      return lastWorked - begun
    }
    lastWorked = world.now().getTime()
    await world.work()
    world.pass(1_000)
  }
  throw new Error('I10: a request never settles')
}
