/** Which policy is in force for everybody on this database. */

import type { Kysely, Transaction } from 'kysely'
import type { Policy } from '../policy/policy.ts'
import { storedMeaning } from '../policy/stored.ts'
import type { PolicyInForce } from '../recovery/ports/store.ts'
import type { Tables } from './tables.ts'

export async function findPolicyInForce(db: Kysely<Tables>): Promise<PolicyInForce | undefined> {
  const row = await db
    .selectFrom('head')
    .leftJoin('policies', 'policies.hash', 'head.policy')
    .select(['head.policy as hash', 'policies.meaning_json'])
    .executeTakeFirst()
  if (row === undefined || row.hash === null) return undefined
  const { hash } = row
  const meaning = storedMeaning(hash, row.meaning_json)
  return meaning === undefined ? { hash } : { hash, meaning }
}

/**
 * What a policy says, kept under its hash: the head says which is in force. Whatever stood there before was
 * the same, or written by somebody else.
 */
export async function keepPolicy(
  trx: Transaction<Tables>,
  { hash, ...meaning }: Policy,
): Promise<void> {
  const meaning_json = JSON.stringify(meaning)
  await trx
    .insertInto('policies')
    .values({ hash, meaning_json })
    .onConflict((conflict) => conflict.column('hash').doUpdateSet({ meaning_json }))
    .execute()
}
