import { afterEach, describe, expect, it, vi } from 'vitest'
import { DatabaseClock, steady } from '../../../src/store/clock.ts'
import { noon } from '../../support/examples.ts'

afterEach(() => {
  vi.useRealTimers()
})

const hour = 60 * 60_000
const day = 24 * hour

/** A machine, a database with a clock of its own, and what is written in it. */
function scene() {
  const told: string[] = []
  const at = { steady: 1_000, database: noon.getTime(), written: 0 }
  const clock = new DatabaseClock({
    steadyMs: () => at.steady,
    log: { warn: (_facts, words) => told.push(words) },
  })
  const source = {
    time: async () => at.database,
    lastWritten: async () => at.written,
  }
  const pass = (milliseconds: number) => {
    at.steady += milliseconds
    at.database += milliseconds
  }
  return { at, clock, source, told, pass }
}

describe('the clock', () => {
  it.each([
    ['an hour ahead', hour],
    ['an hour back', -hour],
    ['a day ahead', day],
    ['a day back', -day],
    ['to 1970', -Date.now()],
  ])('TI-01 T25: is the database’s, though the machine’s jumps %s', async (_, byMs) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { at, clock, source, pass } = scene()
    await clock.check(source)
    expect(clock.now()).toEqual(noon)
    vi.setSystemTime(Date.now() + byMs)
    expect(clock.now()).toEqual(noon)
    pass(30 * 60_000)
    expect(clock.now()).toEqual(new Date(at.database))
    await clock.check(source)
    expect(clock.now()).toEqual(new Date(at.database))
  })

  it('TI-01: follows the database’s, which everybody on it has, and says so when that was set', async () => {
    const { at, clock, source, told } = scene()
    await clock.check(source)
    told.length = 0
    at.database += hour
    await clock.check(source)
    expect(clock.now()).toEqual(new Date(noon.getTime() + hour))
    expect(told).toEqual(['the clock was set'])
  })

  it('TI-03: is the same in two processes whose machines are ten minutes apart', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const one = scene()
    vi.setSystemTime(Date.now() + 10 * 60_000)
    const other = scene()
    await one.clock.check(one.source)
    await other.clock.check(other.source)
    expect(one.clock.now()).toEqual(other.clock.now())
  })

  it('TI-01: does not believe one that is behind what is written already', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 })
    const { at, clock, source, told, pass } = scene()
    at.written = noon.getTime()
    at.database = 0
    await clock.check(source)
    expect(clock.now()).toEqual(noon)
    expect(told).toEqual(['the clock is behind the ledger: not believed'])
    pass(hour)
    await clock.check(source)
    expect(clock.now()).toEqual(new Date(noon.getTime() + hour))
    // Until somebody has set it.
    at.database = noon.getTime() + 2 * hour
    await clock.check(source)
    expect(clock.now()).toEqual(new Date(noon.getTime() + 2 * hour))
  })

  it('takes the middle of the way to the database and back', async () => {
    const { at, clock, source } = scene()
    await clock.check({
      ...source,
      time: async () => {
        at.steady += 40
        return at.database
      },
    })
    expect(clock.now()).toEqual(new Date(noon.getTime() + 20))
  })
})

describe('the steady clock', () => {
  it('goes on by as long as the machine slept, and is not moved by how uptime is rounded', () => {
    const at = { awake: 500, machine: 90_000 }
    const now = steady(
      () => at.awake,
      () => at.machine,
    )
    const began = now()
    at.awake += 10_000
    at.machine += 11_000
    expect(now() - began).toBe(10_000)
    at.awake += 1_000
    at.machine += hour
    const slept = now() - began
    expect(slept).toBeGreaterThan(hour)
    at.awake += 1_000
    at.machine += 1_000
    expect(now() - began - slept).toBe(1_000)
  })
})
