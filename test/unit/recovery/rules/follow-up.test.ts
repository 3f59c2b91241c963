// biome-ignore-all lint/style/noExcessiveLinesPerFile: every end of a recovery, after the same call

/** Whether the owner has come back in, or the time has run out. */

import { describe, expect, it } from 'vitest'
import type { Method } from '../../../../src/policy/method.ts'
import type { Account } from '../../../../src/recovery/model/account.ts'
import type { Effect } from '../../../../src/recovery/model/effect.ts'
import type { Executed, Lapsed } from '../../../../src/recovery/model/request.ts'
import {
  canScramble,
  comesFirst,
  followUp,
  lapsed,
  note,
  settleScramble,
} from '../../../../src/recovery/rules/follow-up.ts'
import { entryAbout, moved, ordered } from '../../../support/decisions.ts'
import {
  account,
  effect,
  effectId,
  eve,
  executed,
  executing,
  later,
  minute,
  noon,
  pending,
  policy,
  terms,
} from '../../../support/examples.ts'

const soon = later(minute)
const told = [
  'draw-card | card REQ-0000000001 | 1 min',
  'tell-requester | requester REQ-0000000001 | 1 min',
]
const reported = { reported: { by: eve.id, at: noon } }
const asCalled = effect().before
/** The account as the call has left it, kept at the first look. */
const after = { status: 'FORCE_CHANGE_PASSWORD', modifiedAt: noon } as const
const confirmed = effect({ state: 'confirmed', after })

function look(
  request: Executed,
  seen: Partial<Account> | undefined,
  at: Date,
  more: { readonly effect?: Effect; readonly scramble?: Effect } = {},
) {
  const facts = {
    account: seen === undefined ? undefined : account(seen),
    scramble: more.scramble,
  }
  return followUp(request, more.effect ?? confirmed, facts, terms(at))
}

/** How the request ended, by what there was to see. */
function end(...args: Parameters<typeof look>) {
  const step = look(...args)
  if (step.kind !== 'moved') return step.kind
  const { request } = step.move.change
  return request.state === 'lapsed' ? request.because : request.state
}

describe('an owner who is back', () => {
  it('has recovered', () => {
    const step = look(executed(), { modifiedAt: soon }, soon)
    if (step.kind !== 'moved') throw new Error(step.kind)
    const { request, entry, jobs, ...more } = moved(step.move)
    expect(request).toEqual({
      ...executed(),
      version: 5,
      state: 'recovered',
      recoveredAt: soon,
    })
    expect(entry).toEqual(
      entryAbout(request, 'rekey', { type: 'request.recovered', withinMinutes: 1 }),
    )
    expect(ordered(jobs)).toEqual(told)
    expect(more).toEqual({ secret: { shred: true } })
  })

  it('has taken whole minutes', () => {
    const minutes = (at: Date) => {
      const step = look(executed(), { modifiedAt: soon }, at)
      return step.kind === 'moved' ? step.move.change.entry.data : step.kind
    }
    expect(minutes(later(29_999))).toMatchObject({ withinMinutes: 0 })
    expect(minutes(later(90_000))).toMatchObject({ withinMinutes: 2 })
  })

  it.each<[Method, Partial<Account>, string]>([
    ['reset', { status: 'CONFIRMED' }, 'recovered'],
    ['reset', { status: 'RESET_REQUIRED' }, 'look-again'],
    ['temporary-password', { status: 'CONFIRMED' }, 'recovered'],
    ['temporary-password', after, 'look-again'],
    ['resend-invitation', { status: 'CONFIRMED' }, 'recovered'],
    ['resend-invitation', { status: 'FORCE_CHANGE_PASSWORD' }, 'look-again'],
    // The status is the same: the time of the last change tells.
    ['recovery-code', { modifiedAt: asCalled.modifiedAt }, 'look-again'],
    ['recovery-code', { modifiedAt: soon }, 'recovered'],
    ['permanent-password', { modifiedAt: noon }, 'over'],
    ['permanent-password', { modifiedAt: soon }, 'recovered'],
  ])('shows by the account, after a %s: %j', (method, seen, expected) => {
    expect(end(executed({ method }), seen, soon)).toBe(expected)
  })

  it('does not show by a permanent password before anybody has looked', () => {
    const { after: _, ...unseen } = confirmed
    const step = look(executed({ method: 'permanent-password' }), { modifiedAt: soon }, soon, {
      effect: unseen,
    })
    expect(step).toEqual({ kind: 'note', snapshot: { status: 'CONFIRMED', modifiedAt: soon } })
  })
})

