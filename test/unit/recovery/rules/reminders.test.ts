/** Calling those who can decide, and how often. */

import { describe, expect, it } from 'vitest'
import type { Policy } from '../../../../src/policy/policy.ts'
import {
  canStillBeDecided,
  escalate,
  markStuck,
  namedFor,
  remind,
} from '../../../../src/recovery/rules/reminders.ts'
import { entryAbout, moved, ordered } from '../../../support/decisions.ts'
import {
  ada,
  eve,
  grace,
  later,
  minute,
  noon,
  pending,
  policy,
  terms,
} from '../../../support/examples.ts'

const every10: Policy = { ...policy, reminders: { afterMs: 10 * minute, times: 3 } }
const day = 24 * 60 * minute
const soon = later(minute)

const heads = { kind: 'group', id: 'S0HEADS' } as const
const escalating: Policy = {
  ...policy,
  tiers: policy.tiers.map((tier) => ({
    ...tier,
    escalation: { to: [heads], afterMs: 15 * minute },
  })),
}

describe('a reminder', () => {
  const next = (round: number, expiresAt = later(day)) =>
    remind(pending({ expiresAt }), round, terms(noon, every10)).jobs.find(
      ({ task }) => task.kind === 'remind',
    )

  it('is followed by the next after twice the time, and then after twice that', () => {
    expect(next(1)).toMatchObject({ task: { round: 2 }, notBefore: later(20 * minute) })
    expect(next(2)).toMatchObject({ task: { round: 3 }, notBefore: later(40 * minute) })
  })

  it('is the last after as many as the policy says, or when the request ends before the next', () => {
    expect(next(3)).toBeUndefined()
    expect(next(1, later(20 * minute))).toBeUndefined()
    expect(next(1, later(20 * minute + 1))).toBeDefined()
  })

  it('is posted beside the card, and in the ledger', () => {
    const { entry, jobs } = remind(pending({ expiresAt: later(day) }), 2, terms(soon, every10))
    expect(entry).toEqual(entryAbout(pending(), 'rekey', { type: 'request.reminded', round: 2 }))
    expect(jobs[0]?.task).toEqual({ kind: 'post-reminder', request: pending().id, round: 2 })
    expect(ordered(jobs)).toEqual([
      'post-reminder | reminder REQ-0000000001 | 1 min',
      'remind | remind REQ-0000000001 | 41 min',
    ])
  })
})

describe('an escalation', () => {
  it('calls those who may decide from now on, and says so on the card', () => {
    const { entry, jobs } = escalate(pending(), terms(soon, escalating)) ?? {}
    expect(entry).toEqual(
      entryAbout(pending(), 'rekey', { type: 'request.escalated', to: ['S0HEADS'] }),
    )
    expect(jobs?.[0]?.task).toEqual({ kind: 'post-reminder', request: pending().id, round: 0 })
    expect(ordered(jobs ?? [])).toEqual([
      'post-reminder | reminder REQ-0000000001 | 1 min',
      'draw-card | card REQ-0000000001 | 1 min',
    ])
  })

  it('is none where the policy has none, or the tier no more', () => {
    expect(escalate(pending(), terms(soon))).toBeUndefined()
    expect(escalate(pending({ tier: 'gone' }), terms(soon, escalating))).toBeUndefined()
  })
})

describe('whom the policy names', () => {
  const named = (at: Date, tier = 'standard') =>
    namedFor(pending({ tier }), terms(at, escalating)).map(({ id }) => id)

  it('are the approvers, and others once it has waited for so long', () => {
    expect(named(later(15 * minute - 1))).toEqual(['S0LEADS'])
    expect(named(later(15 * minute))).toEqual(['S0LEADS', 'S0HEADS'])
  })

  it('is nobody once the tier has gone', () => {
    expect(named(noon, 'gone')).toEqual([])
  })
})

describe('those who are left', () => {
  const can = (...people: (typeof ada)[]) =>
    canStillBeDecided(pending(), people, new Map([[ada.id, ada]]), terms(soon))

  it('can decide on a request where one of them may', () => {
    expect(can(eve, grace)).toBe(true)
    expect(can(eve, ada)).toBe(false)
    expect(can()).toBe(false)
  })
})

describe('a request that nobody is left for', () => {
  const one = pending({ approvals: [{ by: pending().requestedBy, at: noon }] })
  const jobs = [
    'draw-card | card REQ-0000000001 | 1 min',
    'tell-requester | requester REQ-0000000001 | 1 min',
  ]

  it('is marked, and said to be', () => {
    const change = moved(markStuck(one, true, terms(soon)))
    expect(change.request).toEqual({ ...one, version: 2, stuck: true })
    const content = { type: 'request.stuck', tier: 'standard', approvals: 1, approvalsNeeded: 1 }
    expect(change.entry).toEqual(entryAbout(change.request, 'rekey', content))
    expect(ordered(change.jobs)).toEqual(jobs)
  })

  it('is marked no more when there is somebody again', () => {
    const change = moved(markStuck({ ...one, stuck: true }, false, terms(soon)))
    expect(change.request).toEqual({ ...one, version: 2 })
    expect(change.request).not.toHaveProperty('stuck')
    expect(change.entry.type).toBe('request.unstuck')
    expect(ordered(change.jobs)).toEqual(jobs)
  })

  it('stays as it is where nothing is new', () => {
    expect(markStuck(one, false, terms(soon))).toBeUndefined()
    expect(markStuck({ ...one, stuck: true }, true, terms(soon))).toBeUndefined()
  })
})
