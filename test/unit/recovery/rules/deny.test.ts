import { describe, expect, it } from 'vitest'
import { deny } from '../../../../src/recovery/rules/deny.ts'
import { entryAbout, givenBack, moved, ordered } from '../../../support/decisions.ts'
import { ada, grace, later, minute, pending, terms } from '../../../support/examples.ts'

const soon = later(minute)

function denying(comment: string, by = grace) {
  const participants = new Map([ada, grace].map((one) => [one.id, one]))
  return deny(pending(), by, { participants, seenVersion: 1, comment, earlier: [] }, terms(soon))
}

describe('a denial', () => {
  it('ends the request, with a reason that has no address in it', () => {
    const { request, entry, jobs, ...more } = moved(denying(' Ask jane@example.com first '))
    const comment = 'Ask [e-mail address] first'
    expect(request).toEqual({
      ...pending(),
      version: 2,
      state: 'denied',
      deniedBy: grace.id,
      deniedAt: soon,
      comment,
    })
    expect(entry).toEqual(
      entryAbout(request, grace, { type: 'request.denied', heldBy: 'S0LEADS', comment }),
    )
    expect(ordered(jobs)).toEqual([
      'draw-card | card REQ-0000000001 | 1 min',
      'tell-requester | requester REQ-0000000001 | 1 min',
    ])
    expect(more).toEqual({ returns: [givenBack(request)] })
  })

  it.each([
    ['without a reason', ' \n', grace, 'reason-missing'],
    ['by somebody who may not', 'No', ada, 'not-an-approver'],
  ] as const)('%s is refused, and the refusal is in the ledger', (_, comment, by, why) => {
    expect(denying(comment, by)).toEqual({
      kind: 'refused',
      why,
      request: pending(),
      entry: entryAbout(pending(), by, { type: 'decision.refused', attempt: 'deny', why }),
    })
  })
})
