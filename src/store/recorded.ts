/** A request as Rekey itself has stored it, and as it is by now: sealed, and in the version that the ledger knows. */

import type { Kysely, Transaction } from 'kysely'
import type { Head } from '../audit/chain.ts'
import type { RequestId } from '../ids.ts'
import { openStates } from '../recovery/model/request.ts'
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
      const version = await verified.version(trx, head, id, lookBack)
      if (version > 0) throw new RecordAltered(id, ['row'])
      return undefined
    }
    const differs = await differences(verified, { trx, head }, read)
    if (differs !== undefined) throw new RecordAltered(id, differs)
    return read
  })
}

// Anybody can name a request that there never was; one that is older and was deleted, `verify` finds.
const lookBack = 5_000

/** Requests as Rekey itself has stored them, in the order in which they were named. */
export interface Recorded {
  readonly aggregates: readonly StoredAggregate[]
  /** Those of which somebody else has changed anything. */
  readonly altered: readonly RequestId[]
}

/**
 * The same for many of them, as they were at one moment. Where one is over, its seal is enough to show it: that it is
 * still as it was then is asked when somebody wants something of it.
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
      const differs = isOver(read)
        ? sealDiffers(verified, read)
        : await differences(verified, { trx, head }, read)
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
  const differs = sealDiffers(verified, read)
  if (differs !== undefined) return differs
  // Every version was sealed once: a seal alone says nothing of what has come since.
  const version = await verified.version(trx, head, read.stored.id)
  return read.stored.version === version ? undefined : ['version']
}

function sealDiffers(
  { seals }: VerifiedLedger,
  read: StoredAggregate,
): RecordAltered['differs'] | undefined {
  return seals.isSealed(read) ? undefined : ['seal']
}

function isOver({ stored: { state } }: StoredAggregate): boolean {
  return state !== 'executed' && openStates.every((each) => each !== state)
}
