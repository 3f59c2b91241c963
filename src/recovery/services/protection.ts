import type { RequestId } from '../../ids.ts'
import type { Decision, Refused } from '../model/decision.ts'
import { after } from '../model/drafts.ts'
import type { Terms } from '../model/terms.ts'
import type { Person } from '../ports/directory.ts'
import { clearLimit } from '../rules/clear-limit.ts'
import { type UnfreezeFacts, unfreeze } from '../rules/freeze.ts'
import { peopleOf } from '../rules/parts.ts'
import { type PauseChange, type PauseFacts, pause, resume } from '../rules/pause.ts'
import { report } from '../rules/report.ts'
import type { Context } from './context.ts'
import type { Repeated } from './record-decision.ts'
import { answerWish, refuseAltered, refuseUnknown, type Wish } from './wish.ts'

/** Somebody's wish that is about no one request. */
export type PauseWish = Omit<Wish, 'request'>

export interface Pausing extends PauseWish {
  readonly reason: string
}

export interface Resuming extends PauseWish {
  /** When the pause began that is meant; any, if it is not given. */
  readonly since?: Date
}

/** A change of what holds for everybody, or for one account, and what it rests on. */
interface Changing<Facts> {
  readonly lookUp: () => Promise<Facts>
  readonly rule: (by: Person, facts: Facts, terms: Terms) => PauseChange | Refused
}

// Whoever pauses or resumes meets at most a few others.
const rounds = 5

/** What keeps accounts safe whatever has been approved: an owner's report, and the pause of everything. */
export class ProtectionService {
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  /** The owner says that it was not them: the account is frozen, and what can be taken back is. */
  report(wish: Wish): Promise<Decision | Repeated> {
    return answerWish(this.#context, wish, {
      attempt: 'report',
      byLedger: true,
      lookUp: async (request) => ({
        participants: await this.#context.participants(request),
        effect: await this.#context.store.findEffect(request.id, request.method),
      }),
      rule: ({ request, by, terms }, facts) => report(request, by, facts, terms),
    })
  }

  /** Ends an account's freeze before its time. @param wish names the request that its owner reported */
  unfreeze(wish: Wish): Promise<PauseChange | Refused | Repeated> {
    return this.#change(wish, {
      lookUp: () => this.#unfreezeFacts(wish.request),
      rule: (by, facts, { policy }) => unfreeze(by, facts, policy),
    }).catch((error: unknown) => this.#refuseAltered(wish, 'thaw', error))
  }

  /** Lets an account be asked for again before its limit does. @param wish names any request for it */
  clearLimit(wish: Wish): Promise<PauseChange | Refused | Repeated> {
    return this.#clearLimit(wish).catch((error: unknown) =>
      this.#refuseAltered(wish, 'clear', error),
    )
  }

  async #clearLimit(wish: Wish): Promise<PauseChange | Refused | Repeated> {
    const { store } = this.#context
    const request = await store.find(wish.request)
    if (request === undefined) return refuseUnknown(this.#context, wish, 'clear')
    return this.#change(wish, {
      lookUp: async () => {
        const parts = await this.#context.parts(request.account)
        const { windowMs } = this.#context.policy().limits.requestsPerAccount
        const from = after(this.#context.now(), -windowMs)
        const lately = parts.filter((each) => each.request === request.id || each.openedAt > from)
        const participants = await this.#context.people(lately.flatMap(peopleOf))
        return { request, lately, participants }
      },
      rule: clearLimit,
    })
  }

  /** Stops every recovery that has not begun. */
  pause(wish: Pausing): Promise<PauseChange | Refused | Repeated> {
    return this.#change(wish, {
      lookUp: () => this.#pauseFacts(),
      rule: (by, facts, terms) => pause(by, wish.reason, facts, terms),
    })
  }

  /** Lets recoveries go on. */
  resume(wish: Resuming): Promise<PauseChange | Refused | Repeated> {
    return this.#change(wish, {
      lookUp: () => this.#pauseFacts(),
      rule: (by, facts, terms) => resume(by, wish.since, facts, terms),
    })
  }

  /** As with a request: if what the rule was asked about has changed in between, it is asked again. */
  async #change<Facts>(
    { by, idempotencyKey }: PauseWish,
    { lookUp, rule }: Changing<Facts>,
  ): Promise<PauseChange | Refused | Repeated> {
    const { store } = this.#context
    for (let round = 1; round <= rounds; round++) {
      const person = await this.#context.person(by)
      const facts = await lookUp()
      const terms = this.#context.terms()
      const change = rule(person, facts, terms)
      const extras = change.kind === 'moved' ? change.extras : {}
      const recorded = await store.write(change.entry, terms.now, idempotencyKey, extras)
      if (recorded === 'repeated') return { kind: 'repeated' }
      if (recorded === 'recorded' || recorded === 'counted') return change
    }
    throw new Error(`the pause changed ${rounds} times while somebody decided about it`)
  }

  #refuseAltered({ by }: PauseWish, attempt: 'thaw' | 'clear', error: unknown): Promise<Refused> {
    return refuseAltered(this.#context, { by, attempt }, error)
  }

  async #pauseFacts(): Promise<PauseFacts> {
    const { store } = this.#context
    return { currentPause: await store.findPause(), open: (await this.#context.open()).requests }
  }

  async #unfreezeFacts(id: RequestId): Promise<UnfreezeFacts> {
    const { store, now } = this.#context
    const named = await store.find(id)
    const freeze = named && (await store.findFreeze(named.account, now()))
    const request = freeze && (await store.find(freeze.request))
    const parts = named === undefined ? [] : await this.#context.parts(named.account)
    const reported = parts.filter(({ isReported }) => isReported)
    const participants = await this.#context.people(reported.flatMap(peopleOf))
    return { freeze, request, reported, participants }
  }
}
