import type { RequestId } from '../../ids.ts'
import { type OwnFailure, snapshotOf } from '../model/effect.ts'
import type { Progress } from '../model/job.ts'
import { isDone } from '../model/request.ts'
import type { Accounts } from '../ports/accounts.ts'
import { localFailure } from '../rules/own-failure.ts'
import { sessionsNotRevoked, settleSignOut } from '../rules/repeatable.ts'
import type { Context } from './context.ts'
import { decide } from './record-decision.ts'
import { backOffMs, done, Steps, soonMs } from './steps.ts'

/** Ends the sessions of an account that was recovered. */
export class SessionRevoker {
  readonly #context: Context
  readonly #steps: Steps
  readonly #accounts: Pick<Accounts, 'inspect' | 'perform'>

  constructor(context: Context, accounts: Pick<Accounts, 'inspect' | 'perform'>) {
    this.#context = context
    this.#steps = new Steps(context)
    this.#accounts = accounts
  }

  /** Ends the account's sessions, so that whoever had the old password is out. Tried until it is known. */
  async revoke(id: RequestId): Promise<Progress> {
    const request = await this.#steps.find(id)
    if (!isDone(request) || request.sessions !== 'to-revoke') return done
    if (this.#steps.isPoolGone(request)) return this.#giveUp(id, 'PoolNotInPolicy')
    const inspection = await this.#accounts.inspect(request.account.pool, request.account.sub)
    if (inspection.kind === 'failed') return this.#steps.comeBackIn(soonMs, inspection.failure.name)
    if (inspection.kind === 'gone') return this.#giveUp(id, 'AccountGone')
    const effect = await this.#steps.intend(request, 'sign-out', snapshotOf(inspection.account))
    if (effect === undefined) return this.#steps.overtaken()
    const answer = await this.#accounts.perform('sign-out', inspection.account.ref, effect.id)
    // Where the answer is lost, the intent says as much as there is to say.
    if (answer.kind === 'unknown')
      return this.#steps.comeBackIn(backOffMs(effect), answer.failure.name)
    const decision = await this.#steps.conclude(effect, (current, terms) =>
      isDone(current) && current.sessions === 'to-revoke'
        ? settleSignOut(current, effect, answer, terms)
        : undefined,
    )
    if (decision?.kind !== 'moved') return this.#steps.overtaken()
    if (decision.change.request.sessions !== 'to-revoke') return done
    return this.#steps.comeBackIn(backOffMs(effect), 'not signed out yet')
  }

  async #giveUp(id: RequestId, why: OwnFailure): Promise<Progress> {
    const failure = localFailure(why)
    await decide(this.#context, {
      id,
      rule: (current, terms) =>
        isDone(current) && current.sessions === 'to-revoke'
          ? sessionsNotRevoked(current, undefined, failure, terms)
          : undefined,
    })
    return done
  }
}
