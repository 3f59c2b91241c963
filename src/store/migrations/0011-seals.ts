/**
 * Where requests and the ledger's head carry their seals. They are empty until the rows that are there are
 * sealed, right after this (store/seal-rows.ts). Frozen, like every migration.
 */

import { type QueryExecutorProvider, sql } from 'kysely'

export async function seals(
  db: QueryExecutorProvider,
  engine: 'sqlite' | 'postgresql',
): Promise<void> {
  for (const table of ['requests', 'head'])
    await sql.raw(`alter table ${table} add column seal text`).execute(db)
  for (const statement of statements[engine]) await sql.raw(statement).execute(db)
}

// An older Rekey that still runs beside this one seals nothing: whatever it commits would look like a
// change by somebody else. So it commits nothing.
const statements: Readonly<Record<'sqlite' | 'postgresql', readonly string[]>> = {
  sqlite: [
    `create trigger head_is_sealed before update on head
      when new.hash <> old.hash and new.seal is old.seal
      begin select raise(abort, 'the head is sealed: this Rekey is too old for the database'); end`,
  ],
  postgresql: [
    `create function head_is_sealed() returns trigger language plpgsql as
      $$ begin raise exception 'the head is sealed: this Rekey is too old for the database'; end $$`,
    `create trigger head_is_sealed before update on head for each row
      when (new.hash <> old.hash and new.seal is not distinct from old.seal)
      execute function head_is_sealed()`,
  ],
}
