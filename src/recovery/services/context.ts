/** recovery/ owns a request's way from `open` to the owner's return. The desk is where people come. */

import type { Objection } from '../../audit/entries/words.ts'
import type { EntryDraft } from '../../audit/entry.ts'
import type { EntryData } from '../../audit/entry-data.ts'
import { newId, type PersonId, type RequestId, type Sub } from '../../ids.ts'
import { abridged, differences } from '../../policy/difference.ts'
import type { LimitName, Policy, Tier } from '../../policy/policy.ts'
import { addressSubject, mayDecide, mayPause, mayRequest } from '../../policy/who.ts'
import type { PasswordSealer } from '../../sealing/password-sealer.ts'
import type { Secret } from '../../secret.ts'
import type { Account, MethodAvailability } from '../model/account.ts'
import {
  type Attempt,
  drawCard,
  type EntryContent,
  entryFor,
  entryWithout,
  person,
  refuse,
  refuseForNow,
  rekey,
} from '../model/change.ts'
import type { Decision, Refusal, Refused } from '../model/decision.ts'
import type { Failure } from '../model/effect.ts'
import type { Pause, PauseState } from '../model/pause.ts'
import type { Pending, RecoveryRequest } from '../model/request.ts'
import type { Accounts, Incomplete } from '../ports/accounts.ts'
import type { Directory, Person } from '../ports/directory.ts'
import type { Limits } from '../ports/limits.ts'
import type { Store } from '../ports/store.ts'
import { approve, cannotApprove } from '../rules/approve.ts'
import { deny } from '../rules/deny.ts'
import { availabilityUnder, tierOfAccount } from '../rules/eligibility.ts'
import { type Explanation, explain } from '../rules/explain.ts'
import { type UnfreezeFacts, unfreeze } from '../rules/freeze.ts'
import { type Application, open, withoutAddresses } from '../rules/open.ts'
import {
  cannotDecide,
  hasAddressOf,
  type Participants,
  participantsOf,
  whyNotApprover,
} from '../rules/participants.ts'
import { release, reveal, revealed } from '../rules/password.ts'
import { type PauseChange, type PauseFacts, pause, resume } from '../rules/pause.ts'
import { type ReportFacts, report } from '../rules/report.ts'
import { resolve, sendAgain, type Verdict } from '../rules/resolve.ts'
import { withdraw } from '../rules/withdraw.ts'
import { decide, decideKnowing, type Limited, lookUpAll, type Repeated } from './record-decision.ts'

export interface DeskDeps {
  readonly store: Store
  readonly limits: Limits
  readonly accounts: Accounts
  readonly directory: Directory
  readonly sealer: PasswordSealer
  readonly policy: () => Policy
  readonly now: () => Date
}

/** What a look-up came to. */
export type LookUp =
  | (Incomplete & {
      readonly kind: 'found'
      readonly candidates: readonly Candidate[]
      readonly more: boolean
    })
  | (Incomplete & { readonly kind: 'none' })
  | (Incomplete & { readonly kind: 'failed'; readonly failure: Failure })
  | { readonly kind: 'refused'; readonly why: Refusal; readonly limit?: LimitName }

/** What can be wrong with what comes back from somebody's computer. */
export type Malformed = 'not-our-button' | 'not-our-form' | 'not-our-pool' | 'faulty-form'

/** What a list of requests came to, with the pause that holds for all of them. */
export type Listing =
  | {
      readonly kind: 'listed'
      readonly requests: readonly RecoveryRequest[]
      readonly pause: Pause | undefined
    }
  | Refused

/** What would happen, account by account. */
export type Explained = (
  | {
      readonly kind: 'explained'
      readonly accounts: readonly {
        readonly account: Account
        readonly explanation: Explanation
      }[]
    }
  | { readonly kind: 'failed'; readonly failure: Failure }
) &
  Incomplete

/** An account with what the policy says about it. */
export interface Candidate {
  readonly account: Account
  readonly tier: Tier
  readonly availability: MethodAvailability
}

/** Whether a form may be opened, with the request it is about. */
export type Consideration =
  | { readonly kind: 'may'; readonly request: RecoveryRequest }
  | Refused
  | { readonly kind: 'unknown' }