describe('an owner who is not back yet', () => {
  const waiting = { status: 'RESET_REQUIRED' } as const

  it.each([
    [1, 2],
    [2, 3],
    [3, 4.5],
    [10, 15],
    [20, 30],
    [40, 50],
    [55, 60],
    [59.5, 60],
  ])('is looked for after %d minutes, and then after %d', (now, next) => {
    expect(look(executed(), waiting, later(now * minute))).toEqual({
      kind: 'look-again',
      at: later(next * minute),
    })
  })

  it.each<[Method, number]>([
    ['reset', 60],
    ['recovery-code', 60],
    ['resend-invitation', 24 * 60],
  ])('has so many minutes for a %s: %i', (method, minutes) => {
    const seen = method === 'recovery-code' ? { modifiedAt: asCalled.modifiedAt } : { ...waiting }
    expect(end(executed({ method }), seen, later(minutes * minute - 1))).toBe('look-again')
    expect(end(executed({ method }), seen, later(minutes * minute))).toBe('time-up')
  })

  it('has as long for a password as the policy says', () => {
    const request = executed({ method: 'temporary-password', password: 'revealed' })
    expect(end(request, after, later(60 * minute - 1))).toBe('look-again')
    expect(end(request, after, later(60 * minute))).toBe('scramble')
  })

  it('is not looked for where nothing shows whether a permanent password is used', () => {
    const permanent = executed({ method: 'permanent-password' })
    expect(end(permanent, { modifiedAt: noon }, later(60 * minute))).toBe('over')
  })
})

describe('the first look', () => {
  const { after: _, ...unseen } = confirmed

  it('keeps what the account is like', () => {
    const request = executed({ method: 'temporary-password' })
    expect(look(request, after, soon, { effect: unseen })).toEqual({
      kind: 'note',
      snapshot: after,
    })
    const {
      request: next,
      entry,
      effect: known,
      ...more
    } = moved(note(request, unseen, after, terms(soon)))
    expect(next).toEqual({ ...request, version: 5 })
    expect(entry).toEqual(
      entryAbout(next, 'rekey', {
        type: 'effect.looked',
        effect: effectId,
        deed: 'reset',
        statusNow: 'FORCE_CHANGE_PASSWORD',
        modifiedNow: '2026-11-22T12:00:00.000Z',
        lookedAt: '2026-11-22T12:01:00.000Z',
      }),
    )
    expect(known).toEqual({ ...unseen, after })
    expect(more).toEqual({ jobs: [] })
  })

  it('keeps nothing of what nobody knows to be ours', () => {
    const request = executed({ confirmedBy: 'nobody', ...reported })
    const seen = { status: 'RESET_REQUIRED' } as const
    expect(look(request, seen, soon, { effect: unseen }).kind).toBe('look-again')
  })
})

describe('an account that is gone', () => {
  it('ends it', () => {
    expect(end(executed(), undefined, soon)).toBe('account-gone')
  })
})

describe('a request whose time is up', () => {
  it('has lapsed, and is in the ledger as that', () => {
    const { request, entry, jobs, ...more } = moved(lapsed(executed(), 'time-up', terms(soon)))
    expect(request).toEqual({
      ...executed(),
      version: 5,
      state: 'lapsed',
      lapsedAt: soon,
      because: 'time-up',
    })
    expect(entry).toEqual(
      entryAbout(request, 'rekey', { type: 'request.lapsed', because: 'time-up' }),
    )
    expect(ordered(jobs)).toEqual(told)
    expect(more).toEqual({ secret: { shred: true } })
  })

  it('has lapsed with its password overwritten', () => {
    const request = executed({ method: 'temporary-password', password: 'revealed' })
    const { request: next, entry } = moved(lapsed(request, 'scrambled', terms(soon)))
    expect(next).toMatchObject({ because: 'scrambled', password: 'scrambled', passwordSince: soon })
    expect(entry).toEqual(
      entryAbout(next, 'rekey', { type: 'secret.scrambled', because: 'scrambled' }),
    )
  })
})

