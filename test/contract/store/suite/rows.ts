import { describe, expect, it } from 'vitest'
import type { OpenStore } from '../../../../src/store/open.ts'
import { openStore } from '../../../../src/store/open.ts'
import { noon } from '../../../support/examples.ts'
import type { Bench } from '../../../support/store/bench.ts'
import { moved, somePending } from '../../../support/store/things.ts'

/** The tables, as those read them who compare them with the ledger. */
export function rowsSuite(bench: Bench, opened: () => OpenStore, url: () => string): void {
  describe('the rows', () => {
    it('F2 are of one moment, whatever is written meanwhile', async () => {
      const { store } = opened()
      const first = somePending()
      await store.record(moved(first), noon)
      const reader = await openStore(url(), { readOnly: true })
      try {
        await reader.rows.atOneMoment(async (then) => {
          expect(await Array.fromAsync(then.entries(1))).toHaveLength(1)
          expect(await store.record(moved(somePending()), noon)).toBe('recorded')
          expect(await Array.fromAsync(then.entries(1))).toHaveLength(1)
          const rows = await Array.fromAsync(then.requests())
          expect(rows).toMatchObject([{ id: first.id, rows: { request: first, effects: [] } }])
        })
        const seen = await reader.rows.atOneMoment((then) => Array.fromAsync(then.requests()))
        expect(seen).toHaveLength(2)
      } finally {
        await reader.close()
      }
    })

    it('F2 are all there, over many pages, and in order', async () => {
      const { store, rows } = opened()
      const ids: string[] = []
      for (let at = 0; at < 502; at += 1) {
        const request = somePending()
        ids.push(request.id)
        expect(await store.record(moved(request), noon)).toBe('recorded')
      }
      const seen = await rows.atOneMoment((then) => Array.fromAsync(then.requests()))
      expect(seen.map(({ id }) => id)).toEqual(ids.toSorted())
    })

    it('F2 are named where they hold what no Rekey has written, or belong to nothing', async () => {
      const { store, rows } = opened()
      const request = somePending()
      await store.record(moved(request), noon)
      await bench.query(url(), "update requests set body_json = '{}'")
      const seen = await rows.atOneMoment((then) => Array.fromAsync(then.requests()))
      expect(seen).toMatchObject([{ id: request.id, rows: undefined, seal: 'altered' }])
      await bench.query(
        url(),
        `insert into effects (id, request_id, kind, number, state, fence, attempts, first_intended_at,
          intended_at, lease_until, before_status, before_modified_at, unchanged_looks)
          values ('EFF-1', 'REQ-0000000000', 'reset', 1, 'intended', 1, 1, 1, 1, 1, 'CONFIRMED', 1, 0)`,
      )
      await bench.query(url(), "insert into approvals values ('REQ-0000000000', 'U0MIA', 1)")
      expect(await rows.atOneMoment((then) => then.strays())).toEqual(
        ['approvals', 'effects'].map((table) => ({
          table,
          request: 'REQ-0000000000',
        })),
      )
    })
  })
}
