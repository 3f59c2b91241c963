import { newId, type RequestId } from '../../ids.ts'
import { makesPassword } from '../../policy/method.ts'
import type { PasswordSealer } from '../../sealing/password-sealer.ts'
import type { Secret } from '../../secret.ts'
import { type Backlog, isBehind } from '../model/backlog.ts'
import type { Moved } from '../model/decision.ts'
import { after } from '../model/drafts.ts'
import { type Answer, type Effect, type OwnFailure, snapshotOf } from '../model/effect.ts'
import type { Progress } from '../model/job.ts'
import type { Approved, Executing, RecoveryRequest } from '../model/request.ts'
import type { Accounts } from '../ports/accounts.ts'
import { claim, claimAgain } from '../rules/claim.ts'
import { expire } from '../rules/expire.ts'
import { lastObjection } from '../rules/last-look.ts'
import { betweenLooksMs, lookForMs, observe, unchanged, undecided } from '../rules/observe.ts'
import { deadlineOf } from '../rules/obstacle.ts'
import { localFailure } from '../rules/own-failure.ts'
import { sealedFor } from '../rules/password.ts'
import { behind, pauseByItself } from '../rules/pause.ts'
import { duplicate, failed, settle } from '../rules/settle.ts'
import type { Context } from './context.ts'
import { backOffMs, done, Steps, soonMs } from './steps.ts'

// People pause for minutes or hours; when they let it go on, this is how long they wait.
const pausedRetryMs = 15_000

export interface ExecutorDeps {
  readonly accounts: Pick<Accounts, 'inspect' | 'newPassword' | 'perform'>
  readonly sealer: PasswordSealer
  /** The audit posts that wait. */
  readonly auditBacklog: () => Promise<Backlog>
  /** Milliseconds on a clock that only goes forward: the gate must not trust a clock that can be set. */
  readonly monotonicMs: () => number
}

/** Carries out what was approved: claims it, makes the one call, settles it, or looks what came of it. */
export class Executor {
  readonly #context: Context
  readonly #steps: Steps
  readonly #accounts: ExecutorDeps['accounts']
  readonly #sealer: PasswordSealer
  readonly #auditBacklog: ExecutorDeps['auditBacklog']
  readonly #monotonicMs: () => number

  constructor(context: Context, deps: ExecutorDeps) {
    this.#context = context
    this.#steps = new Steps(context)
    this.#accounts = deps.accounts
    this.#sealer = deps.sealer
    this.#auditBacklog = deps.auditBacklog
    this.#monotonicMs = deps.monotonicMs
  }

  /** Takes an approved request one step further. Called again until its outcome is known. */
  async execute(id: RequestId): Promise<Progress> {
    const request = await this.#steps.find(id)
    if (request.state === 'approved') return this.#begin(request)
    if (request.state === 'executing') return this.#goOn(request)
    return done
  }

  async #begin(request: Approved): Promise<Progress> {
    const held = await this.#heldByAudit()
    if (held !== undefined) return held
    if (this.#steps.isPoolGone(request)) return this.#fail(request, 'PoolNotInPolicy')
    if (await this.#context.isFrozen(request.account)) return this.#fail(request, 'AccountFrozen')
    await this.#context.guard.expectRecorded(request)
    const inspection = await this.#accounts.inspect(request.account.pool, request.account.sub)
    if (inspection.kind === 'failed') return this.#unseenBefore(request, inspection.failure.name)
    if (inspection.kind === 'gone') return this.#fail(request, 'AccountGone')
    const effectId = newId('effect')
    // Whoever has lost a right since has lost it, however long Cognito took; the account is looked at again.
    const participants = await this.#context.participants(request)
    const sealed = makesPassword(request.method)
      ? this.#sealer.seal(
          { request: request.id, effect: effectId },
          sealedFor(request),
          await this.#accounts.newPassword(request.account.pool),
        )
      : undefined
    const earlier = await this.#context.lately(request.account)
    const facts = { account: inspection.account, participants, effectId, sealed, earlier }
    return this.#attempt(claim(request, facts, this.#context.terms()))
  }

