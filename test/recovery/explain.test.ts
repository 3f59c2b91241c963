/** That what `explain` says is what then happens: over generated policies, people, accounts and methods. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { type PersonId, personId, subOf } from '../../src/names.ts'
import { type Method, methods } from '../../src/policy/method.ts'
import type { Policy, Principal } from '../../src/policy/policy.ts'
import type { Account } from '../../src/recovery/account.ts'
import { Desk } from '../../src/recovery/desk.ts'
import type { Accounts, Directory, Person } from '../../src/recovery/ports.ts'
import { Secret } from '../../src/secret.ts'
import { type OpenStore, openStore } from '../../src/store/open.ts'
import { Vault } from '../../src/vault/vault.ts'
import { account, application, later, minute, noon, policyFrom } from '../helpers/examples.ts'

const cases = 10_000

const userIds = ['U0AA', 'U0BB', 'U0CC', 'U0DD', 'U0EE'] as const
const groupIds = ['S0AA', 'S0BB', 'S0CC'] as const
const principalId = fc.constantFrom(...userIds, ...groupIds)
const some = fc.uniqueArray(principalId, { minLength: 1, maxLength: 3 })

const tier = fc.record({
  approvers: some,
  approvals: fc.integer({ min: 1, max: 2 }),
  methods: fc.uniqueArray(fc.constantFrom(...methods), { minLength: 1 }),
  privileged: fc.boolean(),
})

/** Policies that are well formed; the faulty ones are turned away before anything could be explained. */
const policies = fc
  .record({
    requesters: some,
    tiers: fc.tuple(tier, tier, tier),
    samePerson: fc.constantFrom([], [['U0AA', 'U0BB']]),
    escalates: fc.boolean(),
  })
  .map(({ requesters, tiers: [admins, fresh, rest], samePerson, escalates }) => ({
    version: 1,
    channels: { approvals: 'C0APPROVE', audit: 'C0AUDIT' },
    pools: { customers: { userPoolId: 'us-west-2_aaaaaaaaa' } },
    requesters,
    security: ['S0AA'],
    samePerson,
    tiers: [
      { ...lawful(admins), name: 'admins', when: { groups: ['admins'] } },
      { ...lawful(fresh), name: 'fresh', when: { changedWithin: '72h' } },
      {
        ...lawful(rest),
        name: 'rest',
        ...(escalates ? { escalation: { to: ['S0CC'], after: '5m' } } : {}),
      },
    ],
    identityChecks: [
      {
        id: 'callback',
        label: 'Called back',
        evidence: { reference: 'Call record', pattern: 'CALL-\\d+', example: 'CALL-12' },
      },
    ],
    limits: Object.fromEntries(
      [
        'lookUpsPerRequester',
        'requestsPerRequester',
        'requestsPerAccount',
        'requestsOverall',
        'approvalsPerApprover',
        'executionsOverall',
      ].map((name) => [name, '10000 per 7d']),
    ),
    minimumReadingTime: '0s',
  }))

/** As many approvals as there are users, and as a permanent password needs. */
function lawful(drawn: { approvers: string[]; approvals: number; methods: Method[] }) {
  const onlyUsers = drawn.approvers.every((id) => id.startsWith('U'))
  const most = onlyUsers ? drawn.approvers.length : 2
  const approvals = Math.min(drawn.approvals, most)
  const allowed = drawn.methods.filter((each) => each !== 'permanent-password' || approvals > 1)
  return { ...drawn, approvals, methods: allowed.length === 0 ? ['reset'] : allowed }
}

const people = fc.tuple(
  ...userIds.map((id) =>
    fc
      .record({
        groups: fc.subarray([...groupIds]),
        member: fc.boolean().map((odd) => odd || id !== 'U0EE'),
        address: fc.constantFrom('a@acme.example', `${id}@acme.example`, `${id}@acme.example`),
      })
      .map(
        ({ groups, member, address }): Person => ({
          id: personId(id),
          groups,
          member,
          subjects: [id, address],
        }),
      ),
  ),
)

const worlds = fc.record({
  policy: policies,
  people,
  owner: fc.option(fc.constantFrom(...userIds), { nil: undefined }),
  isAdmin: fc.boolean(),
  changedHoursAgo: fc.constantFrom(1, 71, 73, 1000),
  closed: fc.option(fc.constantFrom(...methods), { nil: undefined }),
})

