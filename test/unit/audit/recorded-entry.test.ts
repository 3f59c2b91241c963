/** What an older Rekey wrote, or somebody in the database, can still be read. */

import { describe, expect, it } from 'vitest'
import type { EntryData } from '../../../src/audit/entry-data.ts'
import { type RecordedData, readData } from '../../../src/audit/recorded-entry.ts'

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
