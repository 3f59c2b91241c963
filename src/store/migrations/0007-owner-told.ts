/** What came of the last message to an account's owner. Frozen, like every migration. */

import { type QueryExecutorProvider, sql } from 'kysely'

export async function ownerTold(
  db: QueryExecutorProvider,
  engine: 'sqlite' | 'postgresql',
): Promise<void> {
  const integer = engine === 'sqlite' ? 'integer' : 'bigint'
  const statements = [
    `alter table requests add column owner_told_at ${integer}`,
    'alter table requests add column owner_not_told text',
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