type World = typeof worlds extends fc.Arbitrary<infer Each> ? Each : never

let opened: OpenStore
const folder = mkdtempSync(join(tmpdir(), 'rekey-explain-'))
beforeAll(async () => {
  opened = await openStore(`sqlite:${join(folder, 'rekey.db')}`)
})
afterAll(async () => {
  await opened.close()
  rmSync(folder, { recursive: true })
})

describe('explain', () => {
  it(`says what the desk then does, in ${cases} cases`, async () => {
    let compared = 0
    // A seed of its own for each world, so that a failure names the one that shows it.
    for (let seed = Math.trunc(Math.random() * 2 ** 30); compared < cases; seed++) {
      const [world] = fc.sample(worlds, { numRuns: 1, seed })
      if (world === undefined) throw new Error('no world was drawn')
      compared += await compare(world).catch((cause: unknown) => {
        throw new Error(`they disagree in the world of seed ${seed}`, { cause })
      })
    }
  }, 120_000)
})

/** @returns how many verdicts were held against each other */
async function compare(world: World): Promise<number> {
  const policy = policyFrom(stringify(world.policy, { aliasDuplicateObjects: false }))
  const asked = accountOf(world)
  const desk = deskFor(world, policy, asked)
  let compared = 0
  for (const requester of world.people) {
    const explained = await desk.explain('whoever', requester.id)
    const [found] = explained.kind === 'explained' ? explained.accounts : []
    if (found === undefined) throw new Error('nothing was explained')
    const { explanation } = found
    for (const { method, why } of explanation.methods) {
      const made = await desk.open(
        { ...application, sub: asked.ref.sub, method },
        requester.id,
        `gesture ${Math.random()}`,
      )
      expect(made.kind === 'refused' ? made.why : made.kind).toBe(why ?? 'moved')
      compared += 1
      if (made.kind !== 'moved') continue
      const { id, version } = made.change.request
      for (const { person, why: whyNot } of explanation.approvers) {
        const considered = await desk.consider(id, person.id, version, 'approve')
        expect(considered.kind === 'refused' ? considered.why : considered.kind).toBe(
          whyNot ?? 'may',
        )
        compared += 1
      }
      // Whoever was not asked about has no say.
      const others = world.people.filter(
        (one) => !explanation.approvers.some(({ person }) => person.id === one.id),
      )
      for (const { id: outsider } of others) {
        expect(await desk.consider(id, outsider, version, 'approve')).toMatchObject({
          why: 'not-an-approver',
        })
        compared += 1
      }
      await desk.withdraw(id, requester.id, `gesture ${Math.random()}`)
    }
  }
  return compared
}

function accountOf({ isAdmin, changedHoursAgo, closed, owner }: World): Account {
  const sub = subOf(crypto.randomUUID())
  const usual = account()
  const blocked = closed && { [closed]: { open: false, because: 'disabled' } }
  return account({
    ref: { ...usual.ref, sub, username: sub },
    groups: isAdmin ? ['admins'] : [],
    modifiedAt: later(-changedHoursAgo * 60 * minute),
    roads: { ...usual.roads, ...blocked },
    ...(owner === undefined ? {} : { ownerEmail: owner }),
  })
}

function deskFor(world: World, policy: Policy, asked: Account): Desk {
  return new Desk({
    store: opened.store,
    limits: opened.limits,
    accounts: accountsWith(asked),
    directory: directoryOf(world),
    vault: new Vault(new Secret(Buffer.alloc(32, 7).toString('base64'))),
    policy: () => policy,
    now: () => noon,
  })
}

function accountsWith(asked: Account): Accounts {
  const never = () => {
    throw new Error('nothing is carried out here')
  }
  return {
    search: async () => ({ kind: 'found', accounts: [asked], more: false }),
    inspect: async () => ({ kind: 'account', account: asked }),
    newPassword: never,
    perform: never,
  }
}

function directoryOf({ people: everybody }: World): Directory {
  const find = (id: PersonId) => everybody.find((one) => one.id === id)
  const isNamed = (principals: readonly Principal[], one: Person) =>
    principals.some(({ id }) => id === one.id || one.groups.includes(id))
  return {
    person: async (id) => find(id),
    findByEmail: async (email) => find(email as PersonId)?.id,
    members: async (principals) => everybody.filter((one) => isNamed(principals, one)),
  }
}
