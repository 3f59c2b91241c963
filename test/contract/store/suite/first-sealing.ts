/** From when on what is stored is bound to the operator's key, and to which one. */

import { describe, expect, it } from 'vitest'
import { RowSealer } from '../../../../src/sealing/row-sealer.ts'
import { Secret } from '../../../../src/secret.ts'
import { type OpenStore, openStore } from '../../../../src/store/open.ts'
import { noon } from '../../../support/examples.ts'
import { rowSealer } from '../../../support/row-sealer.ts'
import type { Bench } from '../../../support/store/bench.ts'
import { approvedOf, entryAbout, moved, somePending } from '../../../support/store/things.ts'

export function firstSealingSuite(bench: Bench): void {
  describe('F2 the key', () => {
    const other = new Secret(Buffer.alloc(32, 8).toString('base64'))
    const first = new Secret(Buffer.alloc(32, 7).toString('base64'))

    it('may be followed by another, under which everything is sealed from then on', async () => {
      const ours = await bench.freshUrl()
      const pending = somePending()
      const before = await openStore(ours, { sealer: rowSealer })
      await before.store.record(moved(pending), noon)
      const untouched = somePending()
      await before.store.record(moved(untouched), noon)
      await before.store.write(entryAbout(null), noon, 'a click')
      await before.posts.keep('alert 1', { channel: 'C1', ts: '1.000001' })
      await before.close()
      const both = await openStore(ours, { sealer: new RowSealer(other, [first]) })
      const approved = approvedOf(pending)
      expect(await both.store.record(moved(approved), noon)).toBe('recorded')
      expect(await both.store.write(entryAbout(null), noon, 'a click')).toBe('repeated')
      await both.close()
      const after = await openStore(ours, { sealer: new RowSealer(other) })
      expect(await after.store.find(pending.id)).toMatchObject({ state: 'approved' })
      expect(await after.store.find(untouched.id)).toMatchObject({ state: 'pending' })
      expect(await after.posts.find('alert 1')).toMatchObject({ ts: '1.000001' })
      await after.close()
    })

    it('that is not the one it was sealed with is named', async () => {
      const ours = await bench.freshUrl()
      await (await openStore(ours, { sealer: rowSealer })).close()
      await expect(openStore(ours, { sealer: new RowSealer(other) })).rejects.toThrow(
        'REKEY_SECRET_KEYS_OLD',
      )
    })
  })

  describe('F2 a database from before there were seals', () => {
    async function unsealed() {
      const ours = await bench.freshUrl()
      const pending = somePending()
      const before = await openStore(ours, { sealer: rowSealer })
      await before.store.record(moved(pending), noon)
      await before.posts.keep('alert 1', { channel: 'C1', ts: '1.000001' })
      await before.close()
      await blank(ours)
      return { ours, pending }
    }
    const blank = async (ours: string) => {
      await bench.query(ours, 'update head set seal = null')
      await bench.query(ours, 'update requests set seal = null')
      await bench.query(ours, 'update posts set seal = null')
    }
    const endOf = async (ours: string) => {
      const [head] = await bench.query(ours, 'select hash from head')
      return String(head?.['hash']).slice(0, 16)
    }
    const types = async ({ ledger }: OpenStore) =>
      (await Array.fromAsync(ledger.entries())).map(({ entry }) => entry.type)

    it('is sealed once, and its ledger says so', async () => {
      const { ours, pending } = await unsealed()
      const endsWith = await endOf(ours)
      for (const _ of ['the first time', 'and never again']) {
        const opening = await openStore(ours, { sealer: rowSealer, endsWith })
        expect(await opening.store.find(pending.id)).toEqual(pending)
        expect(await opening.posts.find('alert 1')).toMatchObject({ ts: '1.000001' })
        expect((await types(opening)).filter((type) => type === 'rekey.sealed')).toHaveLength(1)
        await opening.close()
      }
    })

    it('is refused where it was sealed from the beginning, as Rekey said when it started', async () => {
      const ours = await bench.freshUrl()
      const before = await openStore(ours, { sealer: rowSealer })
      const data = { tiers: [], checkpointKey: 'k', sealed: true }
      await before.store.write(entryAbout(null, { type: 'rekey.started', data }), noon)
      await before.close()
      await blank(ours)
      await expect(openStore(ours, { sealer: rowSealer })).rejects.toThrow('taken the seals away')
    })

    it('is refused where it was sealed before', async () => {
      const { ours } = await unsealed()
      await (await openStore(ours, { sealer: rowSealer, endsWith: await endOf(ours) })).close()
      await blank(ours)
      const again = openStore(ours, { sealer: rowSealer, endsWith: await endOf(ours) })
      await expect(again).rejects.toThrow('taken the seals away')
    })

    it('is not sealed unasked, whether it was ever sealed or not', async () => {
      const { ours } = await unsealed()
      await expect(openStore(ours, { sealer: rowSealer })).rejects.toThrow(
        `SEAL_DATABASE=${await endOf(ours)}`,
      )
    })

    it('is not sealed unasked where only a request was put into it', async () => {
      const { ours } = await unsealed()
      await bench.query(ours, 'update head set seq = 0')
      await expect(openStore(ours, { sealer: rowSealer })).rejects.toThrow('SEAL_DATABASE')
    })

    it('knows the idempotency keys again, and none that was put there', async () => {
      const { ours } = await unsealed()
      await bench.query(ours, `insert into inbox values ('a click of before', 1)`)
      const opening = await openStore(ours, { sealer: rowSealer, endsWith: await endOf(ours) })
      const written = (key: string) => opening.store.write(entryAbout(null), noon, key)
      expect(await written('a click of before')).toBe('repeated')
      await bench.query(ours, `insert into inbox values ('a click to come', 1)`)
      expect(await written('a click to come')).toBe('recorded')
      await opening.close()
    })
  })
}
