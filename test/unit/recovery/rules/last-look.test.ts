import { describe, expect, it } from 'vitest'
import type { LastLook } from '../../../../src/recovery/model/effect.ts'
import { addressesDiffer } from '../../../../src/recovery/rules/addresses.ts'
import { lastObjection } from '../../../../src/recovery/rules/last-look.ts'
import { account, effect, executing, later } from '../../../support/examples.ts'

const digest = (of: string, key = 'k1') => ({ addresses: `${key}:${of}` })

const request = executing({ seen: { ...executing().seen, ...digest('jane') } })
const intended = effect({ state: 'intended' })
const { status, modifiedAt, contacts } = account()
const asSeen: LastLook = { status, modifiedAt, contacts, ...digest('jane') }
const atOnce = { sinceIntentMs: 20, sinceLookMs: 10 }

function objected(found: LastLook, elapsed = atOnce) {
  const objection = lastObjection(request, intended, found, elapsed)
  return objection && `${objection.kind}: ${objection.failure.name}`
}

describe('F3 the last look', () => {
  it('lets a call leave for an account that is as it was written down', () => {
    expect(objected(asSeen)).toBeUndefined()
  })

  it.each<[string, Partial<LastLook>]>([
    ['address, although its date has not moved', digest('joe')],
    ['date', { modifiedAt: later(1, modifiedAt) }],
    ['status', { status: 'RESET_REQUIRED' }],
    ['masked address', { contacts: [{ kind: 'email', masked: 'j***@x***.com', verified: true }] }],
    ['verified mark', { contacts: contacts.map((each) => ({ ...each, verified: false })) }],
  ])('ends it where the account has another %s', (_, differs) => {
    expect(objected({ ...asSeen, ...differs })).toBe('refused: AccountChanged')
  })

  it.each([
    [3_000, 30_000, undefined],
    [3_001, 3_001, 'not-applied: LookTooOld'],
    [1, 30_001, 'not-applied: LookTooOld'],
  ])(
    'is good for 3 s, and its intent for 30: %i ms and %i ms',
    (sinceLookMs, sinceIntentMs, what) => {
      expect(objected(asSeen, { sinceLookMs, sinceIntentMs })).toBe(what)
    },
  )

  it('takes a look that is too old for none, whatever it shows', () => {
    const old = { sinceLookMs: 60_000, sinceIntentMs: 60_000 }
    expect(objected({ ...asSeen, ...digest('joe') }, old)).toBe('not-applied: LookTooOld')
  })
})

describe('two readings of an account', () => {
  it.each([
    ['of the same key are told apart', digest('a'), digest('b'), true],
    ['of the same key are alike', digest('a'), digest('a'), false],
    ['of two keys say nothing', digest('a', 'k1'), digest('b', 'k2'), false],
    ['from before there were digests say nothing', {}, digest('b'), false],
  ])('%s', (_, one, other, differ) => {
    expect(addressesDiffer({ contacts, ...one }, { contacts, ...other })).toBe(differ)
  })
})
