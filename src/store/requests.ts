/** Requests and their approvals: found as one, and changed only from the version that was read. */

import type { Kysely, SelectQueryBuilder, Transaction } from 'kysely'
import type { PersonId, RequestId } from '../ids.ts'
import type { AccountRef } from '../recovery/model/account.ts'
import { openStates, type RecoveryRequest } from '../recovery/model/request.ts'
import { RecordAltered } from '../recovery/ports/altered.ts'
import type { Listed, Stop } from '../recovery/ports/store.ts'
import { effectRow } from './effects.ts'
import { findAllRecorded } from './recorded.ts'
import { approvalRows, requestRow, tryReading } from './request-row.ts'
import type { Tables } from './tables.ts'
import type { VerifiedLedger } from './verified-ledger.ts'

/** @throws RecordAltered when somebody else has changed it */
export async function findOpenRequest(
  db: Kysely<Tables>,
  verified: VerifiedLedger | undefined,
  account: AccountRef,
): Promise<RecoveryRequest | undefined> {
  const open = ofAccount(db, account).where('state', 'in', openStates)
  const { requests, altered } = await listed(db, verified, open)
  const [changed] = altered
  if (changed !== undefined) throw new RecordAltered(changed)
  return requests[0]
}

export function listOpenRequests(
  db: Kysely<Tables>,
  verified: VerifiedLedger | undefined,
): Promise<Listed> {
  const open = db.selectFrom('requests').where('state', 'in', openStates)
  return listed(db, verified, open.orderBy('opened_at'))
}

export function listRequestsOf(
  db: Kysely<Tables>,
  verified: VerifiedLedger | undefined,
  { person, most }: { readonly person: PersonId; readonly most: number },
): Promise<Listed> {
  const theirs = db.selectFrom('requests').where('requested_by', '=', person)
  return listed(db, verified, theirs.orderBy('opened_at', 'desc').limit(most))
}

export function listRequestsFor(
  db: Kysely<Tables>,
  verified: VerifiedLedger | undefined,
  { account, since }: { readonly account: AccountRef; readonly since: Date },
): Promise<Listed> {
  const later = ofAccount(db, account).where('opened_at', '>', since.getTime())
  return listed(db, verified, later.orderBy('opened_at'))
}

/**
 * Stores the request as it will be.
 *
 * @param seal of all that will belong to it then
 * @returns false when it has changed since it was read, or its account has an open request already
 */
export async function saveRequest(
  trx: Transaction<Tables>,
  request: RecoveryRequest,
  seal: string,
): Promise<boolean> {
  const stored = await (request.version === 1
    ? insert(trx, request, seal)
    : update(trx, request, seal))
  if (stored) await saveApprovals(trx, request)
  return stored
}

// Without a target, so that it covers the id and the one open request per account alike.
async function insert(
  trx: Transaction<Tables>,
  request: RecoveryRequest,
  seal: string,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('requests')
    .values({ ...requestRow(request), seal })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

async function update(
  trx: Transaction<Tables>,
  request: RecoveryRequest,
  seal: string,
): Promise<boolean> {
  const { id, ...row } = requestRow(request)
  const { numUpdatedRows } = await trx
    .updateTable('requests')
    .set({ ...row, seal })
    .where('id', '=', id)
    .where('version', '=', request.version - 1)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Whatever is there, or is there no more: it is not what Rekey has stored. */
export async function replaceRequest(
  trx: Transaction<Tables>,
  { request, effects }: Required<Stop>['stored'],
  seal: string,
): Promise<void> {
  const { id, ...row } = requestRow(request)
  await trx
    .insertInto('requests')
    .values({ id, ...row, seal })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...row, seal }))
    .execute()
  await saveApprovals(trx, request)
  await trx.deleteFrom('effects').where('request_id', '=', id).execute()
  const rows = effects.map(effectRow)
  // Somebody may have put one of them under another request.
  const ids = rows.map((each) => each.id)
  if (ids.length === 0) return
  await trx.deleteFrom('effects').where('id', 'in', ids).execute()
  await trx.insertInto('effects').values(rows).execute()
}

/** From then on it fits nothing, even where it is a copy of what Rekey has once stored. */
export async function spoilSeal(trx: Transaction<Tables>, id: RequestId): Promise<void> {
  await trx.updateTable('requests').set({ seal: null }).where('id', '=', id).execute()
}

async function saveApprovals(trx: Transaction<Tables>, request: RecoveryRequest): Promise<void> {
  await trx.deleteFrom('approvals').where('request_id', '=', request.id).execute()
  const rows = approvalRows(request)
  if (rows.length > 0) await trx.insertInto('approvals').values(rows).execute()
}

function ofAccount(db: Kysely<Tables>, { userPoolId, sub }: AccountRef) {
  return db.selectFrom('requests').where('user_pool_id', '=', userPoolId).where('sub', '=', sub)
}

/** One that was changed, or cannot be read, keeps nobody from the others. */
async function listed(
  db: Kysely<Tables>,
  verified: VerifiedLedger | undefined,
  query: SelectQueryBuilder<Tables, 'requests', object>,
): Promise<Listed> {
  const found = await findAllRecorded(db, verified, async (reader) =>
    (await reader.executeQuery(query.select('id'))).rows.map(({ id }) => id),
  )
  const requests: RecoveryRequest[] = []
  const altered = [...found.altered]
  for (const { stored, approvals } of found.aggregates) {
    const request = tryReading(stored, approvals)
    if (request === undefined) altered.push(stored.id)
    else requests.push(request)
  }
  return { requests, altered }
}
