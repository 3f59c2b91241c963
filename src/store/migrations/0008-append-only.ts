/**
 * What the first triggers left open: replacing a row, emptying the table, and the checkpoints. Frozen,
 * like every migration. PostgreSQL empties a table by statement, so the trigger against it has to be one.
 */

import { type QueryExecutorProvider, sql } from 'kysely'

export async function appendOnly(
  db: QueryExecutorProvider,
  engine: 'sqlite' | 'postgresql',
): Promise<void> {
  for (const statement of statements[engine]) await sql.raw(statement).execute(db)
}

const statements: Readonly<Record<'sqlite' | 'postgresql', readonly string[]>> = {
  sqlite: [
    // `insert or replace` deletes a row without asking the trigger against that.
    `create trigger ledger_no_replace before insert on ledger
      when exists (select 1 from ledger where seq = new.seq)
      begin select raise(abort, 'the ledger is append-only'); end`,
    // A second checkpoint of a size is no error: the first one stays.
    `create trigger checkpoints_no_replace before insert on checkpoints
      when exists (select 1 from checkpoints where size = new.size)
      begin select raise(ignore); end`,
    ...['update', 'delete'].map(
      (event) => `create trigger checkpoints_no_${event} before ${event} on checkpoints
        begin select raise(abort, 'the checkpoints are append-only'); end`,
    ),
  ],
  postgresql: [
    `create trigger ledger_no_truncate before truncate on ledger
      for each statement execute function ledger_is_append_only()`,
    `create function checkpoints_are_append_only() returns trigger language plpgsql as
      $$ begin raise exception 'the checkpoints are append-only'; end $$`,
    `create trigger checkpoints_append_only before update or delete on checkpoints
      for each row execute function checkpoints_are_append_only()`,
    `create trigger checkpoints_no_truncate before truncate on checkpoints
      for each statement execute function checkpoints_are_append_only()`,
  ],
}