/** A password on its one way out. Say what became of it: `shown`, or `notShown` if that is certain. */
export interface Showing {
  readonly kind: 'showing'
  readonly password: Secret
  readonly request: RecoveryRequest
  shown(): Promise<void>
  notShown(): Promise<void>
}

// Whoever pauses or resumes meets at most a few others.
const pauseRounds = 5

// Slack takes 50 blocks in a message, and a request needs three.
const mostListed = 10

function waits({ state }: RecoveryRequest): boolean {
  return state === 'pending' || state === 'needs-attention'
}

/** Where a person's wish becomes a decision: look up who and what, ask the rule, record the answer. */
export class Desk {
  readonly #store: Store
  readonly #limits: Limits
  readonly #accounts: Accounts
  readonly #directory: Directory
  readonly #vault: PasswordSealer
  readonly #policyInForce: () => Policy
  readonly #now: () => Date

  constructor(parts: DeskDeps) {
    this.#store = parts.store
    this.#limits = parts.limits
    this.#accounts = parts.accounts
    this.#directory = parts.directory
    this.#vault = parts.sealer
    this.#policyInForce = parts.policy
    this.#now = parts.now
  }

  /** The policy in force at this moment: it can change while Rekey runs. */
  get policy(): Policy {
    return this.#policyInForce()
  }

  /** Records that Rekey has started, puts its policy in force, and tells everybody if it is another one. @param checkpointKey what its checkpoints are checked with */
  async begin(checkpointKey: string): Promise<void> {
    await this.adopt(this.policy)
    const entry = entryWithout(rekey, this.policy, {
      type: 'rekey.started',
      tiers: this.policy.tiers.map(({ name, approvals }) => `${name}: ${approvals}`),
      checkpointKey,
    })
    await this.#store.write(entry, this.#now(), undefined, { adopt: this.policy })
  }

