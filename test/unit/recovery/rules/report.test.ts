import { describe, expect, it } from 'vitest'
import type { RecoveryRequest } from '../../../../src/recovery/model/request.ts'
import { report } from '../../../../src/recovery/rules/report.ts'
import { entryAbout, expectRefused, moved, ordered } from '../../../support/decisions.ts'
import {
  account,
  ada,
  approved,
  effect,
  effectId,
  executed,
  executing,
  grace,
  later,
  minute,
  noon,
  pending,
  someone,
  terms,
} from '../../../support/examples.ts'

const jane = someone('U0JANE')
const soon = later(minute)
const marked = { reported: { by: jane.id, at: soon } }
const words = 'The account’s owner says that they did not ask for this.'
const told = [
  'draw-card | card REQ-0000000001 | 1 min',
  'tell-requester | requester REQ-0000000001 | 1 min',
]

function said(request: RecoveryRequest, by = jane, of = effect()) {
  const participants = new Map([ada, grace, jane].map((one) => [one.id, one]))
  return report(request, by, { participants, effect: of }, terms(soon))
}

const failedBy = (name: string, more: object = {}): RecoveryRequest => ({
  ...executing(),
  version: 4,
  state: 'failed',
  failedAt: noon,
  failure: { kind: 'no-answer', name },
  ...more,
})
const unclear: RecoveryRequest = {
  ...executing(),
  version: 4,
  state: 'needs-attention',
  because: 'never-observed',
  since: noon,
}

describe('who may report', () => {
  it('is the owner, under whichever of their accounts', () => {
    expect(said(pending()).kind).toBe('moved')
    const second = { ...someone('U0JANE2'), subjects: ['U0JANE2', jane.id] }
    expect(moved(said(pending(), second)).request.reported).toEqual({ by: second.id, at: soon })
  })

  it('is nobody else', () => {
    expectRefused(said(pending(), grace), 'not-the-owner')
    expectRefused(said(pending(), ada), 'not-the-owner')
    expectRefused(said(pending(), someone(jane.id, [], false)), 'not-the-owner')
  })

  it('is nobody, where Slack knows no owner', () => {
    const { owner: _, ...orphan } = pending()
    expectRefused(said(orphan), 'not-the-owner')
    const facts = { participants: new Map(), effect: undefined }
    expectRefused(report(pending(), jane, facts, terms(soon)), 'not-the-owner')
  })

  it('may do so once', () => {
    expect(said(pending({ reported: { by: jane.id, at: noon } }))).toEqual({
      kind: 'refused',
      why: 'already-reported',
      request: pending({ reported: { by: jane.id, at: noon } }),
      entry: entryAbout(pending(), jane, {
        type: 'decision.refused',
        attempt: 'report',
        why: 'already-reported',
      }),
    })
  })
})

describe('a report', () => {
  it('freezes the account for a day, and is in the ledger', () => {
    const { request, entry, freeze } = moved(said(pending()))
    expect(freeze).toEqual({
      account: account().ref,
      until: later(24 * 60 * minute, soon),
      request: pending().id,
    })
    expect(entry).toEqual(
      entryAbout(request, jane, {
        type: 'owner.reported',
        stateBefore: 'pending',
        method: 'reset',
        passwordUsed: false,
      }),
    )
  })

  it.each([pending(), approved()])('ends a request that waits: $state', (request) => {
    const change = moved(said(request))
    expect(change.request).toEqual({
      ...request,
      ...marked,
      version: request.version + 1,
      state: 'denied',
      deniedBy: jane.id,
      deniedAt: soon,
      comment: words,
    })
    expect(ordered(change.jobs)).toEqual(told)
    expect(change.secret).toBeUndefined()
  })

  it('marks what is being carried out: it is taken back as soon as it is over', () => {
    const change = moved(said(executing()))
    expect(change.request).toEqual({ ...executing(), ...marked, version: 4 })
    expect(ordered(change.jobs)).toEqual(told)
    expect(change.effect).toBeUndefined()
  })

  const over: RecoveryRequest[] = [
    {
      ...pending(),
      version: 2,
      state: 'denied',
      deniedBy: grace.id,
      deniedAt: noon,
      comment: 'No',
    },
    { ...pending(), version: 2, state: 'withdrawn', withdrawnAt: noon },
    { ...pending(), version: 2, state: 'expired', expiredAt: noon },
    failedBy('AccountChanged'),
  ]
  it.each(over)('only marks what came to nothing: $state', (request) => {
    const change = moved(said(request))
    expect(change.request).toEqual({ ...request, ...marked, version: request.version + 1 })
    expect(ordered(change.jobs)).toEqual(told)
    expect(change.entry.data).toMatchObject({ stateBefore: request.state, passwordUsed: false })
    expect(change.entry.data).not.toHaveProperty('takenBack')
  })
})

