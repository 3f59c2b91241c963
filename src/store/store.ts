/** The one commit: a decision, its ledger entry and its jobs, whole or not at all. */

import type { Transaction } from 'kysely'
import type { EntryDraft } from '../audit/entry.ts'
import { isRefusal } from '../audit/refusals.ts'
import type { EffectId, PersonId, RequestId } from '../ids.ts'
import type { AccountRef } from '../recovery/model/account.ts'
import type { Change, Decision } from '../recovery/model/decision.ts'
import type { EffectKind } from '../recovery/model/effect.ts'
import { DatabaseAltered } from '../recovery/ports/altered.ts'
import type { CommitExtras, Found, Recorded, Stop, Store } from '../recovery/ports/store.ts'
import { aggregateAfter, aggregateOf, lockAggregate, type StoredAggregate } from './aggregate.ts'
import { commit, type Trace } from './commit.ts'
import { newestEffect, readEffect, saveEffect } from './effects.ts'
import type { Engine } from './engine.ts'
import { applyExtras, holdsChange } from './extras.ts'
import { readGroups } from './groups.ts'
import { lockHead } from './head.ts'
import { freezing, type Holds, readHolds } from './holds.ts'
import { append } from './ledger.ts'
import { amongRefusals, giveBackOne, takeLimits } from './limits.ts'
import { withOwnToldOnly } from './owner-told.ts'
import { freezeIn, pauseIn } from './pauses.ts'
import { findPolicyInForce } from './policies.ts'
import { findRecorded } from './recorded.ts'
import { readRequest } from './request-row.ts'
import {
  findOpenRequest,
  listOpenRequests,
  listRequestsFor,
  listRequestsOf,
  replaceRequest,
  saveRequest,
  spoilSeal,
} from './requests.ts'
import type { Seals } from './seals.ts'
import { findSealed, keepSealed, shredSealed } from './secrets.ts'
import type { Tables } from './tables.ts'
import { text } from './text/text.ts'
import type { VerifiedLedger } from './verified-ledger.ts'

export interface SqlStoreDeps {
  readonly seals: Seals
  /** Undefined for whoever only reads, and has no key. */
  readonly verified: VerifiedLedger | undefined
  /** Hears of every refusal that is one too many for the ledger. */
  readonly onlyCounted?: ((entry: EntryDraft) => void) | undefined
}

export class SqlStore implements Store {
  readonly #engine: Engine
  readonly #seals: Seals
  readonly #verified: VerifiedLedger | undefined
  readonly #onlyCounted: (entry: EntryDraft) => void

  constructor(engine: Engine, { seals, verified, onlyCounted = () => {} }: SqlStoreDeps) {
    this.#engine = engine
    this.#seals = seals
    this.#verified = verified
    this.#onlyCounted = onlyCounted
  }

