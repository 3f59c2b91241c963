/** What is asked again when an approved request is about to be carried out. */

import { describe, expect, it } from 'vitest'
import type { PersonId } from '../../../src/ids.ts'
import type { Policy } from '../../../src/policy/policy.ts'
import type { Approved, Executing } from '../../../src/recovery/model/request.ts'
import type { Person } from '../../../src/recovery/ports/directory.ts'
import { claim, claimAgain, type FirstClaimFacts } from '../../../src/recovery/rules/claim.ts'
import { moved } from '../../support/decisions.ts'
import {
  account,
  ada,
  approved,
  effect,
  effectId,
  executing,
  grace,
  later,
  mary,
  minute,
  noon,
  policy,
  someone,
  terms,
} from '../../support/examples.ts'

const soon = later(minute)

/** With whoever asked, and these people. */
function facts(...people: Person[]): FirstClaimFacts {
  const participants = new Map<PersonId, Person>([ada, ...people].map((one) => [one.id, one]))
  return { account: account(), participants, effectId, sealed: undefined, earlier: [] }
}

function by(...people: Person[]): Pick<Approved, 'approvals'> {
  return { approvals: people.map(({ id }) => ({ by: id, at: noon })) }
}

const waiting = effect({ state: 'not-applied' })

/** What becomes of it at the first claim, and at a later one, which can't go back to waiting. */
function outcomes(
  request: Partial<Approved> & Partial<Executing>,
  people: readonly Person[],
  now: Policy = policy,
) {
  const { state: _, ...differs } = request
  const known = facts(...people)
  const first = moved(claim(approved(differs), known, terms(soon, now))).request
  const again = moved(claimAgain(executing(differs), waiting, known, terms(soon, now))).request
  return { first, again }
}

const goes = { first: { state: 'executing' }, again: { state: 'executing' } }

/** Voided, for want of people. */
function waitsFor(...left: Person[]) {
  return {
    first: { state: 'pending', ...by(...left) },
    again: { state: 'failed', failure: { name: 'ApprovalVoid' } },
  }
}

describe('before it is carried out', () => {
  it('SE-04: is not carried out for somebody who may not ask any more', () => {
    const gone = [someone(ada.id, ['S0SUPPORT'], false), someone(ada.id, [])]
    for (const asker of gone) {
      const failed = { state: 'failed', failure: { name: 'RequesterLeft' } }
      expect(outcomes(by(grace), [grace, asker])).toMatchObject({ first: failed, again: failed })
    }
  })

  it('SE-07: is not carried out for somebody who turns out to be the owner', () => {
    const jane = someone('U0JANE')
    const failed = { state: 'failed', failure: { name: 'RequestersAccount' } }
    const listed = { ...policy, samePerson: [[ada.id, jane.id]] }
    expect(outcomes(by(grace), [grace, jane])).toMatchObject(goes)
    expect(outcomes(by(grace), [grace, jane], listed)).toMatchObject({
      first: failed,
      again: failed,
    })
  })

  it('SE-07: is not carried out for whoever has the account’s address by now', () => {
    const withAddress = (one: Person) => ({ ...one, subjects: [one.id, 'jane@example.com'] })
    const failed = { state: 'failed', failure: { name: 'RequestersAccount' } }
    const unknown = { owner: undefined as never, ...by(grace) }
    expect(outcomes(unknown, [grace, withAddress(ada)])).toMatchObject({
      first: failed,
      again: failed,
    })
    expect(outcomes(unknown, [withAddress(grace)])).toMatchObject(waitsFor())
  })

  it('is held back by a pause or a freeze, the first time and every other', () => {
    const known = facts(grace)
    expect(moved(claim(approved(), known, terms(soon))).unlessPaused).toBe(true)
    expect(moved(claimAgain(executing(), waiting, known, terms(soon))).unlessPaused).toBe(true)
  })

  it('counts towards what may be carried out in a time', () => {
    const { executionsOverall } = policy.limits
    expect(moved(claim(approved(), facts(grace), terms(soon))).consumes).toEqual([
      { ...executionsOverall, name: 'executionsOverall', of: 'all' },
    ])
  })

  it('B3: has as many approvals as were needed at the opening, when the policy wants fewer today', () => {
    const request = { approvalsNeeded: 2, ...by(grace) }
    expect(outcomes(request, [grace])).toMatchObject(waitsFor(grace))
    expect(outcomes({ ...request, ...by(grace, mary) }, [grace, mary])).toMatchObject(goes)
  })

  it('B3: has as many approvals as the policy wants today, when it wanted fewer at the opening', () => {
    const two = { ...policy, tiers: policy.tiers.map((tier) => ({ ...tier, approvals: 2 })) }
    expect(outcomes(by(grace), [grace], two)).toMatchObject(waitsFor(grace))
    expect(outcomes(by(grace, mary), [grace, mary], two)).toMatchObject(goes)
  })

  it('T4: counts two accounts of one person once', () => {
    const request = { approvalsNeeded: 2, ...by(grace, mary) }
    const shared = 'grace@acme.example'
    const [one, other] = [grace, mary].map((each) => ({ ...each, subjects: [each.id, shared] }))
    if (one === undefined || other === undefined) throw new Error('there are two')
    expect(outcomes(request, [one, other])).toMatchObject(waitsFor(grace))
    const listed = { ...policy, samePerson: [[grace.id, mary.id]] }
    expect(outcomes(request, [grace, mary], listed)).toMatchObject(waitsFor(grace))
    expect(outcomes(request, [grace, mary])).toMatchObject(goes)
  })

  it('has one of each whom the policy names, each still what they were', () => {
    const from = ['S0SECURITY', 'S0HEADS'].map((id) => ({ kind: 'group', id }) as const)
    const oneOfEach = {
      ...policy,
      tiers: policy.tiers.map((tier) => ({ ...tier, from, approvals: 2 })),
    }
    const request = { approvalsNeeded: 2, ...by(grace, mary) }
    const head = someone(mary.id, ['S0LEADS', 'S0HEADS'])
    expect(outcomes(request, [grace, head], oneOfEach)).toMatchObject(goes)
    // Both still decide, but Mary is no head any more.
    const { first, again } = outcomes(request, [grace, mary], oneOfEach)
    expect(first).toMatchObject({ state: 'pending', missing: ['S0HEADS'] })
    expect(again).toMatchObject({ state: 'failed', failure: { name: 'ApprovalVoid' } })
  })
})
