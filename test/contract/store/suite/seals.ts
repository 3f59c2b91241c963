/** What somebody with the database in their hands, and without the key, can change. */

import { describe, expect, it } from 'vitest'
import { DatabaseAltered, RecordAltered } from '../../../../src/recovery/ports/altered.ts'
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
      await expect(store.findOpen(altered.account)).rejects.toThrow(RecordAltered)
      expect(await store.findOpen(other.account)).toEqual(other)
    })

    it('A13 is not believed in whether the owner was told, and in the rest it is', async () => {
      const request = await executing()
      const { store } = opened()
      const owner = { kind: 'owner-told', request: request.id, told: { at: noon } } as const
      await store.write(entryAbout(null), noon, undefined, owner)
      expect(await store.find(request.id)).toMatchObject({ ownerTold: { at: noon } })
      await change('update requests set owner_told_at = owner_told_at - 1')
      expect(await store.find(request.id)).not.toHaveProperty('ownerTold')
      await change(`update requests set owner_not_told = 'gone'`)
      expect(await store.find(request.id)).not.toHaveProperty('ownerTold')
    })
  })

  describe('F2 a request that was put back to what Rekey once stored', () => {
    it('is neither believed nor replaced, also where it came back after it was read', async () => {
      const { store, ledger } = opened()
      const pending = somePending()
      await store.record(moved(pending), noon)
      await change('create table kept as select * from requests')
      expect(await store.record(moved(approvedOf(pending)), noon)).toBe('recorded')
      await change('delete from approvals')
      await change(
        `update requests set version = 1, state = 'pending',
           body_json = (select body_json from kept), seal = (select seal from kept)`,
      )
      const before = await ledger.head()
      await expect(store.find(pending.id)).rejects.toThrow(RecordAltered)
      await expect(store.record(moved(withdrawnOf(pending)), noon)).rejects.toThrow(RecordAltered)
      expect(await ledger.head()).toEqual(before)
    })
  })

  it('F2 what people do is not taken for done where the database swallows it', async () => {
    await change(
      url().startsWith('sqlite:')
        ? 'create trigger deaf before insert on inbox begin select raise(ignore); end'
        : 'create rule deaf as on insert to inbox do instead nothing',
    )
    const swallowed = opened().store.write(entryAbout(null), noon, 'a click')
    await expect(swallowed).rejects.toThrow('keeps nothing of what people do')
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
      // Nobody decides by it either.
      await expect(store.findPause()).rejects.toThrow(DatabaseAltered)
      await expect(store.findFreeze(request.account, noon)).rejects.toThrow(DatabaseAltered)
      await expect(store.findGroups()).rejects.toThrow(DatabaseAltered)
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

  it('F2 an older Rekey that still runs beside commits nothing', async () => {
    await opened().store.write(entryAbout(null), noon)
    await expect(change(`update head set seq = seq + 1, hash = 'another'`)).rejects.toThrow(
      'too old for the database',
    )
  })
}
