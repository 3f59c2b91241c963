/** What the ledger is checked against: signed checkpoints, and what its posts said. Frozen, like every migration. */

import { type QueryExecutorProvider, sql } from 'kysely'

export async function witness(
  db: QueryExecutorProvider,
  engine: 'sqlite' | 'postgresql',
): Promise<void> {
  const [integer, strict] = engine === 'sqlite' ? ['integer', 'strict'] : ['bigint', '']
  const statements = [
    // One checkpoint for a size, ever: two of them would be two histories.
    `create table checkpoints (
      size ${integer} primary key,
      note text not null,
      frontier text not null
    ) ${strict}`,
    'alter table posts add column digest text',
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
