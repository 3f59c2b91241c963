/** How often something was done lately, counted where it outlives a restart and holds for all replicas. */

import type { Kysely, Transaction } from 'kysely'
import { z } from 'zod'
import type { EntryDraft } from '../audit/entry.ts'
import { nthRefusal, type RefusalType, refusalKind, refusalRoom } from '../audit/refusals.ts'
import type { Limit, LimitName } from '../policy/policy.ts'
import type { LimitReturn, LimitUse } from '../recovery/model/decision.ts'
import type { RateLimiter } from '../recovery/ports/rate-limiter.ts'
import { persisting } from './commit.ts'
import { reading } from './fields.ts'
import type { Tables } from './tables.ts'

export class SqlRateLimiter implements RateLimiter {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  async take(key: string, most: number, windowMs: number, at: Date): Promise<boolean> {
    const now = at.getTime()
    // A refusal costs a look: whoever is refused may ask as often as they like.
    if (await this.#isUsedUp(key, { most, windowMs }, now)) return false
    await this.#forget(now)
    const nth = await persisting(() =>
      this.#db.transaction().execute((trx) => takeOne(trx, key, { most, windowMs }, now)),
    )
    return nth !== undefined
  }

  async #isUsedUp(key: string, { most, windowMs }: Limit, now: number): Promise<boolean> {
    const row = await this.#db
      .selectFrom('limits')
      .select('times_json')
      .where('key', '=', key)
      .executeTakeFirst()
    return row !== undefined && recentOf(key, row.times_json, { windowMs, now }).length >= most
  }

  // In a statement of its own: two transactions that each hold a row and delete others could wait
  // for each other.
  async #forget(now: number): Promise<void> {
    await persisting(() => this.#db.deleteFrom('limits').where('forget_at', '<=', now).execute())
  }
}

/**
 * Counts towards each limit, as part of somebody else's commit.
 *
 * @returns the first that is used up: then the commit must not be kept
 */
export async function takeLimits(
  trx: Transaction<Tables>,
  consumes: readonly LimitUse[],
  at: Date,
): Promise<LimitName | undefined> {
  // In one order, so that two commits never wait for each other.
  const inOrder = consumes.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  for (const each of inOrder) {
    const nth = await takeOne(trx, keyOf(each), each, at.getTime())
    if (nth === undefined) return each.name
  }
  return undefined
}

/** Nothing that was counted so far counts any more. */
export async function giveBack(
  trx: Transaction<Tables>,
  consumes: readonly LimitUse[],
): Promise<void> {
  if (consumes.length === 0) return
  await trx.deleteFrom('limits').where('key', 'in', consumes.map(keyOf)).execute()
}

/**
 * What was counted then counts no more, if it still did. Another's use of the same moment is as good:
 * one is taken away.
 */
export async function giveBackOne(trx: Transaction<Tables>, given: LimitReturn): Promise<void> {
  const key = keyOf(given)
  const kept = await trx
    .updateTable('limits')
    // As in `takeOne`, the update is the lock.
    .set({ key })
    .where('key', '=', key)
    .returning('times_json')
    .executeTakeFirst()
  if (kept === undefined) return
  const times = timesOf(key, kept.times_json)
  const nth = times.indexOf(given.countedAt.getTime())
  if (nth < 0) return
  await trx
    .updateTable('limits')
    .set({ times_json: JSON.stringify(times.toSpliced(nth, 1)) })
    .where('key', '=', key)
    .execute()
}

function keyOf({ name, of }: Pick<LimitUse, 'name' | 'of'>): string {
  return `${name} ${of}`
}

/**
 * A refusal as it is written down after those that its person has met already, as part of the commit
 * that writes it.
 *
 * @returns undefined when there were so many that it is only counted
 */
export async function amongRefusals(
  trx: Transaction<Tables>,
  draft: EntryDraft<RefusalType>,
  at: Date,
): Promise<EntryDraft | undefined> {
  const { entries, windowMs } = refusalRoom
  const room = { most: entries, windowMs }
  const nth = await takeOne(trx, refusalKind(draft, at), room, at.getTime())
  return nth === undefined ? undefined : nthRefusal(draft, nth)
}

/** @returns the how manyeth it is of those that count now; undefined when there have been enough */
async function takeOne(
  trx: Transaction<Tables>,
  key: string,
  { most, windowMs }: Limit,
  now: number,
): Promise<number | undefined> {
  const { times_json } = await trx
    .insertInto('limits')
    .values({ key, times_json: '[]', forget_at: now + windowMs })
    // Written even when it stays the same: the update is the lock, so two at once take turns.
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ key }))
    .returning('times_json')
    .executeTakeFirstOrThrow()
  const recent = recentOf(key, times_json, { windowMs, now })
  if (recent.length >= most) return undefined
  await trx
    .updateTable('limits')
    .set({ times_json: JSON.stringify([...recent, now]), forget_at: now + windowMs })
    .where('key', '=', key)
    .execute()
  return recent.length + 1
}

/** When it was done, as far as that counts now. */
function recentOf(
  key: string,
  json: string,
  { windowMs, now }: { readonly windowMs: number; readonly now: number },
): readonly number[] {
  return timesOf(key, json).filter((time) => now - time < windowMs)
}

function timesOf(key: string, json: string): readonly number[] {
  return reading(`limit ${key}`, () => z.array(z.int()).parse(JSON.parse(json)))
}
