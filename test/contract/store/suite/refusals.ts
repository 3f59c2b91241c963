import { describe, expect, it } from 'vitest'
import type { EntryDraft } from '../../../../src/audit/entry.ts'
import { refusalRoom } from '../../../../src/audit/refusals.ts'
import { isPublic } from '../../../../src/audit/visibility.ts'
import { personId } from '../../../../src/ids.ts'
import { PolicyOutdated } from '../../../../src/recovery/ports/store.ts'
import { type OpenStore, openStore } from '../../../../src/store/open.ts'
import { later, minute, noon, policy } from '../../../support/examples.ts'
import { rowSealer } from '../../../support/row-sealer.ts'
import type { Bench } from '../../../support/store/bench.ts'
import { entryAbout } from '../../../support/store/things.ts'

const { posts, entries } = refusalRoom
const eve = personId('U0EVE')

function refusal(by = eve, attempt = 'list'): EntryDraft {
  return entryAbout(null, {
    type: 'decision.refused',
    actor: { kind: 'person', id: by },
    data: { attempt, why: 'not-involved' },
  })
}

/** Refusals: anybody can bring about as many as they like. */
export function refusalsSuite(bench: Bench, opened: () => OpenStore): void {
  describe('refusals of one person', () => {
    const kept = async () =>
      (await Array.fromAsync(opened().ledger.entries())).map(({ entry }) => entry)

    it('are posted, then kept quietly, then counted, and the ledger says where that begins', async () => {
      const outcomes: unknown[] = []
      for (let nth = 1; nth <= entries + 3; nth += 1)
        outcomes.push(await opened().store.write(refusal(), noon))
      expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(entries)
      expect(outcomes.slice(entries)).toEqual(['counted', 'counted', 'counted'])

      const all = await kept()
      const posted = all.filter(isPublic).map(({ seq }) => seq)
      expect(posted).toEqual([...Array.from({ length: posts }, (_, at) => at + 1), entries])
      expect(all[posts - 2]?.data).toEqual({ attempt: 'list', why: 'not-involved' })
      expect(all[posts - 1]?.data).toMatchObject({ nth: posts, further: 'not-posted' })
      expect(all[posts]?.data).toMatchObject({ nth: posts + 1, posted: false })
      expect(all[entries - 1]?.data).toMatchObject({ nth: entries, further: 'not-kept' })
    })

    it('are posted apart from everything else, and do not count as a backlog', async () => {
      const { store, jobs } = opened()
      for (let nth = 1; nth <= 10; nth += 1) await store.write(refusal(), noon)
      expect(await jobs.auditBacklog()).toEqual({ waiting: 0 })
      await store.write(entryAbout(null, { type: 'rekey.started' }), later(minute))
      expect(await jobs.auditBacklog()).toEqual({ waiting: 1, since: later(minute) })
      const due = await jobs.claim(later(minute), minute, 10)
      expect(due.map(({ lane, task }) => [lane, 'seq' in task && task.seq])).toEqual([
        ['refusals', 1],
        ['audit', 11],
      ])
    })

    it('are counted for each person, each attempt and each hour anew', async () => {
      const { store } = opened()
      for (let nth = 1; nth <= posts + 1; nth += 1) await store.write(refusal(), noon)
      await store.write(refusal(personId('U0ADA')), noon)
      await store.write(refusal(eve, 'pause'), noon)
      await store.write(refusal(), later(60 * minute))
      expect((await kept()).filter((entry) => !isPublic(entry))).toHaveLength(1)
    })

    it('are counted together for all replicas, and when they come at once', async () => {
      const ours = await bench.freshUrl()
      const replicas = await bench.replicas(ours)
      const many = Array.from({ length: entries + 12 }, (_, at) => replicas[at % replicas.length])
      await Promise.all(many.map((replica) => replica?.store.write(refusal(), noon)))
      await Promise.all(replicas.map((replica) => replica.close()))
      const again = await openStore(ours, { sealer: rowSealer })
      const all = await Array.fromAsync(again.ledger.entries())
      await again.close()
      expect(all).toHaveLength(entries)
      expect(all.filter(({ entry }) => isPublic(entry))).toHaveLength(posts + 1)
    })

    it('are told to whoever wants to hear of those that are only counted', async () => {
      const heard: EntryDraft[] = []
      const { store, close } = await openStore(await bench.freshUrl(), {
        sealer: rowSealer,
        onlyCounted: (each) => heard.push(each),
      })
      for (let nth = 1; nth <= entries + 2; nth += 1) await store.write(refusal(), noon)
      await close()
      expect(heard).toEqual([refusal(), refusal()])
    })

    it('are written down under an outdated policy too, where nothing is decided any more', async () => {
      const { store } = opened()
      const newer = { ...policy, hash: 'b'.repeat(64) }
      const adopted = entryAbout(null, { policy: newer.hash })
      await store.write(adopted, noon, undefined, { kind: 'adopt-policy', policy: newer })
      await expect(store.write(entryAbout(null), noon)).rejects.toThrow(PolicyOutdated)
      expect(await store.write(refusal(), noon)).toBe('recorded')
      expect((await kept()).at(-1)).toMatchObject({
        type: 'decision.refused',
        policy: 'a'.repeat(64),
      })
    })
  })
}