  /** Puts a policy in force for every Rekey on this database. The one in force already changes nothing. */
  async adopt(policy: Policy): Promise<void> {
    const before = await this.#store.findPolicyInForce()
    if (before === undefined || before.hash === policy.hash) return
    const { hash, ...meaning } = policy
    const entry = entryWithout(rekey, policy, {
      type: 'policy.changed',
      before: before.hash,
      changes: differences(before.meaning, JSON.parse(JSON.stringify(meaning))),
    })
    // It may name another channel for the cards.
    const cards = (await this.#store.listOpen()).map((request) => drawCard(request, this.#now()))
    await this.#store.write(entry, this.#now(), undefined, { adopt: policy, jobs: cards })
  }

  /** Records that another policy was not put in force, and why not. */
  async noteRefusedPolicy(faults: readonly string[]): Promise<void> {
    const entry = entryWithout(rekey, this.policy, {
      type: 'policy.refused',
      faults: abridged(faults.map(withoutAddresses)),
    })
    await this.#store.write(entry, this.#now())
  }

  /** Why this person may not even look; undefined if they may. A refusal is recorded. */
  async admit(by: PersonId): Promise<Refusal | undefined> {
    if (this.#mayAsk(await this.#person(by))) return undefined
    const why = 'not-a-requester'
    await this.#store.write(this.#entry(by, { type: 'open.refused', why }), this.#now())
    return why
  }

  /** Finds the accounts that somebody may mean. Looking is recorded too: it can be misused. */
  async lookUp(query: string, by: PersonId): Promise<LookUp> {
    const no = await this.#mayLook(by)
    if (no !== undefined) return no
    const search = await this.#accounts.search(query)
    if (search.kind === 'failed') {
      await this.#noteFailed(by, search.failure)
      return search
    }
    const candidates = search.accounts.map((account) => this.#candidate(account))
    await this.#note(by, { found: candidates.length }, candidates[0]?.account)
    const { more, unsearchedPools } = search
    if (candidates.length === 0) return { kind: 'none', unsearchedPools }
    return { kind: 'found', candidates, more, unsearchedPools }
  }

  /** Reads one account afresh, chosen among several or named by a form. */
  async lookAt(pool: string, sub: Sub, by: PersonId): Promise<LookUp> {
    const no = await this.#mayLook(by)
    if (no !== undefined) return no
    const inspection = await this.#accounts.inspect(pool, sub)
    if (inspection.kind === 'failed') {
      await this.#noteFailed(by, inspection.failure, pool)
      return { ...inspection, unsearchedPools: [] }
    }
    if (inspection.kind === 'gone') return { kind: 'none', unsearchedPools: [] }
    await this.#note(by, { found: 1 }, inspection.account)
    const candidates = [this.#candidate(inspection.account)]
    return { kind: 'found', candidates, more: false, unsearchedPools: [] }
  }

  /**
   * Opens a request for an account that is read again now.
   * @param gesture names the submission, so that the same one delivered twice opens one request
   */
  async open(
    application: Application,
    by: PersonId,
    idempotencyKey: string,
  ): Promise<
    Decision<Pending> | Repeated | { readonly kind: 'failed'; readonly failure: Failure }
  > {
    const who = await this.#person(by)
    if (!this.#mayAsk(who)) return this.#refuseOpening(by, application, 'not-a-requester')
    const inspection = await this.#accounts.inspect(application.pool, application.sub)
    if (inspection.kind === 'failed') {
      await this.#noteFailed(by, inspection.failure, application.pool)
      return inspection
    }
    if (inspection.kind === 'gone') return this.#refuseOpening(by, application, 'account-gone')
    const { account } = inspection
    const approvers = await this.#approversOf(account)
    const owner = await this.#ownerOf(account, [who, ...approvers])
    const id = newId('request')
    // Twice: when another request for this account is opened in between, the second round sees it.
    for (let round = 1; round <= 2; round++) {
      const openRequest = await this.#store.findOpen(account.ref)
      const at = this.#now()
      const freeze = await this.#store.findFreeze(account.ref, at)
      const decision = open(
        application,
        { id, by: who, account, owner, approvers, freeze, openRequest },
        this.policy,
        at,
      )
      const recorded = await this.#store.record(decision, at, idempotencyKey)
      if (recorded === 'recorded' || recorded === 'counted') return decision
      if (recorded === 'repeated') return { kind: 'repeated' }
      if (typeof recorded === 'object')
        return this.#refuseOpening(by, application, 'limit-reached', recorded.usedUp)
    }
    throw new Error(`no request could be opened for an account that has none`)
  }

  /** Whether this person could decide on a request now: asked before the form is shown. */
  async consider(
    id: RequestId,
    by: PersonId,
    seenVersion: number,
    attempt: 'approve' | 'deny',
  ): Promise<Consideration> {
    const request = await this.#store.find(id)
    if (request === undefined) {
      await this.#refuseUnknown(id, by, attempt)
      return { kind: 'unknown' }
    }
    const who = await this.#person(by)
    const at = this.#now()
    const participants = await this.#parties(request)
    const cannot = attempt === 'approve' ? cannotApprove : cannotDecide
    const why = cannot(request, who, participants, seenVersion, this.policy, at)
    if (why === undefined) {
      if (attempt === 'approve') await this.#noteReading(request, by, seenVersion, at)
      return { kind: 'may', request }
    }
    const refused = refuse(request, attempt, by, this.policy, why)
    await this.#store.record(refused, at)
    return refused
  }

  /** @param typed what the approver typed to name the account, where they were asked to */
  async approve(
    id: RequestId,
    by: PersonId,
    seenVersion: number,
    idempotencyKey: string,
    typed?: string,
  ) {
    const who = await this.#person(by)
    const pendingSince = (await this.#store.find(id))?.pendingSince ?? 1
    const since = await this.#store.findRequestView(id, by, pendingSince)
    const isFrozen = await this.#isFrozen(id)
    return this.#decideAmong(id, by, 'approve', idempotencyKey, (request, now, participants) =>
      approve(
        request,
        who,
        participants,
        { seenVersion, since, typed, isFrozen },
        this.policy,
        now,
      ),
    )
  }

  async deny(
    id: RequestId,
    by: PersonId,
    seenVersion: number,
    comment: string,
    idempotencyKey: string,
  ) {
    const who = await this.#person(by)
    return this.#decideAmong(id, by, 'deny', idempotencyKey, (request, now, participants) =>
      deny(request, who, participants, seenVersion, comment, this.policy, now),
    )
  }

  async withdraw(id: RequestId, by: PersonId, idempotencyKey: string) {
    const who = await this.#person(by)
    return this.#decide(id, by, 'withdraw', idempotencyKey, (request, now) =>
      withdraw(request, who, this.policy, now),
    )
  }

  /** The owner says that it was not them: the account is frozen, and what can be taken back is. */
  async report(id: RequestId, by: PersonId, idempotencyKey: string) {
    const who = await this.#person(by)
    const lookUp = async (request: RecoveryRequest) => ({
      participants: await this.#parties(request),
      effect: await this.#store.findEffect(id, request.method),
    })
    const rule = (request: RecoveryRequest, now: Date, facts: ReportFacts) =>
      report(request, who, facts, this.policy, now)
    const made = await decideKnowing(this.#store, id, this.#now, lookUp, rule, idempotencyKey)
    return this.#answer(id, by, 'report', made)
  }

  /** Ends an account's freeze before its time. */
  async unfreeze(id: RequestId, by: PersonId, idempotencyKey: string) {
    const who = await this.#person(by)
    return this.#halt(
      async () => unfreeze(who, await this.#thawFacts(id), this.policy),
      idempotencyKey,
    )
  }

  /** Settles, by a person's word, what became of a call whose outcome is unclear. */
  async resolve(
    id: RequestId,
    by: PersonId,
    seenVersion: number,
    verdict: Verdict,
    idempotencyKey: string,
  ) {
    const who = await this.#person(by)
    const method = (await this.#store.find(id))?.method
    const effect = method === undefined ? undefined : await this.#store.findEffect(id, method)
    return this.#decideAmong(id, by, 'resolve', idempotencyKey, (request, now, participants) =>
      resolve(request, who, { participants, seenVersion, effect }, verdict, this.policy, now),
    )
  }

  /** Has what may not have arrived sent once more, at a person's word. */
  async sendAgain(id: RequestId, by: PersonId, seenVersion: number, idempotencyKey: string) {
    const who = await this.#person(by)
    const request = await this.#store.find(id)
    const effect = request && (await this.#store.findEffect(id, request.method))
    const looked =
      request && (await this.#accounts.inspect(request.account.pool, request.account.sub))
    const account = looked?.kind === 'account' ? looked.account : undefined
    const facts = { seenVersion, effect, account, effectId: newId('effect') }
    const lookUp = async (current: RecoveryRequest) => ({
      participants: await this.#parties(current),
      pauseState: await this.#haltsOf(current),
    })
    type Known = Awaited<ReturnType<typeof lookUp>>
    const rule = (current: RecoveryRequest, now: Date, known: Known) =>
      sendAgain(current, who, { ...facts, ...known }, this.policy, now)
    const made = await decideKnowing(this.#store, id, this.#now, lookUp, rule, idempotencyKey)
    return this.#answer(id, by, 'resolve', made)
  }

  /** Looks at the account of an earlier request again, for its requester's next one. */
  async lookAgain(id: RequestId, by: PersonId): Promise<LookUp> {
    const request = await this.#store.find(id)
    if (request === undefined) {
      await this.#refuseUnknown(id, by, 'ask-again')
      return { kind: 'none', unsearchedPools: [] }
    }
    if (request.requestedBy !== by) {
      const why = 'not-your-request'
      await this.#store.record(refuse(request, 'ask-again', by, this.policy, why), this.#now())
      return { kind: 'refused', why }
    }
    return this.lookAt(request.account.pool, request.account.sub, by)
  }

  /** Takes a temporary password out of the vault for its one showing. */
  async reveal(
    id: RequestId,
    by: PersonId,
    view: string,
    idempotencyKey: string,
  ): Promise<Showing | Refused | Repeated> {
    const who = await this.#person(by)
    const lookUp = (request: RecoveryRequest) => this.#haltsOf(request)
    const rule = (request: RecoveryRequest, now: Date, pauseState: PauseState) =>
      reveal(request, who, view, pauseState, this.policy, now)
    const made = await decideKnowing(this.#store, id, this.#now, lookUp, rule, idempotencyKey)
    const decision = await this.#answer(id, by, 'reveal', made)
    if (decision.kind !== 'moved') return decision
    const { request } = decision.change
    const sealed = await this.#store.findSecret(request.effect)
    if (sealed === undefined) throw new Error(`request ${id} has no sealed password to show`)
    return {
      kind: 'showing',
      password: this.#vault.open(sealed),
      request,
      shown: async () => {
        await decide(this.#store, id, this.#now, (current, now) =>
          revealed(current, who, this.policy, now),
        )
      },
      notShown: async () => {
        await decide(this.#store, id, this.#now, (current, now) =>
          release(current, who, this.policy, now),
        )
      },
    }
  }

  /** Stops every recovery that has not begun. */
  async pause(by: PersonId, reason: string, idempotencyKey: string) {
    const who = await this.#person(by)
    return this.#halt(
      async () => pause(who, reason, await this.#haltFacts(), this.policy, this.#now()),
      idempotencyKey,
    )
  }

  /** Lets recoveries go on. @param since when the pause began that is meant; any, if it is not given */
  async resume(by: PersonId, idempotencyKey: string, since?: Date) {
    const who = await this.#person(by)
    return this.#halt(
      async () => resume(who, since, await this.#haltFacts(), this.policy, this.#now()),
      idempotencyKey,
    )
  }

  /** What somebody has asked for, the newest first. */
  async openedBy(by: PersonId): Promise<Listing> {
    const who = await this.#person(by)
    const requests = await this.#store.listOpenedBy(by, mostListed)
    const may = who.member && (mayRequest(this.policy, who) || requests.length > 0)
    return may ? this.#listed(requests) : this.#refuseListing(by)
  }

  /** What waits for this person's decision, or, for those who can pause everything, for anybody's. */
  async waitingFor(by: PersonId): Promise<Listing> {
    const who = await this.#person(by)
    const seesAll = mayPause(this.policy, who)
    const decides = who.member && this.policy.tiers.some((tier) => mayDecide(tier, who, Infinity))
    if (!seesAll && !decides) return this.#refuseListing(by)
    const theirs: RecoveryRequest[] = []
    for (const request of await this.#store.listOpen()) {
      if (seesAll || (waits(request) && (await this.#hasSay(request, who)))) theirs.push(request)
      if (theirs.length === mostListed) break
    }
    return this.#listed(theirs)
  }

  /**
   * What would become of this person's request for each account that a query finds, and who could
   * decide on it. Nothing is recorded, and nothing counts towards a limit.
   */
  async explain(query: string, requester: PersonId): Promise<Explained> {
    const search = await this.#accounts.search(query)
    if (search.kind === 'failed') return search
    const by = await this.#person(requester)
    const accounts: { account: Account; explanation: Explanation }[] = []
    for (const account of search.accounts) {
      const openRequest = await this.#store.findOpen(account.ref)
      const approvers = await this.#approversOf(account)
      const owner = await this.#ownerOf(account, [by, ...approvers])
      const freeze = await this.#store.findFreeze(account.ref, this.#now())
      const facts = { by, account, owner, approvers, freeze, openRequest }
      accounts.push({ account, explanation: explain(facts, this.policy, this.#now()) })
    }
    return { kind: 'explained', accounts, unsearchedPools: search.unsearchedPools }
  }

  /** Records that a channel of ours is open to outsiders: once an hour, by whichever Rekey sees it first. */
  async noteShared(channel: string): Promise<void> {
    const at = this.#now()
    const hour = at.toISOString().slice(0, 'YYYY-MM-DDTHH'.length)
    const entry = entryWithout(rekey, this.policy, { type: 'channel.shared', channel })
    await this.#store.write(entry, at, `shared ${channel} ${hour}`)
  }

  /** Records that a payload was turned away before it reached anything. */
  async turnAway(
    by: PersonId,
    kind: string,
    because: Objection,
    idempotencyKey?: string,
  ): Promise<void> {
    await this.#store.write(
      entryWithout(person(by), this.policy, { type: 'ingress.refused', kind, because }),
      this.#now(),
      idempotencyKey,
    )
  }

  /**
   * Records that what came back is not what Rekey had put there, or cannot be taken as it is.
   * @param fields which of a form's
   */
  async refuseMalformed(
    by: PersonId,
    attempt: Attempt | 'open' | 'resume',
    because: Malformed,
    idempotencyKey?: string,
    fields?: readonly string[],
  ): Promise<void> {
    const entry = this.#entry(by, {
      type: 'ingress.refused',
      attempt,
      because,
      ...(fields === undefined ? {} : { fields }),
    })
    await this.#store.write(entry, this.#now(), idempotencyKey)
  }

  async #decide<Made extends Decision>(
    id: RequestId,
    by: PersonId,
    attempt: Attempt,
    idempotencyKey: string,
    rule: (request: RecoveryRequest, now: Date) => Made,
  ): Promise<Made | Refused | Repeated> {
    const decision = await decide(this.#store, id, this.#now, rule, idempotencyKey)
    return this.#answer(id, by, attempt, decision)
  }

  /** As `#decide`, for a rule that asks who they are who have a part in the request. */
  async #decideAmong<Made extends Decision>(
    id: RequestId,
    by: PersonId,
    attempt: Attempt,
    idempotencyKey: string,
    rule: (request: RecoveryRequest, now: Date, participants: Participants) => Made,
  ): Promise<Made | Refused | Repeated> {
    const lookUp = (request: RecoveryRequest) => this.#parties(request)
    const decision = await decideKnowing(this.#store, id, this.#now, lookUp, rule, idempotencyKey)
    return this.#answer(id, by, attempt, decision)
  }

  async #answer<Made extends Decision>(
    id: RequestId,
    by: PersonId,
    attempt: Attempt,
    decision: Made | Repeated | Limited | undefined,
  ): Promise<Made | Refused | Repeated> {
    if (decision === undefined) return this.#refuseUnknown(id, by, attempt)
    if (decision.kind !== 'limited') return decision
    const refused = refuseForNow(decision.request, attempt, by, this.policy, decision.limit)
    await this.#store.record(refused, this.#now())
    return refused
  }

  async #refuseUnknown(id: RequestId, by: PersonId, attempt: Attempt): Promise<Refused> {
    const why = 'unknown-request'
    const entry = this.#entry(by, { type: 'decision.refused', attempt, why, named: id })
    await this.#store.write(entry, this.#now())
    return { kind: 'refused', why, entry }
  }

  async #refuseOpening(
    by: PersonId,
    application: Application,
    why: Refusal,
    limit?: LimitName,
  ): Promise<Refused> {
    const reached = limit === undefined ? {} : { limit }
    const entry = this.#entry(by, {
      type: 'open.refused',
      why,
      method: application.method,
      ...reached,
    })
    await this.#store.write(entry, this.#now())
    return { kind: 'refused', why, entry, ...reached }
  }

  /** Asked before anything is asked of Cognito, so that its answers tell outsiders nothing. */
  #mayAsk(who: Person): boolean {
    return who.member && mayRequest(this.policy, who)
  }

  /** Why this person may not look now, if so. Counted before anything is asked of Cognito. */
  async #mayLook(by: PersonId): Promise<Extract<LookUp, { kind: 'refused' }> | undefined> {
    const why = await this.admit(by)
    if (why !== undefined) return { kind: 'refused', why }
    const limit = 'lookUpsPerRequester'
    const { most, windowMs } = this.policy.limits[limit]
    if (await this.#limits.take(`${limit} ${by}`, most, windowMs, this.#now())) return undefined
    const refused = { why: 'limit-reached', limit } as const
    await this.#store.write(this.#entry(by, { type: 'open.refused', ...refused }), this.#now())
    return { kind: 'refused', ...refused }
  }

  async #noteReading(
    request: RecoveryRequest,
    by: PersonId,
    version: number,
    at: Date,
  ): Promise<void> {
    const entry = entryFor(request, person(by), this.policy, { type: 'approval.opened' })
    await this.#store.write(entry, at, undefined, {
      reading: { request: request.id, by, version },
    })
  }

  async #haltFacts(): Promise<PauseFacts> {
    return { currentPause: await this.#store.findPause(), open: await this.#store.listOpen() }
  }

  async #thawFacts(id: RequestId): Promise<UnfreezeFacts> {
    const named = await this.#store.find(id)
    const freeze = named && (await this.#store.findFreeze(named.account, this.#now()))
    const reported = named === undefined ? [] : await this.#store.listReported(named.account)
    const participants = await lookUpAll(this.#directory, reported.flatMap(participantsOf))
    return { freeze, reported, participants }
  }

  /** As with a request: if what the rule was asked about has changed in between, it is asked again. */
  async #halt(
    rule: () => Promise<PauseChange | Refused>,
    idempotencyKey: string,
  ): Promise<PauseChange | Refused | Repeated> {
    for (let round = 1; round <= pauseRounds; round++) {
      const change = await rule()
      const extras = change.kind === 'moved' ? change.extras : {}
      const recorded = await this.#store.write(change.entry, this.#now(), idempotencyKey, extras)
      if (recorded === 'repeated') return { kind: 'repeated' }
      if (recorded === 'recorded' || recorded === 'counted') return change
    }
    throw new Error(`the pause changed ${pauseRounds} times while somebody decided about it`)
  }

  async #note(
    by: PersonId,
    looked: EntryData['account.looked-up'],
    account?: Account,
  ): Promise<void> {
    const content = { type: 'account.looked-up', ...looked } as const
    const entry = entryWithout(person(by), this.policy, content, account?.ref)
    await this.#store.write(entry, this.#now())
  }

  /** A look that came to nothing is one all the same. @param pool as somebody's form or button names it */
  async #noteFailed(by: PersonId, { kind }: Failure, pool?: string): Promise<void> {
    const isOurs = pool === undefined || this.policy.pools.some(({ name }) => name === pool)
    if (!isOurs) return this.refuseMalformed(by, 'open', 'not-our-pool')
    await this.#note(by, { failed: kind })
  }

