/** Which Slack message stands for what. */

import type { Kysely } from 'kysely'
import type { Post, Posts } from '../recovery/ports.ts'
import { persisting } from './commit.ts'
import type { Tables } from './tables.ts'

export class SqlPosts implements Posts {
  readonly #db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  async find(key: string): Promise<Post | undefined> {
    return await this.#db
      .selectFrom('posts')
      .select(['channel', 'ts'])
      .where('key', '=', key)
      .executeTakeFirst()
  }

  async keep(key: string, { channel, ts }: Post): Promise<void> {
    await persisting(() =>
      this.#db
        .insertInto('posts')
        .values({ key, channel, ts })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ channel, ts }))
        .execute(),
    )
  }
}
