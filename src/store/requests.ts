/** Requests and their approvals: found as one, and changed only from the version that was read. */

import type { Kysely, SelectQueryBuilder, Transaction } from 'kysely'
import type { PersonId, RequestId } from '../ids.ts'
import type { AccountRef } from '../recovery/model/account.ts'
import { openStates, type RecoveryRequest } from '../recovery/model/request.ts'
import type { NoticeOutcome } from '../recovery/ports/store.ts'
import { approvalRows, readRequest, requestRow } from './request-row.ts'
import type { Tables } from './tables.ts'

export function findOpenRequest(
  db: Kysely<Tables>,
  { userPoolId, sub }: AccountRef,
): Promise<RecoveryRequest | undefined> {
  return readFrom(
    db
      .selectFrom('requests')
      .where('user_pool_id', '=', userPoolId)
      .where('sub', '=', sub)
      .where('state', 'in', openStates),
  )
}

export function listOpenRequests(db: Kysely<Tables>): Promise<readonly RecoveryRequest[]> {
  return readAll(db.selectFrom('requests').where('state', 'in', openStates).orderBy('opened_at'))
}

export function listRequestsOf(
  db: Kysely<Tables>,
  person: PersonId,
  most: number,
): Promise<readonly RecoveryRequest[]> {
  const newest = db
    .selectFrom('requests')
    .select('id')
    .where('requested_by', '=', person)
    .orderBy('opened_at', 'desc')
    .limit(most)
  return readAll(
    db.selectFrom('requests').where('requests.id', 'in', newest).orderBy('opened_at', 'desc'),
  )
}

export function listRequestsFor(
  db: Kysely<Tables>,
  { userPoolId, sub }: AccountRef,
  since: Date,
): Promise<readonly RecoveryRequest[]> {
  return readAll(
    db
      .selectFrom('requests')
      .where('user_pool_id', '=', userPoolId)
      .where('sub', '=', sub)
      .where('opened_at', '>', since.getTime())
      .orderBy('opened_at'),
  )
}

/** The requests for this account that its owner has reported, the oldest first. */
export async function listReportedRequests(
  db: Kysely<Tables>,
  { userPoolId, sub }: AccountRef,
): Promise<readonly RecoveryRequest[]> {
  const ofAccount = await readAll(
    db
      .selectFrom('requests')
      .where('user_pool_id', '=', userPoolId)
      .where('sub', '=', sub)
      .orderBy('opened_at'),
  )
  return ofAccount.filter(({ reported }) => reported !== undefined)
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

/** Whatever is there: it is not what Rekey has stored. */
export async function replaceRequest(
  trx: Transaction<Tables>,
  request: RecoveryRequest,
  seal: string,
): Promise<void> {
  const { id, ...row } = requestRow(request)
  await trx
    .updateTable('requests')
    .set({ ...row, seal })
    .where('id', '=', id)
    .execute()
  await saveApprovals(trx, request)
}

/** From then on it fits nothing, even where it is a copy of what Rekey has once stored. */
export async function spoilSeal(trx: Transaction<Tables>, id: RequestId): Promise<void> {
  await trx.updateTable('requests').set({ seal: null }).where('id', '=', id).execute()
}

/** The last word holds. */
export async function saveOwnerTold(
  trx: Transaction<Tables>,
  { request, told }: NoticeOutcome,
): Promise<void> {
  const isTold = 'at' in told
  await trx
    .updateTable('requests')
    .set({
      owner_told_at: isTold ? told.at.getTime() : null,
      owner_not_told: isTold ? null : told.refused,
    })
    .where('id', '=', request)
    .execute()
}

async function saveApprovals(trx: Transaction<Tables>, request: RecoveryRequest): Promise<void> {
  await trx.deleteFrom('approvals').where('request_id', '=', request.id).execute()
  const rows = approvalRows(request)
  if (rows.length > 0) await trx.insertInto('approvals').values(rows).execute()
}

async function readFrom(
  query: SelectQueryBuilder<Tables, 'requests', object>,
): Promise<RecoveryRequest | undefined> {
  const [request] = await readAll(query)
  return request
}

// One statement, so that the requests and their approvals are from the same moment.
async function readAll(
  query: SelectQueryBuilder<Tables, 'requests', object>,
): Promise<readonly RecoveryRequest[]> {
  const rows = await query
    .leftJoin('approvals', 'approvals.request_id', 'requests.id')
    .selectAll('requests')
    .select(['approvals.approver', 'approvals.at'])
    .orderBy('approvals.at')
    .orderBy('approvals.approver')
    .execute()
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((group) => {
    const [row] = group
    const given = group.flatMap(({ approver, at }) =>
      approver === null || at === null ? [] : [{ approver, at }],
    )
    return row === undefined ? [] : [readRequest(row, given)]
  })
}
