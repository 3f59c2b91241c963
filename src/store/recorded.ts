/** A request as Rekey itself has stored it, and as it is by now: sealed, and in the version that the ledger knows. */

import type { Kysely, Transaction } from 'kysely'
import type { Head } from '../audit/chain.ts'
import type { RequestId } from '../ids.ts'
import { RecordAltered } from '../recovery/ports/altered.ts'
import { readAggregate, readAggregates, type StoredAggregate } from './aggregate.ts'
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
    if (read === undefined) {
      if ((await verified.version(trx, head, id)) > 0) throw new RecordAltered(id, ['row'])
      return undefined
    }
    const differs = await differences(verified, { trx, head }, read)
    if (differs !== undefined) throw new RecordAltered(id, differs)
    return read
  })
}

/** Requests as Rekey itself has stored them, in the order in which they were named. */
export interface Recorded {
  readonly aggregates: readonly StoredAggregate[]
  /** Those of which somebody else has changed anything. */
  readonly altered: readonly RequestId[]
}

/**
 * The same for many of them, as they were at one moment.
 * @param named reads which ones
 * @throws DatabaseAltered when the ledger cannot be believed
 */
export async function findAllRecorded(
  db: Kysely<Tables>,
  verified: VerifiedLedger | undefined,
  named: (db: Kysely<Tables>) => Promise<readonly RequestId[]>,
): Promise<Recorded> {
  if (verified === undefined)
    return { aggregates: await readAggregates(db, await named(db)), altered: [] }
  return await verified.read(db, async (trx, head) => {
    const aggregates: StoredAggregate[] = []
    const altered: RequestId[] = []
    for (const read of await readAggregates(trx, await named(trx))) {
      const differs = await differences(verified, { trx, head }, read)
      if (differs === undefined) aggregates.push(read)
      else altered.push(read.stored.id)
    }
    return { aggregates, altered }
  })
}

/** What is not as it was stored last; undefined where all is. */
async function differences(
  verified: VerifiedLedger,
  { trx, head }: { readonly trx: Transaction<Tables>; readonly head: Head },
  read: StoredAggregate,
): Promise<RecordAltered['differs'] | undefined> {
  if (!verified.seals.isSealed(read)) return ['seal']
  // Every version was sealed once: a seal alone says nothing of what has come since.
  const version = await verified.version(trx, head, read.stored.id)
  return read.stored.version === version ? undefined : ['version']
}
