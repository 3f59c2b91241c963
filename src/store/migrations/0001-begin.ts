/**
 * The first schema. Frozen: what is released is never edited, a later migration changes it.
 *
 * No sequences, no references between tables and no statement-level triggers, so that databases that
 * speak PostgreSQL without being it can serve too.
 */

import { type QueryExecutorProvider, sql } from 'kysely'

export async function begin(
  db: QueryExecutorProvider,
  engine: 'sqlite' | 'postgresql',
): Promise<void> {
  const statements = [...tables(engine), ...indexes, ...appendOnly[engine], firstHead]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

// One table after another: a migration is never changed, and read as the database was.
function tables(engine: 'sqlite' | 'postgresql'): readonly string[] {
  const [integer, bytes, strict] =
    engine === 'sqlite' ? ['integer', 'blob', 'strict'] : ['bigint', 'bytea', '']
  return [
    `create table requests (
      id text primary key,
      version ${integer} not null check (version >= 1),
      state text not null check (state in (
        'pending', 'approved', 'executing', 'executed', 'needs-attention', 'denied',
        'withdrawn', 'expired', 'failed', 'recovered', 'lapsed')),
      user_pool_id text not null,
      sub text not null,
      requested_by text not null,
      opened_at ${integer} not null,
      expires_at ${integer} not null,
      body_json text not null
    ) ${strict}`,
    `create table approvals (
      request_id text not null,
      approver text not null,
      at ${integer} not null,
      primary key (request_id, approver)
    ) ${strict}`,
    `create table effects (
      id text primary key,
      request_id text not null,
      deed text not null,
      state text not null check (state in (
        'intended', 'unknown', 'not-applied', 'confirmed', 'observed', 'refused', 'undecided')),
      fence ${integer} not null,
      attempts ${integer} not null,
      first_intended_at ${integer} not null,
      intended_at ${integer} not null,
      lease_until ${integer} not null,
      before_status text not null,
      before_modified_at ${integer} not null,
      after_status text,
      after_modified_at ${integer},
      unchanged_looks ${integer} not null,
      last_look_at ${integer},
      unique (request_id, deed)
    ) ${strict}`,
    `create table secrets (
      effect text primary key,
      request_id text not null,
      key_id text not null,
      salt ${bytes} not null,
      nonce ${bytes} not null,
      box ${bytes} not null
    ) ${strict}`,
    `create table jobs (
      id text primary key,
      kind text not null,
      task_json text not null,
      lane text not null,
      place ${integer} not null unique,
      created_at ${integer} not null,
      not_before ${integer} not null,
      lease_until ${integer} not null default 0,
      attempts ${integer} not null default 0,
      done_at ${integer},
      parked_at ${integer},
      last_error text
    ) ${strict}`,
    `create table posts (
      key text primary key,
      channel text not null,
      ts text not null
    ) ${strict}`,
    `create table inbox (
      gesture text primary key,
      at ${integer} not null
    ) ${strict}`,
    `create table ledger (
      seq ${integer} primary key,
      hash text not null,
      entry_json text not null
    ) ${strict}`,
    `create table head (
      id ${integer} primary key check (id = 1),
      seq ${integer} not null,
      hash text not null,
      place ${integer} not null
    ) ${strict}`,
  ]
}

const indexes = [
  // One account, one open request: this index is the rule, not a help for it.
  `create unique index requests_one_open on requests (user_pool_id, sub)
    where state in ('pending', 'approved', 'executing', 'needs-attention')`,
  `create index secrets_of_request on secrets (request_id)`,
  // Jobs stay when they are done: only the open ones are looked through. There is no second index on
  // them, by time for one. PostgreSQL, while it believes that there are few, would look through the
  // whole of it for the first of every lane: minutes, when thousands arrive at once.
  `create index jobs_in_lane on jobs (lane, place) where done_at is null and parked_at is null`,
]

const appendOnly = {
  sqlite: ['update', 'delete'].map(
    (event) => `create trigger ledger_no_${event} before ${event} on ledger
      begin select raise(abort, 'the ledger is append-only'); end`,
  ),
  postgresql: [
    `create function ledger_is_append_only() returns trigger language plpgsql as
      $$ begin raise exception 'the ledger is append-only'; end $$`,
    `create trigger ledger_append_only before update or delete on ledger
      for each row execute function ledger_is_append_only()`,
  ],
}

const firstHead = `insert into head (id, seq, hash, place) values (1, 0, '${'0'.repeat(64)}', 0)`
