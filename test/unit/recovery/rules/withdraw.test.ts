import { describe, expect, it } from 'vitest'
import type { RecoveryRequest } from '../../../../src/recovery/model/request.ts'
import { withdraw } from '../../../../src/recovery/rules/withdraw.ts'
import { entryAbout, givenBack, moved, ordered } from '../../../support/decisions.ts'
import {
  ada,
  approved,
  executing,
  grace,
  later,
  minute,
  noon,
  pending,
  terms,
} from '../../../support/examples.ts'

const soon = later(minute)
const expiredRequest: RecoveryRequest = { ...pending(), state: 'expired', expiredAt: noon }

describe('a withdrawal', () => {
  it.each([pending(), approved()])('ends what waits: $state', (request) => {
    const { request: next, entry, jobs, ...more } = moved(withdraw(request, ada, terms(soon), []))
    const { version } = request
    expect(next).toEqual({
      ...request,
      version: version + 1,
      state: 'withdrawn',
      withdrawnAt: soon,
    })
    expect(entry).toEqual(entryAbout(next, ada, { type: 'request.withdrawn' }))
    expect(ordered(jobs)).toEqual([
      'draw-card | card REQ-0000000001 | 1 min',
      'tell-requester | requester REQ-0000000001 | 1 min',
    ])
    expect(more).toEqual({ returns: [givenBack(request)] })
  })

  it.each([
    ['of somebody else’s request', pending(), grace, 'not-your-request'],
    ['of what has expired', expiredRequest, ada, 'expired'],
    ['of what is under way', executing(), ada, 'already-decided'],
  ] as const)('%s is refused, and the refusal is in the ledger', (_, request, by, why) => {
    expect(withdraw(request, by, terms(soon), [])).toEqual({
      kind: 'refused',
      why,
      request,
      entry: entryAbout(request, by, { type: 'decision.refused', attempt: 'withdraw', why }),
    })
  })
})
