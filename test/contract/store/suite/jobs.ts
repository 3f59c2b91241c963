import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/ids.ts'
import type { Job } from '../../../../src/recovery/model/job.ts'
import { type OpenStore, openStore } from '../../../../src/store/open.ts'
import { later, minute, noon } from '../../../support/examples.ts'
import { rowSealer } from '../../../support/row-sealer.ts'
import type { Bench } from '../../../support/store/bench.ts'
import { drawing } from '../../../support/store/things.ts'

/** Claiming, leasing and settling jobs. */
export function jobsSuite(bench: Bench, opened: () => OpenStore, url: () => string): void {
  const request = newId('request')
  const lanes = (jobs: readonly Job[]) => jobs.map(({ lane }) => lane)

  async function only(jobs: OpenStore['jobs'], now = noon): Promise<Job> {
    const [job, ...more] = await jobs.claim(now, minute, 10)
    if (job === undefined || more.length > 0) throw new Error('there is not one job to claim')
    return job
  }

  describe('jobs', () => {
    it('are claimed when they are due, in the order of their commits', async () => {
      const { jobs } = opened()
      await jobs.add([drawing(request, 'b'), drawing(request, 'later', later(minute))], noon)
      await jobs.add([drawing(request, 'a'), drawing(request, 'c')], noon)
      expect(lanes(await jobs.claim(noon, minute, 2))).toStrictEqual(['b', 'a'])
      expect(lanes(await jobs.claim(noon, minute, 2))).toStrictEqual(['c'])
      expect(lanes(await jobs.claim(later(minute - 1), 0, 5))).toStrictEqual([])
      expect(lanes(await jobs.claim(later(minute), minute, 5))).toContain('later')
    })

    it('say what to do, since when, and for the how-manieth time', async () => {
      const { jobs } = opened()
      const task = { kind: 'clear-reveal', request, view: 'V1' } as const
      await jobs.add([{ task, lane: 'screen', notBefore: later(minute) }], noon)
      const first = await only(jobs, later(minute))
      expect(first).toMatchObject({ task, lane: 'screen', createdAt: noon, attempts: 1 })
      expect(await only(jobs, later(2 * minute))).toStrictEqual({ ...first, attempts: 2 })
    })

    it('are nobody else’s until the lease ends', async () => {
      const { jobs } = opened()
      await jobs.add([drawing(request, 'a')], noon)
      await only(jobs)
      expect(await jobs.claim(later(minute - 1), minute, 10)).toStrictEqual([])
      expect((await only(jobs, later(minute))).attempts).toBe(2)
    })

    it('are settled by nobody who has been overtaken', async () => {
      const { jobs } = opened()
      await jobs.add([drawing(request, 'a')], noon)
      const slow = await only(jobs)
      const taken = await only(jobs, later(minute))
      await jobs.finish(slow, later(minute))
      await jobs.putBack(slow, later(60 * minute), 'too late')
      expect((await only(jobs, later(2 * minute))).attempts).toBe(taken.attempts + 1)
    })

    it('of one lane wait for each other: while the first is leased, put back or not yet due', async () => {
      const { jobs } = opened()
      await jobs.add([drawing(request, 'a'), drawing(request, 'a')], noon)
      const first = await only(jobs)
      expect(await jobs.claim(noon, minute, 10)).toStrictEqual([])

      await jobs.putBack(first, later(5 * minute), 'Slack is down')
      expect(await jobs.claim(later(4 * minute), minute, 10)).toStrictEqual([])
      const again = await only(jobs, later(5 * minute))
      expect(again).toStrictEqual({ ...first, attempts: 2 })

      await jobs.finish(again, later(5 * minute))
      const second = await only(jobs, later(5 * minute))
      expect(second.id).not.toBe(first.id)
      await jobs.finish(second, later(5 * minute))
      expect(await jobs.claim(later(60 * minute), minute, 10)).toStrictEqual([])
    })

    it('that are parked let their lane go on, and keep the reason', async () => {
      const { jobs } = opened()
      await jobs.add([drawing(request, 'a'), drawing(request, 'a')], noon)
      const first = await only(jobs)
      await jobs.park(first, noon, 'the channel is gone')
      expect((await only(jobs)).id).not.toBe(first.id)
      const rows = await bench.query(
        url(),
        'select id, last_error from jobs where parked_at is not null',
      )
      expect(rows.map((row) => ({ ...row }))).toStrictEqual([
        { id: first.id, last_error: 'the channel is gone' },
      ])
    })

    it.each(['finish', 'putBack', 'park'] as const)(
      'are not settled by whoever was overtaken: %s',
      async (settle) => {
        const { jobs } = opened()
        await jobs.add([drawing(request, 'a')], noon)
        const slow = await only(jobs)
        const current = await only(jobs, later(minute))

        await jobs[settle](slow, later(minute), 'too late')
        expect(await jobs.claim(later(minute), minute, 10)).toStrictEqual([])
        expect((await only(jobs, later(2 * minute))).id).toBe(current.id)
      },
    )

    it('of a kind that only a newer Rekey knows are left to it, and hold up their lane', async () => {
      const { jobs } = opened()
      await jobs.add([drawing(request, 'a'), drawing(request, 'a'), drawing(request, 'b')], noon)
      await bench.query(url(), `update jobs set kind = 'teleport' where place = 1`)
      expect(lanes(await jobs.claim(noon, minute, 10))).toStrictEqual(['b'])
    })

    it('SI-06 B14 that cannot be read are parked and named, and the others are done', async () => {
      const fresh = await bench.freshUrl()
      const heard: string[] = []
      const unreadable = (job: string, fault: string) => heard.push(`${job}: ${fault}`)
      const { jobs, close } = await openStore(fresh, { sealer: rowSealer, unreadable })
      await jobs.add([drawing(request, 'a'), drawing(request, 'b')], noon)
      await bench.query(fresh, `update jobs set task_json = '{}' where place = 1`)
      expect(lanes(await jobs.claim(noon, minute, 10))).toStrictEqual(['b'])
      expect(heard).toEqual([expect.stringMatching(/^(JOB-\w+): Error: job \1 cannot be read/)])
      const parked = 'select last_error from jobs where parked_at is not null'
      const [kept] = await bench.query(fresh, parked)
      expect(kept?.['last_error']).toMatch(/^Error: job JOB-\w+ cannot be read/)
      await close()
    })

    describe('that no Rekey has written', () => {
      const odd = [
        `update jobs set attempts = 1152921504606846976 where lane = 'a' and place = 1`,
        `update jobs set attempts = -1 where lane = 'a' and place = 1`,
        `update jobs set place = -5 where lane = 'a' and place = 1`,
        `update jobs set created_at = 1152921504606846976 where lane = 'a' and place = 1`,
        `update jobs set created_at = -1152921504606846976 where lane = 'a' and place = 1`,
      ]

      it.each(odd)('A11 B14 hold up nothing, and are parked: %s', async (way) => {
        const fresh = await bench.freshUrl()
        const heard: string[] = []
        const unreadable = (job: string) => heard.push(job)
        const { jobs, close } = await openStore(fresh, { sealer: rowSealer, unreadable })
        await jobs.add([drawing(request, 'a'), drawing(request, 'a'), drawing(request, 'b')], noon)
        await bench.query(fresh, way)
        expect(lanes(await jobs.claim(noon, minute, 10))).toStrictEqual(['a', 'b'])
        expect((await jobs.auditBacklog()).waiting).toBe(0)
        await jobs.tidy(noon)
        expect(heard).toEqual([expect.stringMatching(/^JOB-/)])
        expect(await jobs.parked()).toBe(1)
        await close()
      })

      const alert = (notBefore = noon) =>
        ({
          task: { kind: 'post-alert', seq: 1, request: null },
          lane: 'alerts',
          notBefore,
        }) as const

      it.each([
        `update jobs set not_before = 9000000000000000`,
        `update jobs set lease_until = 9000000000000000`,
      ])('A4 are due all the same in a lane of Rekey’s own: %s', async (way) => {
        const { jobs } = opened()
        await jobs.add([alert()], noon)
        await bench.query(url(), way)
        expect(await jobs.claim(noon, minute, 10)).toEqual([])
        await jobs.tidy(noon)
        expect(lanes(await jobs.claim(noon, minute, 10))).toEqual(['alerts'])
      })

      it('A4 stand in no lane of Rekey’s own', async () => {
        const { jobs } = opened()
        await jobs.add([drawing(request, 'alerts'), alert()], noon)
        await bench.query(url(), `update jobs set kind = 'teleport' where kind = 'draw-card'`)
        expect(await jobs.claim(noon, minute, 10)).toEqual([])
        await jobs.tidy(noon)
        expect(lanes(await jobs.claim(noon, minute, 10))).toEqual(['alerts'])
      })

      it('leave alone what Rekey has put off', async () => {
        const { jobs } = opened()
        await jobs.add(
          [alert(later(minute)), drawing(request, 'later', later(100 * 60 * minute))],
          noon,
        )
        await jobs.tidy(noon)
        expect(await jobs.claim(noon, minute, 10)).toEqual([])
      })
    })

    it('are ordered by the thousands in one commit', async () => {
      const { jobs } = opened()
      const drafts = Array.from({ length: 6_000 }, (_, index) => drawing(request, `${index}`))
      await jobs.add(drafts, noon)
      expect(lanes(await jobs.claim(noon, minute, 10_000))).toStrictEqual(
        drafts.map(({ lane }) => lane),
      )
    })

    it('are claimed at once in a burst that follows a long history', async () => {
      const { jobs } = opened()
      await bench.query(url(), numbered(1, 100_000, `'lane'`, '1'))
      await jobs.add([drawing(request, 'a')], noon)
      // From here on PostgreSQL believes that hardly any job is open.
      await bench.query(url(), 'analyze')
      await bench.query(url(), numbered(100_001, 120_000, `'lane ' || i`, 'null'))

      const started = performance.now()
      expect(await jobs.claim(noon, minute, 10)).toHaveLength(10)
      // It takes some 0.2 s. Comparing every open job with every other takes a minute.
      expect(performance.now() - started).toBeLessThan(30_000)
    })

    function numbered(from: number, to: number, lane: string, doneAt: string): string {
      const task = JSON.stringify({ kind: 'draw-card', request })
      return `with recursive n(i) as (select ${from} union all select i + 1 from n where i < ${to})
        insert into jobs
          (id, kind, task_json, lane, place, created_at, not_before, lease_until, attempts, done_at)
        select 'JOB-' || i, 'draw-card', '${task}', ${lane}, 1000000 + i, 0, 0, 0, 0, ${doneAt} from n`
    }
  })
}
