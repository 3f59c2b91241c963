import { describe, expect, test } from 'vitest'
import {
  findPool,
  findTier,
  groupsNamed,
  mayDecide,
  mayRequest,
  names,
  tierOf,
} from '../../src/policy/who.ts'
import { later, minute, noon } from '../helpers/examples.ts'
import { parts, policyOf, written } from './policies.ts'

const policy = policyOf(written())

describe('a list of principals', () => {
  const list = [
    { kind: 'user', id: 'U0ADA' },
    { kind: 'group', id: 'S0LEADS' },
  ] as const

  test.each([
    ['a user it lists', { id: 'U0ADA', groups: [] }, true],
    ['a member of a group it lists', { id: 'U0GRACE', groups: ['S0OTHER', 'S0LEADS'] }, true],
    ['a member of other groups', { id: 'U0EVE', groups: ['S0OTHER'] }, false],
    ['somebody in no group', { id: 'U0EVE', groups: [] }, false],
    ['a person with the id of a group', { id: 'S0LEADS', groups: [] }, false],
    ['a group with the id of a person', { id: 'U0EVE', groups: ['U0ADA'] }, false],
    ['another case', { id: 'u0ada', groups: ['s0leads'] }, false],
  ])('and %s', (_, someone, expected) => {
    expect(names(list, someone)).toBe(expected)
  })

  test('that is empty names nobody', () => {
    expect(names([], { id: 'U0ADA', groups: ['S0LEADS'] })).toBe(false)
  })
})

test('support may ask, and approving gives no right to', () => {
  expect(mayRequest(policy, { id: 'U0MARY', groups: ['S0SUPPORT'] })).toBe(true)
  expect(mayRequest(policy, { id: 'U0SAM', groups: [] })).toBe(true)
  expect(mayRequest(policy, { id: 'U0ADA', groups: ['S0LEADS', 'S0SECURITY'] })).toBe(false)
})

test('an approver of one tier decides on nothing in another', () => {
  const grace = { id: 'U0GRACE', groups: ['S0LEADS'] }
  const [privileged, standard] = policy.tiers
  expect(privileged && mayDecide(privileged, grace)).toBe(false)
  expect(standard && mayDecide(standard, grace)).toBe(true)
})

describe('the tier of an account', () => {
  const pools = { customers: { userPoolId: 'us-west-2_a' }, staff: { userPoolId: 'us-west-2_b' } }
  const rule = { approvers: ['S0LEADS'], approvals: 1, methods: ['reset'] }
  const twoPools = policyOf(
    JSON.stringify({
      ...parts(),
      pools,
      tiers: [
        { name: 'staff-admins', when: { groups: ['admins', 'root'], pools: ['staff'] }, ...rule },
        { name: 'staff', when: { pools: ['staff'] }, ...rule },
        { name: 'admins', when: { groups: ['admins'] }, ...rule },
        { name: 'rest', ...rule },
      ],
    }),
  )

  test.each([
    ['staff', ['admins'], 'staff-admins'],
    ['staff', ['x', 'root'], 'staff-admins'],
    ['staff', [], 'staff'],
    ['customers', ['admins'], 'admins'],
    ['customers', ['root'], 'rest'],
    ['customers', ['Admins'], 'rest'],
    ['customers', [], 'rest'],
  ])('in %s with groups %j is %s', (pool, groups, tier) => {
    expect(tierOf(twoPools, { pool, groups, modifiedAt: noon }, noon).name).toBe(tier)
  })

  test('is not guessed for a pool the policy does not name', () => {
    const unknown = { pool: 'us-west-2_b', groups: [], modifiedAt: noon }
    expect(() => tierOf(twoPools, unknown, noon)).toThrow('no pool us-west-2_b')
  })
})

describe('T19: the tier of an account that was changed lately', () => {
  const rule = { approvers: ['S0SECURITY'], approvals: 1, methods: ['reset'] }
  const careful = policyOf(
    written(
      ['tiers'],
      [
        { name: 'fresh', when: { changedWithin: '72h' }, ...rule },
        { name: 'rest', ...rule },
      ],
    ),
  )

  test.each([
    ['an hour ago', 1, 'fresh'],
    ['exactly as long ago', 72, 'fresh'],
    ['longer ago', 73, 'rest'],
    // A clock of ours that is behind Cognito's makes nothing safer.
    ['in what seems to be the future', -1, 'fresh'],
  ])('%s', (_, hours, tier) => {
    const modifiedAt = later(-hours * 60 * minute)
    expect(tierOf(careful, { pool: 'customers', groups: [], modifiedAt }, noon).name).toBe(tier)
  })
})

test('finds tiers and pools by name', () => {
  expect(findTier(policy, 'standard')).toBe(policy.tiers[1])
  expect(findTier(policy, 'Standard')).toBeUndefined()
  expect(findPool(policy, 'customers')).toBe(policy.pools[0])
  expect(findPool(policy, 'us-west-2_aaaaaaaaa')).toBeUndefined()
})

test('names every group once', () => {
  const twice = policyOf(written(['tiers', 0, 'approvers'], ['S0SUPPORT', 'S0LEADS', 'U0ADA']))
  expect(groupsNamed(twice)).toEqual(['S0LEADS', 'S0SUPPORT'])
})
