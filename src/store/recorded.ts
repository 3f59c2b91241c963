/** A request as Rekey itself has stored it, and as it is by now: sealed, and in the version that the ledger knows. */

import type { Kysely } from 'kysely'
import type { RequestId } from '../ids.ts'
import { RecordAltered } from '../recovery/ports/altered.ts'
import { readAggregate, type StoredAggregate } from './aggregate.ts'
import type { Tables } from './tables.ts'
import type { VerifiedLedger } from './verified-ledger.ts'

/**
 * @param verified without it nobody can say who has stored what is read
 * @throws RecordAltered when somebody else has changed anything of it, or has put back what Rekey once stored
 * @throws DatabaseAltered when the ledger cannot be believed
 */
export async function findRecorded(
  db: Kysely<Tables>,
  verified: VerifiedLedger | undefined,
  id: RequestId,
): Promise<StoredAggregate | undefined> {
  if (verified === undefined) return await readAggregate(db, id)
  return await verified.read(db, async (trx, head) => {
    const read = await readAggregate(trx, id)
    if (read === undefined) return undefined
    verified.seals.expectSealed(read)
    // Every version was sealed once: a seal alone says nothing of what has come since.
    const version = await verified.version(trx, head, id)
    if (read.stored.version !== version) throw new RecordAltered(id, ['version'])
    return read
  })
}
