import { describe, expect, it } from 'vitest'
import { personId, type RequestId } from '../../../../src/ids.ts'
import type { Refusal } from '../../../../src/recovery/model/decision.ts'
import type { Pause } from '../../../../src/recovery/model/pause.ts'
import type { RecoveryRequest } from '../../../../src/recovery/model/request.ts'
import type { Person } from '../../../../src/recovery/ports/directory.ts'
import {
  behind,
  type PauseFacts,
  pause,
  pauseAsRestored,
  pauseAsWitnessed,
  pauseByItself,
  resume,
} from '../../../../src/recovery/rules/pause.ts'
import { entryAboutNone, ordered } from '../../../support/decisions.ts'
import {
  ada,
  later,
  mary,
  minute,
  noon,
  pending,
  policy,
  someone,
  terms,
} from '../../../support/examples.ts'

const soon = later(minute)
const standing: Pause = { since: noon, by: mary.id, reason: 'Somebody calls everybody' }
const left = someone(mary.id, mary.groups, false)

/** Two of Ada's, one of Sam's. */
const open: RecoveryRequest[] = [
  pending(),
  pending({ id: 'REQ-0000000002' as RequestId, requestedBy: personId('U0SAM') }),
  pending({ id: 'REQ-0000000003' as RequestId, ownerReach: 'slack' }),
]
const redrawn = [
  ...[
    'draw-card | card REQ-0000000001 | 1 min',
    'tell-requester | requester REQ-0000000001 | 1 min',
  ],
  ...[
    'draw-card | card REQ-0000000002 | 1 min',
    'tell-requester | requester REQ-0000000002 | 1 min',
  ],
  ...[
    'draw-card | card REQ-0000000003 | 1 min',
    'tell-requester | requester REQ-0000000003 | 1 min',
  ],
  'tell-owner | owner REQ-0000000003 | 1 min',
]
const called = ['notify-pause | pause U0ADA | 1 min', 'notify-pause | pause U0SAM | 1 min']

const reasonOf = (reason: string) => {
  const decision = pause(mary, reason, { currentPause: undefined, open: [] }, terms(soon))
  return decision.kind === 'moved' ? decision.extras.pause.reason : decision.why
}

function refused(attempt: 'pause' | 'resume', by: Person, why: Refusal) {
  const entry = entryAboutNone(by, { type: 'decision.refused', attempt, why })
  return { kind: 'refused', why, entry }
}

describe('a pause', () => {
  const facts: PauseFacts = { currentPause: undefined, open }

  it('stops everything from now on, and says so to whoever waits', () => {
    const decision = pause(mary, 'Odd calls', facts, terms(soon))
    if (decision.kind === 'refused') throw new Error(decision.why)
    const { entry, extras } = decision
    expect(entry).toEqual(
      entryAboutNone(mary, {
        type: 'recovery.paused',
        reason: 'Odd calls',
        since: '2026-11-22T12:01:00.000Z',
      }),
    )
    const { jobs = [], ...more } = extras
    expect(more).toEqual({
      kind: 'pause',
      pause: { since: soon, by: mary.id, reason: 'Odd calls' },
    })
    expect(ordered(jobs)).toEqual([...redrawn, ...called])
    expect(jobs.at(-1)?.task).toEqual({
      kind: 'notify-pause',
      request: 'REQ-0000000002',
      change: 'paused',
      since: soon.getTime(),
    })
  })

  it.each<[string, Person, string, Pause | undefined, Refusal]>([
    ['whoever does not look after security', ada, 'Odd calls', undefined, 'not-security'],
    ['whoever has left', left, 'Odd calls', undefined, 'not-security'],
    ['whoever does not, while there is one', ada, '', standing, 'not-security'],
    ['a second one', mary, 'Odd calls', standing, 'already-paused'],
    ['a second one without a reason', mary, '', standing, 'already-paused'],
    ['one without a reason', mary, ' \n', undefined, 'reason-missing'],
  ])('is refused to %s', (...[, by, reason, currentPause, why]) => {
    expect(pause(by, reason, { currentPause, open }, terms(soon))).toEqual(
      refused('pause', by, why),
    )
  })

  it('has a reason of 500 characters, without addresses', () => {
    expect(reasonOf(' call eve@example.com ')).toBe('call [e-mail address]')
    expect(reasonOf('👩'.repeat(500))).toBe('👩'.repeat(500))
    expect(reasonOf(`${'👩'.repeat(500)}x`)).toBe('👩'.repeat(500))
  })
})

