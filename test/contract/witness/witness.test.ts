// biome-ignore-all lint/style/noExcessiveLinesPerFile: one witness, and everything that it may say

/** F5: what a witness says, over the wire, and what comes of it, on both databases. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Witness as Simulated, startWitness } from '../../../sandbox/witness/start.ts'
import { pause, resume } from '../../../src/recovery/rules/pause.ts'
import { Secret } from '../../../src/secret.ts'
import type { Witness } from '../../../src/witness/comparison.ts'
import { later, mary, minute, noon, terms } from '../../support/examples.ts'
import { type Bench, postgresBench, sqliteBench } from '../../support/store/bench.ts'
import { type Door, Log, origin, sizeIs, startDoor, verifier } from './ledgers.ts'

const day = 24 * 60 * minute
const engines: readonly (readonly [string, Bench])[] = [
  ['SQLite', sqliteBench()],
  ['PostgreSQL', postgresBench()],
]

describe.each(engines)('a witness, with %s,', (_engine, bench) => {
  beforeAll(() => bench.start())
  afterAll(() => bench.stop())

  let simulated: Simulated
  let door: Door
  let witness: Witness
  const logs: Log[] = []
  let now = noon
  beforeEach(async () => {
    now = noon
    simulated = await startWitness({ name: 'w.example', logs: [verifier], now: () => now })
    door = await startDoor(simulated.url)
    witness = { name: 'w.example', key: simulated.key, url: door.url }
  })
  afterEach(async () => {
    for (const log of logs.splice(0)) await log.close()
    await door.close()
    await simulated.close()
  })

  async function ledger(size: number, at = noon, witnesses: readonly Witness[] = [witness]) {
    const log = await Log.open(bench, witnesses, size, at)
    logs.push(log)
    return log
  }

  /** The ledger, and what the database that was put back has of it. */
  async function putBack(): Promise<Log> {
    await (await ledger(5)).show(witness)
    return ledger(3)
  }

  const pauses = async (log: Log) =>
    (await log.entries('recovery.paused')).map(({ entry }) => entry.data)

  async function letGoOn(log: Log): Promise<void> {
    const { store } = log.store
    const facts = { currentPause: await store.findPause(), open: [] }
    const change = resume(mary, undefined, facts, terms(log.now))
    if (change.kind !== 'moved') throw new Error(change.why)
    expect(await store.write(change.entry, log.now, undefined, change.extras)).toBe('recorded')
  }

  describe('that has signed what is not here', () => {
    it('F5 more than there is: recoveries are paused, and it is said by whom and what to do', async () => {
      const log = await putBack()
      await log.signing().witnessing.begin()
      const pause = await log.store.store.findPause()
      expect(pause?.by).toBeUndefined()
      expect(pause?.reason).toMatch(/^The witness w\.example has signed 5 entries, and only 3/)
      expect(pause?.reason).toContain('verify --live --witness URL')
      expect(pause?.reason).toContain('take it out of WITNESSES')
      const found = { witness: 'w.example', finding: 'behind', size: 3, witnessed: 5 }
      expect(await pauses(log)).toMatchObject([{ because: 'witness', ...found }])
      expect((await log.entries('witness.disagrees')).map(({ entry }) => entry.data)).toEqual([
        found,
      ])
    })

    it.each([
      [2, 4],
      [3, 3],
    ])('F5 other entries (%i signed, %i here): recoveries are paused', async (signed, here) => {
      await (await ledger(signed, Log.otherHistory)).show(witness)
      const log = await ledger(here)
      await log.signing().witnessing.begin()
      const found = { finding: 'rewritten', size: here, witnessed: signed }
      expect(await pauses(log)).toMatchObject([{ because: 'witness', ...found }])
    })

    it('F5 other entries, said in a 409 that names no size, as the protocol has it', async () => {
      await (await ledger(3, Log.otherHistory)).show(witness)
      const log = await ledger(3)
      door.says((old, pass) => (old === 3 ? { status: 409 } : pass()))
      await log.signing().witnessing.begin()
      expect(await pauses(log)).toMatchObject([{ finding: 'rewritten', witnessed: 3 }])
    })

    it('F5 takes the place of a pause of another kind', async () => {
      const log = await putBack()
      const { store } = log.store
      const byHand = pause(mary, 'A drill', { currentPause: undefined, open: [] }, terms(noon))
      if (byHand.kind !== 'moved') throw new Error(byHand.why)
      await store.write(byHand.entry, noon, undefined, byHand.extras)
      await log.signing().witnessing.begin()
      expect((await store.findPause())?.reason).toContain('The witness w.example')
    })

    it('F5 what security has let go on is not paused for the same, by either Rekey', async () => {
      const log = await putBack()
      await log.signing().witnessing.begin()
      await letGoOn(log)
      log.now = later(2 * day)
      await log.grow(1)
      await log.signing().checkpointSigner.sign(false)
      await log.signing({ turn: 1 }).witnessing.begin()
      await log.signing().witnessing.show('w.example', { attempts: 1, createdAt: log.now })
      expect(await log.store.store.findPause()).toBeUndefined()
      expect(await pauses(log)).toHaveLength(1)
      // It is still said every day.
      expect(await log.entries('witness.disagrees')).toHaveLength(2)
    })

    it('F5 whoever has no key cannot write down that it was heard already', async () => {
      const log = await ledger(3)
      door.says(() => sizeIs(50))
      await bench.query(
        log.url,
        `insert into inbox values ('witness ${witness.name} pauses after 0', 0)`,
      )
      await log.signing().witnessing.begin()
      expect(await pauses(log)).toHaveLength(1)
    })

    it('F5 is asked at the start, also where every checkpoint was deleted', async () => {
      const log = await putBack()
      expect(await log.store.checkpoints.latest()).toBeUndefined()
      await log.signing().witnessing.begin()
      expect(await log.store.checkpoints.latest()).toMatchObject({ size: 3 })
      expect(await pauses(log)).toHaveLength(1)
    })
  })

  it('F5 is asked at the start, also where the newest checkpoint was changed by somebody else', async () => {
    await (await ledger(5)).show(witness)
    const log = await ledger(3)
    const note = `${origin}\n2\n${'A'.repeat(43)}=\n\n— ${origin} AAAAAAAA\n`
    await log.store.checkpoints.add({ size: 2, note, frontier: ['a'.repeat(64)] }, noon, [])
    await log.signing().witnessing.begin()
    // With the entry that calls security for it.
    expect(await log.store.checkpoints.latest()).toMatchObject({ size: 4 })
    expect(await pauses(log)).toHaveLength(1)
  })

  it('F5 that speaks of the log of another key says nothing of this one', async () => {
    const log = await putBack()
    await log.signing().witnessing.begin()
    await letGoOn(log)
    await log.grow(1)
    const secret = new Secret(Buffer.alloc(32, 9).toString('base64'))
    await log.signing({ secret }).witnessing.begin()
    expect(await pauses(log)).toHaveLength(1)
  })

  describe('that is at fault itself', () => {
    it('F5 pauses once, until it has signed again', async () => {
      const log = await ledger(3)
      await log.signing().witnessing.begin()
      door.says(() => sizeIs(1_000))
      await log.signing().witnessing.begin()
      expect((await log.store.store.findPause())?.reason).toContain('1000 entries')
      await letGoOn(log)
      door.says(() => sizeIs(2_000))
      await log.signing().witnessing.begin()
      expect(await log.store.store.findPause()).toBeUndefined()

      door.passes()
      await log.signing().checkpointSigner.sign(false)
      await log.signing().witnessing.begin()
      door.says(() => sizeIs(3_000))
      await log.signing().witnessing.begin()
      expect((await log.store.store.findPause())?.reason).toContain('3000 entries')
    })

    it.each([
      ['of the same size', 0],
      ['of fewer entries', 2],
    ])('F5 is refuted by its own signature (%s)', async (_what, more) => {
      const log = await ledger(3)
      await log.signing().witnessing.begin()
      await log.grow(more)
      await log.signing().checkpointSigner.sign(false)
      door.says((old) => (old === 3 && more > 0 ? { status: 422 } : sizeIs(3)))
      const job = { attempts: 1, createdAt: log.now }
      expect(await log.signing().witnessing.show('w.example', job)).toMatchObject({ kind: 'again' })
      expect(await pauses(log)).toEqual([])
      expect(log.warned.join()).toContain('it has signed these very entries')
    })

    it('F5 is not refuted by a signature of entries that are not here any more', async () => {
      const before = await ledger(3, Log.otherHistory)
      await before.signing().witnessing.begin()
      const [checkpoint] = await before.store.checkpoints.all()
      const [cosignature] = await before.store.checkpoints.cosignatures()
      if (checkpoint === undefined || cosignature === undefined)
        throw new Error('nothing is signed')
      // Somebody has rewritten the entries, and left what is signed as it was.
      const log = await ledger(3)
      await log.store.checkpoints.add(checkpoint, noon, [])
      await log.store.checkpoints.addCosignature(cosignature)
      door.says(() => sizeIs(3))
      await log.signing().witnessing.begin()
      expect(await pauses(log)).toMatchObject([{ finding: 'rewritten', witnessed: 3 }])
    })

    it.each([
      ['422 from whatever stands before it', () => ({ status: 422 })],
      ['409 that is not its own', () => ({ status: 409, body: '9\n' })],
      ['409 without a size', () => ({ status: 409 })],
      ['409 with something else', () => ({ ...sizeIs(9), body: '9 entries' })],
      ['403', () => ({ status: 403 })],
      ['503', () => ({ status: 503 })],
    ])('F5 a bare %s pauses nothing', async (_what, said) => {
      const log = await ledger(3)
      door.says(said)
      await log.signing().witnessing.begin()
      expect(await log.store.store.findPause()).toBeUndefined()
      expect(log.warned.join()).toContain('w.example')
    })
  })

  describe('of two,', () => {
    const silent = 'http://127.0.0.1:1'

    it('F5 pauses, where the other one is silent', async () => {
      const other = { ...witness, name: 'quiet.example', url: silent }
      await (await ledger(5)).show(witness)
      const log = await ledger(3, noon, [other, witness])
      await log.signing().witnessing.begin()
      expect((await log.store.store.findPause())?.reason).toContain('The witness w.example')
    })

    it('F5 pauses, where the other one, which was away, signs', async () => {
      const away = await startWitness({ name: 'away.example', logs: [verifier], now: () => now })
      await (await ledger(5)).show(witness)
      const other = { name: 'away.example', key: away.key, url: away.url }
      const log = await ledger(3, noon, [other, witness])
      await log.signing().witnessing.begin()
      expect(away.seen(origin)?.size).toBe(3)
      expect((await log.store.store.findPause())?.reason).toContain('The witness w.example')
      await away.close()
    })
  })

  describe('that is silent', () => {
    it('F5 pauses nothing, and security is called after a day, once a day', async () => {
      const log = await ledger(3)
      await log.signing().checkpointSigner.sign(false)
      door.says(() => ({ status: 503 }))
      const { witnessing } = log.signing()
      const show = () => witnessing.show('w.example', { attempts: 9, createdAt: noon })
      log.now = later(day - 1)
      expect(await show()).toMatchObject({ kind: 'again', at: later(9 * minute, log.now) })
      expect(await log.entries('witness.silent')).toEqual([])
      log.now = later(day)
      await show()
      await show()
      const [entry, ...more] = await log.entries('witness.silent')
      expect(entry?.entry.data).toEqual({ witness: 'w.example', since: noon.toISOString() })
      expect(more).toEqual([])
      log.now = later(2 * day)
      await show()
      expect(await log.entries('witness.silent')).toHaveLength(2)
      expect(await log.store.store.findPause()).toBeUndefined()

      now = log.now
      door.passes()
      expect(await show()).toEqual({ kind: 'done' })
    })

    it('F5 how far its signatures go, and since when there are none', async () => {
      const log = await ledger(3)
      const { witnessing, checkpointSigner } = log.signing()
      expect(await witnessing.coverage()).toEqual([{ witness: 'w.example' }])
      await checkpointSigner.sign(false)
      expect(await witnessing.coverage()).toEqual([{ witness: 'w.example', unsignedSince: noon }])
      await witnessing.begin()
      const signed = { size: 3, at: noon }
      expect(await witnessing.coverage()).toMatchObject([{ witness: 'w.example', signed }])
      await log.grow(2, later(minute))
      expect(await witnessing.coverage()).not.toMatchObject([{ unsignedSince: later(minute) }])
      await checkpointSigner.sign(false)
      // The other Rekey, which has shown nothing itself, knows it, too.
      const other = log.signing({ turn: 1 }).witnessing
      for (const each of [witnessing, other])
        expect(await each.coverage()).toMatchObject([{ signed, unsignedSince: later(minute) }])
    })
  })

  it('F5 shown a newer checkpoint by the other Rekey meanwhile, it signs that one', async () => {
    const log = await ledger(3)
    await log.show(witness)
    await log.grow(2)
    await log.signing().checkpointSigner.sign(false)
    let isFirst = true
    door.says(async (_old, pass) => {
      if (!isFirst) return pass()
      isFirst = false
      await log.grow(2)
      const other = log.signing({ turn: 1 })
      await other.checkpointSigner.sign(false)
      expect(await log.compare({ ...witness, url: simulated.url })).toMatchObject({
        kind: 'agrees',
      })
      return pass()
    })
    await log.signing().witnessing.begin()
    expect(await pauses(log)).toEqual([])
    expect(await log.store.checkpoints.lastCosigned('w.example')).toBe(7)
  })
})
