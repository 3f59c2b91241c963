/** Who has had which version of a request before their eyes, and since when. */

import type { Kysely, Transaction } from 'kysely'
import type { PersonId, RequestId } from '../ids.ts'
import type { RequestView } from '../recovery/ports/store.ts'
import type { Tables } from './tables.ts'

export async function findRequestView(
  db: Kysely<Tables>,
  request: RequestId,
  by: PersonId,
  fromVersion: number,
): Promise<Date | undefined> {
  const first = await db
    .selectFrom('request_views')
    .select('at')
    .where('request_id', '=', request)
    .where('person', '=', by)
    .where('version', '>=', fromVersion)
    .orderBy('at')
    .limit(1)
    .executeTakeFirst()
  return first && new Date(first.at)
}

/** The first time counts: opening it again does not begin anew. */
export async function saveRequestView(
  trx: Transaction<Tables>,
  { view: { request, by, version } }: RequestView,
  at: Date,
): Promise<void> {
  await trx
    .insertInto('request_views')
    .values({ request_id: request, person: by, version, at: at.getTime() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
