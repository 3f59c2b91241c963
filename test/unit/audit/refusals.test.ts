import { describe, expect, it } from 'vitest'
import type { EntryDraft } from '../../../src/audit/entry.ts'
import { nthRefusal, type RefusalType, refusalKind } from '../../../src/audit/refusals.ts'
import { isPublic } from '../../../src/audit/visibility.ts'
import { ada, eve, later, minute, noon, policy } from '../../support/examples.ts'

describe('refusals that are counted together', () => {
  it('are those of one person, of one kind, of what they tried, within an hour of the clock', () => {
    expect(refusalKind(refused(), noon)).toBe(`refused U0EVE decision.refused approve ${hour}`)
    expect(refusalKind(refused(), later(60 * minute - 1))).toBe(refusalKind(refused(), noon))
    expect(refusalKind(refused({ request: null }), noon)).toBe(refusalKind(refused(), noon))
  })

  it.each<[string, EntryDraft<RefusalType>, Date]>([
    ['somebody else’s', refused({ actor: { kind: 'person', id: ada.id } }), noon],
    ['Rekey’s own', refused({ actor: { kind: 'rekey' } }), noon],
    ['of another attempt', refused({ data: { attempt: 'deny', why: 'not-an-approver' } }), noon],
    ['of the next hour', refused(), later(60 * minute)],
    ['of the hour before', refused(), later(-1)],
    [
      'of another type',
      refused({ type: 'ingress.refused', data: { kind: 'click', because: 'unknown-user' } }),
      noon,
    ],
  ])('are not those %s', (_, other, at) => {
    expect(refusalKind(other, at)).not.toBe(refusalKind(refused(), noon))
  })

  it('have Rekey’s name where nobody did it, and no attempt where there was none', () => {
    const turnedAway = refused({
      type: 'ingress.refused',
      actor: { kind: 'rekey' },
      data: { kind: 'click', because: 'no-user' },
    })
    expect(refusalKind(turnedAway, noon)).toBe(`refused rekey ingress.refused  ${hour}`)
  })
})

describe('the nth refusal of its kind within an hour', () => {
  it.each([0, 1, 4])('is written down as it is and posted, for %i', (nth) => {
    expect(nthRefusal(refused(), nth)).toEqual(refused())
  })

  it.each([
    [5, { further: 'not-posted' }, true],
    [6, { posted: false }, false],
    [59, { posted: false }, false],
    [60, { further: 'not-kept' }, true],
  ])('says what becomes of further ones, or is quiet, for %i', (nth, marks, posted) => {
    const written = nthRefusal(refused(), nth)
    expect(written).toEqual({ ...refused(), data: { ...refused().data, nth, ...marks } })
    expect(isPublic(written)).toBe(posted)
  })

  it('hushes nothing but a refusal', () => {
    const data = { posted: false }
    expect(isPublic({ type: 'decision.refused', data })).toBe(false)
    expect(isPublic({ type: 'request.denied', data })).toBe(true)
  })
})

const hour = noon.getTime() / (60 * minute)

function refused(differs: Partial<EntryDraft<RefusalType>> = {}): EntryDraft<RefusalType> {
  return {
    type: 'decision.refused',
    actor: { kind: 'person', id: eve.id },
    request: 'REQ-0000000001',
    version: 1,
    target: null,
    policy: policy.hash,
    data: { attempt: 'approve', why: 'not-an-approver' },
    ...differs,
  } as EntryDraft<RefusalType>
}
