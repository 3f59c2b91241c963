/** Which policy is in force, and what every policy said that ever was. Frozen, like every migration. */

import { type QueryExecutorProvider, sql } from 'kysely'

export async function policyInForce(
  db: QueryExecutorProvider,
  engine: 'sqlite' | 'postgresql',
): Promise<void> {
  const strict = engine === 'sqlite' ? 'strict' : ''
  const statements = [
    `create table policies (
      hash text primary key,
      meaning_json text not null
    ) ${strict}`,
    // Beside the head, because every commit has that row in its hands.
    'alter table head add column policy text',
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
