import { newId, type PersonId, type RequestId, type Sub } from '../../ids.ts'
import { type SearchTerm, termText } from '../../lookup/terms.ts'
import type { LimitName, Tier } from '../../policy/policy.ts'
import { mayRequest } from '../../policy/who.ts'
import type { Account, MethodAvailability } from '../model/account.ts'
import type { Decision, Refusal, Refused } from '../model/decision.ts'
import { type EntryContent, entryWithout, person, refuse } from '../model/drafts.ts'
import type { Failure } from '../model/effect.ts'
import type { Match } from '../model/match.ts'
import type { Pending } from '../model/request.ts'
import type { Accounts, Incomplete, Search } from '../ports/accounts.ts'
import type { Person } from '../ports/directory.ts'
import type { RateLimiter } from '../ports/rate-limiter.ts'
import { availabilityUnder, tierOfAccount } from '../rules/eligibility.ts'
import { type Application, open } from '../rules/open.ts'
import { isUnused } from '../rules/unused.ts'
import type { Context } from './context.ts'
import type { Journal } from './journal.ts'
import { openingFacts } from './opening-facts.ts'
import type { Repeated } from './record-decision.ts'
import { refuseAltered, refuseUnknown } from './wish.ts'

// Nobody writes about more people in one message than they can tell apart.
const mostNamed = 3

/** What a look-up came to. */
export type LookUp =
  | (Incomplete & {
      readonly kind: 'found'
      readonly candidates: readonly Candidate[]
      readonly more: boolean
      /** What was named and led to nobody, as it was written. */
      readonly unmatched: readonly string[]
    })
  | (Incomplete & { readonly kind: 'none' })
  | (Incomplete & { readonly kind: 'failed'; readonly failure: Failure })
  | { readonly kind: 'refused'; readonly why: Refusal; readonly limit?: LimitName }

/** An account with what the policy says about it. */
export interface Candidate {
  readonly account: Account
  readonly tier: Tier
  readonly availability: MethodAvailability
  /** How it was found; absent where nothing had to be searched. */
  readonly match?: Match
}

/** A form that somebody has sent. */
export interface SubmittedApplication {
  readonly application: Application
  readonly by: PersonId
  /** Names the submission, so that the same one delivered twice opens one request. */
  readonly idempotencyKey: string
}

/** What became of a form; `failed` where Cognito could not be asked about the account. */
export type Opening =
  | Decision<Pending>
  | Repeated
  | { readonly kind: 'failed'; readonly failure: Failure }

export interface RequestServiceDeps {
  readonly accounts: Pick<Accounts, 'search' | 'inspect'>
  readonly rateLimiter: RateLimiter
  readonly journal: Pick<Journal, 'refuseMalformed'>
}

/** For whoever asks: finding the account, and opening a request for it. */
export class RequestService {
  readonly #context: Context
  readonly #accounts: RequestServiceDeps['accounts']
  readonly #rateLimiter: RateLimiter
  readonly #journal: RequestServiceDeps['journal']

  constructor(context: Context, deps: RequestServiceDeps) {
    this.#context = context
    this.#accounts = deps.accounts
    this.#rateLimiter = deps.rateLimiter
    this.#journal = deps.journal
  }

