/** The one commit: a decision, its ledger entry and its jobs, whole or not at all. */

import type { Transaction } from 'kysely'
import type { EntryDraft } from '../audit/entry.ts'
import type { EffectId, RequestId } from '../names.ts'
import type { AccountRef } from '../recovery/account.ts'
import type { Change, Decision } from '../recovery/decision.ts'
import type { Deed } from '../recovery/effect.ts'
import type { Recorded, Store } from '../recovery/ports.ts'
import { commit } from './commit.ts'
import { findEffectOf, saveEffect } from './effects.ts'
import type { Engine } from './engine.ts'
import { append } from './ledger.ts'
import { findOpenRequest, findRequest, saveRequest } from './requests.ts'
import { findSealed, keepSealed, shredSealed } from './secrets.ts'
import type { Tables } from './tables.ts'

export class SqlStore implements Store {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  find(id: RequestId) {
    return findRequest(this.#engine.db, id)
  }

  findOpen(account: AccountRef) {
    return findOpenRequest(this.#engine.db, account)
  }

  findEffect(request: RequestId, deed: Deed) {
    return findEffectOf(this.#engine.db, request, deed)
  }

  findSecret(effect: EffectId) {
    return findSealed(this.#engine.db, effect)
  }

  async record(decision: Decision, at: Date, gesture?: string): Promise<Recorded> {
    if (decision.kind === 'refused') return await this.write(decision.entry, at, gesture)
    const { change } = decision
    const outcome = await commit(this.#engine.db, async (trx) => {
      if (!(await takeGesture(trx, gesture, at))) return 'repeated'
      if (!(await apply(trx, change))) return 'stale'
      await append(trx, change.entry, change.jobs, at)
      return 'recorded'
    })
    if (outcome === 'recorded' && shreds(change)) await this.#engine.wipe()
    return outcome
  }

  write(entry: EntryDraft, at: Date, gesture?: string): Promise<Recorded> {
    return commit(this.#engine.db, async (trx) => {
      if (!(await takeGesture(trx, gesture, at))) return 'repeated'
      await append(trx, entry, [], at)
      return 'recorded'
    })
  }
}

/** @returns false when this very gesture is stored already */
async function takeGesture(
  trx: Transaction<Tables>,
  gesture: string | undefined,
  at: Date,
): Promise<boolean> {
  if (gesture === undefined) return true
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('inbox')
    .values({ gesture, at: at.getTime() })
    .onConflict((conflict) => conflict.column('gesture').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** @returns false when it was made from something that has changed since */
async function apply(trx: Transaction<Tables>, change: Change): Promise<boolean> {
  const { request, effect, secret } = change
  if (!(await saveRequest(trx, request))) return false
  if (effect !== undefined && !(await saveEffect(trx, effect))) return false
  if (secret !== undefined) {
    await ('keep' in secret ? keepSealed(trx, secret.keep) : shredSealed(trx, request.id))
  }
  return true
}

function shreds({ secret }: Change): boolean {
  return secret !== undefined && 'shred' in secret
}
