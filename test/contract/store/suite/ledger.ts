import { describe, expect, it } from 'vitest'
import { emptyHead } from '../../../../src/audit/chain.ts'
import { checkpointKey } from '../../../../src/audit/checkpoint.ts'
import { CheckpointSigner } from '../../../../src/audit/checkpoint-signer.ts'
import { entryTypes } from '../../../../src/audit/entry-data.ts'
import { isRefusal } from '../../../../src/audit/refusals.ts'
import { verify } from '../../../../src/audit/verify.ts'
import { isPublic } from '../../../../src/audit/visibility.ts'
import { hourlyCheckpointLane } from '../../../../src/recovery/model/lanes.ts'
import { Secret } from '../../../../src/secret.ts'
import type { OpenStore } from '../../../../src/store/open.ts'
import { OwnCheckpoints } from '../../../../src/witness/own-checkpoints.ts'
import { later, minute, noon } from '../../../support/examples.ts'
import type { Bench } from '../../../support/store/bench.ts'
import { entryAbout, moved, somePending } from '../../../support/store/things.ts'

/** The ledger, as those who read it see it. */
export function ledgerSuite(bench: Bench, opened: () => OpenStore, url: () => string): void {
  describe('the ledger', () => {
    it('is empty at first', async () => {
      const { ledger } = opened()
      expect(await ledger.head()).toStrictEqual(emptyHead)
      expect(await ledger.entry(1)).toBeUndefined()
      expect(await Array.fromAsync(ledger.entries())).toStrictEqual([])
    })

    it('is a chain without gaps, from any entry on, over many pages', async () => {
      const { store, ledger } = opened()
      for (let at = 0; at < 1_003; at += 1) {
        await store.write(entryAbout(null, { type: 'account.looked-up', data: { at } }), noon)
      }
      const entries = await Array.fromAsync(ledger.entries())
      expect(verify(entries)).toStrictEqual({ kind: 'intact', head: await ledger.head() })
      expect(entries.map(({ entry }) => entry.data['at'])).toStrictEqual([...Array(1_003).keys()])

      const end = await Array.fromAsync(ledger.entries(1_000))
      expect(end.map(({ entry }) => entry.seq)).toStrictEqual([1_000, 1_001, 1_002, 1_003])
      expect(await ledger.entry(1_000)).toStrictEqual(end[0])
    })

    it('is signed at once for every hundred entries, however soon they follow one another', async () => {
      const { store, ledger, checkpoints, jobs } = opened()
      const key = checkpointKey(new Secret(Buffer.alloc(32, 5).toString('base64')))
      const checkpointSigner = new CheckpointSigner({
        key,
        ledger,
        checkpoints: new OwnCheckpoints(checkpoints, { ledger, verifiers: [key.verifier] }),
        witnesses: [],
        alarm: { stray: unexpected, withheld: unexpected },
        now: () => noon,
      })
      for (const size of [100, 200, 300]) {
        for (let at = size - 100; at < size; at += 1) {
          await store.write(entryAbout(null, { type: 'account.looked-up', data: { at } }), noon)
        }
        for (const job of await jobs.claim(noon, minute, 10)) {
          if (job.task.kind !== 'sign-checkpoint') continue
          expect(await checkpointSigner.sign(job.lane === hourlyCheckpointLane)).toStrictEqual({
            kind: 'done',
          })
          await jobs.finish(job, noon)
        }
        expect((await checkpoints.latest())?.size).toBe(size)
      }
    })

    it('gives back every kind of fact and of entry', async () => {
      const { store, ledger } = opened()
      const request = somePending()
      const { userPoolId, sub } = request.account
      const drafts = entryTypes.map((type) =>
        entryAbout(request, {
          type,
          target: { userPoolId, sub },
          actor: { kind: 'rekey' },
          data: { text: 'ü\u0000\u2028"', number: -1.5, yes: true, none: null, list: ['a', ''] },
        }),
      )
      for (const draft of drafts) await store.write(draft, later(minute))
      const entries = await Array.fromAsync(ledger.entries())
      expect(verify(entries).kind).toBe('intact')
      expect(entries.map(({ entry }) => entry)).toMatchObject(drafts)
    })

    it.each(['update ledger set hash = hash', 'delete from ledger'])(
      'cannot be rewritten: %s',
      async (statement) => {
        const { store, ledger } = opened()
        await store.write(entryAbout(null), noon)
        await expect(bench.query(url(), statement)).rejects.toThrow('append-only')
        expect((await Array.fromAsync(ledger.entries())).length).toBe(1)
      },
    )

    // Each in the words of the database that knows them; to the other they are no words at all.
    it.each([
      "update ledger set hash = ''",
      'delete from ledger',
      "insert or replace into ledger (seq, hash, entry_json) values (1, '', '{}')",
      "insert into ledger (seq, hash, entry_json) values (1, '', '{}') on conflict (seq) do update set hash = ''",
      'truncate ledger',
      "update checkpoints set note = ''",
      'delete from checkpoints',
      "insert or replace into checkpoints (size, note, frontier) values (1, '', '')",
      "insert into checkpoints (size, note, frontier) values (1, '', '') on conflict (size) do update set note = ''",
      'truncate checkpoints',
      "update cosignatures set line = ''",
      'delete from cosignatures',
      "insert or replace into cosignatures (size, witness, line) values (1, 'w', '')",
      'truncate cosignatures',
    ])('and its checkpoints stay as they are, whoever tries: %s', async (statement) => {
      const { store, checkpoints } = opened()
      await store.write(entryAbout(null), noon)
      await checkpoints.add({ size: 1, note: 'signed', frontier: [] }, noon, ['w'])
      await checkpoints.addCosignature({ size: 1, witness: 'w', line: 'signed' })
      const read = () =>
        Promise.all([
          bench.query(url(), 'select * from ledger'),
          bench.query(url(), 'select * from cosignatures'),
          bench.query(url(), 'select * from checkpoints'),
        ])
      const before = await read()
      await bench.query(url(), statement).catch(() => undefined)
      expect(await read()).toStrictEqual(before)
    })

    it('has every public entry posted in the audit channel, in its order', async () => {
      const { store, jobs } = opened()
      for (const type of entryTypes) await store.write(entryAbout(null, { type }), noon)
      const posted: Record<string, string[]> = { audit: [], refusals: [] }
      for (;;) {
        const due = await jobs.claim(noon, minute, 10)
        if (due.length === 0) break
        for (const job of due) {
          if (job.task.kind === 'post-audit')
            posted[job.lane]?.push(entryTypes[job.task.seq - 1] ?? '')
          await jobs.finish(job, noon)
        }
      }
      const expected = entryTypes.filter((type) => isPublic({ type, data: {} }))
      expect(posted['audit']).toStrictEqual(expected.filter((type) => !isRefusal({ type })))
      expect(posted['refusals']).toStrictEqual(expected.filter((type) => isRefusal({ type })))
      expect(posted['refusals']).toContain('decision.refused')
      expect(expected).not.toContain('account.looked-up')
    })

    it('takes an entry with its request or not at all', async () => {
      const { store, ledger } = opened()
      const request = somePending()
      const impossible = entryAbout(request, { data: { number: Number.NaN } })
      await expect(store.record(moved(request, { entry: impossible }), noon)).rejects.toThrow()
      expect(await store.find(request.id)).toBeUndefined()
      expect(await ledger.head()).toStrictEqual(emptyHead)
    })
  })
}

async function unexpected(): Promise<never> {
  throw new Error('a checkpoint is stray, or was withheld')
}