describe('an unused password', () => {
  const temporary = executed({ method: 'temporary-password', password: 'revealed' })
  const late = later(60 * minute)
  const edited = { ...after, modifiedAt: soon }

  it('is overwritten while it is the one that was set', () => {
    expect(end(temporary, after, late)).toBe('scramble')
    expect(end(temporary, edited, late)).toBe('time-up')
    expect(end(temporary, { ...after, status: 'RESET_REQUIRED' }, late)).toBe('time-up')
    expect(end(executed(), after, late)).toBe('time-up')
  })

  it('is left alone where nobody knows that it is ours', () => {
    const nobodys = executed({ method: 'temporary-password', confirmedBy: 'nobody' })
    expect(end(nobodys, after, late, { effect: effect({ state: 'undecided' }) })).toBe('time-up')
  })

  it.each<[string, Executed, Partial<Account>, boolean]>([
    ['a temporary one as it was set', temporary, after, true],
    ['a temporary one after an edit', temporary, edited, false],
    ['a reported one after an edit', { ...temporary, ...reported }, edited, true],
    [
      'a reported one that was used',
      { ...temporary, ...reported },
      { status: 'CONFIRMED', modifiedAt: soon },
      false,
    ],
    [
      'a permanent one as it was set',
      executed({ method: 'permanent-password' }),
      { modifiedAt: noon },
      true,
    ],
    [
      'a permanent one after an edit',
      executed({ method: 'permanent-password' }),
      { modifiedAt: soon },
      false,
    ],
    [
      'a reported permanent one, with another status',
      executed({ method: 'permanent-password', ...reported }),
      edited,
      false,
    ],
    ['a code', executed({ ...reported }), after, false],
  ])('can be: %s', (_, request, seen, can) => {
    expect(canScramble(request, confirmed, account(seen))).toBe(can)
  })

  it('has been where the account shows it', () => {
    const lost = effect({ kind: 'scramble', intendedAt: late })
    const seen = { status: 'FORCE_CHANGE_PASSWORD', modifiedAt: later(61 * minute) } as const
    const at = later(70 * minute)
    expect(end(temporary, seen, at, { scramble: lost })).toBe('scrambled')
    expect(end(temporary, seen, at)).toBe('time-up')
    expect(end(temporary, seen, at, { scramble: { ...lost, state: 'unknown' } })).toBe('time-up')
    const early = { ...seen, modifiedAt: later(50 * minute) }
    expect(end(temporary, early, at, { scramble: lost })).toBe('time-up')
  })
})

describe('overwriting a password', () => {
  const temporary = executed({ method: 'temporary-password', password: 'revealed' })
  const scramble = effect({ kind: 'scramble', attempts: 2 })
  const tried = { effect: effectId, deed: 'scramble', attempt: 2 }

  it('is done', () => {
    const done = { kind: 'done', awsRequestId: 'aws-1' } as const
    const {
      request,
      entry,
      jobs,
      effect: known,
      ...more
    } = moved(settleScramble(temporary, scramble, done, terms(soon)))
    expect(request).toEqual({
      ...temporary,
      version: 5,
      state: 'lapsed',
      lapsedAt: soon,
      because: 'scrambled',
      password: 'scrambled',
      passwordSince: soon,
    })
    expect(entry).toEqual(
      entryAbout(request, 'rekey', { type: 'secret.scrambled', ...tried, awsRequestId: 'aws-1' }),
    )
    expect(ordered(jobs)).toEqual(told)
    expect(known).toEqual({ ...scramble, state: 'confirmed' })
    expect(more).toEqual({ secret: { shred: true } })
  })

  it('is refused: it has lapsed all the same', () => {
    const failure = { kind: 'refused', name: 'SomeException', awsRequestId: 'aws-1' } as const
    const {
      request,
      entry,
      effect: known,
    } = moved(settleScramble(temporary, scramble, { kind: 'refused', failure }, terms(soon)))
    expect(request).toMatchObject({
      state: 'lapsed',
      because: 'not-scrambled',
      password: 'revealed',
    })
    expect(entry).toEqual(
      entryAbout(request, 'rekey', {
        type: 'effect.refused',
        ...tried,
        failure: 'refused',
        error: 'SomeException',
        awsRequestId: 'aws-1',
      }),
    )
    expect(known).toEqual({ ...scramble, state: 'refused' })
  })

  it.each([
    ['later', 'not-applied', 'throttled'],
    ['with a password that fits the rules of today', 'refused', 'password-policy'],
  ] as const)('may work %s', (_, kind, failing) => {
    const failure = { kind: failing, name: 'SomeException' }
    const {
      request,
      entry,
      effect: known,
    } = moved(settleScramble(temporary, scramble, { kind, failure }, terms(soon)))
    expect(request).toEqual({ ...temporary, version: 5 })
    expect(entry).toMatchObject({ type: 'effect.not-applied', data: tried })
    expect(known).toEqual({ ...scramble, state: 'not-applied' })
  })
})

