/** What witnesses have signed of the checkpoints. Frozen, like every migration. */

import { type QueryExecutorProvider, sql } from 'kysely'

export async function cosignatures(
  db: QueryExecutorProvider,
  engine: 'sqlite' | 'postgresql',
): Promise<void> {
  for (const statement of statements[engine]) await sql.raw(statement).execute(db)
}

const statements: Readonly<Record<'sqlite' | 'postgresql', readonly string[]>> = {
  sqlite: [
    `create table cosignatures (
      size integer not null,
      witness text not null,
      line text not null,
      primary key (size, witness)
    ) strict`,
    // A second one for a size is no error: the first one stays.
    `create trigger cosignatures_no_replace before insert on cosignatures
      when exists (select 1 from cosignatures where size = new.size and witness = new.witness)
      begin select raise(ignore); end`,
    ...['update', 'delete'].map(
      (event) => `create trigger cosignatures_no_${event} before ${event} on cosignatures
        begin select raise(abort, 'the cosignatures are append-only'); end`,
    ),
  ],
  postgresql: [
    `create table cosignatures (
      size bigint not null,
      witness text not null,
      line text not null,
      primary key (size, witness)
    )`,
    `create function cosignatures_are_append_only() returns trigger language plpgsql as
      $$ begin raise exception 'the cosignatures are append-only'; end $$`,
    `create trigger cosignatures_append_only before update or delete on cosignatures
      for each row execute function cosignatures_are_append_only()`,
    `create trigger cosignatures_no_truncate before truncate on cosignatures
      for each statement execute function cosignatures_are_append_only()`,
  ],
}
