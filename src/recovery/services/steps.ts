/**
 * What the workers do in the same way. Each of their steps reads what is stored, asks a rule, records,
 * and only then acts. Any of them may be interrupted anywhere: the next one finds its place by what is
 * stored.
 */

import { newId, type RequestId } from '../../ids.ts'
import { findPool } from '../../policy/who.ts'
import type { Moved } from '../model/decision.ts'
import { after } from '../model/drafts.ts'
import type { AccountSnapshot, Answer, Effect, EffectKind } from '../model/effect.ts'
import type { Progress } from '../model/job.ts'
import { type Done, isDone, type RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import { RecordAltered } from '../ports/altered.ts'
import { intend, type Repeatable } from '../rules/repeatable.ts'
import type { Context } from './context.ts'
import { decideWith, type Limited, type Repeated } from './record-decision.ts'

export const done: Progress = { kind: 'done' }

/** When nothing says how long it takes. */
export const soonMs = 5_000

// Throttling asks for patience.
const longestBackOffMs = 60_000

/** How long to wait after this many claims: 1, 2, 4 … 60 seconds. */
export function backOffMs({ fence }: Effect): number {
  return Math.min(1_000 * 2 ** (fence - 1), longestBackOffMs)
}

export class Steps {
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  /** @throws when there is none: a job names a request that is stored */
  async find(id: RequestId): Promise<RecoveryRequest> {
    const request = await this.#context.store.find(id)
    if (request !== undefined) return request
    throw new Error(`there is no request ${id}`)
  }

  /**
   * The newest effect of this kind.
   * @throws RecordAltered when there is none, though the request's state needs it
   */
  async effectOf(request: RecoveryRequest, kind: EffectKind): Promise<Effect> {
    const effect = await this.#context.store.findEffect(request.id, kind)
    if (effect === undefined) throw new RecordAltered(request.id, ['effectId'])
    return effect
  }

  /** Whether the policy no longer has the account's pool, or has given its name to another one. */
  isPoolGone({ account }: RecoveryRequest): boolean {
    return findPool(this.#context.policy(), account.pool)?.userPoolId !== account.userPoolId
  }

  /** Records a move made from a request just read; if it has changed since, the job looks again. */
  async recordOnce(moved: Moved, now: Date): Promise<Progress> {
    const recorded = await this.#context.store.record(moved, now)
    return recorded === 'recorded' ? done : this.overtaken()
  }

  /**
   * The intent of a call that may be repeated, written down for each try; undefined if the request no
   * longer asks for it.
   */
  async intend(
    request: Done,
    kind: Repeatable['kind'],
    before: AccountSnapshot,
  ): Promise<Effect | undefined> {
    const id = newId('effect')
    const decision = await decideWith(this.#context, {
      id: request.id,
      lookUp: () => this.#context.store.findEffect(request.id, kind),
      rule: (current, terms, storedEffect) =>
        isDone(current) ? intend(current, { kind, id, storedEffect }, before, terms) : undefined,
    })
    return decision?.kind === 'moved' ? decision.change.effect : undefined
  }

  /** Records what came of a try, unless somebody has taken it over since. */
  conclude<Next extends RecoveryRequest>(
    effect: Effect,
    rule: (request: RecoveryRequest, terms: Terms) => Moved<Next> | undefined,
  ): Promise<Moved<Next> | Repeated | Limited | undefined> {
    const { request: id, kind } = effect
    return decideWith(this.#context, {
      id,
      lookUp: () => this.#context.store.findEffect(id, kind),
      rule: (current, terms, storedEffect) => {
        const moved = isSameTry(effect, storedEffect) ? rule(current, terms) : undefined
        return moved && { ...moved, change: { ...moved.change, isAnswer: true as const } }
      },
    })
  }

  /**
   * Stops what somebody else has changed while Cognito was asked: its answer is written down all the same.
   * @throws whatever else it was
   */
  async stopAltered(error: unknown, { kind }: Answer): Promise<undefined> {
    if (!(error instanceof RecordAltered)) throw error
    await this.#context.guard.stop(error, kind)
  }

  /** Not yet: the job comes back at that time. */
  comeBackAt(at: Date, because: string): Progress {
    return { kind: 'again', at, because }
  }

  /** Not yet: the job comes back after this long. */
  comeBackIn(milliseconds: number, because: string): Progress {
    return this.comeBackAt(after(this.#context.now(), milliseconds), because)
  }

  /** Somebody else's change came first: what there is to do is seen by the next look. */
  overtaken(): Progress {
    return this.comeBackIn(soonMs, 'the request changed')
  }
}

/** Nobody has taken the call over since: it is still the try that was written down before it. */
function isSameTry(effect: Effect, storedEffect: Effect | undefined): boolean {
  return (
    storedEffect?.id === effect.id &&
    storedEffect.fence === effect.fence &&
    storedEffect.state === 'intended'
  )
}
