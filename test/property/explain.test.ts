// biome-ignore-all lint/style/noExcessiveLinesPerFile: the cases and the reference that they are held against

/** That what `explain` says is what then happens: over generated policies, people, accounts and methods. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { newId, type PersonId, personId, subOf } from '../../src/ids.ts'
import { methods } from '../../src/policy/method.ts'
import type { Principal } from '../../src/policy/policy.ts'
import type { Account } from '../../src/recovery/model/account.ts'
import type { Match } from '../../src/recovery/model/match.ts'
import type { Pending } from '../../src/recovery/model/request.ts'
import type { Accounts } from '../../src/recovery/ports/accounts.ts'
import type { Directory, Person } from '../../src/recovery/ports/directory.ts'
import { nameToType } from '../../src/recovery/rules/approve.ts'
import type { Explanation, MethodVerdict } from '../../src/recovery/rules/explain.ts'
import { Context } from '../../src/recovery/services/context.ts'
import { DecisionService } from '../../src/recovery/services/decisions.ts'
import { explainRequests } from '../../src/recovery/services/explanation.ts'
import { Journal } from '../../src/recovery/services/journal.ts'
import { RequestService } from '../../src/recovery/services/requests.ts'
import { type OpenStore, openStore } from '../../src/store/open.ts'
import {
  account,
  application,
  executed,
  later,
  minute,
  noon,
  pending,
  policyFrom,
} from '../support/examples.ts'
import { rowSealer } from '../support/row-sealer.ts'
import { soak } from '../support/soak.ts'
import { moved as aMove, entryAbout } from '../support/store/things.ts'

const cases = soak.explained

const userIds = ['U0AA', 'U0BB', 'U0CC', 'U0DD', 'U0EE'] as const
const groupIds = ['S0AA', 'S0BB', 'S0CC'] as const
const principalId = fc.constantFrom(...userIds, ...groupIds)
// Enough that most requests can be opened and decided: little can be compared of the others.
const some = fc.uniqueArray(principalId, { minLength: 1, maxLength: 5 })
const rarely = fc.constantFrom(true, false, false, false, false)

const tier = fc.record({
  approvers: some,
  approvals: fc.integer({ min: 1, max: 2 }),
  methods: fc.uniqueArray(fc.constantFrom(...methods), { minLength: 1 }),
  privileged: fc.boolean(),
  /** How many of the approvers are asked for one each, before it is known whether so many approve. */
  oneEach: fc.integer({ min: 0, max: 2 }),
})

