/** Who may decide on a request, and what two accounts of one person have to do with it. */

import { describe, expect, it } from 'vitest'
import { personId } from '../../../../src/ids.ts'
import type { Policy } from '../../../../src/policy/policy.ts'
import type { Pending } from '../../../../src/recovery/model/request.ts'
import type { Person } from '../../../../src/recovery/ports/directory.ts'
import {
  approvalsBy,
  approvalsByOthers,
  cannotDecide,
  cannotStillAsk,
  hasAddressOf,
  participantsOf,
  tookPart,
  whyNotApprover,
} from '../../../../src/recovery/rules/rights.ts'
import {
  account,
  ada,
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

const jane = someone('U0JANE')
const people = (...them: Person[]) => new Map(them.map((one) => [one.id, one]))
const everybody = people(ada, grace, mary, jane)
const by = (...them: Person[]) => them.map(({ id }) => ({ by: id, at: noon }))
const second = (of: Person, groups = of.groups): Person => ({
  ...someone(`${of.id}2`, groups),
  subjects: [`${of.id}2`, of.id],
})
/** Says the same of two accounts that Slack says nothing of. */
const listing = (...ids: string[]): Policy => ({ ...policy, samePerson: [ids] })

describe('whose parts have to be looked up', () => {
  it('are the requester’s, the owner’s and the approvers’', () => {
    expect(participantsOf(pending({ approvals: by(grace, mary) }))).toEqual([
      ada.id,
      jane.id,
      grace.id,
      mary.id,
    ])
    const { owner: _, ...orphan } = pending()
    expect(participantsOf(orphan)).toEqual([ada.id])
  })
})

describe('whether somebody has a say', () => {
  const why = (one: Person, differs: Partial<Pending> = {}, known = {}, now = policy) =>
    whyNotApprover(
      pending(differs),
      one,
      { participants: everybody, ...known },
      terms(later(minute), now),
    )

  it('is by the tier, as it is today', () => {
    expect(why(grace)).toBeUndefined()
    expect(why(ada)).toBe('not-an-approver')
    expect(why(someone(grace.id, grace.groups, false))).toBe('not-an-approver')
    expect(why(grace, { tier: 'gone' })).toBe('not-an-approver')
  })

  it('is not for whoever asked, or the owner, under whichever account', () => {
    expect(why(grace, { requestedBy: grace.id })).toBe('own-request')
    expect(why(second(grace), { requestedBy: grace.id })).toBe('own-request')
    expect(why(grace, { requestedBy: eve.id }, {}, listing(grace.id, eve.id))).toBe('own-request')
    expect(why(grace, { owner: grace.id })).toBe('own-account')
    expect(why(second(grace), { owner: grace.id })).toBe('own-account')
    expect(why(grace, { owner: eve.id }, {}, listing(grace.id, eve.id))).toBe('own-account')
    const { owner: _, ...orphan } = pending()
    expect(whyNotApprover(orphan, grace, { participants: everybody }, terms(noon))).toBeUndefined()
  })

  it('is not for whoever has the account’s address', () => {
    const withAddress = { ...grace, subjects: [grace.id, 'jane@example.com'] }
    expect(why(withAddress)).toBeUndefined()
    expect(why(withAddress, {}, { account: account() })).toBe('own-account')
    expect(why(grace, {}, { account: account() })).toBeUndefined()
  })

  it('is for others as well once it has waited for so long', () => {
    const hana = someone('U0HANA', ['S0HEADS'])
    const to = [{ kind: 'group', id: 'S0HEADS' }] as const
    const escalating = {
      ...policy,
      tiers: policy.tiers.map((tier) => ({ ...tier, escalation: { to, afterMs: minute } })),
    }
    expect(why(hana, { openedAt: later(1) }, {}, escalating)).toBe('not-an-approver')
    expect(why(hana, {}, {}, escalating)).toBeUndefined()
  })
})

describe('an address', () => {
  const addressed = (address: string) => ({ ...eve, subjects: [eve.id, address] })

  it('is the account’s, whatever tag either has', () => {
    const tagged = account({ ownerEmail: 'Jane+cognito@Example.com' })
    expect(hasAddressOf(tagged, addressed('jane@example.com'))).toBe(true)
    expect(hasAddressOf(account(), addressed('mary@example.com'))).toBe(false)
    const { ownerEmail: _, ...without } = account()
    expect(hasAddressOf(without, addressed('jane@example.com'))).toBe(false)
  })
})

describe('whether whoever asked could ask today', () => {
  const why = (who: Person | undefined, known = {}, differs: Partial<Pending> = {}) =>
    cannotStillAsk(
      pending(differs),
      { participants: people(...(who ? [who] : []), jane), ...known },
      policy,
    )

  it('is by the policy, as it is today', () => {
    expect(why(ada)).toBeUndefined()
    expect(why(undefined)).toBe('requester-left')
    expect(why(someone(ada.id, ada.groups, false))).toBe('requester-left')
    expect(why(someone(ada.id, []))).toBe('requester-left')
  })

  it('is not for the owner', () => {
    expect(why(ada, {}, { owner: ada.id })).toBe('requesters-account')
    const withAddress = { ...ada, subjects: [ada.id, 'jane@example.com'] }
    expect(why(withAddress, { account: account() })).toBe('requesters-account')
  })
})

describe('the part that somebody had', () => {
  const request = pending({ approvals: by(grace, mary) })

  it('is what they approved, under whichever account', () => {
    expect(approvalsBy(request, grace, everybody, policy)).toEqual(by(grace))
    expect(approvalsBy(request, second(grace), everybody, policy)).toEqual(by(grace))
    expect(approvalsBy(request, ada, everybody, policy)).toEqual([])
    expect(approvalsByOthers(request, second(grace), everybody, policy)).toEqual(by(mary))
    expect(approvalsByOthers(request, ada, everybody, policy)).toEqual(by(grace, mary))
  })

  it('is theirs, though Slack knows them no more', () => {
    expect(approvalsBy(request, grace, people(), policy)).toEqual(by(grace))
    expect(approvalsBy(request, second(grace), people(), policy)).toEqual(by(grace))
  })

  it('is to have asked, or to have approved', () => {
    expect(tookPart(request, ada, everybody, policy)).toBe(true)
    expect(tookPart(request, second(ada), everybody, policy)).toBe(true)
    expect(tookPart(request, second(mary), everybody, policy)).toBe(true)
    expect(tookPart(request, jane, everybody, policy)).toBe(false)
    expect(tookPart(pending(), grace, everybody, policy)).toBe(false)
  })
})

describe('whether somebody can decide now', () => {
  const why = (differs: Partial<Pending>, seenVersion: number, now = noon) =>
    cannotDecide(pending(differs), grace, { participants: everybody, seenVersion }, terms(now))

  it('is by what they have seen', () => {
    const request = { version: 5, pendingSince: 3 }
    expect([2, 3, 4, 5, 6].map((version) => why(request, version))).toEqual([
      'stale-view',
      undefined,
      undefined,
      undefined,
      'stale-view',
    ])
  })

  it('is by the clock', () => {
    expect(why({}, 1, later(30 * minute - 1))).toBeUndefined()
    expect(why({}, 1, later(30 * minute))).toBe('expired')
    expect(why({}, 9, later(30 * minute))).toBe('expired')
  })

  it('is not even said to whoever has no say', () => {
    const outsider = someone(personId('U0EVE'))
    const seen = { participants: everybody, seenVersion: 9 }
    expect(cannotDecide(pending(), outsider, seen, terms(later(60 * minute)))).toBe(
      'not-an-approver',
    )
  })
})
