/** Which policy is in force for everybody on this database. */

import type { Kysely, Transaction } from 'kysely'
import type { Policy } from '../policy/policy.ts'
import type { PolicyInForce } from '../recovery/ports/store.ts'
import type { Tables } from './tables.ts'

export async function findPolicyInForce(db: Kysely<Tables>): Promise<PolicyInForce | undefined> {
  const row = await db
    .selectFrom('head')
    .innerJoin('policies', 'policies.hash', 'head.policy')
    .select(['policies.hash', 'policies.meaning_json'])
    .executeTakeFirst()
  return row && { hash: row.hash, meaning: JSON.parse(row.meaning_json) as unknown }
}

/** What a policy says, kept under its hash: the head says which is in force. */
export async function keepPolicy(
  trx: Transaction<Tables>,
  { hash, ...meaning }: Policy,
): Promise<void> {
  await trx
    .insertInto('policies')
    .values({ hash, meaning_json: JSON.stringify(meaning) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
