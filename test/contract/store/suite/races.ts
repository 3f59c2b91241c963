import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verify } from '../../../../src/audit/verify.ts'
import { newId } from '../../../../src/ids.ts'
import type { Decision } from '../../../../src/recovery/model/decision.ts'
import type { Recorded } from '../../../../src/recovery/ports/store.ts'
import type { OpenStore } from '../../../../src/store/open.ts'
import { later, minute, noon } from '../../../support/examples.ts'
import type { Bench } from '../../../support/store/bench.ts'
import {
  drawing,
  entryAbout,
  moved,
  refused,
  somePending,
  withdrawnOf,
} from '../../../support/store/things.ts'

/** Many at once, from as many processes as the engine allows. */
export function racesSuite(bench: Bench): void {
  describe('of many at once', () => {
    let replicas: readonly OpenStore[]
    beforeEach(async () => {
      replicas = await bench.replicas(await bench.freshUrl())
    })
    afterEach(async () => {
      for (const replica of replicas) await replica.close()
    })

    function replica(turn: number): OpenStore {
      const chosen = replicas[turn % replicas.length]
      if (chosen === undefined) throw new Error('the bench has opened no store')
      return chosen
    }

    async function recordAll(
      count: number,
      decision: (turn: number) => Decision,
      idempotencyKey?: string,
    ) {
      const turns = Array.from({ length: count }, (_, turn) => turn)
      const outcomes = await Promise.all(
        turns.map((turn) => replica(turn).store.record(decision(turn), noon, idempotencyKey)),
      )
      return (wanted: Recorded) => outcomes.filter((outcome) => outcome === wanted).length
    }

    it('decisions about one version, one is recorded', async () => {
      const request = somePending()
      await replica(0).store.record(moved(request), noon)
      const count = await recordAll(100, () => moved(withdrawnOf(request)))
      expect([count('recorded'), count('stale')]).toStrictEqual([1, 99])
      expect((await replica(1).ledger.head()).seq).toBe(2)
    })

    it('requests for one account, one is opened', async () => {
      const { account } = somePending()
      const count = await recordAll(50, () => moved(somePending({ account })))
      expect([count('recorded'), count('stale')]).toStrictEqual([1, 49])
    })

    it('deliveries of one click, one counts', async () => {
      const count = await recordAll(30, () => moved(somePending()), 'click')
      expect([count('recorded'), count('repeated')]).toStrictEqual([1, 29])
      expect((await replica(1).ledger.head()).seq).toBe(1)
    })

    it('SE-10 uses of one limit, as many are recorded as it says, whichever replica is asked', async () => {
      const limits = { most: 5, windowMs: 60 * minute }
      const consumes = [
        { ...limits, name: 'requestsPerRequester', of: 'U0ADA' },
        { ...limits, name: 'requestsOverall', of: 'all' },
      ] as const
      const seen: Recorded[] = []
      const turns = Array.from({ length: 40 }, (_, turn) => turn)
      await Promise.all(
        turns.map(async (turn) => {
          // In either order: two that hold one row each must not wait for each other.
          const inOrder = turn % 4 < 2 ? consumes : consumes.toReversed()
          const decision = moved(somePending(), { consumes: inOrder })
          seen.push(await replica(turn).store.record(decision, noon))
        }),
      )
      expect(seen.filter((outcome) => outcome === 'recorded')).toHaveLength(5)
      expect(seen.filter((outcome) => typeof outcome === 'object')).toHaveLength(35)
      expect((await replica(1).ledger.head()).seq).toBe(5)
      const takes = turns.map((turn) => replica(turn).rateLimiter.take('who', 5, 60 * minute, noon))
      expect((await Promise.all(takes)).filter(Boolean)).toHaveLength(5)
    })

    it('a pause and a claim, the claim is recorded before it or not at all', async () => {
      const pause = { since: noon, reason: 'why' }
      const paused = entryAbout(null, { type: 'recovery.paused' })
      for (let round = 0; round < 10; round++) {
        const request = somePending()
        await replica(0).store.record(moved(request), noon)
        const claim = () =>
          replica(0).store.record(moved(withdrawnOf(request), { unlessPaused: true }), noon)
        const stop = () => replica(1).store.write(paused, noon, undefined, { kind: 'pause', pause })
        await Promise.all((round % 2 === 0 ? [claim, stop] : [stop, claim]).map((act) => act()))
        const entries = await Array.fromAsync(replica(0).ledger.entries())
        expect(entries.at(-1)?.entry.type).toBe('recovery.paused')
        await replica(1).store.write(entryAbout(null), noon, undefined, {
          kind: 'resume',
          pause,
          forget: [],
        })
      }
    })

    it('entries, all are chained without a gap', async () => {
      const request = somePending()
      await replica(0).store.record(moved(request), noon)
      // As many as find a connection within its time, also where the machine has much else to do.
      for (let round = 0; round < 4; round++) {
        const count = await recordAll(25, (turn) =>
          turn % 2 === 0 ? refused(request) : moved(somePending()),
        )
        expect(count('recorded')).toBe(25)
      }
      const entries = await Array.fromAsync(replica(0).ledger.entries())
      expect(entries).toHaveLength(101)
      expect(verify(entries)).toStrictEqual({
        kind: 'intact',
        head: await replica(1).ledger.head(),
      })
    })

    it('claimers of one job, one has it, and one when its lease has lapsed', async () => {
      const claimAll = async (at: Date) => {
        const turns = Array.from({ length: 12 }, (_, turn) => replica(turn).jobs)
        return (await Promise.all(turns.map((jobs) => jobs.claim(at, minute, 1)))).flat()
      }
      for (let round = 0; round < 20; round += 1) {
        await replica(0).jobs.add([drawing(newId('request'), `lane ${round}`)], noon)
        const first = await claimAll(noon)
        const second = await claimAll(later(minute))
        expect([first.length, second.length]).toStrictEqual([1, 1])
        for (const job of second) await replica(0).jobs.finish(job, later(minute))
      }
    })

    it('claimers, no two share a job, and none goes ahead of its lane', async () => {
      const { jobs, store } = replica(0)
      await Promise.all(
        Array.from({ length: 40 }, (_, turn) =>
          turn % 4 === 0
            ? store.write(entryAbout(null, { type: 'account.looked-up' }), noon)
            : jobs.add([drawing(newId('request'), `lane ${turn % 7}`)], noon),
        ),
      )
      const claimed: { id: string; lane: string; createdAt: Date }[] = []
      const working = new Set<string>()
      const worker = async (turn: number) => {
        const { jobs } = replica(turn)
        while (claimed.length < 30) {
          for (const job of await jobs.claim(noon, minute, 3)) {
            expect(working).not.toContain(job.lane)
            working.add(job.lane)
            claimed.push(job)
            await Promise.resolve()
            working.delete(job.lane)
            await jobs.finish(job, noon)
          }
        }
      }
      await Promise.all([0, 1, 2, 3, 4, 5].map(worker))
      expect(new Set(claimed.map(({ id }) => id)).size).toBe(30)
      expect(claimed).toHaveLength(30)
    })
  })
}
