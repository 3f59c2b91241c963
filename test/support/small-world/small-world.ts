/**
 * Rekey's core over a real store, in a world small enough to be known whole: six people, three
 * accounts, a Cognito that fails on demand, and a process that can be killed at any call.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RequestId } from '../../../src/ids.ts'
import type { Policy } from '../../../src/policy/policy.ts'
import { entryWithout, rekey } from '../../../src/recovery/model/drafts.ts'
import type { Job, Progress } from '../../../src/recovery/model/job.ts'
import { RecordAltered } from '../../../src/recovery/ports/altered.ts'
import type { Store } from '../../../src/recovery/ports/store.ts'
import {
  createServices,
  type Services,
  type Workers,
} from '../../../src/recovery/services/services.ts'
import { PasswordSealer } from '../../../src/sealing/password-sealer.ts'
import { Secret } from '../../../src/secret.ts'
import { type OpenStore, openStore } from '../../../src/store/open.ts'
import { noon } from '../examples.ts'
import { rowSealer } from '../row-sealer.ts'
import { Killed, Life } from './life.ts'
import { People, policy } from './people.ts'
import { type Owned, SmallCognito } from './small-cognito.ts'

const leaseMs = 45_000

/** One running Rekey: what dies together. */
interface Process {
  readonly life: Life
  readonly opened: OpenStore
  readonly services: Services & Workers
}

export class SmallWorld {
  readonly cognito: SmallCognito
  readonly people = new People()
  auditPostsWaiting = 0
  /** Hears of every job that fails; without it, the test does. A request that was changed is stopped by then. */
  onFailure: ((error: unknown) => void) | undefined
  /** Every showing of a password, by request. */
  readonly shown: RequestId[] = []
  readonly #folder = mkdtempSync(join(tmpdir(), 'rekey-model-'))
  readonly #sealer = new PasswordSealer(new Secret(Buffer.alloc(32, 7).toString('base64')))
  readonly #policy: Policy
  #time = noon.getTime()
  #process: Process | undefined
  #clicks = 0
  #stallMs = 0
  #beforeRecording: (() => Promise<unknown>) | undefined
  #afterFindingEffect: (() => Promise<unknown>) | undefined

  readonly now = () => new Date(this.#time)

  /** @param accounts those of its Cognito, if not the usual three */
  constructor(inForce: Policy = policy, accounts?: readonly Owned[]) {
    this.#policy = inForce
    this.cognito = new SmallCognito(accounts)
  }

  get store() {
    return this.#running.opened.store
  }

  get ledger() {
    return this.#running.opened.ledger
  }

  get rows() {
    return this.#running.opened.rows
  }

  get opened(): OpenStore {
    return this.#running.opened
  }

  get folder(): string {
    return this.#folder
  }

  /** Where it is kept. */
  get file(): string {
    return join(this.#folder, 'rekey.db')
  }

  get #running(): Process {
    if (this.#process === undefined) throw new Error('no Rekey is running')
    return this.#process
  }

  async start(): Promise<void> {
    const opened = await openStore(`sqlite:${this.file}`, { sealer: rowSealer })
    const life = new Life()
    const services = createServices({
      store: this.#stalling(life.of(opened.store)),
      ledger: life.of(opened.ledger),
      rateLimiter: life.of(opened.rateLimiter),
      accounts: life.of(this.cognito.accountsFor(opened.store, this.now)),
      directory: life.of(this.people),
      sealer: this.#sealer,
      policy: () => this.#policy,
      now: this.now,
      auditBacklog: async () => ({ waiting: this.auditPostsWaiting }),
      monotonicMs: () => this.#time,
    })
    this.#process = { life, opened, services }
  }

  /** What a person does. Undefined when Rekey was killed meanwhile: it is back by then. */
  async at<Outcome>(
    act: (services: Services, idempotencyKey: string) => Promise<Outcome>,
  ): Promise<Outcome | undefined> {
    this.#clicks += 1
    return this.#surviving(() => act(this.#running.services, `click ${this.#clicks}`))
  }

  /** Does the jobs that are due, one after the other. */
  async work(): Promise<void> {
    await this.#surviving(async () => {
      const jobs = await this.#running.opened.jobs.claim(this.now(), leaseMs, 20)
      for (const job of jobs) await this.#do(job)
    })
  }