describe('a report of what was carried out', () => {
  const done = executed({ version: 4, sessions: 'revoked' })
  const signOut = 'revoke-sessions | report sessions REQ-0000000001 | 1 min'
  const look = 'follow-up | report REQ-0000000001 | 1 min'

  it('ends every session at once, and looks at the account', () => {
    const change = moved(said(done))
    expect(change.request).toEqual({ ...done, ...marked, version: 5, sessions: 'to-revoke' })
    expect(ordered(change.jobs)).toEqual([...told, signOut, look])
    expect(change.secret).toBeUndefined()
    expect(change.entry.data).not.toHaveProperty('takenBack')
  })

  it('takes nothing back of what has ended, even where nobody knows whose doing it was', () => {
    const ended = { ...done, confirmedBy: 'nobody', state: 'lapsed', lapsedAt: noon } as const
    const change = moved(said({ ...ended, because: 'time-up' }))
    expect(change.entry.data).not.toHaveProperty('takenBack')
  })

  it.each(['sealed', 'revealing'] as const)('destroys a password that is %s', (password) => {
    const request = executed({ method: 'temporary-password', password })
    const change = moved(said(request))
    expect(change.request).toMatchObject({ password: 'burnt', passwordSince: soon })
    expect(change.secret).toEqual({ shred: true })
  })

  it.each(['revealed', 'burnt'] as const)('leaves one alone that is %s', (password) => {
    const request = executed({ method: 'temporary-password', password })
    const change = moved(said(request))
    expect(change.request).toMatchObject({ password, passwordSince: noon })
    expect(change.secret).toBeUndefined()
  })

  it('says where the owner’s account had come back already, and looks no more', () => {
    const recovered: RecoveryRequest = { ...done, state: 'recovered', recoveredAt: noon }
    const change = moved(said(recovered))
    expect(change.entry.data).toMatchObject({ stateBefore: 'recovered', passwordUsed: true })
    expect(change.request).toMatchObject({ state: 'recovered', sessions: 'to-revoke' })
    expect(ordered(change.jobs)).toEqual([...told, signOut])
    const lapsed: RecoveryRequest = { ...done, state: 'lapsed', lapsedAt: noon, because: 'time-up' }
    expect(moved(said(lapsed)).entry.data).toMatchObject({ passwordUsed: false })
    expect(ordered(moved(said(lapsed)).jobs)).toEqual([...told, signOut])
  })
})

describe('a report of what may have been carried out', () => {
  it.each([
    ['needs attention', unclear],
    ['failed by somebody’s word', failedBy('ReportedByPerson', { effect: effectId })],
    [
      'failed when it was sent once more',
      failedBy('TimeUp', { effect: effectId, sentBefore: true }),
    ],
  ])('takes it back as if it had been: %s', (_, request) => {
    const change = moved(said(request))
    expect(change.request).toMatchObject({
      ...marked,
      version: 5,
      state: 'executed',
      executedAt: soon,
      confirmedBy: 'nobody',
      sessions: 'to-revoke',
      effect: effectId,
    })
    expect(change.request).not.toHaveProperty('since')
    expect(change.request).not.toHaveProperty('failure')
    expect(change.entry.data).toMatchObject({ stateBefore: request.state, takenBack: true })
    expect(ordered(change.jobs)).toEqual([
      ...told,
      'follow-up | report REQ-0000000001 | 1 min',
      'revoke-sessions | sessions REQ-0000000001 | 1 min',
      'follow-up | follow REQ-0000000001 | 2 min',
    ])
    // What is known of the call stays as it is.
    expect(change.effect).toBeUndefined()
  })

  it('destroys the password that was made for it', () => {
    const change = moved(said({ ...unclear, method: 'temporary-password' }))
    expect(change.request).toMatchObject({ password: 'burnt' })
    expect(change.secret).toEqual({ shred: true })
  })

  it('falls over where nothing was tried', () => {
    const facts = { participants: new Map([[jane.id, jane]]), effect: undefined }
    expect(() => report(unclear, jane, facts, terms(soon))).toThrow(
      'request REQ-0000000001 was tried without an effect',
    )
  })
})