  async find(id: RequestId) {
    const aggregate = await findRecorded(this.#engine.db, this.#verified, id)
    if (aggregate === undefined) return undefined
    return readRequest(withOwnToldOnly(aggregate.stored, this.#seals), aggregate.approvals)
  }

  findOpen(account: AccountRef) {
    return findOpenRequest(this.#engine.db, this.#verified, account)
  }

  async listForAccount(account: AccountRef, since: Date) {
    return (await listRequestsFor(this.#engine.db, this.#verified, { account, since })).requests
  }

  async findEffect(request: RequestId, kind: EffectKind) {
    const aggregate = await findRecorded(this.#engine.db, this.#verified, request)
    return aggregate && newestEffect(aggregate.effects, kind)
  }

  findSecret(effect: EffectId) {
    return findSealed(this.#engine.db, effect)
  }

  async findPause() {
    return pauseIn(await this.#holds())
  }

  async findFreeze(account: AccountRef, at: Date) {
    return freezeIn(await this.#holds(), account, at)
  }

  findPolicyInForce() {
    return findPolicyInForce(this.#engine.db)
  }

  async findGroups() {
    return readGroups((await this.#holds()).groups)
  }

  listOpen() {
    return listOpenRequests(this.#engine.db, this.#verified)
  }

  listOpenedBy(person: PersonId, most: number) {
    return listRequestsOf(this.#engine.db, this.#verified, { person, most })
  }

  async record(decision: Decision, at: Date, idempotencyKey?: string): Promise<Recorded> {
    if (decision.kind === 'refused') return await this.write(decision.entry, at, idempotencyKey)
    const { change } = decision
    const outcome = await this.#commit(async (trx, leaves) => {
      if (!(await takeIdempotencyKey(trx, this.#seals, { key: idempotencyKey, at })))
        return 'repeated'
      if (!(await apply(trx, this.#seals, change))) return 'stale'
      const usedUp = await takeLimits(trx, change.consumes ?? [], at)
      if (usedUp !== undefined) return { usedUp }
      for (const each of change.returns ?? []) await giveBackOne(trx, each)
      const { freeze, unlessPaused, request, alarm } = change
      const outcome = await this.#append(trx, leaves, {
        ...change,
        at,
        holds: freeze && freezing(freeze),
        // Last, under the head's lock: then every pause that was written before is visible.
        unlessHeld: unlessPaused && request.account,
        follows: { id: request.id, version: request.version - 1 },
      })
      if (outcome !== 'recorded' || alarm === undefined) return outcome
      return await this.#append(trx, leaves, { entry: alarm, jobs: [], at })
    })
    if (outcome === 'recorded' && shreds(change)) await this.#engine.wipe()
    return outcome
  }

  async write(
    entry: EntryDraft,
    at: Date,
    idempotencyKey?: string,
    extras: CommitExtras = {},
  ): Promise<Recorded> {
    const { jobs = [] } = extras
    const { consumes = [], isAnswer } = extras.kind === undefined ? extras : {}
    const outcome = await this.#commit(async (trx, leaves) => {
      if (!(await takeIdempotencyKey(trx, this.#seals, { key: idempotencyKey, at })))
        return 'repeated'
      const usedUp = await takeLimits(trx, consumes, at)
      if (usedUp !== undefined) return { usedUp }
      if (!(await applyExtras(trx, this.#seals, extras, at))) return 'stale'
      const kept = isRefusal(entry) ? await amongRefusals(trx, entry, at) : entry
      if (kept === undefined) return 'counted'
      const adopts = extras.kind === 'adopt-policy' ? extras.policy : undefined
      const holds = holdsChange(extras)
      return await this.#append(trx, leaves, { entry: kept, jobs, at, isAnswer, adopts, holds })
    })
    if (outcome === 'counted') this.#onlyCounted(entry)
    return outcome
  }

  async stop(
    { id, version }: { readonly id: RequestId; readonly version: number },
    rule: (found: Found) => Stop | undefined,
    at: Date,
  ): Promise<Recorded> {
    const outcome = await this.#commit(async (trx, leaves) => {
      const locked = await lockAggregate(trx, id)
      // Whoever moves it needs its row or, where that is gone, the head.
      if ((await this.#versionNow(trx, id)) !== version) return 'stale'
      const found = locked ?? (await lockAggregate(trx, id))
      const stop = rule({ intact: found && this.#intact(found, version) })
      if (stop === undefined) return 'stale'
      const { entries, stored, jobs } = stop
      await shredSealed(trx, id)
      await (stored === undefined
        ? spoilSeal(trx, id)
        : replaceRequest(trx, stored, this.#seals.ofRequest(aggregateOf(stored))))
      let outcome: Recorded = 'stale'
      for (const [index, entry] of entries.entries()) {
        const isLast = index === entries.length - 1
        outcome = await this.#append(trx, leaves, {
          entry,
          jobs: isLast ? jobs : [],
          at,
          isAnswer: true,
        })
        if (outcome !== 'recorded') return outcome
      }
      return outcome
    })
    if (outcome === 'recorded') await this.#engine.wipe()
    return outcome
  }

  /** The very rows that the head's seal was held against: nobody shows others to whoever decides by them. */
  #holds(): Promise<Holds> {
    const { db } = this.#engine
    return this.#verified === undefined
      ? db.transaction().execute(readHolds)
      : this.#verified.read(db, async (_, __, holds) => holds)
  }

  async #versionNow(trx: Transaction<Tables>, id: RequestId): Promise<number> {
    const head = await lockHead(trx, 0)
    this.#seals.expectHead(head, await readHolds(trx))
    return await this.#writable().versionLocked(trx, head, id)
  }

  #intact(found: StoredAggregate, version: number): Found['intact'] {
    if (!this.#seals.isSealed(found) || found.stored.version !== version) return undefined
    return {
      request: readRequest(found.stored, found.approvals),
      effects: found.effects.map(readEffect),
    }
  }

  async #commit(work: Parameters<typeof commit>[1]): Promise<Recorded> {
    let last = 0
    const outcome = await commit(this.#engine.db, (trx, leaves) =>
      work(trx, (trace) => {
        last = trace.seq
        leaves(trace)
      }),
    )
    if (outcome === 'recorded') this.#seals.saw(last)
    return outcome
  }

  #writable(): VerifiedLedger {
    if (this.#verified === undefined) throw new Error('the store was opened without a key')
    return this.#verified
  }

  async #append(
    trx: Transaction<Tables>,
    leaves: (trace: Trace) => void,
    appending: Parameters<typeof append>[2],
  ): Promise<Recorded> {
    const trace = await append(trx, this.#writable(), appending)
    if (typeof trace === 'string') return trace
    leaves(trace)
    return 'recorded'
  }
}

/**
 * What is kept is made with the operator's key: nobody else can keep a key beforehand, so that what is done
 * under it is taken for done.
 * @returns false when this very key is stored already
 */
async function takeIdempotencyKey(
  trx: Transaction<Tables>,
  seals: Seals,
  { key, at }: { readonly key: string | undefined; readonly at: Date },
): Promise<boolean> {
  if (key === undefined) return true
  const [kept = key, ...former] = seals.ofIdempotencyKey(key)
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('inbox')
    .values({ idempotency_key: kept, at: at.getTime() })
    .onConflict((conflict) => conflict.column('idempotency_key').doNothing())
    .executeTakeFirst()
  const isKept = numInsertedOrUpdatedRows === 1n
  if (isKept && former.length === 0) return true
  const earlier = await trx
    .selectFrom('inbox')
    .select('at')
    .where('idempotency_key', 'in', isKept ? former : [kept, ...former])
    .executeTakeFirst()
  // Not kept, and not there: somebody has the database swallow what people do.
  if (!isKept && earlier === undefined) throw new DatabaseAltered(text.altered.swallowed)
  return earlier === undefined
}

/** @returns false when it was made from something that has changed since */
async function apply(trx: Transaction<Tables>, seals: Seals, change: Change): Promise<boolean> {
  const { request, effect, secret } = change
  const before =
    request.version === 1 ? undefined : await lockAggregate(trx, request.id, request.version - 1)
  if (request.version > 1 && before === undefined) return false
  // What does not fit is not replaced: a changed row is never sealed anew.
  if (before !== undefined) seals.expectSealed(before)
  const seal = seals.ofRequest(aggregateAfter(before, change))
  if (!(await saveRequest(trx, request, seal))) return false
  if (effect !== undefined && !(await saveEffect(trx, effect))) return false
  if (secret !== undefined) {
    await ('keep' in secret ? keepSealed(trx, secret.keep) : shredSealed(trx, request.id))
  }
  return true
}

function shreds({ secret }: Change): boolean {
  return secret !== undefined && 'shred' in secret
}
