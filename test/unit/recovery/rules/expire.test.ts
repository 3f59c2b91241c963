import { describe, expect, it } from 'vitest'
import { expire } from '../../../../src/recovery/rules/expire.ts'
import { entryAbout, givenBack, moved, ordered } from '../../../support/decisions.ts'
import { approved, executing, later, minute, pending, terms } from '../../../support/examples.ts'

const end = later(30 * minute)

describe('a request whose time is up', () => {
  it.each([pending({ approvalsNeeded: 2 }), approved()])('has expired: $state', (request) => {
    const { request: next, entry, jobs, ...more } = moved(expire(request, terms(end), []))
    const { version, approvals, approvalsNeeded } = request
    expect(next).toEqual({ ...request, version: version + 1, state: 'expired', expiredAt: end })
    expect(entry).toEqual(
      entryAbout(next, 'rekey', {
        type: 'request.expired',
        approvals: approvals.length,
        approvalsNeeded,
      }),
    )
    expect(ordered(jobs)).toEqual([
      'draw-card | card REQ-0000000001 | 30 min',
      'tell-requester | requester REQ-0000000001 | 30 min',
    ])
    expect(more).toEqual({ returns: [givenBack(request)] })
  })

  it('is one that waits, and not before', () => {
    expect(expire(pending(), terms(later(30 * minute - 1)), [])).toBeUndefined()
    expect(expire(executing(), terms(end), [])).toBeUndefined()
  })
})
