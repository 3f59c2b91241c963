import type { RequestId } from '../../ids.ts'
import type { Account } from '../model/account.ts'
import { type Effect, snapshotOf } from '../model/effect.ts'
import type { Progress } from '../model/job.ts'
import type { Executed } from '../model/request.ts'
import type { Accounts } from '../ports/accounts.ts'
import { RecordAltered } from '../ports/altered.ts'
import { checkAddresses } from '../rules/addresses.ts'
import {
  canScramble,
  comesFirst,
  followUp,
  lapsed,
  note,
  settleScramble,
} from '../rules/follow-up.ts'
import { localFailure } from '../rules/own-failure.ts'
import { burn } from '../rules/password.ts'
import type { Context } from './context.ts'
import { decide } from './record-decision.ts'
import { backOffMs, done, Steps, soonMs } from './steps.ts'

// Nobody waits for the follow-up itself.
const minuteMs = 60_000

/** Sees an executed request to its end: the owner is back in, or what was not used is made useless. */
export class FollowUpWorker {
  readonly #context: Context
  readonly #steps: Steps
  readonly #accounts: Pick<Accounts, 'inspect' | 'newPassword' | 'perform'>

  constructor(context: Context, accounts: Pick<Accounts, 'inspect' | 'newPassword' | 'perform'>) {
    this.#context = context
    this.#steps = new Steps(context)
    this.#accounts = accounts
  }

  /** Destroys a password that nobody has asked to see in time, or whose showing never ended. */
  async burnPassword(id: RequestId): Promise<Progress> {
    await decide(this.#context, {
      id,
      rule: (current, terms) => burn(current, terms),
    })
    return done
  }

  /**
   * Looks once more at where something was just sent. That twice is no harm: what is found is told once. Where
   * it can't be looked at, it is tried again: late is better than not at all.
   */
  async checkAddresses(id: RequestId): Promise<Progress> {
    const request = await this.#steps.find(id)
    if (this.#steps.isPoolGone(request)) return done
    const inspection = await this.#accounts.inspect(request.account.pool, request.account.sub)
    if (inspection.kind === 'failed') return this.#steps.comeBackIn(soonMs, inspection.failure.name)
    if (inspection.kind === 'gone') return done
    const effect = await this.#steps.effectOf(request, request.method)
    await decide(this.#context, {
      id,
      rule: (current, terms) => checkAddresses(current, effect, inspection.account, terms),
    })
    return done
  }

  /** Looks whether the owner is back in, and ends what was not used in time. */
  async followUp(id: RequestId): Promise<Progress> {
    const { store } = this.#context
    const request = await this.#steps.find(id)
    if (request.state !== 'executed') return done
    if (this.#steps.isPoolGone(request)) {
      const terms = this.#context.terms()
      return this.#steps.recordOnce(lapsed(request, 'pool-removed', terms), terms.now)
    }
    const effect = await this.#steps.effectOf(request, request.method)
    const inspection = await this.#accounts.inspect(request.account.pool, request.account.sub)
    if (inspection.kind === 'failed')
      return this.#steps.comeBackIn(minuteMs, inspection.failure.name)
    const account = inspection.kind === 'gone' ? undefined : inspection.account
    const scramble = await store.findEffect(id, 'scramble')
    const terms = this.#context.terms()
    const step = followUp(request, effect, { account, scramble }, terms)
    switch (step.kind) {
      case 'over':
        return done
      case 'look-again':
        return this.#steps.comeBackAt(step.at, 'the owner is not back yet')
      case 'moved':
        return this.#steps.recordOnce(step.move, terms.now)
      case 'note':
        await decide(this.#context, {
          id,
          rule: (current, again) =>
            current.state === 'executed' ? note(current, effect, step.snapshot, again) : undefined,
        })
        return this.#steps.comeBackIn(0, 'seen for the first time')
      case 'scramble':
        return account === undefined ? done : this.#scramble(request, effect, account)
      default:
        return step satisfies never
    }
  }

  /** Makes an unused password useless, after one more look that it is still ours and still unused. */
  async #scramble(request: Executed, ours: Effect, account: Account): Promise<Progress> {
    const { store, policy } = this.#context
    const other = await store.findOpen(request.account).catch(async (error: unknown) => {
      if (!(error instanceof RecordAltered)) throw error
      // It is stopped, and comes before nothing.
      await this.#context.guard.stop(error)
    })
    if (other && comesFirst(other, request, policy())) {
      return this.#steps.comeBackIn(minuteMs, 'another request for the account is open')
    }
    // Nobody is ever told this password, so it is not kept: a second attempt takes another one.
    const unknown = await this.#accounts.newPassword(request.account.pool)
    const effect = await this.#steps.intend(request, 'scramble', snapshotOf(account))
    if (effect === undefined) return this.#steps.overtaken()
    const look = await this.#accounts.inspect(request.account.pool, request.account.sub)
    const isOurs = look.kind === 'account' && canScramble(request, ours, look.account)
    const answer = isOurs
      ? await this.#accounts.perform('scramble', look.account.ref, effect.id, {
          password: unknown,
        })
      : ({ kind: 'not-applied', failure: localFailure('AccountChanged') } as const)
    // Where the answer is lost, the intent says as much as there is to say.
    if (answer.kind === 'unknown')
      return this.#steps.comeBackIn(backOffMs(effect), answer.failure.name)
    const decision = await this.#steps.conclude(effect, (current, terms) =>
      current.state === 'executed' ? settleScramble(current, effect, answer, terms) : undefined,
    )
    if (decision?.kind !== 'moved') return this.#steps.overtaken()
    if (decision.change.request.state === 'lapsed') return done
    return this.#steps.comeBackIn(backOffMs(effect), 'not made useless yet')
  }
}
