/** Several Rekeys on one PostgreSQL: what one of them does is to none of the others as if the database had been changed. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { RowSealer } from '../../../src/sealing/row-sealer.ts'
import { Secret } from '../../../src/secret.ts'
import { type OpenStore, openStore } from '../../../src/store/open.ts'
import { openPostgres } from '../../../src/store/postgres.ts'
import { Seals } from '../../../src/store/seals.ts'
import { VerifiedLedger } from '../../../src/store/verified-ledger.ts'
import { noon } from '../../support/examples.ts'
import { rowSealer } from '../../support/row-sealer.ts'
import { postgresBench } from '../../support/store/bench.ts'
import { approvedOf, entryAbout, moved, somePending } from '../../support/store/things.ts'

const bench = postgresBench()
let url: string
beforeAll(() => bench.start())
afterAll(() => bench.stop())
beforeEach(async () => {
  url = await bench.freshUrl()
})

const [first, next] = [7, 8].map((byte) => new Secret(Buffer.alloc(32, byte).toString('base64')))

async function using(open: readonly OpenStore[], look: () => Promise<void>): Promise<void> {
  try {
    await look()
  } finally {
    for (const each of open) await each.close()
  }
}

describe('F2 several Rekeys on one database', () => {
  it('change the key one after the other, and go on all the time', async () => {
    if (first === undefined || next === undefined) throw new Error('there are no keys')
    const told = () => openStore(url, { sealer: new RowSealer(first, [next]) })
    const before = [await told(), await told()]
    const changed = [await openStore(url, { sealer: new RowSealer(next, [first]) })]
    await using([...before, ...changed], async () => {
      for (const writer of [...before, ...changed, ...before]) {
        const request = somePending()
        expect(await writer.store.record(moved(request), noon)).toBe('recorded')
        for (const reader of [...before, ...changed])
          expect(await reader.store.find(request.id)).toMatchObject({ state: 'pending' })
      }
    })
  })

  it('go on after a commit of two entries that was taken back', async () => {
    const opened = await openStore(url, { sealer: rowSealer })
    await using([opened], async () => {
      const { store, ready } = opened
      const request = somePending()
      await store.record(moved(request), noon)
      await bench.query(
        url,
        `create function late() returns trigger language plpgsql as $$ begin raise 'too late'; end $$`,
      )
      await bench.query(
        url,
        'create constraint trigger late after insert on ledger deferrable initially deferred for each row execute function late()',
      )
      const twice = moved(approvedOf(request), { alarm: entryAbout(request) })
      await expect(store.record(twice, noon)).rejects.toThrow('too late')
      await bench.query(url, 'drop trigger late on ledger')
      await ready()
      expect(await store.find(request.id)).toMatchObject({ state: 'pending' })
      expect(await store.record(twice, noon)).toBe('recorded')
    })
  })

  it('read as of a moment that another reading is past', async () => {
    const opened = await openStore(url, { sealer: rowSealer })
    const engine = openPostgres(url, { statementMs: 5_000 })
    const requests = [somePending(), somePending()]
    await using([opened], async () => {
      const [request, other] = requests
      if (request === undefined || other === undefined) throw new Error('there are no requests')
      await opened.store.record(moved(request), noon)
      const seals = new Seals(rowSealer)
      const verified = new VerifiedLedger(seals)
      await new VerifiedLedger(seals).read(engine.db, async (trx, head) => {
        await opened.store.record(moved(other), noon)
        await opened.store.record(moved(approvedOf(request)), noon)
        expect(
          await verified.read(engine.db, (now, end) => verified.version(now, end, request.id)),
        ).toBe(2)
        expect(await verified.version(trx, head, request.id)).toBe(1)
        expect(await verified.entry(trx, head, 1)).toMatchObject({ entry: { seq: 1 } })
        expect(await verified.entry(trx, head, 2)).toBeUndefined()
      })
    })
    await engine.close()
  })
})

it('F2 every request that is met on the way back is known from then on', async () => {
  const opened = await openStore(url, { sealer: rowSealer })
  const engine = openPostgres(url, { statementMs: 5_000 })
  const requests = Array.from({ length: 30 }, () => somePending())
  await using([opened], async () => {
    for (const request of requests) await opened.store.record(moved(request), noon)
    const verified = new VerifiedLedger(new Seals(rowSealer))
    const [oldest, ...others] = requests
    await verified.read(engine.db, async (trx, head) => {
      if (oldest === undefined) throw new Error('there are no requests')
      expect(await verified.version(trx, head, oldest.id)).toBe(1)
      // Without looking at a single entry more.
      for (const { id } of others) expect(await verified.version(trx, head, id, 0)).toBe(1)
    })
  })
  await engine.close()
})
