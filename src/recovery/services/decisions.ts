import type { PersonId, RequestId } from '../../ids.ts'
import { mayDecide, mayPause, mayRequest } from '../../policy/who.ts'
import type { Decision, Refused } from '../model/decision.ts'
import { entryFor, entryWithout, person } from '../model/drafts.ts'
import type { Pause } from '../model/pause.ts'
import type { Approved, Denied, Pending, RecoveryRequest, Withdrawn } from '../model/request.ts'
import type { Person } from '../ports/directory.ts'
import type { Listed } from '../ports/store.ts'
import { approve, cannotApprove } from '../rules/approve.ts'
import { deny } from '../rules/deny.ts'
import { openedSince } from '../rules/parts.ts'
import { cannotDecide, refuseDecider, whyNotApprover } from '../rules/rights.ts'
import { withdraw } from '../rules/withdraw.ts'
import type { Context } from './context.ts'
import type { Repeated } from './record-decision.ts'
import { answerWish, refuseAltered, refuseUnknown, type SeenWish, type Wish } from './wish.ts'

/** What a list of requests came to, with the pause that holds for all of them. */
export type Listing =
  | {
      readonly kind: 'listed'
      readonly requests: readonly RecoveryRequest[]
      /** Those that somebody else has changed in the database: nothing is done by what they say. */
      readonly altered: readonly RequestId[]
      readonly pause: Pause | undefined
    }
  | Refused

/** Whether a form may be opened, with the request it is about. */
export type Consideration =
  | { readonly kind: 'may'; readonly request: RecoveryRequest }
  | Refused
  | { readonly kind: 'unknown' }

/** A form that somebody would open in order to decide. */
export interface ConsideredForm extends Omit<SeenWish, 'idempotencyKey'> {
  readonly attempt: 'approve' | 'deny'
}

export interface Approving extends SeenWish {
  /** What the approver typed to name the account, where they were asked to. */
  readonly typed?: string | undefined
}

export interface Denying extends SeenWish {
  /** Why: the requester reads it. */
  readonly comment: string
}

// Slack takes 50 blocks in a message, and a request needs three.
const mostListed = 10

/** For whoever decides on a request, or takes their own back; and what waits for whom. */
export class DecisionService {
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  /**
   * Whether this person could decide on a request now: asked before the form is shown. That they have
   * it before their eyes is recorded, for an approval has to be read for; and so is a refusal.
   */
  async consider({
    request: id,
    by,
    seenVersion,
    attempt,
  }: ConsideredForm): Promise<Consideration> {
    const { store } = this.#context
    const request = await store
      .find(id)
      .catch((error: unknown) => refuseAltered(this.#context, { by, attempt }, error))
    if (request !== undefined && 'kind' in request) return request
    if (request === undefined) {
      const refused = await refuseUnknown(this.#context, { request: id, by }, attempt)
      return refused.why === 'record-altered' ? refused : { kind: 'unknown' }
    }
    const who = await this.#context.person(by)
    const participants = await this.#context.participants(request)
    const terms = this.#context.terms()
    const { policy, now } = terms
    const cannot = attempt === 'approve' ? cannotApprove : cannotDecide
    const why = cannot(request, who, { participants, seenVersion }, terms)
    if (why !== undefined) {
      const refused = refuseDecider(request, { attempt, by: who, why }, terms)
      await store.record(refused, now)
      return refused
    }
    if (attempt === 'approve') {
      const entry = entryFor(request, person(by), policy, { type: 'approval.opened' })
      await store.write(entry, now)
    }
    return { kind: 'may', request }
  }

  /** Counts this person's approval; the last one that is needed sets the recovery in motion. */
  approve(wish: Approving): Promise<Decision<Pending | Approved> | Repeated> {
    const { seenVersion, typed } = wish
    return answerWish(this.#context, wish, {
      attempt: 'approve',
      lookUp: async (request) => ({
        participants: await this.#context.participants(request),
        since: openedSince(
          await this.#context.ledger.entriesOf(request.id),
          wish.by,
          request.pendingSince,
        ),
        isFrozen: await this.#context.isFrozen(request.account),
      }),
      rule: ({ request, by, terms }, facts) =>
        approve(request, by, { ...facts, seenVersion, typed }, terms),
    })
  }

  /** Ends a request that waits for approval, with the reason that its requester will read. */
  deny(wish: Denying): Promise<Decision<Denied> | Repeated> {
    const { seenVersion, comment } = wish
    return answerWish(this.#context, wish, {
      attempt: 'deny',
      lookUp: async (request) => ({
        participants: await this.#context.participants(request),
        earlier: await this.#context.lately(request.account),
      }),
      rule: ({ request, by, terms }, facts) =>
        deny(request, by, { ...facts, seenVersion, comment }, terms),
    })
  }

  /** Takes back a request of this person's own, before anything has been done. */
  withdraw(wish: Wish): Promise<Decision<Withdrawn> | Repeated> {
    return answerWish(this.#context, wish, {
      attempt: 'withdraw',
      lookUp: (request) => this.#context.lately(request.account),
      rule: ({ request, by, terms }, earlier) => withdraw(request, by, terms, earlier),
    })
  }

  /** What somebody has asked for, the newest first. */
  async openedBy(by: PersonId): Promise<Listing> {
    const who = await this.#context.person(by)
    const theirs = await this.#context.openedBy(by, mostListed)
    const isInvolved = theirs.requests.length + theirs.altered.length > 0
    const may = who.member && (mayRequest(this.#context.policy(), who) || isInvolved)
    return may ? this.#listed(theirs) : this.#refuseListing(by)
  }

  /** What waits for this person's decision, or, for those who can pause everything, for anybody's. */
  async waitingFor(by: PersonId): Promise<Listing> {
    const { policy } = this.#context
    const who = await this.#context.person(by)
    const seesAll = mayPause(policy(), who)
    const decides = who.member && policy().tiers.some((tier) => mayDecide(tier, who, Infinity))
    if (!seesAll && !decides) return this.#refuseListing(by)
    const theirs: RecoveryRequest[] = []
    const { requests, altered } = await this.#context.open()
    for (const request of requests) {
      if (seesAll || (waits(request) && (await this.#mayDecideOn(request, who))))
        theirs.push(request)
      if (theirs.length === mostListed) break
    }
    return this.#listed({ requests: theirs, altered })
  }

  async #mayDecideOn(request: RecoveryRequest, who: Person): Promise<boolean> {
    const participants = await this.#context.participants(request)
    return whyNotApprover(request, who, { participants }, this.#context.terms()) === undefined
  }

  async #listed(listed: Listed): Promise<Listing> {
    return { kind: 'listed', ...listed, pause: await this.#context.store.findPause() }
  }

  async #refuseListing(by: PersonId): Promise<Refused> {
    const { store, policy, now } = this.#context
    const why = 'not-involved'
    const content = { type: 'decision.refused', attempt: 'list', why } as const
    const entry = entryWithout(person(by), policy(), content)
    await store.write(entry, now())
    return { kind: 'refused', why, entry }
  }
}

function waits({ state }: RecoveryRequest): boolean {
  return state === 'pending' || state === 'needs-attention'
}
