/** The one row that all commits pass through, one at a time. */

import type { Transaction } from 'kysely'
import type { Head } from '../audit/chain.ts'
import type { Tables } from './tables.ts'

/**
 * Locks the head until the commit, and sets places aside for jobs. Taken last in every transaction,
 * after the request: two that lock both in the same order cannot wait for each other.
 */
export async function lockHead(
  trx: Transaction<Tables>,
  jobs: number,
): Promise<Head & { readonly firstPlace: number; readonly policy: string | null }> {
  const { seq, hash, place, policy } = await trx
    .updateTable('head')
    // Written even when it stays the same: the update is the lock, in the same words on both engines.
    .set((eb) => ({ place: eb('place', '+', jobs) }))
    .where('id', '=', 1)
    .returning(['seq', 'hash', 'place', 'policy'])
    .executeTakeFirstOrThrow()
  return { seq, hash, policy, firstPlace: place - jobs + 1 }
}
