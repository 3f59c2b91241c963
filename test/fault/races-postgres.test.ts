import { setTimeout as sleep } from 'node:timers/promises'
import { type OpenStore, openStore } from '../../src/store/open.ts'
import { type Postgres, patient, startPostgres } from '../support/postgres.ts'
import { rowSealer } from '../support/row-sealer.ts'
import { soak } from '../support/soak.ts'
import type { Through } from './race-world.ts'
import { racesOn, type Track } from './races.ts'

// As many rounds at once as two replicas would meet on a bad day: they queue for the ledger's head.
const atOnce = 6

/** Two pools of connections, like two replicas: the order is the database's, and chance's. */
function asItComes(): Track {
  let postgres: Postgres | undefined
  const pace = new Pace()
  return {
    engine: 'PostgreSQL',
    open: async () => {
      postgres = await startPostgres()
      const url = patient(await postgres.freshUrl())
      const stores: OpenStore[] = []
      for (let replica = 0; replica < 2; replica += 1)
        stores.push(await openStore(url, { sealer: rowSealer }))
      return stores
    },
    rounds: async (count, run) => {
      let left = count
      const runners = Array.from({ length: Math.min(atOnce, count) }, async () => {
        while (left > 0) {
          left -= 1
          await run({
            through: pace.keeping,
            start: (_racer, turns) => pace.dawdle(turns),
            drive: (racing) => racing,
          })
        }
      })
      await Promise.all(runners)
    },
    close: async () => postgres?.stop(),
  }
}

// As many as the two pools have connections. Any more would wait in a pool, which turns them away
// after five seconds: on a busy machine before their turn has come.
const callsAtOnce = 20

/** How long a call takes here and now, so that those who start late are as late on any machine. */
class Pace {
  #callMs = 1
  #underWay = 0
  readonly #waiting: (() => void)[] = []

  /** The same port, timed. */
  readonly keeping: Through = (port) => {
    const timed = (act: () => unknown) => this.#timed(act)
    return new Proxy(port, {
      get(target, member) {
        const method: unknown = Reflect.get(target, member)
        if (typeof method !== 'function') return method
        return (...args: unknown[]) => timed(() => Reflect.apply(method, target, args))
      },
    })
  }

  /** Waits about as long as some calls take, and no more of them than said. */
  async dawdle(mostCalls: number): Promise<void> {
    await sleep(Math.random() * mostCalls * this.#callMs)
  }

  async #timed(act: () => unknown): Promise<unknown> {
    if (this.#underWay === callsAtOnce)
      await new Promise<void>((begin) => this.#waiting.push(() => begin()))
    else this.#underWay += 1
    const begun = performance.now()
    try {
      return await act()
    } finally {
      this.#callMs += (performance.now() - begun - this.#callMs) / 50
      // Whoever is next takes the place over.
      const next = this.#waiting.shift()
      if (next === undefined) this.#underWay -= 1
      else next()
    }
  }
}

racesOn(asItComes(), soak.racePostgresRounds)
