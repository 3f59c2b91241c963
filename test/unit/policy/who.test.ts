import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Principal } from '../../../src/policy/policy.ts'
import {
  addressSubject,
  cognitoGroupsOf,
  deciders,
  findPool,
  findTier,
  groupsNamed,
  mayDecide,
  mayPause,
  mayRequest,
  missingFrom,
  names,
  tierOf,
} from '../../../src/policy/who.ts'
import { later, minute, noon, someone } from '../../support/examples.ts'
import { parts, policyOf, written } from './policies.ts'

const policy = policyOf(written())

describe('a list of principals', () => {
  const list = [
    { kind: 'user', id: 'U0ADA' },
    { kind: 'group', id: 'S0LEADS' },
  ] as const

  test.each([
    ['a user it lists', someone('U0ADA', []), true],
    ['a member of a group it lists', someone('U0GRACE', ['S0OTHER', 'S0LEADS']), true],
    ['a member of other groups', someone('U0EVE', ['S0OTHER']), false],
    ['somebody in no group', someone('U0EVE', []), false],
    ['a person with the id of a group', someone('S0LEADS', []), false],
    ['a group with the id of a person', someone('U0EVE', ['U0ADA']), false],
    ['another case', someone('u0ada', ['s0leads']), false],
  ])('and %s', (_, somebody, expected) => {
    expect(names(list, somebody)).toBe(expected)
  })

  test('that is empty names nobody', () => {
    expect(names([], someone('U0ADA', ['S0LEADS']))).toBe(false)
  })
})

test('support may ask, and approving gives no right to', () => {
  expect(mayRequest(policy, someone('U0MARY', ['S0SUPPORT']))).toBe(true)
  expect(mayRequest(policy, someone('U0SAM', []))).toBe(true)
  expect(mayRequest(policy, someone('U0ADA', ['S0LEADS', 'S0SECURITY']))).toBe(false)
})

