// biome-ignore-all lint/style/noExcessiveLinesPerFile: the list of commands, read beside one another

/** Everything that can happen in the small world, as commands that fast-check arranges at will. */

import fc from 'fast-check'
import { expect } from 'vitest'
import type { Method } from '../../../src/policy/method.ts'
import { methods } from '../../../src/policy/method.ts'
import type { Refusal } from '../../../src/recovery/model/decision.ts'
import type { RecoveryRequest } from '../../../src/recovery/model/request.ts'
import type { Services } from '../../../src/recovery/services/services.ts'
import { type Group, groups, idOf, type Name, names } from '../../support/small-world/people.ts'
import { openMethods, type Weather } from '../../support/small-world/small-cognito.ts'
import type { SmallWorld } from '../../support/small-world/small-world.ts'
import { Watch } from './invariants.ts'
import type { Reference } from './reference.ts'

/** The world, and whoever watches that its promises hold. */
export interface Stage {
  readonly world: SmallWorld
  readonly watch: Watch
}

export async function beginStage(world: SmallWorld): Promise<Stage> {
  await world.start()
  return { world, watch: new Watch() }
}

/** How often each command was carried out, over all runs. */
export const tally = new Map<string, number>()

type Act = (reference: Reference, world: SmallWorld) => Promise<void> | void

class Command implements fc.AsyncCommand<Reference, Stage> {
  readonly #name: string
  readonly #words: string
  readonly #act: Act
  readonly #needsRequest: boolean

  constructor(name: string, words: readonly unknown[], act: Act, needsRequest: boolean) {
    this.#name = name
    this.#words = `${name}(${words.join(', ')})`
    this.#act = act
    this.#needsRequest = needsRequest
  }

  check(reference: Readonly<Reference>): boolean {
    return !this.#needsRequest || reference.requests.length > 0
  }