  pass(milliseconds: number): void {
    this.#time += milliseconds
    this.cognito.now = this.#time
  }

  /** Kills Rekey `calls` calls from now: before the call takes place, or right after it did. */
  killAfter(calls: number, when: 'before' | 'after'): void {
    this.#running.life.end(calls, when)
  }

  spare(): void {
    this.#running.life.spare()
  }

  /** Lets this much time pass right after the next decision is recorded, before anything comes of it. */
  stallAfterRecording(milliseconds: number): void {
    this.#stallMs = milliseconds
  }

  /** Lets this happen right before the next decision, or what belongs to none, is recorded. */
  beforeRecording(what: () => Promise<unknown>): void {
    this.#beforeRecording = what
  }

  /** Lets this happen right after the next look at an effect. */
  afterFindingEffect(what: () => Promise<unknown>): void {
    this.#afterFindingEffect = what
  }

  #stalling(store: Store): Store {
    const interrupted = async () => {
      const before = this.#beforeRecording
      this.#beforeRecording = undefined
      await before?.()
    }
    const record: Store['record'] = async (...decision) => {
      await interrupted()
      const outcome = await store.record(...decision)
      this.pass(this.#stallMs)
      this.#stallMs = 0
      return outcome
    }
    const write: Store['write'] = async (...entry) => {
      await interrupted()
      return store.write(...entry)
    }
    const findEffect: Store['findEffect'] = async (...which) => {
      const effect = await store.findEffect(...which)
      const after = this.#afterFindingEffect
      this.#afterFindingEffect = undefined
      await after?.()
      return effect
    }
    const stalled = new Map<string | symbol, unknown>(Object.entries({ record, write, findEffect }))
    return new Proxy(store, {
      get: (target, name) => stalled.get(name) ?? Reflect.get(target, name),
    })
  }

  /** Ends the pause, if there is one, whoever is left who could. */
  async letGoOn(): Promise<void> {
    const { store } = this.#running.opened
    const standing = await store.findPause()
    if (standing === undefined) return
    const entry = entryWithout(rekey, this.#policy, {
      type: 'recovery.resumed',
      pausedMinutes: 0,
      reason: standing.reason,
    })
    await store.write(entry, this.now(), undefined, { kind: 'resume', pause: standing, forget: [] })
  }

  async end(): Promise<void> {
    await this.#running.opened.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #surviving<Outcome>(act: () => Promise<Outcome>): Promise<Outcome | undefined> {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      await this.#running.opened.close()
      await this.start()
      return undefined
    }
  }

  async #do(job: Job): Promise<void> {
    const { jobs } = this.#running.opened
    const progress = await this.#handle(job).catch((error: unknown) => this.#failed(error))
    if (progress.kind === 'done') return jobs.finish(job, this.now())
    if (progress.kind === 'again') return jobs.putBack(job, progress.at, progress.because)
    return jobs.park(job, this.now(), progress.because)
  }

  async #failed(error: unknown): Promise<Progress> {
    if (this.onFailure === undefined) throw error
    this.onFailure(error)
    if (error instanceof RecordAltered) {
      await this.#running.services.guard.stop(error).catch(this.onFailure)
      return { kind: 'done' }
    }
    return { kind: 'again', at: new Date(this.#time + 15_000), because: 'it failed' }
  }

  async #handle({ task }: Job): Promise<Progress> {
    const { executor, sessionRevoker, followUpWorker, waitingWorker } = this.#running.services
    switch (task.kind) {
      case 'execute':
        return executor.execute(task.request)
      case 'expire':
        return waitingWorker.expire(task.request)
      case 'revoke-sessions':
        return sessionRevoker.revoke(task.request)
      case 'burn-password':
        return followUpWorker.burnPassword(task.request)
      case 'follow-up':
        return followUpWorker.followUp(task.request)
      default:
        // What is posted is other tests' business.
        return { kind: 'done' }
    }
  }
}
