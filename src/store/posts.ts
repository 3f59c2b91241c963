/**
 * Which Slack message stands for what. Each row is bound to the key: whoever writes one without it would have
 * Rekey believe that something was said, or edit another message than its own.
 */

import type { Kysely, Transaction } from 'kysely'
import type { KeptPost, Post, Posts } from '../recovery/ports/posts.ts'
import { persisting } from './commit.ts'
import type { Seals } from './seals.ts'
import type { PostTable, Tables } from './tables.ts'

export class SqlPosts implements Posts {
  readonly #db: Kysely<Tables>
  readonly #seals: Seals

  constructor(db: Kysely<Tables>, seals: Seals) {
    this.#db = db
    this.#seals = seals
  }

  async find(key: string): Promise<Post | undefined> {
    const row = await this.#db
      .selectFrom('posts')
      .selectAll()
      .where('key', '=', key)
      .executeTakeFirst()
    return row !== undefined && this.#isOurs(row) ? readPost(row) : undefined
  }

  async which(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>()
    for (let done = 0; done < keys.length; done += keysAtOnce) {
      const rows = await this.#db
        .selectFrom('posts')
        .selectAll()
        .where('key', 'in', keys.slice(done, done + keysAtOnce))
        .execute()
      for (const row of rows) if (this.#isOurs(row)) found.add(row.key)
    }
    return found
  }

  async keep(key: string, { channel, ts, digest = null }: Kept): Promise<void> {
    const seal = this.#seals.ofPost({ key, channel, ts, digest })
    const post = { channel, ts, digest, seal }
    await persisting(() =>
      this.#db
        .insertInto('posts')
        .values({ key, ...post })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(post))
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
    const ours = rows.filter((row) => this.#isOurs(row))
    return ours.map((row) => ({ ...readPost(row), key: row.key }))
  }

  /** Whoever only reads, and has no key, takes the table's word. */
  #isOurs(row: PostTable): boolean {
    return !this.#seals.hasKey || this.#seals.isPostSealed(row)
  }
}

// Far fewer than SQLite takes in a statement.
const keysAtOnce = 500

type Kept = Omit<Post, 'digest'> & { readonly digest?: string | null }

export async function dropPost(
  trx: Transaction<Tables>,
  { key, ts }: Pick<KeptPost, 'key' | 'ts'>,
): Promise<void> {
  await trx.deleteFrom('posts').where('key', '=', key).where('ts', '=', ts).execute()
}

/** Seals what is there from before posts were sealed. */
export async function sealPosts(trx: Transaction<Tables>, seals: Seals): Promise<void> {
  const rows = await trx.selectFrom('posts').selectAll().where('seal', 'is', null).execute()
  for (const row of rows) await sealPost(trx, seals, row)
}

/** Seals with today's key what was sealed with one before it. What does not fit stays as it is. */
export async function sealPostsAnew(trx: Transaction<Tables>, seals: Seals): Promise<void> {
  const rows = await trx
    .selectFrom('posts')
    .selectAll()
    .where('seal', 'not like', `${seals.prefix}%`)
    .execute()
  for (const row of rows) if (seals.isPostSealed(row)) await sealPost(trx, seals, row)
}

async function sealPost(trx: Transaction<Tables>, seals: Seals, row: PostTable): Promise<void> {
  await trx
    .updateTable('posts')
    .set({ seal: seals.ofPost(row) })
    .where('key', '=', row.key)
    // Unless somebody has kept it anew meanwhile.
    .where('seal', row.seal === null ? 'is' : '=', row.seal)
    .execute()
}

function readPost({ channel, ts, digest }: PostTable): Post {
  return { channel, ts, ...(digest === null ? {} : { digest }) }
}
