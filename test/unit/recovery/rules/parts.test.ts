import { describe, expect, it } from 'vitest'
import type { Entry } from '../../../../src/audit/entry.ts'
import type { PersonId, RequestId } from '../../../../src/ids.ts'
import { openedSince, partsIn } from '../../../../src/recovery/rules/parts.ts'
import { ada, eve, grace, mary } from '../../../support/examples.ts'

const request = 'REQ-0000000001' as RequestId

function entry(type: Entry['type'], by: PersonId, differs: Partial<Entry> = {}): Entry {
  return {
    v: 1,
    seq: 1,
    time: '2026-11-22T12:00:00.000Z',
    prev: '',
    type,
    actor: { kind: 'person', id: by },
    request,
    version: 1,
    target: null,
    policy: '',
    data: {},
    ...differs,
  }
}

const opening = entry('request.opened', ada.id, { data: { owner: eve.id } })

describe('who had a part in a request, by its entries', () => {
  it('is whoever asked, and whoever approved at any time, voided since or not', () => {
    const entries = [
      opening,
      entry('request.approved', grace.id),
      entry('approvals.voided', grace.id, { actor: { kind: 'rekey' } }),
      entry('request.approved', mary.id),
    ]
    expect(partsIn(entries)).toEqual([
      {
        request,
        openedAt: new Date('2026-11-22T12:00:00.000Z'),
        requestedBy: ada.id,
        owner: eve.id,
        approvedBy: [grace.id, mary.id],
        isReported: false,
      },
    ])
  })

  it('tells what its owner has reported from what they have not', () => {
    const other = 'REQ-0000000002' as RequestId
    const entries = [
      opening,
      { ...opening, request: other },
      entry('owner.reported', eve.id, { request: other }),
    ]
    expect(partsIn(entries).map(({ isReported }) => isReported)).toEqual([false, true])
  })
})

describe('since when somebody could read a request', () => {
  const at = (minutes: number) => `2026-11-22T12:0${minutes}:00.000Z`
  const entries = [
    opening,
    entry('approval.opened', mary.id, { time: at(1) }),
    entry('approval.opened', mary.id, { time: at(2) }),
    entry('approval.opened', mary.id, { time: at(3), version: 3 }),
  ]

  it('counts from their first time, in the versions that are asked for, for its reader alone', () => {
    expect(openedSince(entries, mary.id, 1)).toEqual(new Date(at(1)))
    // Its approvals were voided since: what was read before counts no more.
    expect(openedSince(entries, mary.id, 2)).toEqual(new Date(at(3)))
    expect(openedSince(entries, mary.id, 4)).toBeUndefined()
    expect(openedSince(entries, grace.id, 1)).toBeUndefined()
  })
})