describe('a pause that nobody ordered', () => {
  it('is that of the breaker, as long as there is nothing left to use up', () => {
    const { kind, entry, extras } = pauseByItself({ open }, terms(soon))
    const reason = 'More than 30 recoveries within 60 minutes'
    const { jobs = [], ...more } = extras
    expect(entry).toEqual(
      entryAboutNone('rekey', {
        type: 'recovery.paused',
        reason,
        because: 'breaker',
        since: '2026-11-22T12:01:00.000Z',
      }),
    )
    expect(kind).toBe('moved')
    expect(more).toEqual({
      kind: 'pause',
      pause: { since: soon, reason },
      ifUsedUp: { ...policy.limits.executionsOverall, name: 'executionsOverall', of: 'all' },
    })
    expect(ordered(jobs)).toEqual([...redrawn, ...called])
    expect(jobs.at(-1)?.task).toMatchObject({ kind: 'notify-pause', change: 'paused' })
  })

  it('is that of a database that knows less than the channel, even where there is one', () => {
    const witness = { seq: 42, hash: `0123456789abcdef${'f'.repeat(48)}` }
    const { entry, extras } = pauseAsRestored(witness, { open }, terms(soon))
    const reason =
      'The audit channel has seen entry #42 (0123456789abcdef…), which this ledger does not have: the database is a backup, or another one. What was approved may have been carried out already'
    const { jobs = [], ...more } = extras
    expect(entry).toEqual(
      entryAboutNone('rekey', {
        type: 'recovery.paused',
        reason,
        because: 'restored',
        witnessed: 42,
        since: '2026-11-22T12:01:00.000Z',
      }),
    )
    expect(more).toEqual({ kind: 'pause', pause: { since: soon, reason }, evenIfPaused: true })
    expect(ordered(jobs)).toEqual([...redrawn, ...called])
  })
})

describe('a pause because of a witness', () => {
  const found = { witness: 'w.example', size: 3, witnessed: 5 }

  it.each([
    ['behind', 'has signed 5 entries, and only 3 are signed here: the database was put back.'],
    [
      'rewritten',
      'has signed other entries up to #5 than this ledger has: somebody has rewritten it.',
    ],
  ] as const)(
    'F5 (%s) says whose word it is and what to do, where there is one, too',
    (finding, why) => {
      const { entry, extras } = pauseAsWitnessed({ ...found, finding }, { open }, terms(soon))
      const { jobs = [], pause: stands, ...more } = extras
      expect(entry.data).toEqual({
        ...found,
        finding,
        reason: stands.reason,
        because: 'witness',
        since: '2026-11-22T12:01:00.000Z',
      })
      expect(stands.reason).toContain(`The witness w.example ${why}`)
      expect(stands.reason).toMatch(/verify --live --witness URL.+take it out of WITNESSES$/)
      expect(more).toEqual({ kind: 'pause', evenIfPaused: true })
      expect(ordered(jobs)).toEqual([...redrawn, ...called])
    },
  )
})

describe('the end of a pause', () => {
  const facts: PauseFacts = { currentPause: standing, open }
  const at = later(90_000)

  it('lets everything go on, forgets what was executed before, and says so', () => {
    const decision = resume(mary, noon, facts, terms(soon))
    if (decision.kind === 'refused') throw new Error(decision.why)
    const { entry, extras } = decision
    expect(entry).toEqual(
      entryAboutNone(mary, {
        type: 'recovery.resumed',
        pausedMinutes: 1,
        reason: 'Somebody calls everybody',
      }),
    )
    const { jobs = [], ...more } = extras
    expect(more).toEqual({
      kind: 'resume',
      pause: standing,
      forget: [{ ...policy.limits.executionsOverall, name: 'executionsOverall', of: 'all' }],
    })
    expect(ordered(jobs)).toEqual([...redrawn, ...called])
    expect(jobs.at(-2)?.task).toEqual({
      kind: 'notify-pause',
      request: 'REQ-0000000001',
      change: 'resumed',
      since: noon.getTime(),
    })
  })

  it('counts whole minutes', () => {
    const minutes = (now: Date) => {
      const decision = resume(mary, undefined, facts, terms(now))
      return decision.kind === 'moved' ? decision.entry.data : decision.why
    }
    expect(minutes(later(89_999))).toMatchObject({ pausedMinutes: 1 })
    expect(minutes(at)).toMatchObject({ pausedMinutes: 2 })
  })

  it('is that of whichever pause there is, if nobody says which', () => {
    expect(resume(mary, undefined, facts, terms(at)).kind).toBe('moved')
  })

  it.each<[string, Person, Date | undefined, Pause | undefined, Refusal]>([
    ['whoever does not look after security', ada, noon, standing, 'not-security'],
    ['whoever has left', left, noon, standing, 'not-security'],
    ['whoever does not, while there is none', ada, noon, undefined, 'not-security'],
    ['anybody while there is none', mary, noon, undefined, 'not-paused'],
    ['whoever means another', mary, later(1), standing, 'other-pause'],
  ])('is refused to %s', (...[, by, since, currentPause, why]) => {
    expect(resume(by, since, { currentPause, open }, terms(at))).toEqual(refused('resume', by, why))
  })
})

describe('an audit channel that is behind', () => {
  it('is said once in an hour of the clock', () => {
    const since = later(-20 * minute)
    const said = (at: Date) => behind({ waiting: 7, since }, terms(at))
    expect(said(noon)).toEqual({
      entry: entryAboutNone('rekey', {
        type: 'audit.behind',
        waiting: 7,
        since: '2026-11-22T11:40:00.000Z',
      }),
      idempotencyKey: 'audit behind 2026-11-22T12',
    })
    expect(said(later(60 * minute - 1)).idempotencyKey).toBe(said(noon).idempotencyKey)
    expect(said(later(60 * minute)).idempotencyKey).not.toBe(said(noon).idempotencyKey)
  })

  it('waits since nobody knows when, where the oldest has no time', () => {
    expect(behind({ waiting: 60 }, terms(noon)).entry.data).toMatchObject({
      since: '1970-01-01T00:00:00.000Z',
    })
  })
})
