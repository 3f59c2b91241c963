/**
 * Where posts, and whether an owner was told, carry their seals. They are empty until what is there is sealed with
 * the rest, at the first start of a Rekey that seals (store/seal-rows.ts). Frozen, like every migration.
 */

import { type QueryExecutorProvider, sql } from 'kysely'

export async function postsSealed(db: QueryExecutorProvider): Promise<void> {
  await sql.raw('alter table posts add column seal text').execute(db)
  await sql.raw('alter table requests add column owner_told_seal text').execute(db)
}
