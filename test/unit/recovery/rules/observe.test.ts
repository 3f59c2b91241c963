/** What is made of an account after a call whose outcome nobody knows. */

import { describe, expect, it } from 'vitest'
import type { AccountStatus } from '../../../../src/recovery/model/account.ts'
import type { Effect, EffectKind } from '../../../../src/recovery/model/effect.ts'
import type { Executing } from '../../../../src/recovery/model/request.ts'
import {
  isExplained,
  isFromTry,
  lookForMs,
  observe,
  unchanged,
  undecided,
} from '../../../../src/recovery/rules/observe.ts'
import { entryAbout, moved, ordered } from '../../../support/decisions.ts'
import {
  account,
  effect,
  effectId,
  eve,
  executing,
  later,
  minute,
  noon,
  terms,
} from '../../../support/examples.ts'

const soon = later(minute)
const told = [
  'draw-card | card REQ-0000000001 | 1 min',
  'tell-requester | requester REQ-0000000001 | 1 min',
]
const unknown = effect({ state: 'unknown' })
const before = unknown.before

/** The account as it is found after a call of this kind, which is also the request's method. */
function found(
  kind: Exclude<EffectKind, 'sign-out' | 'scramble'>,
  status: AccountStatus,
  modifiedAt: Date,
  differs: Partial<Effect> = {},
) {
  const tried = { ...unknown, kind, ...differs }
  return moved(
    observe(executing({ method: kind }), tried, account({ status, modifiedAt }), terms(soon)),
  )
}

describe('an account that has not changed', () => {
  it('is looked at for a quarter of an hour', () => {
    expect(lookForMs).toBe(15 * minute)
  })

  it('is looked at once more', () => {
    const {
      request,
      entry,
      effect: known,
      ...more
    } = found('reset', 'CONFIRMED', before.modifiedAt)
    expect(request).toEqual({ ...executing(), version: 4 })
    expect(entry).toEqual(
      entryAbout(request, 'rekey', {
        type: 'effect.looked',
        effect: effectId,
        deed: 'reset',
        attempt: 1,
        unchangedLooks: 1,
      }),
    )
    expect(known).toEqual({
      ...unknown,
      state: 'unknown',
      unchangedLooks: 1,
      lastLookAt: soon,
      leaseUntil: later(75_000),
    })
    expect(more).toEqual({ jobs: [] })
  })

  it('shows the second time that nothing has come of the call', () => {
    const looked = { unchangedLooks: 1 }
    const { entry, effect: known } = found('reset', 'CONFIRMED', before.modifiedAt, looked)
    expect(entry).toMatchObject({ type: 'effect.not-applied', data: { unchangedLooks: 2 } })
    expect(known).toEqual({
      ...unknown,
      state: 'not-applied',
      unchangedLooks: 2,
      lastLookAt: soon,
      leaseUntil: soon,
    })
  })

  it.each(['temporary-password', 'permanent-password'] as const)(
    'shows it the first time for a %s, which can be set again',
    (method) => {
      const { effect: known } = found(method, 'CONFIRMED', before.modifiedAt)
      expect(known).toMatchObject({ state: 'not-applied', unchangedLooks: 1 })
    },
  )

  it.each([
    [2, 1, 'executing'],
    [3, 0, 'executing'],
    [3, 1, 'failed'],
    [4, 1, 'failed'],
  ])('after %i tries and %i looks leaves it %s', (attempts, unchangedLooks, state) => {
    const tried = { attempts, unchangedLooks }
    const { request } = found('reset', 'CONFIRMED', before.modifiedAt, tried)
    expect(request.state).toBe(state)
  })

  it('after the last try ends the request', () => {
    const tried = { attempts: 3, unchangedLooks: 1 }
    const { request, entry, effect: known } = found('reset', 'CONFIRMED', before.modifiedAt, tried)
    expect(request).toMatchObject({ failure: { kind: 'no-answer', name: 'NeverLanded' } })
    expect(entry.type).toBe('effect.refused')
    expect(known).toMatchObject({ state: 'refused', unchangedLooks: 1 })
  })
})

describe('an account that has changed as the call would change it', () => {
  it.each<[Parameters<typeof found>[0], AccountStatus]>([
    ['reset', 'RESET_REQUIRED'],
    ['temporary-password', 'FORCE_CHANGE_PASSWORD'],
    ['permanent-password', 'CONFIRMED'],
    ['resend-invitation', 'FORCE_CHANGE_PASSWORD'],
  ])('shows that it is done: %s', (kind, status) => {
    const other = { before: { ...before, status: 'UNKNOWN' } } as const
    const { request, entry, effect: known } = found(kind, status, soon, other)
    expect(request).toMatchObject({ state: 'executed', confirmedBy: 'observation' })
    expect(entry).toEqual(
      entryAbout(request, 'rekey', {
        type: 'effect.observed',
        effect: effectId,
        deed: kind,
        attempt: 1,
      }),
    )
    expect(known).toEqual({
      ...unknown,
      ...other,
      kind,
      state: 'observed',
      after: { status, modifiedAt: soon },
    })
  })

  it('shows it only while the call can have done it', () => {
    const stateFor = (modifiedAt: Date) =>
      found('reset', 'RESET_REQUIRED', modifiedAt).request.state
    expect(stateFor(later(-minute))).toBe('executed')
    expect(stateFor(later(2 * minute))).toBe('executed')
    expect(stateFor(later(2 * minute + 1))).toBe('needs-attention')
  })

  it('proves nothing where it was like that before, but a temporary password can be set again', () => {
    const was = { before: { status: 'FORCE_CHANGE_PASSWORD', modifiedAt: noon } } as const
    const password = found('temporary-password', 'FORCE_CHANGE_PASSWORD', soon, was)
    expect(password.effect).toMatchObject({
      state: 'not-applied',
      before: { status: 'FORCE_CHANGE_PASSWORD', modifiedAt: soon },
    })
    const invitation = found('resend-invitation', 'FORCE_CHANGE_PASSWORD', soon, was)
    expect(invitation.request.state).toBe('needs-attention')
    const confirmed = { before: { status: 'CONFIRMED', modifiedAt: noon } } as const
    const permanent = found('permanent-password', 'CONFIRMED', soon, confirmed)
    expect(permanent.request.state).toBe('needs-attention')
    // What the owner has chosen shows, and is not overwritten.
    const chosen = found('temporary-password', 'CONFIRMED', soon, was)
    expect(chosen.request.state).toBe('needs-attention')
  })
})

