/**
 * What Rekey does by itself after a decision: carry out, settle, observe, end sessions, follow up.
 * Each step reads what is stored, asks a rule, records, and only then acts. Any of them may be
 * interrupted anywhere: the next one finds its place by what is stored.
 */

import { newId, type RequestId } from '../../ids.ts'
import { makesPassword } from '../../policy/method.ts'
import type { Policy } from '../../policy/policy.ts'
import { findPool } from '../../policy/who.ts'
import type { PasswordSealer } from '../../sealing/password-sealer.ts'
import type { Secret } from '../../secret.ts'
import type { Account } from '../model/account.ts'
import type { Backlog } from '../model/backlog.ts'
import { isBehind } from '../model/backlog.ts'
import { after, nextLook } from '../model/change.ts'
import type { Moved } from '../model/decision.ts'
import type { AccountSnapshot, Answer, Effect, EffectKind } from '../model/effect.ts'
import { snapshotOf } from '../model/effect.ts'
import type { Progress } from '../model/job.ts'
import type {
  Approved,
  Done,
  Executed,
  Executing,
  Pending,
  RecoveryRequest,
} from '../model/request.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Directory } from '../ports/directory.ts'
import type { Store } from '../ports/store.ts'
import { claim, claimAgain, deadlineOf, gateMs, type OwnFailure } from '../rules/claim.ts'
import { expire } from '../rules/expire.ts'
import {
  canScramble,
  comesFirst,
  followUp,
  lapsed,
  note,
  settleScramble,
} from '../rules/follow-up.ts'
import { betweenLooksMs, lookForMs, observe, unchanged, undecided } from '../rules/observe.ts'
import { type Participants, participantsOf } from '../rules/participants.ts'
import { burn } from '../rules/password.ts'
import { behind, pauseByItself } from '../rules/pause.ts'
import { canStillBeDecided, escalate, markStuck, namedFor, remind } from '../rules/reminders.ts'
import { intend, type Repeatable, sessionsNotRevoked, settleSignOut } from '../rules/repeatable.ts'
import { duplicate, failed, localFailure, settle } from '../rules/settle.ts'
import { decide, decideKnowing, lookUpAll } from './record-decision.ts'

const done: Progress = { kind: 'done' }

const retryMs = 5_000

// People pause for minutes or hours; when they let it go on, this is how long they wait.
const pausedRetryMs = 15_000

export interface ExecutorDeps {
  readonly store: Store
  readonly accounts: Accounts
  readonly directory: Directory
  readonly sealer: PasswordSealer
  /** The audit posts that wait. */
  readonly auditBacklog: () => Promise<Backlog>
  readonly policy: () => Policy
  readonly now: () => Date
  /** Milliseconds on a clock that only goes forward: the gate must not trust a clock that can be set. */
  readonly monotonicMs: () => number
}

export class Executor {
  readonly #store: Store
  readonly #accounts: Accounts
  readonly #directory: Directory
  readonly #vault: PasswordSealer
  readonly #auditBacklog: ExecutorDeps['auditBacklog']
  readonly #policyInForce: () => Policy
  readonly #now: () => Date
  readonly #monotonicMs: () => number

  constructor(parts: ExecutorDeps) {
    this.#store = parts.store
    this.#accounts = parts.accounts
    this.#directory = parts.directory
    this.#vault = parts.sealer
    this.#auditBacklog = parts.auditBacklog
    this.#policyInForce = parts.policy
    this.#now = parts.now
    this.#monotonicMs = parts.monotonicMs
  }

