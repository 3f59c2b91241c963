/** Which Slack message stands for what. */

import type { Kysely, Transaction } from 'kysely'
import type { KeptPost, Post, Posts } from '../recovery/ports/posts.ts'
import { persisting } from './commit.ts'
import type { PostTable, Tables } from './tables.ts'

export class SqlPosts implements Posts {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  async find(key: string): Promise<Post | undefined> {
    const row = await this.#db
      .selectFrom('posts')
      .selectAll()
      .where('key', '=', key)
      .executeTakeFirst()
    return row && readPost(row)
  }

  async keep(key: string, { channel, ts, digest = null }: Kept): Promise<void> {
    await persisting(() =>
      this.#db
        .insertInto('posts')
        .values({ key, channel, ts, digest })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ channel, ts, digest }))
        .execute(),
    )
  }

  async since(ts: string): Promise<readonly KeptPost[]> {
    const rows = await this.#db
      .selectFrom('posts')
      .selectAll()
      .where('ts', '>=', ts)
      .orderBy('ts')
      .execute()
    return rows.map((row) => ({ ...readPost(row), key: row.key }))
  }
}

type Kept = Omit<Post, 'digest'> & { readonly digest?: string | null }

export async function dropPost(
  trx: Transaction<Tables>,
  { key, ts }: Pick<KeptPost, 'key' | 'ts'>,
): Promise<void> {
  await trx.deleteFrom('posts').where('key', '=', key).where('ts', '=', ts).execute()
}

function readPost({ channel, ts, digest }: PostTable): Post {
  return { channel, ts, ...(digest === null ? {} : { digest }) }
}
