/** Somebody with the database in their hands, and without a key: beside a running Rekey, as with an SQL console. */

import { DatabaseSync } from 'node:sqlite'
import type { Story } from './story.ts'

export function fileOf({ env }: Pick<Story, 'env'>): string {
  return (env['DATABASE_URL'] ?? '').slice('sqlite:'.length)
}

export function writeBehind(story: Story, ...statements: readonly string[]): void {
  withDatabase(story, (database) => {
    for (const statement of statements) database.exec(statement)
  })
}

type Rows = readonly Readonly<Record<string, unknown>>[]

export function readBehind(story: Story, query: string): Rows {
  return withDatabase(story, (database) => database.prepare(query).all())
}

/** A job that nobody has ordered. */
export function orderBehind(
  story: Story,
  task: { readonly kind: string; readonly [key: string]: unknown },
  { lane = `forged ${task.kind}`, notBefore = 0 } = {},
): void {
  const json = JSON.stringify(task).replaceAll("'", "''")
  writeBehind(
    story,
    'update head set place = place + 1',
    `insert into jobs (id, kind, task_json, lane, place, created_at, not_before)
      select 'JOB-F' || hex(randomblob(5)), '${task.kind}', '${json}', '${lane}', place, 0, ${notBefore} from head`,
  )
}

const parts = ['approvals', 'effects', 'secrets']

/** What somebody with a backup has: everything about the one request, with its seal. */
export function keepPicture(story: Story): void {
  writeBehind(
    story,
    ...['requests', ...parts].map(
      (table) => `create table kept_${table} as select * from ${table}`,
    ),
  )
}

/** In one transaction, so that no Rekey sees a half of it. */
export function putPictureBack(story: Story): void {
  writeBehind(
    story,
    'begin immediate',
    ...parts.flatMap((table) => [
      `delete from ${table}`,
      `insert into ${table} select * from kept_${table}`,
    ]),
    `update requests set version = kept.version, state = kept.state, body_json = kept.body_json, seal = kept.seal
      from kept_requests as kept where kept.id = requests.id`,
    'commit',
  )
}

function withDatabase<Value>(story: Story, use: (database: DatabaseSync) => Value): Value {
  story.tampered()
  const database = new DatabaseSync(fileOf(story), { timeout: 5_000 })
  try {
    return use(database)
  } finally {
    database.close()
  }
}
