/** Since when somebody reads a request is in the ledger (`approval.opened`) and nowhere else. Frozen, like every migration. */

import { type QueryExecutorProvider, sql } from 'kysely'

export async function noRequestViews(db: QueryExecutorProvider): Promise<void> {
  await sql.raw('drop table request_views').execute(db)
}