  /** Without a look at the account nothing can be decided but that the time is up. */
  async #unseenBefore(request: Approved, because: string): Promise<Progress> {
    const earlier = await this.#context.lately(request.account)
    const terms = this.#context.terms()
    const moved = expire(request, terms, earlier)
    return moved === undefined
      ? this.#steps.comeBackIn(soonMs, because)
      : this.#steps.recordOnce(moved, terms.now)
  }

  #fail(request: Approved | Executing, why: OwnFailure, effect?: Effect): Promise<Progress> {
    const terms = this.#context.terms()
    const moved = failed(request, localFailure(why), terms, effect)
    return this.#steps.recordOnce(moved, terms.now)
  }

  /** The audit must not be outrun: what is done has to be read by somebody, soon. */
  async #heldByAudit(): Promise<Progress | undefined> {
    const backlog = await this.#auditBacklog()
    const terms = this.#context.terms()
    const { now } = terms
    if (!isBehind(backlog, now)) return undefined
    const { entry, idempotencyKey } = behind(backlog, terms)
    await this.#context.store.write(entry, now, idempotencyKey)
    return this.#steps.comeBackIn(pausedRetryMs, 'audit backlog')
  }

  async #goOn(request: Executing): Promise<Progress> {
    const effect = await this.#steps.effectOf(request, request.method)
    // Whoever made the claim may still be waiting for Cognito.
    const resting = effect.state === 'intended' || effect.unchangedLooks > 0
    if (resting && this.#context.now() < effect.leaseUntil) {
      return this.#steps.comeBackAt(effect.leaseUntil, 'a call may be under way')
    }
    if (effect.state === 'not-applied') await this.#context.guard.expectRecorded(request, effect)
    const inspection = await this.#accounts.inspect(request.account.pool, request.account.sub)
    if (inspection.kind === 'failed') return this.#unseen(request, effect, inspection.failure.name)
    if (inspection.kind === 'gone') return this.#fail(request, 'AccountGone', effect)
    const { account } = inspection
    // What was looked for and not found may have landed since: then it is looked at, not called again.
    const late = effect.unchangedLooks > 0 && !unchanged(effect.before, snapshotOf(account))
    if (effect.state === 'not-applied' && !late) {
      const facts = { account, participants: await this.#context.participants(request) }
      const again = claimAgain(request, effect, facts, this.#context.terms())
      // What ends without a call waits for nobody to read about it.
      const held =
        again.change.request.state === 'executing' ? await this.#heldByAudit() : undefined
      return held ?? this.#attempt(again)
    }
    const terms = this.#context.terms()
    const moved = observe(request, effect, account, terms)
    const recorded = await this.#context.store.record(moved, terms.now)
    return recorded === 'recorded'
      ? this.#unlessOver(moved.change.request, 0)
      : this.#steps.overtaken()
  }

  /**
   * Records the intent; makes the call, once; records what came of it. The account is looked at again between
   * the two, so that nothing is as old by then as what the intent has waited for.
   */
  async #attempt(intent: Moved): Promise<Progress> {
    const intendedMs = this.#monotonicMs()
    const recorded = await this.#context.store.record(intent, this.#context.now())
    const { request, effect } = intent.change
    if (recorded === 'paused') return this.#steps.comeBackIn(pausedRetryMs, 'paused or frozen')
    if (typeof recorded === 'object') return this.#trip()
    if (recorded !== 'recorded') return this.#steps.overtaken()
    if (request.state !== 'executing' || effect === undefined) {
      return this.#unlessOver(request, soonMs)
    }
    const password = await this.#password(request)
    const { method, account } = request
    const lookedMs = this.#monotonicMs()
    const answer = await this.#accounts.perform(method, account, effect.id, {
      password,
      unless: (found) => {
        const nowMs = this.#monotonicMs()
        const elapsed = { sinceIntentMs: nowMs - intendedMs, sinceLookMs: nowMs - lookedMs }
        return lastObjection(request, effect, found, elapsed)
      },
    })
    return this.#settle(effect, answer)
  }

  /** Too many executions in too short a time: nothing more is carried out until somebody has looked. */
  async #trip(): Promise<Progress> {
    const { store } = this.#context
    const { requests: open } = await this.#context.open()
    const terms = this.#context.terms()
    const { entry, extras } = pauseByItself({ open }, terms)
    await store.write(entry, terms.now, undefined, extras)
    return this.#steps.comeBackIn(pausedRetryMs, 'paused')
  }

  /**
   * Records the answer of a call, whatever has become of the request while it was under way: its
   * owner may have reported it. Only where somebody else has taken the call over, they settle it.
   */
  async #settle(effect: Effect, answer: Answer): Promise<Progress> {
    const decision = await this.#steps
      .conclude(effect, (current, terms) =>
        current.state === 'executing' ? settle(current, effect, answer, terms) : undefined,
      )
      .catch((error: unknown) => this.#steps.stopAltered(error, answer))
    if (decision?.kind === 'moved') {
      // Throttling asks for patience. An unclear outcome is looked at soon.
      const waitMs = answer.kind === 'not-applied' ? backOffMs(effect) : soonMs
      return this.#unlessOver(decision.change.request, waitMs)
    }
    if (answer.kind === 'done') await this.#noteLate(effect, answer.awsRequestId)
    return this.#steps.overtaken()
  }

  /** A call that was given up for lost has landed after all: if it is one too many, that is known. */
  async #noteLate(effect: Effect, awsRequestId: string): Promise<void> {
    const { store, policy, now } = this.#context
    const at = now()
    const request = await this.#steps.find(effect.request)
    const storedEffect = await store.findEffect(effect.request, effect.kind)
    const entry = duplicate(request, effect, { storedEffect, awsRequestId }, policy())
    if (entry === undefined) return
    await store.write(entry, at, `late ${effect.id} ${effect.fence}`, { isAnswer: true })
  }

  /** The account can't be looked at: wait for it, but not for ever. */
  async #unseen(request: Executing, effect: Effect, because: string): Promise<Progress> {
    const terms = this.#context.terms()
    const isTried = effect.state !== 'not-applied'
    const until = isTried ? after(effect.intendedAt, lookForMs) : deadlineOf(request, effect)
    if (terms.now < until) return this.#steps.comeBackIn(betweenLooksMs, because)
    if (!isTried) return this.#fail(request, 'TimeUp', effect)
    const moved = undecided(
      request,
      effect,
      { because: 'never-observed', snapshot: undefined },
      terms,
    )
    return this.#steps.recordOnce(moved, terms.now)
  }

  async #password(request: Executing): Promise<Secret | undefined> {
    if (!makesPassword(request.method)) return undefined
    const sealed = await this.#context.store.findSecret(request.effect)
    if (sealed === undefined) throw new Error(`request ${request.id} has no sealed password to set`)
    return this.#sealer.open(sealed, sealedFor(request))
  }

  /** Comes back after that long to what is not settled yet. */
  #unlessOver({ state }: RecoveryRequest, waitMs: number): Progress {
    const isOpen = state === 'approved' || state === 'executing'
    return isOpen ? this.#steps.comeBackIn(waitMs, 'not settled yet') : done
  }
}
