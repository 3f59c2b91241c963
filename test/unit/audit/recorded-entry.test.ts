/** What an older Rekey wrote, or somebody in the database, can still be read. */

import { describe, expect, it } from 'vitest'
import { chain, emptyHead } from '../../../src/audit/chain.ts'
import type { EntryData } from '../../../src/audit/entry-data.ts'
import { type RecordedData, readData, readEntry } from '../../../src/audit/recorded-entry.ts'
import { noon } from '../../support/examples.ts'

describe('an entry’s data', () => {
  it('are read as they were written', () => {
    const data: EntryData['effect.undecided'] = {
      account: 'Jane Doe',
      effect: 'EFF-1',
      deed: 'reset',
      because: 'changed-otherwise',
      statusBefore: 'CONFIRMED',
      modifiedBefore: '2026-11-22T12:00:00.000Z',
      statusNow: 'RESET_REQUIRED',
      modifiedNow: '2026-11-22T12:00:01.000Z',
      takenBack: true,
    }
    expect(readData({ type: 'effect.undecided', data })).toStrictEqual(data)
  })

  it('are read together with the rest of the entry', () => {
    const draft = {
      type: 'request.denied',
      actor: { kind: 'rekey' },
      request: null,
      version: null,
      target: null,
      policy: 'a'.repeat(64),
      data: { account: 'Jane Doe', comment: 'no', colour: 'red' },
    } as const
    const { entry } = chain(emptyHead, draft, noon)
    expect(readEntry(entry)).toStrictEqual({
      ...entry,
      data: { account: 'Jane Doe', comment: 'no' },
    })
  })

  it('say nothing where nobody knows the type any more', () => {
    const entry = { type: 'request.blessed', data: { account: 'Jane Doe' } } as never
    expect(readData(entry)).toStrictEqual({})
  })

  it('may be missing, or null', () => {
    expect(readData({ type: 'request.opened', data: {} })).toStrictEqual({})
    const nobodyLooked = { statusNow: null, modifiedNow: null }
    expect(readData({ type: 'effect.undecided', data: nobodyLooked })).toStrictEqual({})
  })

  it('may have words that nobody knows any more: they are told from those that are known', () => {
    const data = { attempt: 'bless', why: 'own-request' }
    expect(readData({ type: 'decision.refused', data })).toStrictEqual({
      attempt: { unknown: 'bless' },
      why: 'own-request',
    })
  })

  it('may have another word where today’s Rekey has a single one', () => {
    const data = { because: 'overwritten' }
    expect(readData({ type: 'secret.scrambled', data })).toStrictEqual({
      because: { unknown: 'overwritten' },
    })
    expect(readData({ type: 'owner.reported', data: { takenBack: 'yes' } })).toStrictEqual({})
  })

  it('may be spelled or counted otherwise', () => {
    const data = { pausedMinutes: -0.5, reason: '' }
    expect(readData({ type: 'recovery.resumed', data })).toStrictEqual(data)
    const since = { since: 'yesterday' }
    expect(readData({ type: 'audit.behind', data: since })).toStrictEqual(since)
  })

  it('are left out where they are of another kind, or belong to another type', () => {
    const data = {
      approvals: 'two',
      approvalsNeeded: ['2'],
      complete: 'true',
      missing: 'U0ADA',
      comment: 'no',
      constructor: 'x',
    }
    expect(readData({ type: 'request.approved', data })).toStrictEqual({})
  })

  it('are no more than their type has, for whoever writes them and whoever reads them', () => {
    // @ts-expect-error a key is missing
    const tooFew: EntryData['request.approved'] = {
      account: 'Jane Doe',
      approvals: 1,
      complete: true,
    }
    // @ts-expect-error a key is spelled otherwise
    const other: EntryData['request.denied'] = { account: 'Jane Doe', comments: 'no' }
    const read: RecordedData<'request.denied'> = {}
    // @ts-expect-error there is no such key
    expect([tooFew, other, read.approvals]).toHaveLength(3)
  })
})
