/** What strangers have tried lately on the recovery page. Frozen, like every migration. */

import { type QueryExecutorProvider, sql } from 'kysely'

export async function limits(
  db: QueryExecutorProvider,
  engine: 'sqlite' | 'postgresql',
): Promise<void> {
  const [integer, strict] = engine === 'sqlite' ? ['integer', 'strict'] : ['bigint', '']
  const statements = [
    `create table limits (
      key text primary key,
      times_json text not null,
      forget_at ${integer} not null
    ) ${strict}`,
    'create index limits_to_forget on limits (forget_at)',
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
