import type { RequestId } from '../../ids.ts'
import { nextLook } from '../model/drafts.ts'
import type { Progress } from '../model/job.ts'
import type { Pending, RecoveryRequest } from '../model/request.ts'
import { expire } from '../rules/expire.ts'
import { canStillBeDecided, escalate, markStuck, namedFor, remind } from '../rules/reminders.ts'
import type { Context } from './context.ts'
import { decideWith } from './record-decision.ts'
import { done, Steps } from './steps.ts'

/** Keeps requests that wait from being forgotten: reminds, calls others, and ends them when time is up. */
export class WaitingWorker {
  readonly #context: Context
  readonly #steps: Steps

  constructor(context: Context) {
    this.#context = context
    this.#steps = new Steps(context)
  }

  /** Ends a request whose time is up and which nothing has been done for. */
  async expire(id: RequestId): Promise<Progress> {
    const { expiresAt } = await this.#steps.find(id)
    if (this.#context.now() < expiresAt) return this.#steps.comeBackAt(expiresAt, 'not yet expired')
    await decideWith(this.#context, {
      id,
      lookUp: (current) => this.#context.lately(current.account),
      rule: (current, terms, earlier) => expire(current, terms, earlier),
    })
    return done
  }

  /** Looks whether a request still waits, and whether anybody is left to decide; then reminds those who can. */
  async remind(id: RequestId, round: number): Promise<Progress> {
    const request = await this.#steps.find(id)
    if (!this.#waits(request)) return done
    await this.#markWhoIsLeft(request)
    const current = await this.#steps.find(id)
    if (current.state !== 'pending') return done
    const terms = this.#context.terms()
    const { entry, jobs } = remind(current, round, terms)
    // The key keeps a job that is done twice from reminding twice.
    await this.#context.store.write(entry, terms.now, `remind ${id} ${round}`, { jobs })
    return done
  }

  /** Calls those who may decide from now on as well, once. */
  async escalate(id: RequestId): Promise<Progress> {
    const request = await this.#steps.find(id)
    if (!this.#waits(request)) return done
    const terms = this.#context.terms()
    const call = escalate(request, terms)
    if (call === undefined) return done
    await this.#context.store.write(call.entry, terms.now, `escalate ${id}`, { jobs: call.jobs })
    await this.#markWhoIsLeft(request)
    return done
  }

  /** Looks whether anybody is left who could decide, again and again until somebody has or the time is up. */
  async seeWhoIsLeft(id: RequestId): Promise<Progress> {
    const request = await this.#steps.find(id)
    if (request.state !== 'pending') return done
    const next = nextLook(request, this.#context.now())
    await this.#markWhoIsLeft(request)
    return next < request.expiresAt ? this.#steps.comeBackAt(next, 'nobody has decided yet') : done
  }

  #waits(request: RecoveryRequest): request is Pending {
    return request.state === 'pending' && this.#context.now() < request.expiresAt
  }

  async #markWhoIsLeft({ id }: Pending): Promise<void> {
    await decideWith(this.#context, {
      id,
      lookUp: async (current) => ({
        people: await this.#context.members(namedFor(current, this.#context.terms())),
        participants: await this.#context.participants(current),
      }),
      rule: (current, terms, { people, participants }) => {
        if (current.state !== 'pending') return undefined
        const isLeft = canStillBeDecided(current, people, participants, terms)
        return markStuck(current, !isLeft, terms)
      },
    })
  }
}
