/** What an opened request is like, and what is ordered with it. Who may open one is in ../open.test.ts. */

import { describe, expect, it } from 'vitest'
import type { RequestId } from '../../../../src/ids.ts'
import type { Policy, Tier } from '../../../../src/policy/policy.ts'
import type { Person } from '../../../../src/recovery/ports/directory.ts'
import {
  type Application,
  canBeDecided,
  type OpenFacts,
  open,
} from '../../../../src/recovery/rules/open.ts'
import { expectRefused, moved, ordered } from '../../../support/decisions.ts'
import {
  account,
  ada,
  application,
  eve,
  grace,
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
const jane = someone('U0JANE')
const [, standard] = policy.tiers as [Tier, Tier]
const facts: OpenFacts = {
  id: 'REQ-0000000001' as RequestId,
  by: ada,
  account: account(),
  owner: undefined,
  approvers: [grace, mary],
  freeze: undefined,
  openRequest: undefined,
}

function opening(
  written: Partial<Application> = {},
  differs: Partial<OpenFacts> = {},
  now: Policy = policy,
) {
  return open({ ...application, ...written }, { ...facts, ...differs }, terms(soon, now))
}

const withTier = (differs: Partial<Tier>): Policy => ({
  ...policy,
  tiers: [{ ...standard, ...differs }],
})

describe('a request that is opened', () => {
  it('has what an approver decides by', () => {
    const { request, entry, jobs, ...more } = moved(opening())
    const { owner: _, ...expected } = pending()
    expect(request).toEqual({
      ...expected,
      ownerReach: 'not-in-slack',
      openedAt: soon,
      expiresAt: later(31 * minute),
    })
    expect(entry).toEqual({
      type: 'request.opened',
      actor: { kind: 'person', id: ada.id },
      request: request.id,
      version: 1,
      target: { userPoolId: account().ref.userPoolId, sub: account().ref.sub },
      policy: policy.hash,
      data: {
        account: 'Jane Doe',
        method: 'reset',
        tier: 'standard',
        approvalsNeeded: 1,
        status: 'CONFIRMED',
        reason: 'Lost her phone, can’t sign in',
        ticket: 'HELP-1234',
        identityCheck: 'callback',
        identityCheckLabel: 'Called back on the number on file',
        evidence: 'CALL-12',
        heldBy: 'S0SUPPORT',
        expiresAt: '2026-11-22T12:31:00.000Z',
        ownerReach: 'not-in-slack',
      },
    })
    expect(ordered(jobs)).toEqual([
      'draw-card | card REQ-0000000001 | 1 min',
      'tell-requester | requester REQ-0000000001 | 1 min',
      'remind | remind REQ-0000000001 | 6 min',
      'see-who-is-left | left REQ-0000000001 1 | 6 min',
      'expire | expiry REQ-0000000001 | 31 min',
    ])
    expect(jobs[2]?.task).toEqual({ kind: 'remind', request: request.id, round: 1 })
    expect(Object.keys(more)).toEqual(['consumes'])
  })

  it('has no addresses in what was written', () => {
    const { request, entry } = moved(
      opening({ reason: ' by jane@example.com ', ticket: ' HELP-7 ', evidence: ' CALL-7 ' }),
    )
    expect(request).toMatchObject({
      reason: 'by [e-mail address]',
      ticket: 'HELP-7',
      identityCheck: { evidence: { value: 'CALL-7' } },
    })
    expect(entry.data).toMatchObject({ reason: 'by [e-mail address]', evidence: 'CALL-7' })
  })

  it('has the message that it began with', () => {
    const source = 'https://acme.slack.com/archives/C0/p1'
    const { request, entry } = moved(opening({ source }))
    expect(request.source).toBe(source)
    expect(entry.data).toMatchObject({ source })
  })

  it('has where its code will go, if it goes anywhere', () => {
    expect(moved(opening()).request.seen.destination).toEqual(pending().seen.destination)
    const { request } = moved(opening({ method: 'temporary-password' }))
    expect(request.seen).not.toHaveProperty('destination')
    expect(request.method).toBe('temporary-password')
  })

  it('is privileged where its tier is', () => {
    expect(moved(opening()).request).not.toHaveProperty('privileged')
    expect(moved(opening({}, {}, withTier({ privileged: true }))).request.privileged).toBe(true)
  })

  it('misses one of each whom its tier names', () => {
    const from = ['S0SECURITY', 'S0LEADS'].map((id) => ({ kind: 'group', id }) as const)
    const { request } = moved(opening({}, {}, withTier({ from, approvals: 2 })))
    expect(request).toMatchObject({ from, missing: ['S0SECURITY', 'S0LEADS'], approvalsNeeded: 2 })
    expect(moved(opening()).request).not.toHaveProperty('from')
  })

  it('reaches its owner where Cognito has checked their address', () => {
    const reach = (owner: Person | undefined, verified?: boolean) => {
      const { request, entry } = moved(
        opening(
          {},
          {
            owner,
            account: account(verified === undefined ? {} : { ownerEmailVerified: verified }),
          },
        ),
      )
      expect(entry.data).toHaveProperty('ownerReach', request.ownerReach)
      return request.ownerReach
    }
    expect(reach(jane, true)).toBe('slack')
    expect(reach(jane, false)).toBe('not-verified')
    expect(reach(jane)).toBe('not-verified')
    expect(reach(undefined, true)).toBe('not-in-slack')
    expect(reach(someone('U0JANE', [], false), true)).toBe('not-in-slack')
    const { jobs, request } = moved(
      opening({}, { owner: jane, account: account({ ownerEmailVerified: true }) }),
    )
    expect(request.owner).toBe(jane.id)
    expect(ordered(jobs)).toContain('tell-owner | owner REQ-0000000001 | 1 min')
  })
})

describe('whom it calls, and when', () => {
  const called = (now: Policy) => ordered(moved(opening({}, {}, now)).jobs).slice(2, -2)
  const reminders = { afterMs: 10 * minute, times: 1 }

  it('are those who can decide, after the policy’s time', () => {
    expect(called({ ...policy, reminders })).toEqual(['remind | remind REQ-0000000001 | 11 min'])
    expect(called({ ...policy, reminders: { ...reminders, times: 0 } })).toEqual([])
  })

  it('are others, when nobody has decided', () => {
    const to = [{ kind: 'group', id: 'S0HEADS' }] as const
    const escalating = withTier({ escalation: { to, afterMs: 15 * minute } })
    expect(called({ ...escalating, reminders })).toEqual([
      'remind | remind REQ-0000000001 | 11 min',
      'escalate | escalate REQ-0000000001 | 16 min',
    ])
  })

  it('looks who is left six times, and each minute at most', () => {
    const lookAfter = (requestExpiresAfterMs: number) =>
      ordered(moved(opening({}, {}, { ...policy, requestExpiresAfterMs })).jobs).find((each) =>
        each.startsWith('see-who-is-left'),
      )
    expect(lookAfter(60 * minute)).toBe('see-who-is-left | left REQ-0000000001 1 | 11 min')
    expect(lookAfter(2 * minute)).toBe('see-who-is-left | left REQ-0000000001 1 | 2 min')
  })
})

describe('a request that is refused', () => {
  it('is in the ledger, with what was asked for', () => {
    expect(opening({ method: 'resend-invitation' })).toEqual({
      kind: 'refused',
      why: 'method-closed',
      entry: {
        type: 'open.refused',
        actor: { kind: 'person', id: ada.id },
        request: null,
        version: null,
        target: { userPoolId: account().ref.userPoolId, sub: account().ref.sub },
        policy: policy.hash,
        data: { why: 'method-closed', method: 'resend-invitation', account: 'Jane Doe' },
      },
    })
  })

  it('has met another', () => {
    expect(opening({}, { openRequest: pending() })).toMatchObject({
      why: 'request-open',
      request: pending(),
    })
  })

  it('is refused for a ticket of another form', () => {
    const numbered = { ...policy, ticket: { pattern: 'HELP-\\d+', example: 'HELP-1' } }
    expectRefused(opening({ ticket: 'HELP' }, {}, numbered), 'ticket-malformed')
    expect(opening({ ticket: 'HELP-77' }, {}, numbered).kind).toBe('moved')
  })

  it('is refused to the owner under another account', () => {
    const second = { ...someone('U0ADA2'), subjects: ['U0ADA2', ada.id] }
    expectRefused(opening({}, { owner: second }), 'own-account')
    expect(opening({}, { owner: eve }).kind).toBe('moved')
  })
})

describe('whether it can be decided', () => {
  const can = (differs: Partial<OpenFacts>, tier: Partial<Tier> = {}) =>
    canBeDecided({ ...standard, ...tier }, { ...facts, ...differs }, { policy, now: noon })

  it('is by how many are able to, besides whoever asks and the owner', () => {
    expect(can({})).toBe(true)
    expect(can({ approvers: [] })).toBe(false)
    expect(can({ approvers: [ada] })).toBe(false)
    expect(can({ approvers: [grace], owner: grace })).toBe(false)
    expect(can({ approvers: [grace, mary], owner: grace })).toBe(true)
    expect(can({ approvers: [someone(grace.id, grace.groups, false)] })).toBe(false)
    expect(can({ approvers: [grace, mary] }, { approvals: 2 })).toBe(true)
    expect(can({ approvers: [grace, mary] }, { approvals: 3 })).toBe(false)
  })

  it('is by whom they stand for', () => {
    const from = [{ kind: 'user', id: mary.id }] as const
    expect(can({}, { from })).toBe(true)
    expect(can({ approvers: [grace] }, { from })).toBe(false)
    expect(can({ approvers: [grace, mary], owner: mary }, { from })).toBe(false)
  })
})

it('time is the time of the decision', () => {
  expect(moved(open(application, facts, terms(noon))).request.openedAt).toEqual(noon)
})
