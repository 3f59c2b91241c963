/** What somebody with the database in their hands, and without the key, can change. */

import { describe, expect, it } from 'vitest'
import { DatabaseAltered, RecordAltered } from '../../../../src/recovery/ports/altered.ts'
import { RowSealer } from '../../../../src/sealing/row-sealer.ts'
import { Secret } from '../../../../src/secret.ts'
import { type OpenStore, openStore } from '../../../../src/store/open.ts'
import { noon } from '../../../support/examples.ts'
import { rowSealer } from '../../../support/row-sealer.ts'
import type { Bench } from '../../../support/store/bench.ts'
import {
  approvedOf,
  entryAbout,
  executingOf,
  moved,
  someEffect,
  somePending,
  someSealed,
  withdrawnOf,
} from '../../../support/store/things.ts'
import { memory } from './groups.ts'

export function sealsSuite(bench: Bench, opened: () => OpenStore, url: () => string): void {
  const change = (text: string) => bench.query(url(), text)

  /** Approved, called and with a password that is sealed; the pause and a freeze stand. */
  async function executing() {
    const { store } = opened()
    const pending = somePending()
    const approved = approvedOf(pending)
    const effect = someEffect(pending.id)
    const next = executingOf(approved, effect)
    await store.record(moved(pending), noon)
    await store.record(moved(approved), noon)
    await store.record(moved(next, { effect, secret: { keep: someSealed(effect) } }), noon)
    return next
  }

  describe('F2 T16 a request that somebody else has changed', () => {
    const ways = [
      `update requests set requested_by = 'U0SUKI'`,
      `update requests set sub = 'another'`,
      `update requests set user_pool_id = 'another'`,
      `update requests set state = 'needs-attention'`,
      `update requests set version = version + 1`,
      `update requests set opened_at = opened_at + 1`,
      `update requests set expires_at = expires_at + 1`,
      `update requests set body_json = replace(body_json, '"approvalsNeeded":1', '"approvalsNeeded":0')`,
      `update requests set body_json = '{'`,
      `update requests set seal = null`,
      `update requests set seal = 'v1.000000000000.00'`,
      `update approvals set approver = 'U0MIA'`,
      `update approvals set at = at + 1`,
      'delete from approvals',
      `insert into approvals select request_id, 'U0MIA', at from approvals`,
      `update effects set state = 'not-applied'`,
      'update effects set fence = fence + 1',
      'update effects set attempts = 0',
      'update effects set lease_until = 0',
      `update effects set before_status = 'CONFIRMED', before_modified_at = 1`,
      'delete from effects',
      `update secrets set key_id = 'another'`,
      'update secrets set box = nonce',
      'delete from secrets',
    ]

    it.each(ways)('is neither believed nor replaced: %s', async (way) => {
      const request = await executing()
      const { store, ledger } = opened()
      const before = await ledger.head()
      await bench.query(url(), way)
      await expect(store.find(request.id)).rejects.toThrow(RecordAltered)
      const next = withdrawnOf(request)
      const recorded = store.record(moved(next), noon).catch((error: unknown) => error)
      // Another version is no version that was read.
      expect([await recorded]).toEqual([
        way.includes('version') ? 'stale' : expect.any(RecordAltered),
      ])
      expect(await ledger.head()).toEqual(before)
    })

    it('leaves the others alone', async () => {
      await executing()
      const other = somePending()
      await opened().store.record(moved(other), noon)
      await change(`update requests set requested_by = 'U0SUKI' where id <> '${other.id}'`)
      expect(await opened().store.record(moved(withdrawnOf(other)), noon)).toBe('recorded')
    })

    it.each([
      `update requests set body_json = '{' where id = `,
      `update requests set requested_by = 'U0ADA', seal = null where id = `,
      `insert into approvals select id, 'U0EVE', 1 from requests where id = `,
    ])('is left out of lists, named, and keeps nobody from the others: %s', async (way) => {
      const { store } = opened()
      const [altered, other] = [somePending(), somePending()]
      for (const each of [altered, other]) await store.record(moved(each), noon)
      await change(`${way}'${altered.id}'`)
      const left = { requests: [other], altered: [altered.id] }
      expect(await store.listOpen()).toEqual(left)
      expect(await store.listOpenedBy(other.requestedBy, 10)).toMatchObject(left)
      expect(await store.listForAccount(altered.account, new Date(0))).toEqual([])
      expect(await store.listReported(altered.account)).toEqual([])
      await expect(store.findOpen(altered.account)).rejects.toThrow(RecordAltered)
      expect(await store.findOpen(other.account)).toEqual(other)
    })

    it('may say anything of whether the owner was told', async () => {
      const request = await executing()
      await change(`update requests set owner_told_at = 1, owner_not_told = 'gone'`)
      expect(await opened().store.find(request.id)).toMatchObject({
        ownerTold: { refused: 'gone' },
      })
    })
  })

  describe('F2 a head that somebody else has changed', () => {
    const ways = [
      'update head set seq = seq - 1',
      `update head set policy = 'another'`,
      `update head set seal = null`,
      'delete from freezes',
      'update freezes set until = 1',
      `update freezes set sub = 'another'`,
      'delete from pause',
      'update pause set since = since + 1',
      `insert into freezes select user_pool_id, 'another', until, request_id from freezes`,
      'delete from group_members',
      `update group_members set members_json = '[]'`,
      'update group_members set is_gone = 1',
    ]

    it.each(ways)('takes nothing more: %s', async (way) => {
      const { store, ready } = opened()
      const request = somePending()
      const freeze = { account: request.account, until: new Date(2 ** 42), request: request.id }
      await store.record(moved(request, { freeze }), noon)
      const pause = { since: noon, reason: 'to look' }
      await store.write(entryAbout(null), noon, undefined, { kind: 'pause', pause })
      await store.write(entryAbout(null), noon, undefined, { kind: 'group', memory })
      await ready()
      await change(way)
      await expect(store.write(entryAbout(null), noon)).rejects.toThrow(DatabaseAltered)
      await expect(store.record(moved(withdrawnOf(request)), noon)).rejects.toThrow(DatabaseAltered)
      await expect(ready()).rejects.toThrow(DatabaseAltered)
    })

    it('and takes nothing from a Rekey that starts on it', async () => {
      const ours = await bench.freshUrl()
      const first = await openStore(ours, { sealer: rowSealer })
      await first.store.write(entryAbout(null), noon)
      await first.close()
      await bench.query(ours, 'update head set seq = 0')
      await expect(openStore(ours, { sealer: rowSealer })).rejects.toThrow(
        'somebody else has changed the database',
      )
    })

    it('was put back under a Rekey that has seen more', async () => {
      const { store } = opened()
      await store.write(entryAbout(null), noon)
      const [before] = await change('select seq, hash, seal from head')
      await store.write(entryAbout(null), noon)
      await change(
        `update head set seq = ${before?.['seq']}, hash = '${before?.['hash']}', seal = '${before?.['seal']}'`,
      )
      await expect(store.write(entryAbout(null), noon)).rejects.toThrow('was put back')
    })
  })

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
      await before.close()
      const both = await openStore(ours, { sealer: new RowSealer(other, [first]) })
      const approved = approvedOf(pending)
      expect(await both.store.record(moved(approved), noon)).toBe('recorded')
      await both.close()
      const after = await openStore(ours, { sealer: new RowSealer(other) })
      expect(await after.store.find(pending.id)).toMatchObject({ state: 'approved' })
      expect(await after.store.find(untouched.id)).toMatchObject({ state: 'pending' })
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
      await before.close()
      await blank(ours)
      return { ours, pending }
    }
    const blank = async (ours: string) => {
      await bench.query(ours, 'update head set seal = null')
      await bench.query(ours, 'update requests set seal = null')
    }
    const types = async ({ ledger }: OpenStore) =>
      (await Array.fromAsync(ledger.entries())).map(({ entry }) => entry.type)

    it('is sealed once, and its ledger says so', async () => {
      const { ours, pending } = await unsealed()
      for (const _ of ['the first time', 'and never again']) {
        const opening = await openStore(ours, { sealer: rowSealer })
        expect(await opening.store.find(pending.id)).toEqual(pending)
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
      await (await openStore(ours, { sealer: rowSealer })).close()
      await blank(ours)
      await expect(openStore(ours, { sealer: rowSealer })).rejects.toThrow('taken the seals away')
    })
  })

  it('F2 an older Rekey that still runs beside commits nothing', async () => {
    await opened().store.write(entryAbout(null), noon)
    await expect(change(`update head set seq = seq + 1, hash = 'another'`)).rejects.toThrow(
      'too old for the database',
    )
  })
}
