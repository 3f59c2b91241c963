/** What stops recoveries, and whose policy is in force. Frozen, like every migration. */

import { type QueryExecutorProvider, sql } from 'kysely'

export async function halts(
  db: QueryExecutorProvider,
  engine: 'sqlite' | 'postgresql',
): Promise<void> {
  const [integer, strict] = engine === 'sqlite' ? ['integer', 'strict'] : ['bigint', '']
  const statements = [
    `create table pause (
      id ${integer} primary key check (id = 1),
      since ${integer} not null,
      by_person text,
      reason text not null
    ) ${strict}`,
    `create table freezes (
      user_pool_id text not null,
      sub text not null,
      until ${integer} not null,
      request_id text not null,
      primary key (user_pool_id, sub)
    ) ${strict}`,
    `create table readings (
      request_id text not null,
      person text not null,
      version ${integer} not null,
      at ${integer} not null,
      primary key (request_id, person, version)
    ) ${strict}`,
    'create index requests_of_person on requests (requested_by, opened_at)',
    `create index requests_in_work on requests (opened_at)
      where state in ('pending', 'approved', 'executing', 'needs-attention')`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
