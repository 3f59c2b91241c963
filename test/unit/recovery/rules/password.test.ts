/** The one showing of a temporary password, and every way in which it ends. */

import { describe, expect, it } from 'vitest'
import type {
  Executed,
  PasswordFate,
  RecoveryRequest,
} from '../../../../src/recovery/model/request.ts'
import type { Person } from '../../../../src/recovery/ports/directory.ts'
import { burn, release, reveal, revealed } from '../../../../src/recovery/rules/password.ts'
import { entryAbout, moved, ordered } from '../../../support/decisions.ts'
import {
  ada,
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

const soon = later(minute)
const shownTo = [
  'tell-requester | requester REQ-0000000001 | 1 min',
  'draw-card | card REQ-0000000001 | 1 min',
]
const fates: PasswordFate[] = ['none', 'sealed', 'revealing', 'revealed', 'burnt', 'scrambled']

function having(password: PasswordFate): Executed {
  return executed({ method: 'temporary-password', password })
}

function over(password: PasswordFate): RecoveryRequest {
  return { ...having(password), state: 'recovered', recoveredAt: noon }
}

describe('a showing', () => {
  const free = { isPaused: false, isFrozen: false }
  const asked = (request: RecoveryRequest, by: Person = ada, pauseState = free, at = soon) =>
    reveal(request, by, { view: 'V1', pauseState }, terms(at))

  it('is ended before it has begun', () => {
    const { request, entry, jobs, ...more } = moved(asked(having('sealed')))
    expect(request).toEqual({
      ...having('revealing'),
      version: 5,
      passwordSince: soon,
    })
    expect(entry).toEqual(entryAbout(request, ada, { type: 'secret.revealing' }))
    expect(ordered(jobs)).toEqual([
      'burn-password | burn REQ-0000000001 now | 2 min',
      'clear-reveal | screen REQ-0000000001 | 3 min',
    ])
    expect(jobs[1]?.task).toEqual({ kind: 'clear-reveal', request: request.id, view: 'V1' })
    expect(more).toEqual({ unlessPaused: true })
  })

  const left = someone(ada.id, ada.groups, false)
  it.each([
    ['to anybody else', 'not-your-request', having('sealed'), grace, free],
    ['to a requester who has left', 'not-a-requester', having('sealed'), left, free],
    ['to one who may not ask any more', 'not-a-requester', having('sealed'), someone(ada.id), free],
    ['before there is one', 'not-executed-yet', executing(), ada, free],
    ['while it is shown', 'password-shown', having('revealing'), ada, free],
    ['when it was shown', 'password-shown', having('revealed'), ada, free],
    ['when it was shown and used', 'password-shown', over('revealed'), ada, free],
    ['when it is destroyed', 'password-gone', having('burnt'), ada, free],
    ['when it is overwritten', 'password-gone', having('scrambled'), ada, free],
    ['where there is none', 'password-gone', executed(), ada, free],
    ['when the owner is back', 'password-gone', over('sealed'), ada, free],
    [
      'of a frozen account',
      'account-frozen',
      having('sealed'),
      ada,
      { isPaused: true, isFrozen: true },
    ],
    ['in a pause', 'paused', having('sealed'), ada, { isPaused: true, isFrozen: false }],
  ] as const)('is refused %s', (...[, why, request, by, pauseState]) => {
    expect(asked(request, by, pauseState)).toEqual({
      kind: 'refused',
      why,
      request,
      entry: entryAbout(request, by, { type: 'decision.refused', attempt: 'reveal', why }),
    })
  })

  it('has its time', () => {
    expect(asked(having('sealed'), ada, free, later(15 * minute - 1)).kind).toBe('moved')
    const late = asked(
      having('sealed'),
      ada,
      { isPaused: true, isFrozen: true },
      later(15 * minute),
    )
    expect(late).toMatchObject({ kind: 'refused', why: 'password-gone' })
  })

  it('has ended: the password is destroyed', () => {
    const { request, entry, jobs, ...more } = moved(revealed(having('revealing'), ada, terms(soon)))
    expect(request).toEqual({ ...having('revealed'), version: 5, passwordSince: soon })
    expect(entry).toEqual(entryAbout(request, ada, { type: 'secret.revealed' }))
    expect(ordered(jobs)).toEqual(shownTo)
    expect(more).toEqual({ secret: { shred: true }, isAnswer: true })
  })

  it('has reached no screen: it may be asked for again', () => {
    const { request, entry, jobs, ...more } = moved(release(having('revealing'), ada, terms(soon)))
    expect(request).toEqual({ ...having('sealed'), version: 5, passwordSince: soon })
    expect(entry).toEqual(entryAbout(request, ada, { type: 'secret.released' }))
    expect(ordered(jobs)).toEqual(shownTo)
    expect(more).toEqual({ isAnswer: true })
  })

  it('ends once', () => {
    for (const request of [...fates.filter((fate) => fate !== 'revealing').map(having)]) {
      expect(revealed(request, ada, terms(soon))).toBeUndefined()
      expect(release(request, ada, terms(soon))).toBeUndefined()
    }
    for (const request of [over('revealing'), pending()]) {
      expect(revealed(request, ada, terms(soon))).toBeUndefined()
      expect(release(request, ada, terms(soon))).toBeUndefined()
    }
  })
})

describe('a password that nobody may see any more', () => {
  const since = { ...having('revealing'), passwordSince: soon }

  it.each([
    ['was not asked for in time', having('sealed'), later(15 * minute), false],
    ['was being shown when whoever did so died', since, later(2 * minute), true],
  ])('%s', (_, before, at, perhapsSeen) => {
    expect(burn(before, terms(new Date(at.getTime() - 1)))).toBeUndefined()
    const { request, entry, jobs, ...more } = moved(burn(before, terms(at)))
    expect(request).toEqual({ ...before, version: 5, password: 'burnt', passwordSince: at })
    expect(entry).toEqual(entryAbout(request, 'rekey', { type: 'secret.burnt', perhapsSeen }))
    expect(jobs.map(({ task }) => task.kind)).toEqual(['tell-requester', 'draw-card'])
    expect(more).toEqual({ secret: { shred: true } })
  })

  it('is burnt once, and not where there is none', () => {
    const late = terms(later(60 * minute))
    for (const fate of fates.filter((each) => each !== 'sealed' && each !== 'revealing')) {
      expect(burn(having(fate), late)).toBeUndefined()
    }
    expect(burn(over('sealed'), late)).toBeUndefined()
    expect(burn(executing(), late)).toBeUndefined()
  })
})