  get #policy(): Policy {
    return this.#policyInForce()
  }

  /** Takes an approved request one step further. Called again until its outcome is known. */
  async execute(id: RequestId): Promise<Progress> {
    const request = await this.#find(id)
    if (request.state === 'approved') return this.#begin(request)
    if (request.state === 'executing') return this.#goOn(request)
    return done
  }

  async expire(id: RequestId): Promise<Progress> {
    const request = await this.#find(id)
    if (this.#now() < request.expiresAt) return this.#again(request.expiresAt, 'not yet expired')
    await decide(this.#store, id, this.#now, (current, now) => expire(current, this.#policy, now))
    return done
  }

  /** Ends the account's sessions, so that whoever had the old password is out. */
  async revokeSessions(id: RequestId): Promise<Progress> {
    const request = await this.#find(id)
    if (!isDone(request) || request.sessions !== 'to-revoke') return done
    if (this.#isPoolGone(request)) return this.#cannotRevoke(id, 'PoolNotInPolicy')
    const inspection = await this.#accounts.inspect(request.account.pool, request.account.sub)
    if (inspection.kind === 'failed') return this.#later(inspection.failure.name)
    if (inspection.kind === 'gone') return this.#cannotRevoke(id, 'AccountGone')
    const effect = await this.#intendRepeatable(request, 'sign-out', snapshotOf(inspection.account))
    if (effect === undefined) return this.#overtaken()
    const answer = await this.#accounts.perform('sign-out', request.account, effect.id)
    if (answer.kind === 'unknown') return this.#repeat(effect, answer.failure.name)
    const decision = await this.#conclude(effect, (current, now) =>
      isDone(current) && current.sessions === 'to-revoke'
        ? settleSignOut(current, effect, answer, this.#policy, now)
        : undefined,
    )
    if (decision?.kind !== 'moved') return this.#overtaken()
    if (decision.change.request.sessions !== 'to-revoke') return done
    return this.#repeat(effect, 'not signed out yet')
  }

  async #cannotRevoke(id: RequestId, why: OwnFailure): Promise<Progress> {
    await decide(this.#store, id, this.#now, (current, now) =>
      isDone(current) && current.sessions === 'to-revoke'
        ? sessionsNotRevoked(current, undefined, localFailure(why), this.#policy, now)
        : undefined,
    )
    return done
  }

  /** Looks whether a request still waits, and whether anybody is left to decide; then reminds those who can. */
  async remind(id: RequestId, round: number): Promise<Progress> {
    const request = await this.#find(id)
    if (request.state !== 'pending' || this.#now() >= request.expiresAt) return done
    await this.#seeWhoIsLeft(request)
    const current = await this.#find(id)
    if (current.state !== 'pending') return done
    const { entry, jobs } = remind(current, round, this.#policy, this.#now())
    // The gesture keeps a job that is done twice from reminding twice.
    await this.#store.write(entry, this.#now(), `remind ${id} ${round}`, { jobs })
    return done
  }

  async escalate(id: RequestId): Promise<Progress> {
    const request = await this.#find(id)
    if (request.state !== 'pending' || this.#now() >= request.expiresAt) return done
    const call = escalate(request, this.#policy, this.#now())
    if (call === undefined) return done
    await this.#store.write(call.entry, this.#now(), `escalate ${id}`, { jobs: call.jobs })
    await this.#seeWhoIsLeft(request)
    return done
  }

  /** Looks whether anybody is left who could decide, again and again until somebody has or the time is up. */
  async seeWhoIsLeft(id: RequestId): Promise<Progress> {
    const request = await this.#find(id)
    if (request.state !== 'pending') return done
    const next = nextLook(request, this.#now())
    await this.#seeWhoIsLeft(request)
    return next < request.expiresAt ? this.#again(next, 'nobody has decided yet') : done
  }

  async #seeWhoIsLeft(request: Pending): Promise<void> {
    const people = await this.#directory.members(namedFor(request, this.#policy, this.#now()))
    const lookUp = (current: RecoveryRequest) => this.#parties(current)
    await decideKnowing(
      this.#store,
      request.id,
      this.#now,
      lookUp,
      (current, now, participants) => {
        if (current.state !== 'pending') return undefined
        const isLeft = canStillBeDecided(current, people, participants, this.#policy, now)
        return markStuck(current, !isLeft, this.#policy, now)
      },
    )
  }

  async burnPassword(id: RequestId): Promise<Progress> {
    await decide(this.#store, id, this.#now, (current, now) => burn(current, this.#policy, now))
    return done
  }

  /** Looks whether the owner is back in, and ends what was not used in time. */
  async followUp(id: RequestId): Promise<Progress> {
    const request = await this.#find(id)
    if (request.state !== 'executed') return done
    if (this.#isPoolGone(request)) {
      const now = this.#now()
      return this.#recordOnce(lapsed(request, this.#policy, now, 'pool-removed'), now)
    }
    const effect = await this.#effect(request, request.method)
    const inspection = await this.#accounts.inspect(request.account.pool, request.account.sub)
    if (inspection.kind === 'failed')
      return this.#again(after(this.#now(), 60_000), inspection.failure.name)
    const account = inspection.kind === 'gone' ? undefined : inspection.account
    const now = this.#now()
    const scramble = await this.#store.findEffect(id, 'scramble')
    const step = followUp(request, effect, account, scramble, this.#policy, now)
    if (step.kind === 'over') return done
    if (step.kind === 'look-again') return this.#again(step.at, 'the owner is not back yet')
    if (step.kind === 'moved') return this.#recordOnce(step.move, now)
    if (step.kind === 'note') {
      await decide(this.#store, id, this.#now, (current, at) =>
        current.state === 'executed'
          ? note(current, effect, step.snapshot, this.#policy, at)
          : undefined,
      )
      return this.#again(this.#now(), 'seen for the first time')
    }
    return account === undefined ? done : this.#scramble(request, effect, account)
  }

  async #begin(request: Approved): Promise<Progress> {
    const held = await this.#heldByAudit()
    if (held !== undefined) return held
    if (this.#isPoolGone(request)) {
      const now = this.#now()
      return this.#recordOnce(
        failed(request, localFailure('PoolNotInPolicy'), this.#policy, now),
        now,
      )
    }
    const inspection = await this.#accounts.inspect(request.account.pool, request.account.sub)
    // Without a look at the account nothing can be decided but that the time is up.
    if (inspection.kind === 'failed') {
      const moved = expire(request, this.#policy, this.#now())
      return moved === undefined
        ? this.#later(inspection.failure.name)
        : this.#recordOnce(moved, this.#now())
    }
    if (inspection.kind === 'gone') {
      const now = this.#now()
      return this.#recordOnce(failed(request, localFailure('AccountGone'), this.#policy, now), now)
    }
    if ((await this.#store.findFreeze(request.account, this.#now())) !== undefined) {
      const now = this.#now()
      return this.#recordOnce(
        failed(request, localFailure('AccountFrozen'), this.#policy, now),
        now,
      )
    }
    const effectId = newId('effect')
    const participants = await this.#parties(request)
    const sealed = makesPassword(request.method)
      ? this.#vault.seal(
          request.id,
          effectId,
          await this.#accounts.newPassword(request.account.pool),
        )
      : undefined
    const now = this.#now()
    const started = this.#monotonicMs()
    const facts = { account: inspection.account, participants, effectId, sealed }
    const moved = claim(request, facts, this.#policy, now)
    return this.#attempt(moved, started)
  }

  /** The policy no longer has it, or has given its name to another one. */
  #isPoolGone({ account }: RecoveryRequest): boolean {
    return findPool(this.#policy, account.pool)?.userPoolId !== account.userPoolId
  }

  /** The audit must not be outrun: what is done has to be read by somebody, soon. */
  async #heldByAudit(): Promise<Progress | undefined> {
    const backlog = await this.#auditBacklog()
    const now = this.#now()
    if (!isBehind(backlog, now)) return undefined
    const { entry, idempotencyKey } = behind(backlog, this.#policy, now)
    await this.#store.write(entry, now, idempotencyKey)
    return this.#again(after(now, pausedRetryMs), 'audit backlog')
  }

  async #goOn(request: Executing): Promise<Progress> {
    const effect = await this.#effect(request, request.method)
    // Whoever made the claim may still be waiting for Cognito.
    const resting = effect.state === 'intended' || effect.unchangedLooks > 0
    if (resting && this.#now() < effect.leaseUntil) {
      return this.#again(effect.leaseUntil, 'a call may be under way')
    }
    const inspection = await this.#accounts.inspect(request.account.pool, request.account.sub)
    if (inspection.kind === 'failed') return this.#unseen(request, effect, inspection.failure.name)
    const started = this.#monotonicMs()
    const now = this.#now()
    if (inspection.kind === 'gone') {
      const gone = failed(request, localFailure('AccountGone'), this.#policy, now, effect)
      return this.#recordOnce(gone, now)
    }
    const { account } = inspection
    // What was looked for and not found may have landed since: then it is looked at, not called again.
    const late = effect.unchangedLooks > 0 && !unchanged(effect.before, snapshotOf(account))
    if (effect.state === 'not-applied' && !late) {
      const participants = await this.#parties(request)
      const again = claimAgain(request, effect, { account, participants }, this.#policy, now)
      // What ends without a call waits for nobody to read about it.
      const held =
        again.change.request.state === 'executing' ? await this.#heldByAudit() : undefined
      return held ?? this.#attempt(again, started)
    }
    const moved = observe(request, effect, account, this.#policy, now)
    const recorded = await this.#store.record(moved, now)
    return recorded === 'recorded' ? this.#next(moved.change.request, 0) : this.#overtaken()
  }

  /** Records the intent; makes the call, once; records what came of it. */
  async #attempt(intent: Moved, started: number): Promise<Progress> {
    const recorded = await this.#store.record(intent, this.#now())
    const { request, effect } = intent.change
    if (recorded === 'paused')
      return this.#again(after(this.#now(), pausedRetryMs), 'paused or frozen')
    if (typeof recorded === 'object') return this.#trip()
    if (recorded !== 'recorded') return this.#overtaken()
    if (request.state !== 'executing' || effect === undefined) return this.#next(request)
    const password = await this.#password(request)
    if (this.#monotonicMs() - started > gateMs(request.method)) {
      return this.#later('too long since the claim')
    }
    const answer = await this.#accounts.perform(
      request.method,
      request.account,
      effect.id,
      password,
    )
    return this.#settle(effect, answer)
  }

  /** Too many executions in too short a time: nothing more is carried out until somebody has looked. */
  async #trip(): Promise<Progress> {
    const open = await this.#store.listOpen()
    const { entry, extras } = pauseByItself({ open }, this.#policy, this.#now())
    await this.#store.write(entry, this.#now(), undefined, extras)
    return this.#again(after(this.#now(), pausedRetryMs), 'paused')
  }

  /**
   * Records the answer of a call, whatever has become of the request while it was under way: its
   * owner may have reported it. Only where somebody else has taken the call over, they settle it.
   */
  async #settle(effect: Effect, answer: Answer): Promise<Progress> {
    const decision = await this.#conclude(effect, (current, now) =>
      current.state === 'executing'
        ? settle(current, effect, answer, this.#policy, now)
        : undefined,
    )
    if (decision?.kind === 'moved') {
      return this.#next(decision.change.request, backOffMs(effect, answer))
    }
    if (answer.kind === 'done') await this.#noteLate(effect, answer.awsRequestId, this.#now())
    return this.#overtaken()
  }

  /** Records what came of a try, unless somebody has taken it over since. */
  #conclude<Next extends RecoveryRequest>(
    effect: Effect,
    rule: (request: RecoveryRequest, now: Date) => Moved<Next> | undefined,
  ) {
    const { request: id, kind } = effect
    const lookUp = () => this.#store.findEffect(id, kind)
    return decideKnowing(this.#store, id, this.#now, lookUp, (current, now, storedEffect) => {
      const moved = isSameTry(effect, storedEffect) ? rule(current, now) : undefined
      return moved && { ...moved, change: { ...moved.change, isAnswer: true as const } }
    })
  }

  /** A call that was given up for lost has landed after all: if it is one too many, that is known. */
  async #noteLate(effect: Effect, awsRequestId: string, now: Date): Promise<void> {
    const request = await this.#find(effect.request)
    const storedEffect = await this.#store.findEffect(effect.request, effect.kind)
    const entry = duplicate(request, effect, storedEffect, awsRequestId, this.#policy)
    if (entry === undefined) return
    await this.#store.write(entry, now, `late ${effect.id} ${effect.fence}`, { isAnswer: true })
  }

  /** The account can't be looked at: wait for it, but not for ever. */
  async #unseen(request: Executing, effect: Effect, because: string): Promise<Progress> {
    const now = this.#now()
    if (effect.state === 'not-applied') {
      if (now < deadlineOf(request, effect)) {
        return this.#again(after(now, betweenLooksMs), because)
      }
      return this.#recordOnce(
        failed(request, localFailure('TimeUp'), this.#policy, now, effect),
        now,
      )
    }
    if (now < after(effect.intendedAt, lookForMs)) {
      return this.#again(after(now, betweenLooksMs), because)
    }
    const moved = undecided(request, effect, 'never-observed', undefined, this.#policy, now)
    return this.#recordOnce(moved, now)
  }

  /** Makes an unused password useless, after one more look that it is still ours and still unused. */
  async #scramble(request: Executed, ours: Effect, account: Account): Promise<Progress> {
    const other = await this.#store.findOpen(request.account)
    if (other !== undefined && comesFirst(other, request, this.#policy)) {
      return this.#again(after(this.#now(), 60_000), 'another request for the account is open')
    }
    // Nobody is ever told this password, so it is not kept: a second attempt takes another one.
    const unknown = await this.#accounts.newPassword(request.account.pool)
    const effect = await this.#intendRepeatable(request, 'scramble', snapshotOf(account))
    if (effect === undefined) return this.#overtaken()
    const look = await this.#accounts.inspect(request.account.pool, request.account.sub)
    const isOurs = look.kind === 'account' && canScramble(request, ours, look.account)
    const answer = isOurs
      ? await this.#accounts.perform('scramble', request.account, effect.id, unknown)
      : ({ kind: 'not-applied', failure: localFailure('AccountChanged') } as const)
    if (answer.kind === 'unknown') return this.#repeat(effect, answer.failure.name)
    const decision = await this.#conclude(effect, (current, now) =>
      current.state === 'executed'
        ? settleScramble(current, effect, answer, this.#policy, now)
        : undefined,
    )
    if (decision?.kind !== 'moved') return this.#overtaken()
    if (decision.change.request.state === 'lapsed') return done
    return this.#repeat(effect, 'not made useless yet')
  }

  /** The intent of a call that may be repeated, written down for each try. */
  async #intendRepeatable(
    request: Done,
    kind: Repeatable['kind'],
    before: AccountSnapshot,
  ): Promise<Effect | undefined> {
    const id = newId('effect')
    const lookUp = () => this.#store.findEffect(request.id, kind)
    const decision = await decideKnowing(
      this.#store,
      request.id,
      this.#now,
      lookUp,
      (current, now, storedEffect) =>
        isDone(current)
          ? intend(current, { kind, id, storedEffect }, before, this.#policy, now)
          : undefined,
    )
    return decision?.kind === 'moved' ? decision.change.effect : undefined
  }

  async #parties(request: RecoveryRequest): Promise<Participants> {
    return lookUpAll(this.#directory, participantsOf(request))
  }

  async #password(request: Executing): Promise<Secret | undefined> {
    if (!makesPassword(request.method)) return undefined
    const sealed = await this.#store.findSecret(request.effect)
    if (sealed === undefined) throw new Error(`request ${request.id} has no sealed password to set`)
    return this.#vault.open(sealed)
  }

  async #effect(request: RecoveryRequest, kind: EffectKind): Promise<Effect> {
    const effect = await this.#store.findEffect(request.id, kind)
    if (effect === undefined)
      throw new Error(`request ${request.id} is ${request.state} without an effect`)
    return effect
  }

  async #find(id: RequestId): Promise<RecoveryRequest> {
    const request = await this.#store.find(id)
    if (request === undefined) throw new Error(`there is no request ${id}`)
    return request
  }

  /** Records a move made from a request just read; if it has changed since, the job looks again. */
  async #recordOnce(moved: Moved, now: Date): Promise<Progress> {
    const recorded = await this.#store.record(moved, now)
    return recorded === 'recorded' ? done : this.#overtaken()
  }

  /** Somebody else's change came first: what there is to do is seen by the next look. */
  #overtaken(): Progress {
    return this.#later('the request changed')
  }

  #next(request: RecoveryRequest, pauseMs = retryMs): Progress {
    const open = request.state === 'approved' || request.state === 'executing'
    return open ? this.#again(after(this.#now(), pauseMs), 'not settled yet') : done
  }

  /** Where the answer is lost, the intent says as much as there is to say. */
  #repeat(effect: Effect, because: string): Progress {
    return this.#again(after(this.#now(), patienceMs(effect)), because)
  }

  #later(because: string): Progress {
    return this.#again(after(this.#now(), retryMs), because)
  }

  #again(at: Date, because: string): Progress {
    return { kind: 'again', at, because }
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

function isDone(request: RecoveryRequest): request is Done {
  return request.state === 'executed' || request.state === 'recovered' || request.state === 'lapsed'
}

/** Throttling asks for patience. An unclear outcome is looked at soon. */
function backOffMs(effect: Effect, answer: Answer): number {
  return answer.kind === 'not-applied' ? patienceMs(effect) : retryMs
}

/** 1, 2, 4 … 60 seconds. */
function patienceMs({ attempts }: Effect): number {
  return Math.min(1_000 * 2 ** (attempts - 1), 60_000)
}
