/** Who could do what, and why not. That it is what would happen is shown by property/explain. */

import { describe, expect, it } from 'vitest'
import type { IdentityCheck, Policy, Tier } from '../../../../src/policy/policy.ts'
import { explain, type SupposedFacts } from '../../../../src/recovery/rules/explain.ts'
import {
  account,
  ada,
  eve,
  grace,
  mary,
  noon,
  policy,
  someone,
  terms,
} from '../../../support/examples.ts'

const jane = someone('U0JANE', ['S0LEADS'])
const [privileged, standard] = policy.tiers as [Tier, Tier]
const [callback] = policy.identityChecks as [IdentityCheck]

function explained(differs: Partial<SupposedFacts> = {}, now: Policy = policy) {
  const facts: SupposedFacts = {
    by: ada,
    account: account(),
    owner: undefined,
    approvers: [grace, mary],
    freeze: undefined,
    openRequest: undefined,
    ...differs,
  }
  return explain(facts, terms(noon, now))
}

describe('what would become of a request', () => {
  it('is by its tier, its methods and who is able to decide', () => {
    expect(explained({ approvers: [grace, eve, ada] })).toEqual({
      tier: standard,
      methods: [
        { method: 'reset' },
        { method: 'temporary-password' },
        { method: 'permanent-password', why: 'method-closed' },
        { method: 'recovery-code' },
        { method: 'resend-invitation', why: 'method-closed' },
      ],
      checks: [callback],
      approvers: [
        { person: grace },
        { person: eve, why: 'not-an-approver' },
        { person: ada, why: 'not-an-approver' },
      ],
      approvalsNeeded: 1,
      from: [],
    })
  })

  it('is by the tier of the account', () => {
    const from = [{ kind: 'group', id: 'S0SECURITY' }] as const
    const asking = { ...policy, tiers: [{ ...privileged, from }, standard] }
    const found = explained({ account: account({ groups: ['admins'] }) }, asking)
    expect(found).toMatchObject({ approvalsNeeded: 2, from: ['S0SECURITY'] })
    expect(found.methods.filter(({ why }) => why === undefined)).toEqual([{ method: 'reset' }])
  })

  it('is by who asks, and whose it is', () => {
    expect(explained({ by: eve }).methods.map(({ why }) => why)).toEqual(
      Array(5).fill('not-a-requester'),
    )
    expect(explained({ by: ada, owner: ada }).methods.map(({ why }) => why)).toEqual(
      Array(5).fill('own-account'),
    )
    const asked = { ...grace, groups: ['S0SUPPORT', 'S0LEADS'] }
    expect(explained({ by: asked, owner: jane, approvers: [asked, jane, mary] }).approvers).toEqual(
      [
        { person: asked, why: 'own-request' },
        { person: jane, why: 'own-account' },
        { person: mary },
      ],
    )
  })

  it('is by everything that shows who somebody is', () => {
    const known = (who: typeof ada, address: string) => ({ ...who, subjects: [who.id, address] })
    const by = known(ada, 'ada@example.com')
    const owner = known(jane, 'jane@example.com')
    const approvers = [known(grace, 'ada@example.com'), known(mary, 'jane@example.com')]
    expect(explained({ by, owner, approvers }).approvers.map(({ why }) => why)).toEqual([
      'own-request',
      'own-account',
    ])
  })

  it('is shown with a source as well as with a reference', () => {
    const source: IdentityCheck = {
      id: 'callback',
      label: 'Called back',
      evidence: { kind: 'source', label: 'Where?', options: ['Contract', 'HR record'] },
    }
    const found = explained({}, { ...policy, identityChecks: [source] })
    expect(found.methods[0]).toEqual({ method: 'reset' })
    expect(found.checks).toEqual([source])
  })

  it('is nothing for a tier without a check, which no policy that is read has', () => {
    expect(() => explained({}, { ...policy, identityChecks: [] })).toThrow(
      'the tier standard has no identity check',
    )
  })
})
