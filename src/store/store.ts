/** The one commit: a decision, its ledger entry and its jobs, whole or not at all. */

import type { Transaction } from 'kysely'
import type { EntryDraft } from '../audit/entry.ts'
import { isRefusal } from '../audit/refusals.ts'
import type { EffectId, PersonId, RequestId } from '../ids.ts'
import type { AccountRef } from '../recovery/model/account.ts'
import type { Change, Decision } from '../recovery/model/decision.ts'
import type { EffectKind } from '../recovery/model/effect.ts'
import type { CommitExtras, PauseStart, Recorded, Store } from '../recovery/ports/store.ts'
import { commit } from './commit.ts'
import { findEffectOf, saveEffect } from './effects.ts'
import type { Engine } from './engine.ts'
import { findGroups, insertGroup, saveGroup } from './groups.ts'
import { append } from './ledger.ts'
import { amongRefusals, giveBack, giveBackOne, takeLimits } from './limits.ts'
import {
  beginPause,
  endFreeze,
  endPause,
  findFreeze,
  findPause,
  isPausedOrFrozen,
  saveFreeze,
} from './pauses.ts'
import { findPolicyInForce, putInForce } from './policies.ts'
import { dropPost } from './posts.ts'
import { findRequestView, saveRequestView } from './request-views.ts'
import {
  findOpenRequest,
  findRequest,
  listOpenRequests,
  listReportedRequests,
  listRequestsFor,
  listRequestsOf,
  saveOwnerTold,
  saveRequest,
} from './requests.ts'
import { findSealed, keepSealed, shredSealed } from './secrets.ts'
import type { Tables } from './tables.ts'

export class SqlStore implements Store {
  readonly #engine: Engine
  readonly #onlyCounted: (entry: EntryDraft) => void

  /** @param onlyCounted hears of every refusal that is one too many for the ledger */
  constructor(engine: Engine, onlyCounted: (entry: EntryDraft) => void = () => {}) {
    this.#engine = engine
    this.#onlyCounted = onlyCounted
  }

  find(id: RequestId) {
    return findRequest(this.#engine.db, id)
  }

  findOpen(account: AccountRef) {
    return findOpenRequest(this.#engine.db, account)
  }

  listForAccount(account: AccountRef, since: Date) {
    return listRequestsFor(this.#engine.db, account, since)
  }

  findEffect(request: RequestId, kind: EffectKind) {
    return findEffectOf(this.#engine.db, request, kind)
  }

  findSecret(effect: EffectId) {
    return findSealed(this.#engine.db, effect)
  }

  findPause() {
    return findPause(this.#engine.db)
  }

  findFreeze(account: AccountRef, at: Date) {
    return findFreeze(this.#engine.db, account, at)
  }

  findRequestView(request: RequestId, by: PersonId, fromVersion: number) {
    return findRequestView(this.#engine.db, request, by, fromVersion)
  }

  findPolicyInForce() {
    return findPolicyInForce(this.#engine.db)
  }

  findGroups() {
    return findGroups(this.#engine.db)
  }

  listOpen() {
    return listOpenRequests(this.#engine.db)
  }

  listReported(account: AccountRef) {
    return listReportedRequests(this.#engine.db, account)
  }

  listOpenedBy(person: PersonId, most: number) {
    return listRequestsOf(this.#engine.db, person, most)
  }

  async record(decision: Decision, at: Date, idempotencyKey?: string): Promise<Recorded> {
    if (decision.kind === 'refused') return await this.write(decision.entry, at, idempotencyKey)
    const { change } = decision
    const outcome = await commit(this.#engine.db, async (trx, leaves) => {
      if (!(await takeIdempotencyKey(trx, idempotencyKey, at))) return 'repeated'
      if (!(await apply(trx, change))) return 'stale'
      const usedUp = await takeLimits(trx, change.consumes ?? [], at)
      if (usedUp !== undefined) return { usedUp }
      for (const each of change.returns ?? []) await giveBackOne(trx, each)
      leaves(await append(trx, { ...change, at }))
      const { alarm } = change
      if (alarm !== undefined) leaves(await append(trx, { entry: alarm, jobs: [], at }))
      // Last, under the head's lock: whatever is not `recorded` is rolled back, the entry too.
      const { unlessPaused, request } = change
      return unlessPaused && (await isPausedOrFrozen(trx, request.account, at))
        ? 'paused'
        : 'recorded'
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
    const outcome = await commit(this.#engine.db, async (trx, leaves) => {
      if (!(await takeIdempotencyKey(trx, idempotencyKey, at))) return 'repeated'
      const usedUp = await takeLimits(trx, consumes, at)
      if (usedUp !== undefined) return { usedUp }
      if (!(await applyExtras(trx, extras, at))) return 'stale'
      const kept = isRefusal(entry) ? await amongRefusals(trx, entry, at) : entry
      if (kept === undefined) return 'counted'
      leaves(await append(trx, { entry: kept, jobs, at, isAnswer }))
      return 'recorded'
    })
    if (outcome === 'counted') this.#onlyCounted(entry)
    return outcome
  }
}

/** @returns false when this very key is stored already */
async function takeIdempotencyKey(
  trx: Transaction<Tables>,
  idempotencyKey: string | undefined,
  at: Date,
): Promise<boolean> {
  if (idempotencyKey === undefined) return true
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('inbox')
    .values({ idempotency_key: idempotencyKey, at: at.getTime() })
    .onConflict((conflict) => conflict.column('idempotency_key').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** @returns false when it was made from something that has changed since */
async function apply(trx: Transaction<Tables>, change: Change): Promise<boolean> {
  const { request, effect, secret, freeze } = change
  if (!(await saveRequest(trx, request))) return false
  if (effect !== undefined && !(await saveEffect(trx, effect))) return false
  if (secret !== undefined) {
    await ('keep' in secret ? keepSealed(trx, secret.keep) : shredSealed(trx, request.id))
  }
  if (freeze !== undefined) await saveFreeze(trx, freeze)
  return true
}

/** @returns false when the pause or the freeze is not as it was read */
async function applyExtras(
  trx: Transaction<Tables>,
  extras: CommitExtras,
  at: Date,
): Promise<boolean> {
  switch (extras.kind) {
    case undefined:
      return true
    case 'pause':
      if (!(await isStillUsedUp(trx, extras, at))) return false
      return beginPause(trx, extras.pause, extras.evenIfPaused)
    case 'resume':
      await giveBack(trx, extras.forget)
      return endPause(trx, extras.pause)
    case 'clear-limit':
      await giveBack(trx, extras.forget)
      return true
    case 'unfreeze':
      return endFreeze(trx, extras.freeze)
    case 'adopt-policy':
      await putInForce(trx, extras.policy)
      for (const memory of extras.firstSeen ?? []) await insertGroup(trx, memory)
      return true
    case 'post-lost':
      await dropPost(trx, extras.post)
      return true
    case 'owner-told':
      await saveOwnerTold(trx, extras)
      return true
    case 'group':
      return saveGroup(trx, extras.memory)
    case 'view':
      await saveRequestView(trx, extras, at)
      return true
    default:
      return extras satisfies never
  }
}

async function isStillUsedUp(
  trx: Transaction<Tables>,
  { ifUsedUp }: PauseStart,
  at: Date,
): Promise<boolean> {
  // If there is some left, what this takes is given back with the transaction.
  return ifUsedUp === undefined || (await takeLimits(trx, [ifUsedUp], at)) !== undefined
}

function shreds({ secret }: Change): boolean {
  return secret !== undefined && 'shred' in secret
}