test('an approver of one tier decides on nothing in another', () => {
  const grace = someone('U0GRACE', ['S0LEADS'])
  const [privileged, standard] = policy.tiers
  expect(privileged && mayDecide(privileged, grace, 0)).toBe(false)
  expect(standard && mayDecide(standard, grace, 0)).toBe(true)
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

  test('is not guessed where no tier takes it, which no policy that is read allows', () => {
    const { pools, tiers } = twoPools
    const account = { pool: 'customers', groups: [], modifiedAt: noon }
    expect(() => tierOf({ pools, tiers: tiers.slice(0, -1) }, account, noon)).toThrow(
      'the last tier of a policy matches every account',
    )
  })

  test('has groups in the pools that it is about, or in each', () => {
    const groups = twoPools.tiers.map((tier) =>
      cognitoGroupsOf(twoPools, tier).map(({ pool, group }) => `${pool.name}/${group}`),
    )
    expect(groups).toEqual([
      ['staff/admins', 'staff/root'],
      [],
      ['customers/admins', 'staff/admins'],
      [],
    ])
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

describe('one of each', () => {
  const both = policyOf(
    written(
      ['tiers'],
      [{ name: 'all', from: ['S0SECURITY', 'S0LEADS'], approvals: 2, methods: ['reset'] }],
    ),
  ).tiers[0]
  const lead = someone('U0LEA', ['S0LEADS'])
  const guard = someone('U0GIL', ['S0SECURITY'])
  const both2 = someone('U0BEA', ['S0LEADS', 'S0SECURITY'])
  const otherOfLea = someone('U0LEA2', ['S0SECURITY'])
  const missing = (...people: (typeof lead)[]) =>
    both && missingFrom({ samePerson: [['U0LEA', 'U0LEA2']] }, both, people).map(({ id }) => id)

  test('takes those named for approvers, where no others are', () => {
    expect(both?.approvers.map(({ id }) => id)).toEqual(['S0SECURITY', 'S0LEADS'])
  })

  test.each([
    ['nobody', [], ['S0SECURITY', 'S0LEADS']],
    ['one of each', [lead, guard], []],
    ['two of one', [lead, someone('U0LEO', ['S0LEADS'])], ['S0SECURITY']],
    ['one who is in both', [both2], ['S0LEADS']],
    ['one who is in both, and then a guard', [both2, guard], []],
    ['one who is in both, and then a lead', [both2, lead], []],
    ['one with an account in each', [lead, otherOfLea], ['S0LEADS']],
    ['one with an account in each, and then a lead', [lead, otherOfLea, both2], []],
  ])('%s', (_, people, left) => {
    expect(missing(...people)).toEqual(left)
  })

  test('is missing for no more than it must be, whoever stands for whom', () => {
    const groups = ['S0A', 'S0B', 'S0C', 'S0D']
    const from = fc.uniqueArray(fc.constantFrom(...groups), { maxLength: 4 })
    const people = fc.array(fc.subarray(groups), { maxLength: 5 })
    fc.assert(
      fc.property(from, people, (ids, memberships) => {
        const accounts = memberships.map((theirs, index) => someone(`U0${index}`, theirs))
        const tier = { from: ids.map((id): Principal => ({ kind: 'group', id })) }
        const left = missingFrom({ samePerson: [] }, tier, accounts)
        expect(tier.from).toEqual(expect.arrayContaining([...left]))
        expect(left).toHaveLength(ids.length - mostServed(ids, memberships))
      }),
    )
  })
})

/** How many of these can be stood for, tried in every way. */
function mostServed(ids: readonly string[], people: readonly (readonly string[])[]): number {
  const [id, ...rest] = ids
  if (id === undefined) return 0
  const without = mostServed(rest, people)
  const each = people.flatMap((groups, index) =>
    groups.includes(id) ? [1 + mostServed(rest, people.toSpliced(index, 1))] : [],
  )
  return Math.max(without, ...each)
}

test.each([
  ['Jane@Example.COM', 'jane@example.com'],
  ['jane+rekey@example.com', 'jane@example.com'],
  ['jane+a+b@example.com', 'jane@example.com'],
  ['jane@exam+ple.com', 'jane@exam+ple.com'],
  ['"a@b"+x@example.com', '"a@b"@example.com'],
  ['+1555', '+1555'],
])('the address %s is that of %s', (address, subject) => {
  expect(addressSubject(address)).toBe(subject)
})

test('escalation lets others decide as well, once the time has come and not before', () => {
  const [tier] = policyOf(
    written(['tiers', 1, 'escalation'], { to: ['S0HEADS'], after: '15m' }),
  ).tiers.slice(1)
  const hana = someone('U0HANA', ['S0HEADS'])
  expect(tier && mayDecide(tier, hana, 15 * minute - 1)).toBe(false)
  expect(tier && mayDecide(tier, hana, 15 * minute)).toBe(true)
  expect(tier && deciders(tier, 15 * minute).map(({ id }) => id)).toEqual([
    'S0LEADS',
    'U0GRACE',
    'S0HEADS',
  ])
  expect(tier && mayDecide(tier, someone('U0GRACE'), 15 * minute)).toBe(true)
  const [plain] = policy.tiers
  expect(plain && deciders(plain, 60 * minute)).toBe(plain?.approvers)
})

test('security may pause everything, while they are members', () => {
  expect(mayPause(policy, someone('U0MARY', ['S0SECURITY']))).toBe(true)
  expect(mayPause(policy, someone('U0MARY', ['S0SECURITY'], false))).toBe(false)
  expect(mayPause(policy, someone('U0ADA', ['S0LEADS', 'S0SUPPORT']))).toBe(false)
})

test('finds tiers and pools by name', () => {
  expect(findTier(policy, 'standard')).toBe(policy.tiers[1])
  expect(findTier(policy, 'Standard')).toBeUndefined()
  expect(findPool(policy, 'customers')).toBe(policy.pools[0])
  expect(findPool(policy, 'us-west-2_aaaaaaaaa')).toBeUndefined()
})

test('names every group once', () => {
  const twice = policyOf(written(['tiers', 0, 'approvers'], ['S0SUPPORT', 'S0LEADS', 'U0ADA']))
  expect(groupsNamed(twice)).toEqual(['S0LEADS', 'S0SECURITY', 'S0SUPPORT'])
  const more = policyOf(
    written(['tiers', 1], {
      ...parts().tiers[1],
      approvals: 2,
      approvers: ['S0ZEBRA', 'S0LEADS', 'S0ANT'],
      from: ['S0ANT', 'S0ZEBRA'],
      escalation: { to: ['S0HEADS', 'U0HANA'], after: '15m' },
    }),
  )
  expect(groupsNamed(more)).toEqual([
    'S0ANT',
    'S0HEADS',
    'S0LEADS',
    'S0SECURITY',
    'S0SUPPORT',
    'S0ZEBRA',
  ])
})