/** Policies that are well formed; the faulty ones are turned away before anything could be explained. */
const policies = fc
  .record({
    requesters: some,
    tiers: fc.tuple(tier, tier, tier),
    samePerson: fc.constantFrom([], [['U0AA', 'U0BB']]),
    newMembersWait: fc.constantFrom('0s', '24h'),
    escalates: fc.boolean(),
  })
  .map(({ requesters, tiers: [admins, ...others], samePerson, newMembersWait, escalates }) => ({
    version: 1,
    newMembersWait,
    channels: { approvals: 'C0APPROVE', audit: 'C0AUDIT' },
    pools: { customers: { userPoolId: 'us-west-2_aaaaaaaaa', client: { id: '1example2' } } },
    requesters,
    security: ['S0AA'],
    samePerson,
    tiers: [
      { ...lawful(admins), name: 'admins', when: { groups: ['admins'] } },
      { ...stricter(others), name: 'fresh', when: { changedWithin: '72h' } },
      {
        ...laxer(others),
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

type Drawn = typeof tier extends fc.Arbitrary<infer Each> ? Each : never

// What was changed lately never takes less than what was not, and opens nothing more.
function stricter([one, other]: [Drawn, Drawn]) {
  const [least, most] = byApprovals(one, other)
  const methods = most.methods.filter((method) => least.methods.includes(method))
  return {
    ...most,
    privileged: most.privileged || least.privileged,
    methods: methods.length === 0 ? least.methods : methods,
  }
}

function laxer([one, other]: [Drawn, Drawn]) {
  const [{ from = [], ...least }, most] = byApprovals(one, other)
  const both = from.filter((id) => most.from?.includes(id))
  return { ...least, ...(both.length === 0 ? {} : { from: both }) }
}

function byApprovals(one: Drawn, other: Drawn) {
  const [first, second] = [lawful(one), lawful(other)]
  return first.approvals <= second.approvals
    ? ([first, second] as const)
    : ([second, first] as const)
}

/** As many approvals as there are users, as a permanent password needs, and as `from` names. */
function lawful({ oneEach, ...drawn }: Drawn) {
  const onlyUsers = drawn.approvers.every((id) => id.startsWith('U'))
  const most = onlyUsers ? drawn.approvers.length : 2
  const approvals = Math.min(drawn.approvals, most)
  const allowed = drawn.methods.filter((each) => each !== 'permanent-password' || approvals > 1)
  const from = drawn.approvers.slice(0, Math.min(oneEach, approvals))
  return {
    ...drawn,
    approvals,
    methods: allowed.length === 0 ? ['reset'] : allowed,
    ...(from.length === 0 ? {} : { from }),
  }
}

type DrawnPerson = Person & {
  readonly cameInto: { readonly groups: readonly string[]; readonly hoursAgo: number }
}

const people = fc.tuple(
  ...userIds.map((id) =>
    fc
      .record({
        groups: fc.subarray([...groupIds]),
        member: rarely.map((isGone) => !isGone),
        // Into which of them they came, and how long ago.
        cameInto: fc.record({
          groups: fc.subarray([...groupIds]),
          hoursAgo: fc.constantFrom(1, 23, 25),
        }),
        address: rarely.map((isShared) => `${isShared ? 'shared' : id}@acme.example`),
      })
      .map(
        ({ groups, member, address, cameInto }): DrawnPerson => ({
          id: personId(id),
          groups,
          member,
          subjects: [id, address],
          cameInto,
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
  inTheWay: fc.constantFrom('nothing', 'nothing', 'nothing', 'nothing', 'request', 'freeze'),
})

type World = typeof worlds extends fc.Arbitrary<infer Each> ? Each : never

let opened: OpenStore
const folder = mkdtempSync(join(tmpdir(), 'rekey-explain-'))
beforeAll(async () => {
  opened = await openStore(`sqlite:${join(folder, 'rekey.db')}`, { sealer: rowSealer })
})
afterAll(async () => {
  await opened.close()
  rmSync(folder, { recursive: true })
})

describe('explain', () => {
  it(`says what then happens, also to new members (F4), in ${cases} cases`, async () => {
    let compared = 0
    // A seed of its own for each world, so that a failure names the one that shows it.
    for (let seed = Math.trunc(Math.random() * 2 ** 30); compared < cases; seed++) {
      const [world] = fc.sample(fc.noBias(worlds), { numRuns: 1, seed })
      if (world === undefined) throw new Error('no world was drawn')
      compared += await compare(world).catch((cause: unknown) => {
        throw new Error(`they disagree in the world of seed ${seed}`, { cause })
      })
    }
  })
})

/** @returns how many verdicts were held against each other */
async function compare(world: World): Promise<number> {
  const policy = policyFrom(stringify(world.policy, { aliasDuplicateObjects: false }))
  const asked = accountOf(world)
  await putInTheWay(world, asked)
  await remember(world)
  const accounts = accountsWith(asked)
  const directory = directoryOf(world)
  const { store, ledger, rateLimiter } = opened
  const context = new Context({ store, ledger, directory, policy: () => policy, now: () => noon })
  const requests = new RequestService(context, {
    accounts,
    rateLimiter,
    journal: new Journal(context),
  })
  const decisions = new DecisionService(context)
  let compared = 0
  for (const requester of world.people) {
    const explained = await explainRequests(context, accounts, 'whoever', requester.id)
    const [found] = explained.kind === 'explained' ? explained.accounts : []
    if (found === undefined) throw new Error('nothing was explained')
    const { explanation } = found
    for (const { method, why } of worthAsking(explanation)) {
      const made = await requests.open({
        application: { ...application, sub: asked.ref.sub, method },
        by: requester.id,
        idempotencyKey: idempotencyKey(),
      })
      expect(made.kind === 'refused' ? made.why : made.kind).toBe(why ?? 'moved')
      compared += 1
      if (made.kind !== 'moved') continue
      const { request } = made.change
      compared += await compareDeciders(decisions, request, explanation, world)
      compared += await compareQuorum(decisions, request, explanation, world)
      await decisions.withdraw({
        request: request.id,
        by: requester.id,
        idempotencyKey: idempotencyKey(),
      })
    }
  }
  return compared
}

/** Every method, but once only what stands in the way of them all. */
function worthAsking({ methods: verdicts }: Explanation): readonly MethodVerdict[] {
  const isOfMethod = ({ why }: MethodVerdict) => why === undefined || why === 'method-closed'
  const [first] = verdicts.filter((verdict) => !isOfMethod(verdict))
  return verdicts.filter((verdict) => isOfMethod(verdict) || verdict === first)
}

async function compareDeciders(
  decisions: DecisionService,
  { id, version }: Pending,
  { approvers }: Explanation,
  world: World,
): Promise<number> {
  const consider = (by: PersonId) =>
    decisions.consider({ request: id, by, seenVersion: version, attempt: 'approve' })
  for (const { person, why } of approvers) {
    const considered = await consider(person.id)
    expect(considered.kind === 'refused' ? considered.why : considered.kind).toBe(why ?? 'may')
  }
  // Whoever was not asked about has no say.
  const others = world.people.filter((one) => !approvers.some(({ person }) => person.id === one.id))
  for (const { id: outsider } of others) {
    const considered = await consider(outsider)
    expect(considered).toMatchObject({ why: 'not-an-approver' })
  }
  return world.people.length
}

/** Has everybody approve who can, until it is enough: not before as many, and one of each, as explained. */
async function compareQuorum(
  decisions: DecisionService,
  opened: Pending,
  { approvers, approvalsNeeded, from, tier }: Explanation,
  { people: everybody, policy }: World,
): Promise<number> {
  const { id, version } = opened
  const typed = nameToType(opened)
  let given: readonly DrawnPerson[] = []
  let compared = 0
  for (const { person: approver, why } of [...approvers, ...approvers]) {
    const person = everybody.find(({ id: each }) => each === approver.id)
    if (person === undefined) throw new Error('a stranger was named')
    const isEnough =
      given.length >= approvalsNeeded && isOneOfEach(from, given, tier.newMembersWaitMs)
    if (isEnough) break
    const made = await decisions.approve({
      request: id,
      by: person.id,
      seenVersion: version,
      typed,
      idempotencyKey: idempotencyKey(),
    })
    const said = made.kind === 'refused' ? made.why : made.kind
    const theirs = linkedTo(policy.samePerson, person, everybody)
    const without = given.filter((one) => !theirs.has(one))
    // Another account of theirs may stand for whom the first did not.
    const isOther = without.length < given.length && !given.includes(person) && from.length > 0
    const orAgain = isOther
      ? ['already-approved', 'moved']
      : orTwice(policy.samePerson, everybody, given, person)
    expect(why === undefined ? orAgain : [why]).toContain(said)
    compared += 1
    if (made.kind !== 'moved') continue
    given = [...without, person]
    const isLast =
      given.length >= approvalsNeeded && isOneOfEach(from, given, tier.newMembersWaitMs)
    expect(made.change.request.state).toBe(isLast ? 'approved' : 'pending')
  }
  // What nobody could decide would not have been opened; those of an escalation have to wait for it.
  if (tier.escalation === undefined) {
    expect(given.length).toBeGreaterThanOrEqual(approvalsNeeded)
    expect(isOneOfEach(from, given, tier.newMembersWaitMs)).toBe(true)
  }
  return compared
}

/** Whether each of these can be stood for by somebody else among those people, tried every way there is. */
function isOneOfEach(
  [first, ...rest]: readonly string[],
  given: readonly DrawnPerson[],
  waitMs: number,
): boolean {
  if (first === undefined) return true
  return given.some(
    (one, place) =>
      (one.id === first || (one.groups.includes(first) && isThereFor(one, first, waitMs))) &&
      isOneOfEach(rest, given.toSpliced(place, 1), waitMs),
  )
}

/** Whether Rekey first saw them in the group that long ago. */
function isThereFor(one: DrawnPerson, group: string, waitMs: number): boolean {
  return sinceOf(one, group).getTime() + waitMs <= noon.getTime()
}

/**
 * What an approval comes to, after those that are given: two accounts of one person count once. Over a
 * third account that has no part in the request they may be known for one person or not.
 */
function orTwice(
  listed: readonly (readonly string[])[],
  everybody: readonly Person[],
  given: readonly Person[],
  person: Person,
): readonly string[] {
  const known = linkedTo(listed, person, everybody)
  const reached = new Set([person])
  for (const each of reached) {
    for (const next of linkedTo(listed, each, everybody)) reached.add(next)
  }
  if (given.some((one) => known.has(one))) return ['already-approved']
  return given.some((one) => reached.has(one)) ? ['already-approved', 'moved'] : ['moved']
}

/** This account, and those that share something with it. */
function linkedTo(
  listed: readonly (readonly string[])[],
  one: Person,
  everybody: readonly Person[],
): ReadonlySet<Person> {
  const isLinked = (other: Person) =>
    listed.some((ids) => ids.includes(one.id) && ids.includes(other.id)) ||
    one.subjects.some((subject) => other.subjects.includes(subject))
  return new Set([one, ...everybody.filter(isLinked)])
}

/** A request that stands for the account already, or its owner's word that it was not them. */
async function putInTheWay({ inTheWay }: World, { ref }: Account): Promise<void> {
  if (inTheWay === 'nothing') return
  const facts = { id: newId('request'), account: ref, version: 1 }
  const until = later(60 * minute)
  const decision =
    inTheWay === 'request'
      ? aMove(pending(facts))
      : aMove(executed(facts), { freeze: { account: ref, until, request: facts.id } })
  expect(await opened.store.record(decision, noon)).toBe('recorded')
}

/** Who has been in which group since when: Rekey has seen it before. */
async function remember({ people: everybody }: World): Promise<void> {
  const noted = await opened.store.findGroups()
  for (const group of groupIds) {
    const members = everybody
      .filter((one) => one.groups.includes(group))
      .map((one) => [one.id, sinceOf(one, group).getTime()] as const)
    const version = (noted.get(group)?.version ?? 0) + 1
    const memory = { group, version, lookedAt: noon, members: new Map(members), isGone: false }
    const note = { kind: 'group', memory } as const
    expect(await opened.store.write(entryAbout(null), noon, undefined, note)).toBe('recorded')
  }
}

function sinceOf({ cameInto }: DrawnPerson, group: string): Date {
  const isNew = cameInto.groups.includes(group)
  return isNew ? later(-cameInto.hoursAgo * 60 * minute) : new Date(0)
}

function idempotencyKey(): string {
  return `click ${Math.random()}`
}

function accountOf({ isAdmin, changedHoursAgo, closed, owner }: World): Account {
  const sub = subOf(crypto.randomUUID())
  const usual = account()
  const blocked = closed && { [closed]: { open: false, because: 'disabled' } }
  return account({
    ref: { ...usual.ref, sub, username: sub },
    groups: isAdmin ? ['admins'] : [],
    modifiedAt: later(-changedHoursAgo * 60 * minute),
    availability: { ...usual.availability, ...blocked },
    ...(owner === undefined ? {} : { ownerEmail: owner }),
  })
}

function accountsWith(asked: Account): Accounts {
  const never = () => {
    throw new Error('nothing is carried out here')
  }
  return {
    search: async (terms) => {
      const match: Match = { account: asked, terms, by: ['email'], contacts: asked.contacts }
      return { kind: 'found', matches: [match], more: false, unsearchedPools: [] }
    },
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
    groups: async () => ({
      at: noon,
      members: new Map(
        groupIds.map((group) => [
          group,
          everybody.filter((one) => one.groups.includes(group)).map(({ id }) => id),
        ]),
      ),
    }),
  }
}
