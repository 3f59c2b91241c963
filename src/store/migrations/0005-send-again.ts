/**
 * A request may have up to three effects of one kind: people may have it sent again, twice. Frozen,
 * like every migration.
 */

import { type QueryExecutorProvider, sql } from 'kysely'

const columns = `id, request_id, deed, state, fence, attempts, first_intended_at, intended_at,
  lease_until, before_status, before_modified_at, after_status, after_modified_at, unchanged_looks,
  last_look_at`

export async function sendAgain(
  db: QueryExecutorProvider,
  engine: 'sqlite' | 'postgresql',
): Promise<void> {
  for (const statement of statements[engine]) await sql.raw(statement).execute(db)
}

const statements = {
  // SQLite can't drop a constraint: the table is written anew.
  sqlite: [
    `create table effects_anew (
      id text primary key,
      request_id text not null,
      deed text not null,
      number integer not null default 1 check (number between 1 and 3),
      state text not null check (state in (
        'intended', 'unknown', 'not-applied', 'confirmed', 'observed', 'refused', 'undecided')),
      fence integer not null,
      attempts integer not null,
      first_intended_at integer not null,
      intended_at integer not null,
      lease_until integer not null,
      before_status text not null,
      before_modified_at integer not null,
      after_status text,
      after_modified_at integer,
      unchanged_looks integer not null,
      last_look_at integer,
      unique (request_id, deed, number)
    ) strict`,
    `insert into effects_anew (${columns}) select ${columns} from effects`,
    'drop table effects',
    'alter table effects_anew rename to effects',
  ],
  postgresql: [
    'alter table effects drop constraint effects_request_id_deed_key',
    `alter table effects add column number bigint not null default 1
      check (number between 1 and 3)`,
    'alter table effects add constraint effects_number unique (request_id, deed, number)',
  ],
}
