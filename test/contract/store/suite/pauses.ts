import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Refused } from '../../../../src/recovery/model/decision.ts'
import { executionLimitUse } from '../../../../src/recovery/model/drafts.ts'
import type { Freeze } from '../../../../src/recovery/model/pause.ts'
import type { Recorded } from '../../../../src/recovery/ports/store.ts'
import {
  type PauseChange,
  pause,
  pauseAsRestored,
  pauseByItself,
  resume,
} from '../../../../src/recovery/rules/pause.ts'
import type { OpenStore } from '../../../../src/store/open.ts'
import { grace, later, mary, minute, noon, policy, terms } from '../../../support/examples.ts'
import type { Bench } from '../../../support/store/bench.ts'
import { entryAbout, moved, somePending, withdrawnOf } from '../../../support/store/things.ts'

const open = [] as const
const usedUp = { ...executionLimitUse(policy), most: 1 }

/** The pause and the freezes, decided from what another process may have changed since. */
export function pausesSuite(bench: Bench): void {
  describe('a pause', () => {
    let replicas: readonly OpenStore[]
    beforeEach(async () => {
      replicas = await bench.replicas(await bench.freshUrl())
    })
    afterEach(async () => {
      for (const replica of replicas) await replica.close()
    })

    const storeOf = (turn: number) => replicas[turn % replicas.length]?.store
    const first = () => {
      const store = storeOf(0)
      if (store === undefined) throw new Error('the bench has opened no store')
      return store
    }

    async function write(decided: PauseChange | Refused, turn = 0, at = noon) {
      if (decided.kind !== 'moved') throw new Error(`refused: ${decided.why}`)
      return storeOf(turn)?.write(decided.entry, at, undefined, decided.extras)
    }

    async function all(
      count: number,
      decide: (turn: number) => PauseChange | Refused,
    ): Promise<(wanted: Recorded) => number> {
      const turns = Array.from({ length: count }, (_, turn) => turn)
      const outcomes = await Promise.all(turns.map((turn) => write(decide(turn), turn)))
      return (wanted) => outcomes.filter((outcome) => outcome === wanted).length
    }

    async function spend(at = noon): Promise<Recorded> {
      return first().write(entryAbout(null), at, undefined, { consumes: [usedUp] })
    }

    const byHand = (who = grace) =>
      pause(who, 'A drill', { currentPause: undefined, open }, terms(noon))

    const tripped = (at = noon): PauseChange => {
      const { entry, extras } = pauseByItself({ open }, terms(at))
      return { kind: 'moved', entry, extras: { ...extras, ifUsedUp: usedUp } }
    }

    it('begins once, whoever of many begins it, and however many replicas trip', async () => {
      const count = await all(12, (turn) => byHand(turn % 2 === 0 ? grace : mary))
      expect([count('recorded'), count('stale')]).toStrictEqual([1, 11])
      expect((await first().findPause())?.reason).toBe('A drill')

      await spend()
      const trips = await all(8, () => tripped())
      expect(trips('stale')).toBe(8)
      // The pause, and what has spent the limit.
      expect((await replicas[0]?.ledger.head())?.seq).toBe(2)
    })

    it('ends once, and only if it is the one that was read', async () => {
      await write(byHand())
      const currentPause = await first().findPause()
      if (currentPause === undefined) throw new Error('nothing is paused')
      const old = { ...currentPause, since: later(-minute) }
      expect(await write(resume(mary, undefined, { currentPause: old, open }, terms(noon)))).toBe(
        'stale',
      )
      expect(await first().findPause()).toStrictEqual(currentPause)

      const count = await all(8, () => resume(mary, undefined, { currentPause, open }, terms(noon)))
      expect([count('recorded'), count('stale')]).toStrictEqual([1, 7])
      expect(await first().findPause()).toBeUndefined()
    })

    it('is not ended by a button that was drawn for the one before', async () => {
      await write(byHand())
      const currentPause = await first().findPause()
      if (currentPause === undefined) throw new Error('nothing is paused')
      const before = later(-minute, currentPause.since)
      expect(resume(mary, before, { currentPause, open }, terms(noon))).toMatchObject({
        kind: 'refused',
        why: 'other-pause',
      })
      expect(
        await write(resume(mary, currentPause.since, { currentPause, open }, terms(noon))),
      ).toBe('recorded')
    })

    it('of the breaker’s is not begun by a trip that comes after somebody has let it go on', async () => {
      expect(await spend()).toBe('recorded')
      expect(await spend()).toStrictEqual({ usedUp: usedUp.name })
      expect(await write(tripped())).toBe('recorded')
      const currentPause = await first().findPause()
      await write(resume(mary, undefined, { currentPause, open }, terms(noon)))

      expect(await write(tripped(later(minute)), 1, later(minute))).toBe('stale')
      expect(await first().findPause()).toBeUndefined()
      // Nothing was taken in order to find out.
      expect(await spend()).toBe('recorded')
    })

    it('for a restored database takes the place of any other', async () => {
      await write(byHand())
      const seen = { seq: 7, hash: 'a'.repeat(64) }
      expect(await write(pauseAsRestored(seen, { open }, terms(later(minute))))).toBe('recorded')
      expect((await first().findPause())?.reason).toContain('#7')
    })

    it('a freeze ends only if it is the one that was read', async () => {
      const request = somePending()
      const freeze: Freeze = {
        account: request.account,
        until: later(60 * minute),
        request: request.id,
      }
      await first().record(moved(request), noon)
      await first().record(moved(withdrawnOf(request), { freeze }), noon)
      const unfreeze = (which: Freeze) =>
        first().write(entryAbout(null), noon, undefined, { kind: 'unfreeze', freeze: which })
      expect(await unfreeze({ ...freeze, until: later(30 * minute) })).toBe('stale')
      expect(await unfreeze(freeze)).toBe('recorded')
      expect(await unfreeze(freeze)).toBe('stale')
    })
  })
}