describe('what its owner has reported', () => {
  it('is misused once it was used, and every session ends again', () => {
    const step = look(executed({ sessions: 'revoked', ...reported }), { modifiedAt: soon }, soon)
    if (step.kind !== 'moved') throw new Error(step.kind)
    const { request, entry, jobs, ...more } = moved(step.move)
    expect(request).toMatchObject({ state: 'lapsed', because: 'used', sessions: 'to-revoke' })
    expect(entry).toEqual(entryAbout(request, 'rekey', { type: 'recovery.misused' }))
    expect(ordered(jobs)).toEqual([
      ...told,
      'revoke-sessions | last sessions REQ-0000000001 | 1 min',
    ])
    expect(more).toEqual({ secret: { shred: true } })
  })

  it('is perhaps misused, where nobody knows whether it was carried out', () => {
    const request = executed({ confirmedBy: 'nobody', ...reported })
    const step = look(request, { modifiedAt: soon }, soon)
    if (step.kind !== 'moved') throw new Error(step.kind)
    expect(step.move.change.entry.data).toEqual({ account: 'Jane Doe', certain: false })
    // As the call has found it: nothing of ours may be in it.
    expect(end(request, asCalled, soon)).toBe('look-again')
  })

  it('is over without another sign-out where it was not used', () => {
    const step = look(executed(reported), { status: 'RESET_REQUIRED' }, later(60 * minute))
    if (step.kind !== 'moved') throw new Error(step.kind)
    expect(step.move.change.request).toMatchObject({ because: 'time-up' })
    expect(step.move.change.jobs).toHaveLength(2)
  })

  it('is waited for while it is a code, and not while it is a password', () => {
    const reset = executed(reported)
    expect(end(reset, { status: 'RESET_REQUIRED' }, soon)).toBe('look-again')
    const temporary = executed({ method: 'temporary-password', ...reported })
    expect(end(temporary, after, soon)).toBe('scramble')
    const permanent = executed({ method: 'permanent-password', ...reported })
    expect(end(permanent, { modifiedAt: noon }, soon)).toBe('scramble')
  })

  it('ends with a sign-out once its password is overwritten', () => {
    const temporary = executed({ method: 'temporary-password', sessions: 'revoked', ...reported })
    const done = { kind: 'done', awsRequestId: 'aws-1' } as const
    const { request, jobs } = moved(
      settleScramble(temporary, effect({ kind: 'scramble' }), done, terms(soon)),
    )
    expect(request).toMatchObject({ sessions: 'to-revoke' } satisfies Partial<Lapsed>)
    expect(ordered(jobs).at(-1)).toBe('revoke-sessions | last sessions REQ-0000000001 | 1 min')
  })

  it('is no password that nobody was told: an edit of the account is no use of it', () => {
    const request = executed({
      method: 'temporary-password',
      password: 'burnt',
      confirmedBy: 'nobody',
      ...reported,
    })
    expect(end(request, { modifiedAt: soon }, soon)).toBe('time-up')
  })
})

describe('what is open for the account besides', () => {
  const temporary = executed({ method: 'temporary-password', password: 'revealed' })
  const before = (openedAt: Date) => comesFirst(pending({ openedAt }), temporary, policy)

  it('comes first where it was asked for in time, or is under way', () => {
    expect(before(later(60 * minute - 1))).toBe(true)
    expect(before(later(60 * minute))).toBe(false)
    expect(comesFirst(executing({ openedAt: later(90 * minute) }), temporary, policy)).toBe(true)
  })

  it('does not where it is unclear, nor after a report', () => {
    const because = 'never-observed'
    const unclear = { ...executing(), state: 'needs-attention', because, since: noon } as const
    expect(comesFirst(unclear, temporary, policy)).toBe(false)
    expect(comesFirst(executing(), { ...temporary, ...reported }, policy)).toBe(false)
  })
})