  async run(reference: Reference, { world, watch }: Stage): Promise<void> {
    tally.set(this.#name, (tally.get(this.#name) ?? 0) + 1)
    await this.#act(reference, world)
    expect(await watch.look(world, reference)).toStrictEqual([])
  }

  toString(): string {
    return this.#words
  }
}

const anyone = fc.constantFrom(...names)
const someAccount = fc.nat(2)
const someMethod = fc.constantFrom(...methods)
const which = fc.nat(30)
const spans = [1_000, 6_000, 16_000, 61_000, 5 * 60_000, 31 * 60_000]
const weathers: readonly Weather[] = ['throttled', 'refused', 'lost-before', 'lost-after']

const application = {
  pool: 'customers',
  reason: 'Lost her phone, can’t sign in',
  ticket: 'HELP-1234',
  identityCheck: 'callback',
  evidence: 'CALL-12',
}

const kinds = fc.constantFrom('before' as const, 'after' as const)
const support = fc.constantFrom<Name>('ada', 'bob')
const leads = fc.constantFrom<Name>('grace', 'mary')

/** What makes for a story: drawn more often than what disturbs it. */
const steps = [
  step('open well', [support, someAccount, which], false, openWell),
  step('approve well', [leads, fc.nat(2)], true, (by, back) => approve(by, -1 - back, 0)),
  step('work on', [fc.integer({ min: 2, max: 6 })], false, workOn),
  step('show the password to whoever asked', [fc.nat(2)], true, revealWell),
]

const disturbances = [
  step('open', [anyone, someAccount, someMethod], false, open),
  step('approve', [anyone, which], true, (by, index) => approve(by, index, 0)),
  step(
    'approve what was seen long ago',
    [anyone, which, fc.integer({ min: 1, max: 9 })],
    true,
    approve,
  ),
  step('approve twice in one click', [anyone, which], true, approveTwice),
  step('deny', [anyone, which], true, deny),
  step('withdraw', [anyone, which], true, withdraw),
  step('settle what is unclear', [anyone, which, fc.boolean()], true, resolve),
  step('send it again', [anyone, which], true, sendAgain),
  step('pause', [anyone], false, (by) => setPause(by, 'pause')),
  step('let go on', [anyone], false, (by) => setPause(by, 'resume')),
  step('say that it was not them', [anyone, which], true, report),
  step('say during a call that it was not them', [], false, reportDuringCall),
  step('show the password', [anyone, which], true, reveal),
  step('look up', [anyone, someAccount], false, lookUp),
  step('let time pass', [fc.constantFrom(...spans)], false, (ms) => (_, world) => world.pass(ms)),
  step('change groups', [anyone, fc.constantFrom(...groups)], false, regroup),
  step('come or go', [anyone], false, comeOrGo),
  step('the owner signs in', [someAccount], false, (index) => (_, world) => {
    world.cognito.change(index, 'signs-in')
  }),
  step('somebody edits the account', [someAccount], false, (index) => (_, world) => {
    world.cognito.change(index, 'edited')
  }),
  step('bad weather', [fc.constantFrom(...weathers)], false, (weather) => (_, world) => {
    world.cognito.weather.push(weather)
  }),
  step('nobody can look, or can again', [], false, () => (_, world) => {
    world.cognito.isDark = !world.cognito.isDark
  }),
  step('kill at work', [fc.nat(25), kinds], false, killAtWork),
  step('kill while somebody approves', [leads, fc.nat(2), fc.nat(6), kinds], true, killedApproval),
]

export const commands = [...steps, ...steps, ...steps, ...steps, ...disturbances]

function step<Words extends unknown[]>(
  name: string,
  words: { [Index in keyof Words]: fc.Arbitrary<Words[Index]> },
  needsRequest: boolean,
  act: (...words: Words) => Act,
): fc.Arbitrary<Command> {
  return fc
    .tuple<Words>(...words)
    .map((drawn) => new Command(name, drawn, act(...drawn), needsRequest))
}

/** Asks for whatever can help this account now. */
function openWell(by: Name, index: number, choice: number): Act {
  return (reference, world) => {
    const account = world.cognito.accounts[index]
    const isAdmin = account?.groups.includes('admins') === true
    const helpful = openMethods(account?.status ?? 'UNKNOWN').filter(
      (method) => !isAdmin || method === 'reset' || method === 'temporary-password',
    )
    return open(by, index, helpful[choice % helpful.length] ?? 'reset')(reference, world)
  }
}

function workOn(turns: number): Act {
  return async (_, world) => {
    for (let turn = 0; turn < turns; turn++) {
      await world.work()
      world.pass(6_000)
    }
  }
}

function killAtWork(calls: number, when: 'before' | 'after'): Act {
  return async (_, world) => {
    world.killAfter(calls, when)
    await world.work()
    world.spare()
  }
}

function open(by: Name, index: number, method: Method): Act {
  return async (reference, world) => {
    const account = world.cognito.accounts[index]
    if (account === undefined) throw new Error(`there is no account ${index}`)
    const whyNot = reference.whyNotOpen(by, account, method, world.now())
    // Whoever may not ask does not get as far as Cognito.
    const isUnseen = world.cognito.isDark && whyNot !== 'not-a-requester'
    const expected = isUnseen ? 'failed' : (whyNot ?? 'moved')
    const made = await world.at(({ requests }, idempotencyKey) =>
      requests.open({
        application: { ...application, sub: account.sub, method },
        by: idOf(by),
        idempotencyKey,
      }),
    )
    expect(verdictOf(made)).toBe(expected)
  }
}

function approve(by: Name, index: number, behind: number): Act {
  return async (reference, world) => {
    const request = pick(reference, index)
    const seenVersion = request.version - behind
    const expected = whyNotApprove(reference, { request, by, seenVersion }, world.now())
    const made = await world.at((services, idempotencyKey) =>
      approveAt(services, { request, by, seenVersion, idempotencyKey }),
    )
    expect(verdictOf(made)).toBe(expected ?? 'moved')
  }
}

function approveTwice(by: Name, index: number): Act {
  return async (reference, world) => {
    const request = pick(reference, index)
    const expected =
      whyNotApprove(reference, { request, by, seenVersion: request.version }, world.now()) ??
      'moved'
    const made = await world.at(async (services, idempotencyKey) => [
      verdictOf(
        await approveAt(services, { request, by, seenVersion: request.version, idempotencyKey }),
      ),
      verdictOf(
        await approveAt(services, { request, by, seenVersion: request.version, idempotencyKey }),
      ),
    ])
    expect(made?.[0]).toBe(expected)
    // A second delivery of what was done does nothing.
    if (expected === 'moved') expect(made?.[1]).not.toBe('moved')
  }
}

function killedApproval(by: Name, back: number, calls: number, when: 'before' | 'after'): Act {
  return async (reference, world) => {
    const request = pick(reference, -1 - back)
    world.killAfter(calls, when)
    const made = await world.at((services, idempotencyKey) =>
      approveAt(services, { request, by, seenVersion: request.version, idempotencyKey }),
    )
    world.spare()
    const expected = whyNotApprove(
      reference,
      { request, by, seenVersion: request.version },
      world.now(),
    )
    if (made !== undefined) expect(verdictOf(made)).toBe(expected ?? 'moved')
  }
}

interface Approval {
  readonly request: RecoveryRequest
  readonly by: Name
  readonly seenVersion: number
}

function approveAt(
  { decisions }: Services,
  { request, by, seenVersion, idempotencyKey }: Approval & { readonly idempotencyKey: string },
) {
  return decisions.approve({ request: request.id, by: idOf(by), seenVersion, idempotencyKey })
}

function whyNotApprove(
  reference: Reference,
  { request, by, seenVersion }: Approval,
  now: Date,
): Refusal | undefined {
  const why = reference.whyNotDecide(by, request, seenVersion, now)
  if (why !== undefined) return why
  if (request.approvals.some((approval) => approval.by === idOf(by))) return 'already-approved'
  const asker = names.find((name) => idOf(name) === request.requestedBy)
  if (asker === undefined || !reference.is(asker, 'S0SUPPORT')) return 'requester-left'
  return reference.isFrozen(request.account.sub, now) ? 'account-frozen' : undefined
}

function deny(by: Name, index: number): Act {
  return async (reference, world) => {
    const request = pick(reference, index)
    const expected = reference.whyNotDecide(by, request, request.version, world.now())
    const made = await world.at(({ decisions }, idempotencyKey) =>
      decisions.deny({
        request: request.id,
        by: idOf(by),
        seenVersion: request.version,
        comment: 'Her manager knows nothing of it',
        idempotencyKey,
      }),
    )
    expect(verdictOf(made)).toBe(expected ?? 'moved')
  }
}

function withdraw(by: Name, index: number): Act {
  return async (reference, world) => {
    const request = pick(reference, index)
    const made = await world.at(({ decisions }, idempotencyKey) =>
      decisions.withdraw({ request: request.id, by: idOf(by), idempotencyKey }),
    )
    const mayBe =
      ['pending', 'approved'].includes(request.state) && request.requestedBy === idOf(by)
    if (verdictOf(made) === 'moved') expect(mayBe).toBe(true)
  }
}

function resolve(by: Name, index: number, worked: boolean): Act {
  return async (reference, world) => {
    const request = pick(reference, index)
    const made = await world.at(({ outcomes }, idempotencyKey) =>
      outcomes.resolve({
        request: request.id,
        by: idOf(by),
        seenVersion: request.version,
        verdict: worked ? 'worked' : 'not-worked',
        idempotencyKey,
      }),
    )
    if (verdictOf(made) === 'moved') expect(request.state).toBe('needs-attention')
  }
}

function sendAgain(by: Name, index: number): Act {
  return async (reference, world) => {
    const { id, state, version } = pick(reference, index)
    const made = await world.at(({ outcomes }, idempotencyKey) =>
      outcomes.sendAgain({ request: id, by: idOf(by), seenVersion: version, idempotencyKey }),
    )
    if (verdictOf(made) === 'moved') expect(state).toBe('needs-attention')
  }
}

function setPause(by: Name, what: 'pause' | 'resume'): Act {
  return async (reference, world) => {
    const made = await world.at(({ protection }, idempotencyKey) =>
      what === 'pause'
        ? protection.pause({ by: idOf(by), reason: 'Strange calls', idempotencyKey })
        : protection.resume({ by: idOf(by), idempotencyKey }),
    )
    if (!reference.is(by, 'S0SECURITY')) expect(verdictOf(made)).toBe('not-security')
  }
}

function report(by: Name, index: number): Act {
  return async (reference, world) => {
    const { id, owner, account } = pick(reference, index)
    const made = await world.at(({ protection }, idempotencyKey) =>
      protection.report({ request: id, by: idOf(by), idempotencyKey }),
    )
    if (verdictOf(made) !== 'moved') return
    expect(owner).toBe(idOf(by))
    reference.freeze(account.sub, world.now())
  }
}

/** The owner is heard while Cognito is still at it. */
function reportDuringCall(): Act {
  return (reference, world) => {
    world.cognito.meanwhile = async ({ sub }) => {
      const request = reference.requests.findLast(({ account }) => account.sub === sub)
      if (request?.owner === undefined) return
      const { id, owner } = request
      await world.at(({ protection }, idempotencyKey) =>
        protection.report({ request: id, by: owner, idempotencyKey }),
      )
      // Whoever is killed right after it was stored says nothing of it.
      if ((await world.store.find(id))?.reported) reference.freeze(sub, world.now())
    }
  }
}

function reveal(by: Name, index: number): Act {
  return async (reference, world) => {
    const { id, requestedBy } = pick(reference, index)
    await world.at(async ({ outcomes }, idempotencyKey) => {
      const view = 'V0VIEW'
      const showing = await outcomes.reveal({ request: id, by: idOf(by), view, idempotencyKey })
      if (showing.kind !== 'showing') return
      expect(requestedBy).toBe(idOf(by))
      world.shown.push(id)
      await showing.shown()
    })
  }
}

/** Shows a password to its requester, if there is one to be shown. */
function revealWell(back: number): Act {
  return async (reference, world) => {
    const sealed = reference.requests.filter(
      (each) => 'password' in each && each.password === 'sealed',
    )
    const request = sealed.at(-1 - back)
    const by = names.find((name) => idOf(name) === request?.requestedBy)
    if (request !== undefined && by !== undefined)
      await reveal(by, reference.requests.indexOf(request))(reference, world)
  }
}

function lookUp(by: Name, index: number): Act {
  return async (reference, world) => {
    const email = world.cognito.accounts[index]?.email ?? ''
    const found = await world.at(({ requests }) =>
      requests.lookUp([{ kind: 'email', address: email }], idOf(by)),
    )
    expect(found?.kind).toBe(reference.is(by, 'S0SUPPORT') ? 'found' : 'refused')
  }
}

function regroup(name: Name, group: Group): Act {
  return (reference, world) => {
    reference.regroup(name, group)
    world.people.toggle(name, group)
  }
}

function comeOrGo(name: Name): Act {
  return (reference, world) => {
    reference.comeOrGo(name)
    world.people.toggleMembership(name)
  }
}

/** The request this number stands for; a negative one counts from the newest. */
function pick({ requests }: Reference, index: number): RecoveryRequest {
  const request =
    index < 0 ? requests[Math.max(requests.length + index, 0)] : requests[index % requests.length]
  if (request === undefined) throw new Error('there is no request yet')
  return request
}

function verdictOf(
  made: { readonly kind: string; readonly why?: string } | undefined,
): string | undefined {
  return made?.kind === 'refused' ? made.why : made?.kind
}