  /** Why this person may not even look; undefined if they may. A refusal is recorded. */
  async admit(by: PersonId): Promise<Refusal | undefined> {
    if (this.#mayAsk(await this.#context.person(by))) return undefined
    const why = 'not-a-requester'
    await this.#note(by, { type: 'open.refused', why })
    return why
  }

  /**
   * Finds the accounts that somebody may mean, by the first few things that they named; the rest leads to
   * nobody. Each is a look-up of its own, recorded and counted: looking can be misused.
   */
  async lookUp(named: readonly SearchTerm[], by: PersonId): Promise<LookUp> {
    const terms = named.slice(0, mostNamed)
    const no = await this.#whyNotLook(by, Math.max(1, terms.length))
    if (no !== undefined) return no
    const search = await this.#search(terms)
    if (search.kind === 'failed') {
      await this.#noteFailed(by, search.failure)
      return search
    }
    const { matches, more, unsearchedPools } = search
    const found = terms.map((term) => matches.filter((match) => match.terms.includes(term)))
    for (const own of terms.length === 0 ? [[]] : found) {
      const content = { type: 'account.looked-up', found: own.length } as const
      await this.#note(by, content, own[0]?.account)
    }
    if (matches.length === 0) return { kind: 'none', unsearchedPools }
    const candidates = matches.map((match) => ({ ...this.#candidate(match.account), match }))
    const unmatched = named.filter((_, place) => (found[place] ?? []).length === 0).map(termText)
    return { kind: 'found', candidates, more, unsearchedPools, unmatched }
  }

  /** Reads one account afresh, chosen among several or named by a form. Recorded as `lookUp` is. */
  async lookAt(pool: string, sub: Sub, by: PersonId): Promise<LookUp> {
    const no = await this.#whyNotLook(by)
    if (no !== undefined) return no
    const inspection = await this.#accounts.inspect(pool, sub)
    if (inspection.kind === 'failed') {
      await this.#noteFailed(by, inspection.failure, pool)
      return { ...inspection, unsearchedPools: [] }
    }
    if (inspection.kind === 'gone') return { kind: 'none', unsearchedPools: [] }
    await this.#note(by, { type: 'account.looked-up', found: 1 }, inspection.account)
    const candidates = [this.#candidate(inspection.account)]
    return { kind: 'found', candidates, more: false, unsearchedPools: [], unmatched: [] }
  }

  /** Looks at the account of an earlier request again, for its requester's next one. */
  async lookAgain(id: RequestId, by: PersonId): Promise<LookUp> {
    const { store, policy, now } = this.#context
    const attempt = 'ask-again'
    const request = await store
      .find(id)
      .catch((error: unknown) => refuseAltered(this.#context, { by, attempt }, error))
    if (request !== undefined && 'kind' in request) return { kind: 'refused', why: request.why }
    if (request === undefined) {
      const { why } = await refuseUnknown(this.#context, { request: id, by }, attempt)
      if (why === 'record-altered') return { kind: 'refused', why }
      return { kind: 'none', unsearchedPools: [] }
    }
    if (request.requestedBy !== by) {
      const why = 'not-your-request'
      await store.record(refuse(request, { attempt, by, why }, policy()), now())
      return { kind: 'refused', why }
    }
    return this.lookAt(request.account.pool, request.account.sub, by)
  }

  /**
   * Opens a request for an account that is read again now.
   * @throws when it could not be stored, though no other request stands in its way
   */
  async open(submitted: SubmittedApplication): Promise<Opening> {
    // Twice: when another request for this account is opened in between, the second round sees it.
    for (let round = 1; round <= 2; round++) {
      const opening = await this.#openOnce(submitted)
      if (opening !== 'overtaken') return opening
    }
    throw new Error(`no request could be opened for an account that has none`)
  }

  async #openOnce(submitted: SubmittedApplication): Promise<Opening | 'overtaken'> {
    const { application, by, idempotencyKey } = submitted
    const who = await this.#context.person(by)
    // Asked before anything is asked of Cognito, so that its answers tell outsiders nothing.
    if (!this.#mayAsk(who)) return this.#refuseOpening(submitted, 'not-a-requester')
    const inspection = await this.#accounts.inspect(application.pool, application.sub)
    if (inspection.kind === 'failed') {
      await this.#noteFailed(by, inspection.failure, application.pool)
      return inspection
    }
    if (inspection.kind === 'gone') return this.#refuseOpening(submitted, 'account-gone')
    const facts = await openingFacts(this.#context, who, inspection.account)
    const terms = this.#context.terms()
    const id = newId('request')
    const decision = open(application, { id, ...facts }, terms)
    const recorded = await this.#context.store.record(decision, terms.now, idempotencyKey)
    if (recorded === 'recorded' || recorded === 'counted') return decision
    if (recorded === 'repeated') return { kind: 'repeated' }
    if (typeof recorded === 'object') {
      const refused = await this.#refuseOpening(submitted, 'limit-reached', recorded.usedUp)
      const lately = await this.#context.lately(inspection.account.ref)
      const counted = lately.find((each) => !isUnused(each))
      return counted === undefined ? refused : { ...refused, request: counted }
    }
    return 'overtaken'
  }

  async #refuseOpening(
    { application, by }: SubmittedApplication,
    why: Refusal,
    limit?: LimitName,
  ): Promise<Refused> {
    const { store, policy, now } = this.#context
    const reached = limit === undefined ? {} : { limit }
    const { method } = application
    const content = { type: 'open.refused', why, method, ...reached } as const
    const entry = entryWithout(person(by), policy(), content)
    await store.write(entry, now())
    return { kind: 'refused', why, entry, ...reached }
  }

  #mayAsk(who: Person): boolean {
    return who.member && mayRequest(this.#context.policy(), who)
  }

  async #search(terms: readonly SearchTerm[]): Promise<Search> {
    // What no account could match is nothing to ask Cognito about.
    if (terms.length === 0) return { kind: 'found', matches: [], more: false, unsearchedPools: [] }
    return this.#accounts.search(terms)
  }

  /** Why this person may not look now, if so. Counted before anything is asked of Cognito. */
  async #whyNotLook(
    by: PersonId,
    times = 1,
  ): Promise<Extract<LookUp, { kind: 'refused' }> | undefined> {
    const why = await this.admit(by)
    if (why !== undefined) return { kind: 'refused', why }
    const limit = 'lookUpsPerRequester'
    const { policy, now } = this.#context
    const { most, windowMs } = policy().limits[limit]
    const take = () => this.#rateLimiter.take(`${limit} ${by}`, most, windowMs, now())
    let taken = 0
    while (taken < times && (await take())) taken += 1
    if (taken === times) return undefined
    const refused = { why: 'limit-reached', limit } as const
    await this.#note(by, { type: 'open.refused', ...refused })
    return { kind: 'refused', ...refused }
  }

  /** A look that came to nothing is one all the same. @param pool as somebody's form or button names it */
  async #noteFailed(by: PersonId, { kind }: Failure, pool?: string): Promise<void> {
    const isOurs =
      pool === undefined || this.#context.policy().pools.some(({ name }) => name === pool)
    if (isOurs) return this.#note(by, { type: 'account.looked-up', failed: kind })
    const because = 'not-our-pool'
    return this.#journal.refuseMalformed({ by, attempt: 'open', because })
  }

  async #note(
    by: PersonId,
    content: EntryContent<'account.looked-up' | 'open.refused'>,
    account?: Account,
  ): Promise<void> {
    const { store, policy, now } = this.#context
    await store.write(entryWithout(person(by), policy(), content, account?.ref), now())
  }

  #candidate(account: Account): Candidate {
    const tier = tierOfAccount(this.#context.policy(), account, this.#context.now())
    return { account, tier, availability: availabilityUnder(tier, account) }
  }
}
