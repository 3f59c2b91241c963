import { describe, expect, it } from 'vitest'
import { approvalsByTier, policyHash } from '../../../src/policy/stored.ts'
import { policy } from '../../support/examples.ts'

const { hash, ...meaning } = policy

describe('F2 a policy as it is stored', () => {
  it('has the hash that it was put in force under, and says what each tier asked for', () => {
    const stored: unknown = JSON.parse(JSON.stringify(meaning))
    expect(policyHash(stored)).toBe(hash)
    expect(approvalsByTier(hash, stored)).toEqual(
      new Map([
        ['privileged', 2],
        ['standard', 1],
      ]),
    )
  })

  it('is not believed where it is not what its hash was made of', () => {
    const [first, ...others] = meaning.tiers
    const eased = { ...meaning, tiers: [{ ...first, approvals: 0 }, ...others] }
    expect(approvalsByTier(hash, eased)).toBeUndefined()
    expect(approvalsByTier(hash, undefined)).toBeUndefined()
  })

  it('asks for nothing that can be read where it has another form', () => {
    expect(approvalsByTier(policyHash({}), {})).toEqual(new Map())
  })
})