  #entry(by: PersonId, content: EntryContent): EntryDraft {
    return entryWithout(person(by), this.policy, content)
  }

  #candidate(account: Account): Candidate {
    const tier = tierOfAccount(this.policy, account, this.#now())
    return { account, tier, availability: availabilityUnder(tier, account) }
  }

  async #haltsOf({ account }: RecoveryRequest): Promise<PauseState> {
    const pause = await this.#store.findPause()
    const freeze = await this.#store.findFreeze(account, this.#now())
    return { isPaused: pause !== undefined, isFrozen: freeze !== undefined }
  }

  async #isFrozen(id: RequestId): Promise<boolean> {
    const request = await this.#store.find(id)
    if (request === undefined) return false
    return (await this.#store.findFreeze(request.account, this.#now())) !== undefined
  }

  async #hasSay(request: RecoveryRequest, who: Person): Promise<boolean> {
    const participants = await this.#parties(request)
    return whyNotApprover(request, who, participants, this.policy, this.#now()) === undefined
  }

  /** Everybody with a part in the request, as it stands. */
  #parties(request: RecoveryRequest): Promise<Participants> {
    return lookUpAll(this.#directory, participantsOf(request))
  }

  /** Everybody who could decide on a request for this account, now or once it is escalated. */
  async #approversOf(account: Account): Promise<readonly Person[]> {
    const { approvers, escalation } = this.#candidate(account).tier
    return this.#directory.members([...approvers, ...(escalation?.to ?? [])])
  }

  /** Slack finds an address only as it is written: one with another tag shows in those who have a part. */
  async #ownerOf(account: Account, parts: readonly Person[]): Promise<Person | undefined> {
    const { ownerEmail } = account
    if (ownerEmail === undefined) return undefined
    for (const address of new Set([ownerEmail, addressSubject(ownerEmail)])) {
      const id = await this.#directory.findByEmail(address)
      if (id !== undefined) return this.#person(id)
    }
    return parts.find((one) => hasAddressOf(account, one))
  }

  async #listed(requests: readonly RecoveryRequest[]): Promise<Listing> {
    return { kind: 'listed', requests, pause: await this.#store.findPause() }
  }

  async #refuseListing(by: PersonId): Promise<Refused> {
    const why = 'not-involved'
    const entry = this.#entry(by, { type: 'decision.refused', attempt: 'list', why })
    await this.#store.write(entry, this.#now())
    return { kind: 'refused', why, entry }
  }

  /** Somebody the directory doesn't know is nobody's member and may do nothing. */
  async #person(id: PersonId): Promise<Person> {
    return (await this.#directory.person(id)) ?? { id, groups: [], subjects: [id], member: false }
  }
}
