import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { openStore } from '../../src/store/open.ts'
import { rowSealer } from '../support/row-sealer.ts'
import { soak } from '../support/soak.ts'
import type { Through } from './race-world.ts'
import { racesOn, type Track } from './races.ts'

racesOn(inEveryOrder(), soak.raceRounds)

/**
 * One process and one thread: what is in whose hands is decided at every wait, so the waits are
 * where the order is made. Each round tries another one, and what fails is printed with its order.
 */
function inEveryOrder(): Track {
  const folder = mkdtempSync(join(home(), 'rekey-races-'))
  return {
    engine: 'SQLite',
    open: async () => [
      await openStore(`sqlite:${join(folder, 'rekey.db')}`, { sealer: rowSealer }),
    ],
    rounds: (count, run) => {
      const parts = fc.array(fc.nat(100), { minLength: 5, maxLength: 5 })
      const property = fc.asyncProperty(fc.scheduler(), parts, async (scheduler, percents) => {
        await run({
          through: inTurns(scheduler),
          start: async (racer, turns) => {
            const waits = ((percents[racer % percents.length] ?? 0) * turns) / 100
            for (let turn = 1; turn <= waits; turn += 1)
              await scheduler.schedule(Promise.resolve(), `${racer} waits`)
          },
          drive: (racing) => scheduler.waitFor(racing),
        })
      })
      return fc.assert(property, { numRuns: count })
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Nothing here is about what a disk keeps, and in memory, if there is room, more can be tried. */
function home(): string {
  const memory = '/dev/shm'
  return existsSync(memory) && soak.raceRounds <= 200 ? memory : tmpdir()
}

/** The same port, each call of which waits for its turn and is over before the next one has it. */
function inTurns(scheduler: fc.Scheduler): Through {
  return (port, name) =>
    new Proxy(port, {
      get(target, member) {
        const method: unknown = Reflect.get(target, member)
        if (typeof method !== 'function') return method
        return async (...args: unknown[]) => {
          const over = Promise.withResolvers<void>()
          const label = `${name}.${String(member)}`
          await scheduler.schedule(Promise.resolve(), label, undefined, async (go) => {
            await go()
            await over.promise
          })
          try {
            return await Reflect.apply(method, target, args)
          } finally {
            over.resolve()
          }
        }
      },
    })
}
