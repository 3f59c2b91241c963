import { describe, expect, it } from 'vitest'
import type { LimitName } from '../../../../src/policy/policy.ts'
import type { LimitUse } from '../../../../src/recovery/model/decision.ts'
import type { CommitExtras } from '../../../../src/recovery/ports/store.ts'
import type { OpenStore } from '../../../../src/store/open.ts'
import { ada, mary, noon } from '../../../support/examples.ts'
import type { Bench } from '../../../support/store/bench.ts'
import {
  approvedOf,
  drawing,
  entryAbout,
  moved,
  somePending,
  withdrawnOf,
} from '../../../support/store/things.ts'

const hourMs = 60 * 60 * 1000
const later = (ms: number) => new Date(noon.getTime() + ms)

/** What strangers may try, and how often. */
export function limitsSuite(bench: Bench, opened: () => OpenStore, url: () => string): void {
  const take = (key: string, at = noon) => opened().rateLimiter.take(key, 3, hourMs, at)

  describe('a limit', () => {
    it('lets pass as many as it says, for each key of its own', async () => {
      const taken = [await take('ada'), await take('ada'), await take('ada'), await take('ada')]
      expect(taken).toEqual([true, true, true, false])
      expect(await take('grace')).toBe(true)
    })

    it('counts within any hour, and only what it let pass', async () => {
      for (const minutes of [0, 50, 55])
        expect(await take('ada', later(minutes * 60_000))).toBe(true)
      expect(await take('ada', later(59 * 60_000))).toBe(false)
      expect(await take('ada', later(hourMs))).toBe(true)
      expect(await take('ada', later(hourMs + 1))).toBe(false)
    })

    it('holds when they come all at once', async () => {
      const taken = await Promise.all(Array.from({ length: 12 }, () => take('ada')))
      expect(taken.filter(Boolean)).toHaveLength(3)
    })

    it('leaves nothing behind once its time is over', async () => {
      await take('ada')
      await take('grace', later(hourMs))
      expect(await bench.query(url(), 'select key from limits')).toEqual([{ key: 'grace' }])
    })
  })

  describe('what a commit uses up', () => {
    const use = (name: LimitName, of: string, most = 3) => ({ name, of, most, windowMs: hourMs })
    const mine = use('requestsPerRequester', ada.id)
    const open = (consumes: readonly LimitUse[], at = noon, request = somePending()) =>
      opened().store.record(moved(request, { consumes }), at)

    it('SE-10 is counted with it, as many as there may be, and one more leaves nothing behind', async () => {
      for (let turn = 0; turn < 3; turn++) expect(await open([mine])).toBe('recorded')
      const { store, ledger } = opened()
      const request = somePending()
      const tooMany = moved(request, { consumes: [mine], jobs: [drawing(request.id, 'card')] })
      const usedUp = { usedUp: 'requestsPerRequester' }
      expect(await store.record(tooMany, noon, 'form')).toEqual(usedUp)
      expect(await store.find(request.id)).toBeUndefined()
      expect((await ledger.head()).seq).toBe(3)
      expect(await open([use('requestsPerRequester', mary.id)])).toBe('recorded')
      // The idempotency key is not used up either: the same form can be sent once there is one left.
      expect(await store.record(tooMany, later(hourMs), 'form')).toBe('recorded')
    })

    it('says which is used up, and counts towards none of the others then', async () => {
      const overall = use('requestsOverall', 'all', 1)
      expect(await open([mine, overall])).toBe('recorded')
      for (let turn = 0; turn < 3; turn++)
        expect(await open([mine, overall])).toEqual({ usedUp: 'requestsOverall' })
      expect(await open([mine])).toBe('recorded')
      expect(await open([mine])).toBe('recorded')
      expect(await open([mine])).toEqual({ usedUp: 'requestsPerRequester' })
    })

    it('is not counted by a commit that is stale, repeated or held by a pause', async () => {
      const { store } = opened()
      const request = somePending()
      expect(await open([mine], noon, request)).toBe('recorded')
      const again = () => moved(somePending({ account: request.account }), { consumes: [mine] })
      for (let turn = 0; turn < 3; turn++) expect(await store.record(again(), noon)).toBe('stale')
      const pause = { since: noon, reason: 'why' }
      await store.write(entryAbout(null), noon, 'pause', { kind: 'pause', pause })
      const claimed = moved(approvedOf(request), { consumes: [mine], unlessPaused: true })
      for (let turn = 0; turn < 3; turn++) {
        expect(await store.record(claimed, noon)).toBe('paused')
        expect(await store.record(claimed, noon, 'pause')).toBe('repeated')
      }
      await store.write(entryAbout(null), noon, 'resume', { kind: 'resume', pause, forget: [] })
      expect(await open([mine])).toBe('recorded')
      expect(await open([mine])).toBe('recorded')
      expect(await open([mine])).toEqual({ usedUp: 'requestsPerRequester' })
    })

    it('F7 is given back once, by what ends it, and by nothing that is not recorded', async () => {
      const { store } = opened()
      const other = use('requestsPerAccount', 'customers jane')
      const request = somePending()
      for (const at of [noon, noon, later(1)]) await open([mine, other], at)
      expect(await open([mine])).toEqual({ usedUp: 'requestsPerRequester' })
      await open([], noon, request)
      const ended = () =>
        moved(withdrawnOf(request), { returns: [{ ...other, countedAt: later(1) }] })
      expect(await store.record(ended(), noon)).toBe('recorded')
      // Whoever comes second has not ended it, and gives nothing back.
      expect(await store.record(ended(), noon)).toBe('stale')
      expect(await open([other])).toBe('recorded')
      expect(await open([other])).toEqual({ usedUp: 'requestsPerAccount' })
      expect(await open([mine])).toEqual({ usedUp: 'requestsPerRequester' })
    })

    it('F7 gives nothing back that is not counted any more, or never was', async () => {
      const { store } = opened()
      for (let turn = 0; turn < 3; turn++) await open([mine])
      const cases = [
        { ...mine, countedAt: later(1) },
        { ...use('requestsPerRequester', mary.id), countedAt: noon },
      ]
      for (const each of cases) {
        const request = somePending()
        await open([], noon, request)
        expect(await store.record(moved(withdrawnOf(request), { returns: [each] }), noon)).toBe(
          'recorded',
        )
        expect(await open([mine])).toEqual({ usedUp: 'requestsPerRequester' })
      }
    })

    it('F7 gives back one for each, also when they end all at once', async () => {
      const { store } = opened()
      const requests = [somePending(), somePending(), somePending()]
      for (const request of requests) await open([mine], noon, request)
      const ends = requests.map((request) =>
        store.record(
          moved(withdrawnOf(request), { returns: [{ ...mine, countedAt: noon }] }),
          noon,
        ),
      )
      expect(await Promise.all(ends)).toEqual(['recorded', 'recorded', 'recorded'])
      for (let turn = 0; turn < 3; turn++) expect(await open([mine])).toBe('recorded')
      expect(await open([mine])).toEqual({ usedUp: 'requestsPerRequester' })
    })

    it('counts towards an entry that moves no request, and is forgotten when somebody says so', async () => {
      const { store } = opened()
      const note = (extras: CommitExtras) => store.write(entryAbout(null), noon, undefined, extras)
      for (let turn = 0; turn < 3; turn++) expect(await note({ consumes: [mine] })).toBe('recorded')
      expect(await note({ consumes: [mine] })).toEqual({ usedUp: 'requestsPerRequester' })
      const pause = { since: noon, reason: 'why' }
      await note({ kind: 'pause', pause })
      expect(await note({ kind: 'resume', pause, forget: [mine] })).toBe('recorded')
      expect(await note({ consumes: [mine] })).toBe('recorded')
    })
  })
}
