/**
 * Columns, a table, jobs and lanes under the names that the field has for them. What waits is found
 * under its new name and goes on. Frozen, like every migration.
 */

import { type QueryExecutorProvider, sql } from 'kysely'

export async function standardNames(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  'alter table effects rename column deed to kind',
  'alter table inbox rename column gesture to idempotency_key',
  'alter table readings rename to request_views',

  `update jobs set kind = 'notify-pause',
    task_json = replace(replace(task_json, '"kind":"tell-halt"', '"kind":"notify-pause"'), '"halt":', '"change":')
    where kind = 'tell-halt'`,
  `update jobs set kind = 'reconcile-audit', task_json = '{"kind":"reconcile-audit"}'
    where kind = 'sweep-audit'`,
  `update jobs set kind = 'reconcile-month', task_json = '{"kind":"reconcile-month"}'
    where kind = 'sweep-month'`,

  "update jobs set lane = 'reconcile' where lane = 'sweep'",
  "update jobs set lane = 'reconcile month' where lane = 'sweep of a month'",
  "update jobs set lane = 'pause ' || substr(lane, 6) where lane like 'halt %'",
  // What somebody had sent again was ordered in a lane beside the one for the same call.
  "update jobs set lane = 'effect ' || substr(lane, 9) where lane like 'execute %'",
]
