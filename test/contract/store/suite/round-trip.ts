import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/ids.ts'
import { requestStates } from '../../../../src/recovery/model/request.ts'
import type { OpenStore } from '../../../../src/store/open.ts'
import { noon } from '../../../support/examples.ts'
import type { Bench } from '../../../support/store/bench.ts'
import { moved, someAccount, somePending, withdrawnOf } from '../../../support/store/things.ts'
import { anyRequest } from './any-request.ts'

/** What goes in comes out. */
export function roundTripSuite(bench: Bench, opened: () => OpenStore, url: () => string): void {
  describe('a request', () => {
    it('comes back as it was stored, in any state, and after any change', async () => {
      const { store } = opened()
      const states = new Set<string>()
      await fc.assert(
        fc.asyncProperty(anyRequest, anyRequest, async (one, other) => {
          // Made here, or fast-check would meet its own earlier tries while it narrows a failure down.
          const userPoolId = `pool ${randomUUID()}`
          const first = { ...one, id: newId('request'), account: { ...one.account, userPoolId } }
          states.add(first.state)
          const second = { ...other, id: first.id, account: first.account, version: 2 }
          expect(await store.record(moved(first), noon)).toBe('recorded')
          expect(await store.find(first.id)).toStrictEqual(first)
          expect(await store.record(moved(second), noon)).toBe('recorded')
          expect(await store.find(first.id)).toStrictEqual(second)
        }),
        { numRuns: 150 },
      )
      expect([...states].sort()).toStrictEqual([...requestStates].sort())
    })

    it('F7 is found with the others for its account since then, the oldest first', async () => {
      const { store } = opened()
      const { account } = somePending()
      const at = (ms: number) => new Date(noon.getTime() + ms)
      const ids: string[] = []
      for (const ms of [3, 1, 2]) {
        const request = somePending({ account, openedAt: at(ms) })
        await store.record(moved(request), noon)
        await store.record(moved(withdrawnOf(request)), noon)
        ids[ms] = request.id
      }
      const elsewhere = { ...account, userPoolId: 'us-west-2_bbbbbbbbb' }
      for (const other of [elsewhere, someAccount()])
        await store.record(moved(somePending({ account: other, openedAt: at(2) })), noon)
      const idsSince = async (ms: number) =>
        (await store.listForAccount(account, at(ms))).map(({ id }) => id)
      expect(await idsSince(0)).toEqual(ids.slice(1))
      expect(await idsSince(1)).toEqual(ids.slice(2))
      expect(await idsSince(3)).toEqual([])
    })

    it('in a state that does not exist is turned away by the table itself', async () => {
      const request = somePending()
      await opened().store.record(moved(request), noon)
      await expect(bench.query(url(), `update requests set state = 'lost'`)).rejects.toThrow(
        /check/i,
      )
    })

    it('F2 that somebody else has changed is named', async () => {
      const request = somePending()
      await opened().store.record(moved(request), noon)
      await bench.query(url(), `update requests set state = 'executed'`)
      await expect(opened().store.find(request.id)).rejects.toThrow(
        `what is stored of ${request.id} is not what Rekey has stored`,
      )
    })
  })

  describe('a post', () => {
    it('is found by what it stands for, and replaced when it was posted anew', async () => {
      const { posts } = opened()
      expect(await posts.find('card REQ-1')).toBeUndefined()
      await posts.keep('card REQ-1', { channel: 'C1', ts: '1.000001' })
      await posts.keep('card REQ-2', { channel: 'C1', ts: '1.000002' })
      await posts.keep('card REQ-1', { channel: 'C2', ts: '1.000003' })
      expect(await posts.find('card REQ-1')).toStrictEqual({ channel: 'C2', ts: '1.000003' })
      expect(await posts.find('card REQ-2')).toStrictEqual({ channel: 'C1', ts: '1.000002' })
    })

    it.each([
      `insert into posts (key, channel, ts, digest) select 'alert 2', channel, ts, digest from posts`,
      `insert into posts select 'alert 2', channel, ts, digest, seal from posts`,
      `update posts set key = 'alert 2'`,
      `update posts set channel = 'C2'`,
      `update posts set ts = '2.000001'`,
      `update posts set digest = null`,
      `update posts set seal = null`,
    ])('T16 that somebody else has written is none: %s', async (way) => {
      const { posts } = opened()
      await bench.query(url(), 'delete from posts')
      await posts.keep('alert 1', { channel: 'C1', ts: '1.000001', digest: 'd' })
      await bench.query(url(), way)
      expect(await posts.find('alert 2')).toBeUndefined()
      const left = (await posts.since('0')).map(({ key }) => key)
      expect(left).toEqual(way.startsWith('insert') ? ['alert 1'] : [])
      await posts.keep('alert 2', { channel: 'C1', ts: '1.000002' })
      expect(await posts.find('alert 2')).toStrictEqual({ channel: 'C1', ts: '1.000002' })
    })
  })
}
