/** The one row that all commits pass through, one at a time. */

import type { Transaction } from 'kysely'
import type { Head } from '../audit/chain.ts'
import { DatabaseAltered } from '../recovery/ports/altered.ts'
import type { Tables } from './tables.ts'
import { text } from './text/text.ts'

export interface LockedHead extends Head {
  readonly firstPlace: number
  readonly policy: string | null
  readonly seal: string | null
}

/**
 * Locks the head until the commit, and sets places aside for jobs. Taken last in every transaction,
 * after the request: two that lock both in the same order cannot wait for each other.
 */
export async function lockHead(trx: Transaction<Tables>, jobs: number): Promise<LockedHead> {
  const { seq, hash, place, policy, seal } = await trx
    .updateTable('head')
    // Written even when it stays the same: the update is the lock, in the same words on both engines.
    .set((eb) => ({ place: eb('place', '+', jobs) }))
    .where('id', '=', 1)
    .returning(['seq', 'hash', 'place', 'policy', 'seal'])
    .executeTakeFirstOrThrow(headGone)
  return { seq, hash, policy, seal, firstPlace: place - jobs + 1 }
}

/** The head as it is at this moment. */
export async function readHead(trx: Transaction<Tables>): Promise<Omit<LockedHead, 'firstPlace'>> {
  return await trx
    .selectFrom('head')
    .select(['seq', 'hash', 'policy', 'seal'])
    .where('id', '=', 1)
    .executeTakeFirstOrThrow(headGone)
}

/** There is a head from the first migration on. */
export function headGone(): DatabaseAltered {
  return new DatabaseAltered(text.altered.headGone)
}