describe('an account that tells nothing', () => {
  it('gives the question to a person', () => {
    const { request, entry, jobs, effect: known, ...more } = found('reset', 'CONFIRMED', soon)
    expect(request).toEqual({
      ...executing(),
      version: 4,
      state: 'needs-attention',
      because: 'changed-otherwise',
      since: soon,
      looked: { before, found: { status: 'CONFIRMED', modifiedAt: soon } },
    })
    expect(entry).toEqual(
      entryAbout(request, 'rekey', {
        type: 'effect.undecided',
        effect: effectId,
        deed: 'reset',
        because: 'changed-otherwise',
        statusBefore: 'CONFIRMED',
        modifiedBefore: before.modifiedAt.toISOString(),
        statusNow: 'CONFIRMED',
        modifiedNow: '2026-11-22T12:01:00.000Z',
      }),
    )
    expect(ordered(jobs)).toEqual(['check-addresses | addresses REQ-0000000001 | 1 min', ...told])
    expect(known).toEqual({ ...unknown, state: 'undecided' })
    expect(more).toEqual({ secret: { shred: true } })
  })

  it('is the same for a code, which leaves no trace', () => {
    const { request, entry } = found('recovery-code', 'CONFIRMED', before.modifiedAt)
    expect(request).toMatchObject({ state: 'needs-attention', because: 'never-observed' })
    expect(entry.data).toMatchObject({ because: 'never-observed' })
  })

  it('is one that nobody could look at', () => {
    const unsettled = { because: 'never-observed', snapshot: undefined } as const
    const { request, entry } = moved(undecided(executing(), unknown, unsettled, terms(soon)))
    expect(request).toMatchObject({ looked: { before } })
    expect(request.state === 'needs-attention' && request.looked).toStrictEqual({ before })
    expect(entry.data).toMatchObject({ statusNow: null, modifiedNow: null })
  })

  it('asks nobody where its owner has reported it: it is taken back', () => {
    const request: Executing = executing({ reported: { by: eve.id, at: noon } })
    const unsettled = { because: 'never-observed', snapshot: undefined } as const
    const change = moved(undecided(request, unknown, unsettled, terms(soon)))
    expect(change.request).toMatchObject({ state: 'executed', confirmedBy: 'nobody', version: 4 })
    expect(change.entry).toMatchObject({ type: 'effect.undecided', data: { takenBack: true } })
    expect(change.effect).toEqual({ ...unknown, state: 'undecided' })
    expect(change.secret).toEqual({ shred: true })
  })
})

describe('whether a try explains what an account is like', () => {
  const at = (modifiedAt: Date, status: AccountStatus = 'RESET_REQUIRED') => ({
    status,
    modifiedAt,
  })

  it('does where nothing has changed', () => {
    expect(isExplained(unknown, before)).toBe(true)
    expect(unchanged(before, { ...before })).toBe(true)
    expect(unchanged(before, { ...before, modifiedAt: soon })).toBe(false)
    expect(unchanged(before, { ...before, status: 'RESET_REQUIRED' })).toBe(false)
  })

  it.each<[string, Date, boolean]>([
    ['a second before it, as dates may be cut', later(-1_000), true],
    ['longer before it', later(-1_001), false],
    ['within its lease', later(minute), true],
    ['after its lease', later(minute + 1), false],
  ])('does for a change %s: %s', (_, modifiedAt, explained) => {
    expect(isFromTry(unknown, at(modifiedAt))).toBe(explained)
    expect(isExplained(unknown, at(modifiedAt))).toBe(explained)
  })

  it('does not for another status, nor where the call leaves no trace', () => {
    expect(isExplained(unknown, at(later(1), 'CONFIRMED'))).toBe(false)
    expect(isExplained({ ...unknown, kind: 'recovery-code' }, at(later(1)))).toBe(false)
    expect(isExplained({ ...unknown, kind: 'recovery-code' }, before)).toBe(true)
  })

  it('knows what overwriting a password leaves', () => {
    const scramble = { ...unknown, kind: 'scramble' } as const
    expect(isFromTry(scramble, at(later(1), 'FORCE_CHANGE_PASSWORD'))).toBe(true)
    expect(isFromTry(scramble, at(later(1), 'CONFIRMED'))).toBe(false)
  })

  it.each(['recovery-code', 'sign-out'] as const)('has nothing to say of a %s', (kind) => {
    expect(() => isFromTry({ ...unknown, kind }, at(later(1)))).toThrow(
      `${kind} leaves the status of an account as it was`,
    )
  })
})
