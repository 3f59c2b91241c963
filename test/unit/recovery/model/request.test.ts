import { describe, expect, it } from 'vitest'
import { isBehind } from '../../../../src/recovery/model/backlog.ts'
import { attemptsUsedUp, snapshotOf } from '../../../../src/recovery/model/effect.ts'
import { waitsForPause } from '../../../../src/recovery/model/pause.ts'
import {
  asTried,
  type Failed,
  isDone,
  type NeedsAttention,
  type RecoveryRequest,
} from '../../../../src/recovery/model/request.ts'
import {
  account,
  approved,
  effect,
  type effectId,
  executed,
  executing,
  grace,
  later,
  minute,
  noon,
  pending,
} from '../../../support/examples.ts'

const failure = { kind: 'no-answer', name: 'NeverLanded' } as const
const unclear: NeedsAttention = {
  ...executing(),
  state: 'needs-attention',
  because: 'never-observed',
  since: noon,
  looked: { before: effect().before },
}
const failed: Failed = {
  ...executing(),
  state: 'failed',
  failedAt: noon,
  failure,
  sentBefore: true,
}

const all: RecoveryRequest[] = [
  pending(),
  approved(),
  executing(),
  executed(),
  unclear,
  failed,
  { ...executed(), state: 'recovered', recoveredAt: noon },
  { ...executed(), state: 'lapsed', lapsedAt: noon, because: 'time-up' },
  { ...pending(), state: 'denied', deniedBy: grace.id, deniedAt: noon, comment: 'No' },
  { ...pending(), state: 'withdrawn', withdrawnAt: noon },
  { ...pending(), state: 'expired', expiredAt: noon },
]
const states = (holds: (request: RecoveryRequest) => boolean) =>
  all.filter(holds).map(({ state }) => state)

describe('a request', () => {
  it('is done once it was executed, whatever became of it', () => {
    expect(states(isDone)).toEqual(['executed', 'recovered', 'lapsed'])
  })

  it('waits for the end of a pause while there is something to carry out', () => {
    expect(states(waitsForPause)).toEqual(['pending', 'approved', 'executing'])
  })

  it.each([unclear, failed])('that was tried is as it was while it was: $state', (request) => {
    const other = 'EFF-00000000000000000002' as typeof effectId
    expect(asTried(request, other)).toStrictEqual({ ...executing(), effect: other })
  })
})

describe('an effect', () => {
  it('is tried three times', () => {
    expect([2, 3, 4].map((attempts) => attemptsUsedUp(effect({ attempts })))).toEqual([
      false,
      true,
      true,
    ])
  })

  it('is told by the account’s status and date', () => {
    const { status, modifiedAt } = account()
    expect(snapshotOf(account())).toStrictEqual({ status, modifiedAt })
  })
})

describe('an audit channel', () => {
  it.each([
    ['so many posts wait', { waiting: 50 }, false],
    ['more wait', { waiting: 51 }, true],
    ['one has waited so long', { waiting: 1, since: later(-15 * minute) }, false],
    ['one has waited longer', { waiting: 1, since: later(-15 * minute - 1) }, true],
  ])('is behind or not while %s', (_, backlog, behind) => {
    expect(isBehind(backlog, noon)).toBe(behind)
  })
})
