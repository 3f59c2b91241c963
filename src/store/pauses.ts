/** The pause and the freezes: read by whoever asks, and looked at again inside the commit they forbid. */

import type { Kysely, Transaction } from 'kysely'
import { personId } from '../ids.ts'
import type { AccountRef } from '../recovery/model/account.ts'
import type { Freeze, Pause } from '../recovery/model/pause.ts'
import type { Tables } from './tables.ts'

export async function findPause(db: Kysely<Tables>): Promise<Pause | undefined> {
  const row = await db.selectFrom('pause').selectAll().executeTakeFirst()
  if (row === undefined) return undefined
  const { since, by_person, reason } = row
  return {
    since: new Date(since),
    ...(by_person === null ? {} : { by: personId(by_person) }),
    reason,
  }
}

/** @returns false when a pause stands already, and is not replaced */
export async function beginPause(
  trx: Transaction<Tables>,
  { since, by, reason }: Pause,
  replaces = false,
): Promise<boolean> {
  const row = { since: since.getTime(), by_person: by ?? null, reason }
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('pause')
    .values({ id: 1, ...row })
    .onConflict((conflict) => {
      const existing = conflict.column('id')
      return replaces ? existing.doUpdateSet(row) : existing.doNothing()
    })
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** @returns false when it is over already, or another one stands */
export async function endPause(trx: Transaction<Tables>, { since }: Pause): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('pause')
    .where('since', '=', since.getTime())
    .executeTakeFirst()
  return numDeletedRows === 1n
}

export async function findFreeze(
  db: Kysely<Tables>,
  { userPoolId, sub }: Pick<AccountRef, 'userPoolId' | 'sub'>,
  at: Date,
): Promise<Freeze | undefined> {
  const row = await db
    .selectFrom('freezes')
    .selectAll()
    .where('user_pool_id', '=', userPoolId)
    .where('sub', '=', sub)
    .where('until', '>', at.getTime())
    .executeTakeFirst()
  return (
    row && { account: { userPoolId, sub }, until: new Date(row.until), request: row.request_id }
  )
}

/** The longer of two freezes holds. */
export async function saveFreeze(trx: Transaction<Tables>, freeze: Freeze): Promise<void> {
  const until = freeze.until.getTime()
  await trx
    .insertInto('freezes')
    .values({
      user_pool_id: freeze.account.userPoolId,
      sub: freeze.account.sub,
      until,
      request_id: freeze.request,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['user_pool_id', 'sub'])
        .doUpdateSet({ until, request_id: freeze.request })
        .where('freezes.until', '<', until),
    )
    .execute()
}

/** @returns false when it is over already, or another one holds */
export async function endFreeze(
  trx: Transaction<Tables>,
  { account: { userPoolId, sub }, until, request }: Freeze,
): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('freezes')
    .where('user_pool_id', '=', userPoolId)
    .where('sub', '=', sub)
    .where('until', '=', until.getTime())
    .where('request_id', '=', request)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/**
 * Whether something stands in the way of recovering this account now. Asked while the ledger's head
 * is locked: then every pause that was written before is visible, and none can be written meanwhile.
 */
export async function isPausedOrFrozen(
  trx: Transaction<Tables>,
  account: AccountRef,
  at: Date,
): Promise<boolean> {
  if ((await findPause(trx)) !== undefined) return true
  return (await findFreeze(trx, account, at)) !== undefined
}
