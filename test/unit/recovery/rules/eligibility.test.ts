import { describe, expect, it } from 'vitest'
import { methods } from '../../../../src/policy/method.ts'
import type { IdentityCheck, Tier } from '../../../../src/policy/policy.ts'
import {
  allows,
  availabilityUnder,
  checksOf,
  provesCheck,
  tierOfAccount,
} from '../../../../src/recovery/rules/eligibility.ts'
import {
  account,
  availableMethods,
  later,
  minute,
  noon,
  policy,
} from '../../../support/examples.ts'

const [privileged, standard] = policy.tiers as [Tier, Tier]
const [callback] = policy.identityChecks as [IdentityCheck]
const source: IdentityCheck = {
  id: 'source',
  label: 'Called back',
  evidence: { kind: 'source', label: 'Where is the number on file?', options: ['Contract', 'HR'] },
}

describe('the tier of an account', () => {
  it('is by its groups, its pool and when it was changed', () => {
    expect(tierOfAccount(policy, account(), noon)).toBe(standard)
    expect(tierOfAccount(policy, account({ groups: ['admins'] }), noon)).toBe(privileged)
    const fresh = { ...standard, name: 'fresh', when: { changedWithinMs: minute } }
    const careful = { ...policy, tiers: [fresh, standard] }
    const changed = account({ modifiedAt: noon })
    expect(tierOfAccount(careful, changed, later(minute)).name).toBe('fresh')
    expect(tierOfAccount(careful, changed, later(minute + 1)).name).toBe('standard')
  })
})

describe('the methods of a tier', () => {
  it('are those that can work, as far as the tier allows them', () => {
    expect(availabilityUnder(privileged, account())).toEqual({
      reset: availableMethods.reset,
      'temporary-password': { open: false, because: 'not-in-policy' },
      'permanent-password': { open: false, because: 'not-in-policy' },
      'recovery-code': { open: false, because: 'not-in-policy' },
      'resend-invitation': { open: false, because: 'not-in-policy' },
    })
    const all = { ...standard, approvals: 2, methods }
    expect(availabilityUnder(all, account())).toEqual(availableMethods)
  })

  it('are no permanent password on one person’s word', () => {
    const permanent = { ...standard, methods: ['permanent-password', 'reset'] as const }
    expect(allows({ ...permanent, approvals: 1 }, 'permanent-password')).toBe(false)
    expect(allows({ ...permanent, approvals: 2 }, 'permanent-password')).toBe(true)
    expect(allows({ ...permanent, approvals: 1 }, 'reset')).toBe(true)
    expect(allows({ ...standard, approvals: 2 }, 'permanent-password')).toBe(false)
  })
})

describe('the identity checks of a tier', () => {
  const two = { ...policy, identityChecks: [callback, source] }

  it('are those that it names, in the order of the policy', () => {
    expect(checksOf(two, { ...standard, identityChecks: ['source', 'callback'] })).toEqual([
      callback,
      source,
    ])
    expect(checksOf(two, { ...standard, identityChecks: ['source'] })).toEqual([source])
  })

  it('are proved by a reference of the right form, or by a known source', () => {
    expect(provesCheck(callback, 'CALL-7')).toBe(true)
    expect(provesCheck(callback, 'Contract')).toBe(false)
    expect(provesCheck(source, 'Contract')).toBe(true)
    expect(provesCheck(source, 'CALL-7')).toBe(false)
    expect(provesCheck(source, 'contract')).toBe(false)
  })
})
