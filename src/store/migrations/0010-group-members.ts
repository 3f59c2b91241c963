/** Who is in which user group, and since when: one row for each group. Frozen, like every migration. */

import { type QueryExecutorProvider, sql } from 'kysely'

export async function groupMembers(
  db: QueryExecutorProvider,
  engine: 'sqlite' | 'postgresql',
): Promise<void> {
  const [integer, strict] = engine === 'sqlite' ? ['integer', 'strict'] : ['bigint', '']
  const table = `create table group_members (
    group_id text primary key,
    version ${integer} not null,
    looked_at ${integer} not null,
    is_gone ${integer} not null,
    members_json text not null
  ) ${strict}`
  await sql.raw(table).execute(db)
}
