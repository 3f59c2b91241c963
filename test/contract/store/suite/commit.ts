import { beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/ids.ts'
import type { OpenStore } from '../../../../src/store/open.ts'
import { executed, later, mary, minute, noon } from '../../../support/examples.ts'
import type { Bench } from '../../../support/store/bench.ts'
import {
  approvedOf,
  drawing,
  entryAbout,
  executingOf,
  moved,
  refused,
  someEffect,
  somePending,
  someSealed,
  withdrawnOf,
} from '../../../support/store/things.ts'

const pause = { since: noon, reason: 'why' }

/** What `record` promises, one decision at a time. */
export function commitSuite(bench: Bench, opened: () => OpenStore, url: () => string): void {
  describe('a decision', () => {
    let store: OpenStore['store']
    let ledger: OpenStore['ledger']
    let jobs: OpenStore['jobs']
    beforeEach(() => {
      ;({ store, ledger, jobs } = opened())
    })

    it('is stored with its ledger entry and its jobs', async () => {
      const request = somePending()
      const decision = moved(request, { jobs: [drawing(request.id, 'card')] })
      expect(await store.record(decision, noon)).toBe('recorded')

      expect(await store.find(request.id)).toStrictEqual(request)
      expect((await ledger.entry(1))?.entry).toMatchObject({
        seq: 1,
        time: noon.toISOString(),
        request: request.id,
        version: 1,
      })
      expect((await jobs.claim(noon, minute, 10)).map(({ task }) => task)).toStrictEqual([
        { kind: 'draw-card', request: request.id },
        { kind: 'post-audit', seq: 1, request: request.id },
      ])
    })

    it('made from an older version is stale, and leaves nothing behind', async () => {
      const request = somePending()
      await store.record(moved(request), noon)
      await store.record(moved(approvedOf(request)), noon)

      const late = moved(withdrawnOf(request), { jobs: [drawing(request.id, 'late')] })
      expect(await store.record(late, noon, 'click')).toBe('stale')
      expect((await store.find(request.id))?.state).toBe('approved')
      expect((await ledger.head()).seq).toBe(2)
      const lanes = (await jobs.claim(noon, minute, 10)).map(({ lane }) => lane)
      expect(lanes).not.toContain('late')

      // The idempotency key has not been used up: the same click counts when it is decided afresh.
      expect(await store.record(moved(withdrawnOf(approvedOf(request))), noon, 'click')).toBe(
        'recorded',
      )
    })

    it('CR-25 is not kept when its entry cannot be', async () => {
      const request = somePending()
      await store.record(moved(request), noon)
      await bench.query(url(), 'alter table ledger rename to elsewhere')
      await expect(store.record(moved(approvedOf(request)), noon, 'click')).rejects.toThrow()
      await bench.query(url(), 'alter table elsewhere rename to ledger')
      expect((await store.find(request.id))?.state).toBe('pending')
      expect(await store.record(moved(approvedOf(request)), noon, 'click')).toBe('recorded')
    })

    it('that is not for a pause is held by one that is written first', async () => {
      const request = somePending()
      await store.record(moved(request), noon)
      await store.write(entryAbout(null), noon, 'pause', { kind: 'pause', pause })
      const change = moved(approvedOf(request), { unlessPaused: true })
      expect(await store.record(change, noon)).toBe('paused')
      expect((await store.find(request.id))?.state).toBe('pending')

      await store.write(entryAbout(null), noon, 'resume', { kind: 'resume', pause, forget: [] })
      expect(await store.record(change, noon)).toBe('recorded')
    })

    it('that is not for a freeze is held by one of its account, until it ends', async () => {
      const request = somePending()
      const other = somePending()
      const before = executed({ id: newId('request'), account: request.account, version: 1 })
      const freeze = { account: before.account, until: later(60 * minute), request: before.id }
      await store.record(moved(before, { freeze }), noon)
      for (const each of [request, other]) await store.record(moved(each), noon)

      const change = moved(approvedOf(request), { unlessPaused: true })
      expect(await store.record(change, noon, 'click')).toBe('paused')
      expect(await store.record(change, later(60 * minute - 1), 'click')).toBe('paused')
      expect((await store.find(request.id))?.state).toBe('pending')
      expect(await store.record(moved(approvedOf(other), { unlessPaused: true }), noon)).toBe(
        'recorded',
      )
      expect(await store.record(change, later(60 * minute), 'click')).toBe('recorded')
    })

    it('that is not for a freeze goes on once it is lifted, and what is for one never stops', async () => {
      const request = somePending()
      const { account } = request
      const freeze = { account, until: later(60 * minute), request: request.id }
      await store.record(moved(request, { freeze }), noon)
      expect(await store.findFreeze(account, noon)).toStrictEqual({
        ...freeze,
        account: { userPoolId: account.userPoolId, sub: account.sub },
      })
      expect(await store.record(moved(approvedOf(request)), noon)).toBe('recorded')

      const next = moved(withdrawnOf(approvedOf(request)), { unlessPaused: true })
      expect(await store.record(next, noon)).toBe('paused')
      await store.write(entryAbout(null), noon, 'thaw', { kind: 'unfreeze', freeze })
      expect(await store.record(next, noon)).toBe('recorded')
    })

    it('about a request that was never opened is stale', async () => {
      expect(await store.record(moved(approvedOf(somePending())), noon)).toBe('stale')
    })

    it('T8 counts once, however often its click is delivered', async () => {
      const request = somePending()
      expect(await store.record(moved(request), noon, 'form 1')).toBe('recorded')
      expect(await store.record(moved(somePending()), noon, 'form 1')).toBe('repeated')
      expect(await store.record(refused(request), noon, 'form 1')).toBe('repeated')
      expect(await store.write(entryAbout(null), noon, 'form 1')).toBe('repeated')
      expect((await ledger.head()).seq).toBe(1)
    })

    it('to refuse is in the ledger and moves nothing', async () => {
      const request = somePending()
      await store.record(moved(request), noon)
      expect(await store.record(refused(request), later(minute))).toBe('recorded')
      expect(await store.find(request.id)).toStrictEqual(request)
      expect((await ledger.entry(2))?.entry.type).toBe('decision.refused')
    })

    it('keeps every approval, in the order they were given, and forgets voided ones', async () => {
      const request = somePending()
      const once = approvedOf(request)
      const twice = {
        ...once,
        version: 3,
        approvals: [...once.approvals, { by: mary.id, at: later(2 * minute) }],
      }
      await store.record(moved(request), noon)
      await store.record(moved(once), noon)
      await store.record(moved(twice), noon)
      expect(await store.find(request.id)).toStrictEqual(twice)

      const voided = { ...request, version: 4, pendingSince: 4 }
      await store.record(moved(voided), noon)
      expect(await store.find(request.id)).toStrictEqual(voided)
    })

    it('to open is stale while the account has an open request, and only then', async () => {
      const first = somePending()
      const second = somePending({ account: first.account })
      await store.record(moved(first), noon)
      expect(await store.findOpen(first.account)).toStrictEqual(first)
      expect(await store.record(moved(second), noon)).toBe('stale')
      expect(await store.find(second.id)).toBeUndefined()

      await store.record(moved(withdrawnOf(first)), noon)
      expect(await store.findOpen(first.account)).toBeUndefined()
      expect(await store.record(moved(second), noon)).toBe('recorded')
    })

    it('to open never overwrites a request with the same id', async () => {
      const first = somePending()
      await store.record(moved(first), noon)
      expect(await store.record(moved(somePending({ id: first.id })), noon)).toBe('stale')
      expect(await store.find(first.id)).toStrictEqual(first)
    })
  })

  describe('an effect', () => {
    it('is read back as it was written, whatever is known of it', async () => {
      const { store } = opened()
      const request = somePending()
      const intended = someEffect(request.id)
      await store.record(moved(request), noon)
      await store.record(moved(executingOf(request, intended), { effect: intended }), noon)
      expect(await store.findEffect(request.id, 'reset')).toStrictEqual(intended)
      expect(await store.findEffect(request.id, 'scramble')).toBeUndefined()

      const settled = someEffect(request.id, {
        id: intended.id,
        state: 'observed',
        fence: 2,
        attempts: 2,
        after: { status: 'RESET_REQUIRED', modifiedAt: later(minute) },
        unchangedLooks: 2,
        lastLookAt: later(3 * minute),
      })
      const next = { ...executingOf(request, intended), version: 3 }
      expect(await store.record(moved(next, { effect: settled }), noon)).toBe('recorded')
      expect(await store.findEffect(request.id, 'reset')).toStrictEqual(settled)
    })

    it('is settled by nobody who has been overtaken', async () => {
      const { store, ledger } = opened()
      const request = somePending()
      const current = someEffect(request.id, { fence: 2 })
      const executing = executingOf(request, current)
      await store.record(moved(request), noon)
      await store.record(moved(executing, { effect: current }), noon)

      const late = moved({ ...executing, version: 3 }, { effect: { ...current, fence: 1 } })
      expect(await store.record(late, noon)).toBe('stale')
      expect((await store.find(request.id))?.version).toBe(2)
      expect((await ledger.head()).seq).toBe(2)
    })

    it('is followed by two more of its kind at most, and the newest is found', async () => {
      const { store } = opened()
      const request = somePending()
      const first = someEffect(request.id)
      const executing = executingOf(request, first)
      await store.record(moved(request), noon)
      await store.record(moved(executing, { effect: first }), noon)

      const numbered = (number: number) =>
        moved({ ...executing, version: 3 }, { effect: someEffect(request.id, { number }) })
      await expect(store.record(numbered(1), noon)).rejects.toThrow()
      await expect(store.record(numbered(4), noon)).rejects.toThrow()
      expect((await store.find(request.id))?.version).toBe(2)
      expect(await store.findEffect(request.id, 'reset')).toStrictEqual(first)
      expect(await store.record(numbered(2), noon)).toBe('recorded')
      expect(await store.findEffect(request.id, 'reset')).toMatchObject({ number: 2 })
    })
  })

  describe('a sealed password', () => {
    it('is kept with the decision that made it, and gone after the one that shreds it', async () => {
      const { store } = opened()
      const request = somePending()
      const made = someEffect(request.id)
      const sealed = someSealed(made)
      const executing = executingOf(request, made)
      await store.record(moved(request), noon)
      await store.record(moved(executing, { effect: made, secret: { keep: sealed } }), noon)
      expect(await store.findSecret(made.id)).toStrictEqual(sealed)

      const stale = moved({ ...executing, version: 2 }, { secret: { shred: true } })
      expect(await store.record(stale, noon)).toBe('stale')
      expect(await store.findSecret(made.id)).toStrictEqual(sealed)

      const next = moved({ ...executing, version: 3 }, { secret: { shred: true } })
      expect(await store.record(next, noon)).toBe('recorded')
      expect(await store.findSecret(made.id)).toBeUndefined()
    })
  })
}
