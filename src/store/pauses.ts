/** The pause and the freezes, for whoever asks. The commit that they forbid looks again: see holds.ts. */

import type { Kysely } from 'kysely'
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
