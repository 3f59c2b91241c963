import { describe, expect, it } from 'vitest'
import { later, minute } from '../../../support/examples.ts'
import {
  approved,
  approvedBy,
  code,
  codeIntended,
  executed,
  executing,
  intended,
  noonAt,
  opened,
  owner,
  paused,
  read,
  resumed,
  revealing,
  type Said,
  settled,
  signOut,
  told,
  undecided,
} from '../../../support/told.ts'

describe('a ledger that Rekey wrote', () => {
  it.each<[string, readonly Said[], object]>([
    ['opened', [opened()], { state: 'pending', opener: 'U0ADA', owner: 'U0JANE', version: 1 }],
    ['approved', approved, { state: 'approved', approvals: [{ by: 'U0GRACE' }] }],
    [
      'approved by the same person under another account',
      [
        opened({ approvalsNeeded: 2 }),
        approvedBy('U0GRACE', 1, 2),
        approvedBy('U0GRACE2', 1, 2, { inPlaceOf: ['U0GRACE'] }),
        approvedBy('U0MARY', 2, 2),
      ],
      { state: 'approved', approvals: [{ by: 'U0GRACE2' }, { by: 'U0MARY' }] },
    ],
    [
      'voided, and approved by somebody else',
      [
        ...approved,
        ['approvals.voided', 'rekey', { voided: ['U0GRACE'], approvals: 0, approvalsNeeded: 1 }],
        approvedBy('U0MARY'),
      ],
      { state: 'approved', pendingSince: 3, approvals: [{ by: 'U0MARY' }] },
    ],
    ['denied', [opened(), ['request.denied', 'U0MARY']], { state: 'denied' }],
    ['withdrawn', [...approved, ['request.withdrawn', 'U0ADA']], { state: 'withdrawn' }],
    [
      'expired',
      [opened(), ['request.expired', 'rekey', {}, { minutes: 30 }]],
      { state: 'expired', version: 2 },
    ],
    ['failed', [...approved, ['request.failed', 'rekey']], { state: 'failed' }],
    ['stuck', [opened(), ['request.stuck', 'rekey'], ['request.unstuck', 'rekey']], { version: 3 }],
    [
      'executed at the second try',
      [
        ...executing,
        settled('effect.not-applied'),
        intended(2),
        settled('effect.confirmed', { attempt: 2 }),
      ],
      { state: 'executed', password: 'sealed', effects: [{ state: 'confirmed', fence: 2 }] },
    ],
    [
      'observed',
      [
        ...executing,
        settled('effect.unknown'),
        settled('effect.looked'),
        settled('effect.observed'),
      ],
      { state: 'executed', effects: [{ state: 'observed' }] },
    ],
    [
      'shown',
      [
        ...executed,
        revealing,
        ['secret.released', 'U0ADA'],
        revealing,
        ['secret.revealed', 'U0ADA'],
      ],
      { password: 'revealed' },
    ],
    ['burnt', [...executed, ['secret.burnt', 'rekey']], { password: 'burnt' }],
    [
      'scrambled',
      [
        ...executed,
        intended(1, { effect: 'EFF-3', deed: 'scramble', fence: 1 }),
        settled('secret.scrambled', { effect: 'EFF-3', deed: 'scramble' }),
      ],
      { state: 'lapsed', password: 'scrambled' },
    ],
    [
      'signed out, twice',
      [...executed, signOut(1), ['sessions.revoked', 'rekey', { effect: 'EFF-2' }], signOut(2)],
      { effects: [{ state: 'confirmed' }, { state: 'intended', attempts: 2 }] },
    ],
    [
      'sent again, which fails, and reported: it may have arrived',
      [
        ...code(approvedBy('U0GRACE'), codeIntended(), undecided()),
        ['attention.resolved', 'U0ADA', { verdict: 'send-again', effect: 'EFF-4', number: 2 }],
        codeIntended(1, 'EFF-4'),
        settled('effect.refused', { effect: 'EFF-4', deed: 'recovery-code' }),
        ['owner.reported', 'U0JANE', { stateBefore: 'failed', method: 'recovery-code' }],
      ],
      { state: 'executed', password: 'none', effect: 'EFF-4', reported: { by: 'U0JANE' } },
    ],
    [
      'settled by a person',
      [
        ...executing,
        settled('effect.undecided'),
        ['attention.resolved', 'U0ADA', { verdict: 'worked' }],
      ],
      { state: 'executed', password: 'burnt', effects: [{ state: 'observed' }] },
    ],
    ['reported before it began', [...approved, owner('approved')], { state: 'denied' }],
    [
      'reported meanwhile',
      [...executing, owner('executing'), settled('effect.confirmed')],
      { state: 'executed', password: 'burnt' },
    ],
    ['reported afterwards', [...executed, owner('executed')], { password: 'burnt' }],
    [
      'begun after a pause',
      [...approved, paused, resumed, intended()],
      { state: 'executing', version: 3 },
    ],
    [
      'with words about it in between, some about the version that they met',
      [...approved, ['decision.refused', 'U0EVE', {}, { version: 1 }], intended()],
      { state: 'executing' },
    ],
  ])('follows: %s', (_, said, expected) => {
    const { replay, fault } = read(said)
    expect(fault).toBeUndefined()
    expect(replay.requests.get(told.id)).toMatchObject(expected)
  })

  it('lifts a freeze that its owner has brought about, and no other', () => {
    const until = later(24 * 60 * minute + 1_000).toISOString()
    const reported = [opened(), owner('pending')]
    expect(read(reported).replay.freezes).toMatchObject([{ request: told.id }])
    const { replay } = read([...reported, ['freeze.lifted', 'U0PRIYA', { until }]])
    expect(replay.freezes).toEqual([])
    const byPart = read([...reported, ['freeze.lifted', 'U0ADA', { until }]])
    expect(byPart.fault?.because).toContain('by somebody who asked for, or approved')
    const other = read([...reported, ['freeze.lifted', 'U0PRIYA', { until: noonAt }]])
    expect(other.fault?.because).toContain('was not what its account was frozen for')
  })
})
