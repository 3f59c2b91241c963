import { describe, expect, it } from 'vitest'
import type { RequestId } from '../../../../src/ids.ts'
import type { Person } from '../../../../src/recovery/ports/directory.ts'
import { type UnfreezeFacts, unfreeze } from '../../../../src/recovery/rules/freeze.ts'
import type { Parts } from '../../../../src/recovery/rules/parts.ts'
import { entryAbout, entryAboutNone } from '../../../support/decisions.ts'
import {
  account,
  ada,
  eve,
  executed,
  grace,
  later,
  mary,
  minute,
  noon,
  policy,
  someone,
} from '../../../support/examples.ts'

const reportedRequest = executed({ reported: { by: eve.id, at: noon } })
const freeze = { account: account().ref, until: later(60 * minute), request: reportedRequest.id }

const reportedParts: Parts = {
  request: reportedRequest.id,
  openedAt: noon,
  requestedBy: reportedRequest.requestedBy,
  owner: eve.id,
  approvedBy: reportedRequest.approvals.map(({ by }) => by),
  isReported: true,
}

/** Those of another request for the account, which its owner reported some other time. */
function earlier(differs: Partial<Parts>): Parts {
  return { ...reportedParts, request: 'REQ-0000000002' as RequestId, approvedBy: [], ...differs }
}

function ending(by: Person, differs: Partial<UnfreezeFacts> = {}) {
  const participants = new Map([ada, grace, mary].map((one) => [one.id, one]))
  const reported = [reportedParts]
  const facts = { freeze, request: reportedRequest, reported, participants, ...differs }
  return unfreeze(by, facts, policy)
}

describe('the end of a freeze', () => {
  it('is for somebody who had no part in what the owner reported', () => {
    expect(ending(mary)).toEqual({
      kind: 'moved',
      entry: entryAbout(reportedRequest, mary, {
        type: 'freeze.lifted',
        until: '2026-11-22T13:00:00.000Z',
      }),
      extras: { kind: 'unfreeze', freeze },
    })
  })

  it.each([
    ['somebody who does not look after security', ada],
    ['somebody who did and has left', someone(mary.id, mary.groups, false)],
  ])('is not for %s, and says nothing about the account', (_, by) => {
    const why = 'not-security'
    for (const known of [freeze, undefined]) {
      expect(ending(by, { freeze: known })).toEqual({
        kind: 'refused',
        why,
        entry: entryAboutNone(by, { type: 'decision.refused', attempt: 'thaw', why }),
      })
    }
  })

  it.each<[string, Partial<UnfreezeFacts>]>([
    ['no freeze', { freeze: undefined }],
    ['no request that it came of', { request: undefined }],
  ])('is nobody’s where there is %s', (_, differs) => {
    const why = 'not-frozen'
    expect(ending(mary, differs)).toEqual({
      kind: 'refused',
      why,
      entry: entryAboutNone(mary, { type: 'decision.refused', attempt: 'thaw', why }),
    })
  })

  const approvedBy = [mary.id]
  it.each<[string, Parts[]]>([
    ['approved it', [{ ...reportedParts, approvedBy }]],
    ['asked for it', [{ ...reportedParts, requestedBy: mary.id }]],
    ['approved another that was reported', [reportedParts, earlier({ approvedBy })]],
    ['asked for another that was reported', [earlier({ requestedBy: mary.id }), reportedParts]],
  ])('is not for somebody who %s', (_, reported) => {
    const why = 'took-part'
    expect(ending(mary, { reported })).toEqual({
      kind: 'refused',
      why,
      entry: entryAbout(reportedRequest, mary, { type: 'decision.refused', attempt: 'thaw', why }),
      request: reportedRequest,
    })
  })

  it('is not for another account of somebody who approved it', () => {
    const second = { ...someone('U0GRACE2', ['S0SECURITY']), subjects: ['U0GRACE2', grace.id] }
    expect(ending(second)).toMatchObject({ kind: 'refused', why: 'took-part' })
  })
})
