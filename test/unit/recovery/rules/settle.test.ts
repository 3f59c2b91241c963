// biome-ignore-all lint/style/noExcessiveLinesPerFile: every answer, for the same call

/** How a call ended: what is stored, said and ordered for each of Cognito's answers. */

import { describe, expect, it } from 'vitest'
import { type Method, methods } from '../../../../src/policy/method.ts'
import type { Answer, Effect, EffectState } from '../../../../src/recovery/model/effect.ts'
import type { Executing, Failed } from '../../../../src/recovery/model/request.ts'
import { duplicate, failed, mayHaveLanded, settle } from '../../../../src/recovery/rules/settle.ts'
import { entryAbout, moved, ordered } from '../../../support/decisions.ts'
import {
  approved,
  effect,
  effectId,
  eve,
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
const lookAfter = 'check-addresses | addresses REQ-0000000001 | 1 min'
const signOut = 'revoke-sessions | sessions REQ-0000000001 | 1 min'
const followUp = 'follow-up | follow REQ-0000000001 | 2 min'
const reported = { reported: { by: eve.id, at: noon } }
const throttled = {
  kind: 'throttled',
  name: 'TooManyRequestsException',
  awsRequestId: 'aws-1',
} as const
const lost = { kind: 'no-answer', name: 'TimeoutError' } as const

function settled(answer: Answer, of: Executing = executing(), by: Effect = effect(), now = policy) {
  return moved(settle(of, by, answer, terms(soon, now)))
}

describe('a call that is done', () => {
  const done: Answer = { kind: 'done', awsRequestId: 'aws-1' }

  it('is what was to be done', () => {
    const { request, entry, jobs, effect: known, ...more } = settled(done)
    expect(request).toEqual({
      ...executing(),
      version: 4,
      state: 'executed',
      executedAt: soon,
      confirmedBy: 'answer',
      sessions: 'to-revoke',
      password: 'none',
      passwordSince: soon,
    })
    expect(entry).toEqual(
      entryAbout(request, 'rekey', {
        type: 'effect.confirmed',
        effect: effectId,
        deed: 'reset',
        attempt: 1,
        awsRequestId: 'aws-1',
      }),
    )
    expect(ordered(jobs)).toEqual([lookAfter, ...told, signOut, followUp])
    expect(known).toEqual({ ...effect(), state: 'confirmed' })
    expect(more).toEqual({})
  })

  it('has sent something somewhere, as Cognito masks it', () => {
    const { request, entry } = settled({ ...done, destination: 'j***@e***' })
    expect(request).toMatchObject({ sentTo: 'j***@e***' })
    expect(entry.data).toMatchObject({ sentTo: 'j***@e***' })
  })

  it('F3 has sent it elsewhere than the account can be reached, as far as it shows', () => {
    const { request } = settled({ ...done, destination: 'x***@y***', sentElsewhere: true })
    expect(request).toMatchObject({ sentElsewhere: true })
  })

  it.each<[Method, 'sealed' | 'none', 'to-revoke' | 'kept']>([
    ['reset', 'none', 'to-revoke'],
    ['temporary-password', 'sealed', 'to-revoke'],
    ['permanent-password', 'sealed', 'to-revoke'],
    ['recovery-code', 'none', 'kept'],
    ['resend-invitation', 'none', 'to-revoke'],
  ])('has a password or not, and sessions to end or not: %s', (method, password, sessions) => {
    const { request, jobs } = settled(done, executing({ method }))
    expect(request).toMatchObject({ password, sessions })
    expect(ordered(jobs)).toEqual([
      ...(password === 'none' ? [lookAfter] : []),
      ...told,
      ...(sessions === 'kept' ? [] : [signOut]),
      ...(password === 'none' ? [] : ['burn-password | burn REQ-0000000001 | 16 min']),
      followUp,
    ])
  })

  it('ends no sessions where the policy says so, but those of a reported request', () => {
    const keeping = { ...policy, signOutAfter: false }
    for (const method of methods) {
      const { request } = settled(done, executing({ method }), effect(), keeping)
      expect(request).toMatchObject({ sessions: 'kept' })
    }
    const method = 'recovery-code'
    const { request, jobs } = settled(done, executing({ method, ...reported }), effect(), keeping)
    expect(request).toMatchObject({ sessions: 'to-revoke' })
    expect(ordered(jobs)).toEqual([
      lookAfter,
      ...told,
      'follow-up | report REQ-0000000001 | 1 min',
      signOut,
      followUp,
    ])
  })

  it('makes no password for a reported request: it is destroyed', () => {
    const { request, jobs, secret } = settled(
      done,
      executing({ method: 'temporary-password', ...reported }),
    )
    expect(request).toMatchObject({ password: 'burnt' })
    expect(secret).toEqual({ shred: true })
    expect(ordered(jobs).join()).not.toContain('burn-password')
  })
})

describe('a call that is refused', () => {
  it('ends the request', () => {
    const {
      request,
      entry,
      jobs,
      effect: known,
      ...more
    } = settled({
      kind: 'refused',
      failure: throttled,
    })
    expect(request).toEqual({
      ...executing(),
      version: 4,
      state: 'failed',
      failedAt: soon,
      failure: throttled,
    })
    expect(entry).toEqual(
      entryAbout(request, 'rekey', {
        type: 'effect.refused',
        effect: effectId,
        deed: 'reset',
        failure: 'throttled',
        error: 'TooManyRequestsException',
        awsRequestId: 'aws-1',
      }),
    )
    expect(ordered(jobs)).toEqual(told)
    expect(known).toEqual({ ...effect(), state: 'refused' })
    expect(more).toEqual({ secret: { shred: true } })
  })

  it('may have sent something before', () => {
    const refused: Answer = { kind: 'refused', failure: throttled }
    expect(settled(refused).request).not.toHaveProperty('sentBefore')
    expect(settled(refused, executing(), effect({ number: 2 })).request).toMatchObject({
      sentBefore: true,
    })
  })

  it('was done before, where the password is in the history since another try', () => {
    const history: Answer = { kind: 'refused', failure: { ...throttled, kind: 'password-history' } }
    const { request, entry, effect: known } = settled(history, executing(), effect({ attempts: 2 }))
    expect(request).toMatchObject({ state: 'executed', confirmedBy: 'observation' })
    expect(entry).toEqual(
      entryAbout(request, 'rekey', {
        type: 'effect.observed',
        effect: effectId,
        deed: 'reset',
        attempt: 2,
      }),
    )
    expect(known).toMatchObject({ state: 'observed' })
    expect(settled(history).request.state).toBe('failed')
    const other: Answer = { kind: 'refused', failure: throttled }
    expect(settled(other, executing(), effect({ attempts: 2 })).request.state).toBe('failed')
  })
})

describe('a call of which nothing has come', () => {
  it('may be made again', () => {
    const {
      request,
      entry,
      jobs,
      effect: known,
      ...more
    } = settled({
      kind: 'not-applied',
      failure: throttled,
    })
    expect(request).toEqual({ ...executing(), version: 4 })
    expect(entry).toEqual(
      entryAbout(request, 'rekey', {
        type: 'effect.not-applied',
        effect: effectId,
        deed: 'reset',
        attempt: 1,
        failure: 'throttled',
        error: 'TooManyRequestsException',
        awsRequestId: 'aws-1',
      }),
    )
    expect(ordered(jobs)).toEqual(['draw-card | card REQ-0000000001 | 1 min'])
    expect(known).toEqual({ ...effect(), state: 'not-applied' })
    expect(more).toEqual({})
  })

  it('counts as no attempt where Rekey has not even called', () => {
    const answer = { kind: 'not-applied', failure: throttled, uncalled: true } as const
    const { effect: known } = settled(answer, executing(), effect({ attempts: 2 }))
    expect(known).toMatchObject({ state: 'not-applied', attempts: 1 })
  })

  it('is given up after a quarter of an hour', () => {
    const answer: Answer = { kind: 'not-applied', failure: throttled }
    const stateAt = (at: Date) =>
      moved(settle(executing(), effect(), answer, terms(at))).request.state
    expect(stateAt(later(15 * minute))).toBe('executing')
    expect(stateAt(later(15 * minute + 1))).toBe('failed')
  })

  it('is not told from one whose answer is lost', () => {
    const { request, entry, effect: known } = settled({ kind: 'unknown', failure: lost })
    expect(request.state).toBe('executing')
    expect(entry).toEqual(
      entryAbout(request, 'rekey', {
        type: 'effect.unknown',
        effect: effectId,
        deed: 'reset',
        attempt: 1,
        failure: 'no-answer',
        error: 'TimeoutError',
      }),
    )
    expect(known).toEqual({ ...effect(), state: 'unknown' })
  })
})

describe('a request that fails before anything was tried', () => {
  it('says why', () => {
    const failure = { kind: 'account-state', name: 'TierChanged' } as const
    const { request, entry, jobs, ...more } = moved(failed(approved(), failure, terms(soon)))
    expect(request).toEqual({
      ...approved(),
      version: 3,
      state: 'failed',
      failedAt: soon,
      failure,
    })
    expect(entry).toEqual(
      entryAbout(request, 'rekey', {
        type: 'request.failed',
        failure: 'account-state',
        error: 'TierChanged',
      }),
    )
    expect(ordered(jobs)).toEqual(told)
    expect(more).toEqual({ secret: { shred: true } })
  })
})

describe('whether something may have come of it all the same', () => {
  const failure = { kind: 'refused', name: 'SomeException' } as const
  const one: Failed = { ...pending(), state: 'failed', failedAt: noon, failure }

  it('may, where it was sent before or a person says that it failed', () => {
    expect(mayHaveLanded(one)).toBe(false)
    expect(mayHaveLanded({ ...one, sentBefore: true })).toBe(true)
    const said = { kind: 'no-answer', name: 'ReportedByPerson' } as const
    expect(mayHaveLanded({ ...one, failure: said })).toBe(true)
  })
})

describe('an answer that comes after others have settled it', () => {
  const mine = effect({ fence: 2, attempts: 2 })
  const entry = (storedEffect: Effect | undefined) =>
    duplicate(executing(), mine, { storedEffect, awsRequestId: 'aws-1' }, policy)
  const another = 'EFF-00000000000000000002' as typeof effectId

  it('is written down with its try', () => {
    expect(entry(undefined)).toEqual(
      entryAbout(executing(), 'rekey', {
        type: 'effect.duplicate',
        effect: effectId,
        deed: 'reset',
        attempt: 2,
        fence: 2,
        awsRequestId: 'aws-1',
      }),
    )
    expect(entry({ ...mine, fence: 3 })).toBeDefined()
    expect(entry({ ...mine, id: another })).toBeDefined()
  })

  it.each<[EffectState, boolean]>([
    ['intended', false],
    ['unknown', false],
    ['not-applied', true],
    ['confirmed', false],
    ['observed', false],
    ['refused', true],
    ['undecided', true],
  ])('is news of the same call where they took it for lost: %s', (state, isNews) => {
    expect(entry({ ...mine, state }) !== undefined).toBe(isNews)
  })
})
