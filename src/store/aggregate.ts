/**
 * A request with all that belongs to it, as it is stored: its row, its approvals, its calls and its sealed
 * passwords. One seal binds them to each other and to the key.
 */

import type { Kysely, Selectable, Transaction } from 'kysely'
import type { RequestId } from '../ids.ts'
import type { Change } from '../recovery/model/decision.ts'
import type { Stop } from '../recovery/ports/store.ts'
import { effectRow } from './effects.ts'
import { approvalRows, requestRow } from './request-row.ts'
import { secretRow } from './secrets.ts'
import type { ApprovalTable, EffectTable, RequestTable, SecretTable, Tables } from './tables.ts'

export interface Aggregate {
  readonly row: SealedRow
  readonly approvals: readonly ApprovalTable[]
  readonly effects: readonly EffectTable[]
  readonly secrets: readonly SecretTable[]
}

/** Whether the owner was told is part of no version, and of no seal. */
type SealedRow = Omit<
  Selectable<RequestTable>,
  'seal' | 'owner_told_at' | 'owner_not_told' | 'owner_told_seal'
>

/** As it is stored, with its seal and what the seal does not cover. */
export interface StoredAggregate extends Aggregate {
  readonly stored: Selectable<RequestTable>
}

/** In several statements: whoever changes it meanwhile makes a picture that fits nothing. */
export async function readAggregate(
  db: Kysely<Tables>,
  id: RequestId,
): Promise<StoredAggregate | undefined> {
  const row = await db.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirst()
  return row && (await withChildren(db, row))
}

/** In a few statements for all of them, in this order; those that there are. */
export async function readAggregates(
  db: Kysely<Tables>,
  ids: readonly RequestId[],
): Promise<readonly StoredAggregate[]> {
  const found = new Map<RequestId, StoredAggregate>()
  for (let at = 0; at < ids.length; at += idsAtOnce) {
    const some = ids.slice(at, at + idsAtOnce)
    const rows = await db.selectFrom('requests').selectAll().where('id', 'in', some).execute()
    const children = await childrenOf(db, some)
    for (const row of rows) found.set(row.id, assembled(row, children(row.id)))
  }
  return ids.flatMap((id) => found.get(id) ?? [])
}

// Either engine takes more values in a statement.
const idsAtOnce = 500

/** What belongs to each of these requests. */
async function childrenOf(db: Kysely<Tables>, ids: readonly RequestId[]) {
  const of = <Row extends { readonly request_id: RequestId }>(rows: readonly Row[]) =>
    Map.groupBy(rows, ({ request_id }) => request_id)
  const approvals = of(
    await db
      .selectFrom('approvals')
      .selectAll()
      .where('request_id', 'in', ids)
      .orderBy('at')
      .orderBy('approver')
      .execute(),
  )
  const effects = of(
    await db.selectFrom('effects').selectAll().where('request_id', 'in', ids).execute(),
  )
  const secrets = of(
    await db.selectFrom('secrets').selectAll().where('request_id', 'in', ids).execute(),
  )
  return (id: RequestId) => ({
    approvals: approvals.get(id) ?? [],
    effects: effects.get(id) ?? [],
    secrets: secrets.get(id) ?? [],
  })
}

/**
 * Keeps everybody else from changing it until the commit.
 * @param version the one that is expected; any, if none is given
 */
export async function lockAggregate(
  trx: Transaction<Tables>,
  id: RequestId,
  version?: number,
): Promise<StoredAggregate | undefined> {
  const row = await trx
    .updateTable('requests')
    // An update that changes nothing is the lock, in the same words on both engines.
    .set((eb) => ({ version: eb.ref('version') }))
    .where('id', '=', id)
    .$if(version !== undefined, (query) => query.where('version', '=', version ?? 0))
    .returningAll()
    .executeTakeFirst()
  return row && (await withChildren(trx, row))
}

/** What it will be, by what Rekey means to store: it is not read back. */
export function aggregateAfter(before: Aggregate | undefined, change: Change): Aggregate {
  const { request, effect, secret } = change
  const { effects = [], secrets = [] } = before ?? {}
  const changed = effect && effectRow(effect)
  return {
    row: requestRow(request),
    approvals: approvalRows(request),
    effects: changed ? [...effects.filter(({ id }) => id !== changed.id), changed] : effects,
    secrets: secret === undefined ? secrets : secretsAfter(secrets, secret),
  }
}

/** What it will be where nothing of what is there is kept. */
export function aggregateOf({ request, effects }: Required<Stop>['stored']): Aggregate {
  return {
    row: requestRow(request),
    approvals: approvalRows(request),
    effects: effects.map(effectRow),
    secrets: [],
  }
}

/** What the seal is of, as plain JSON in an order of its own. */
export function sealedContent({ row, approvals, effects, secrets }: Aggregate): object {
  return {
    row,
    approvals: approvals.toSorted((one, other) => (one.approver < other.approver ? -1 : 1)),
    effects: effects.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    secrets: secrets
      .toSorted((one, other) => (one.effect < other.effect ? -1 : 1))
      .map(({ salt, nonce, box, ...rest }) => ({
        ...rest,
        salt: hex(salt),
        nonce: hex(nonce),
        box: hex(box),
      })),
  }
}

/** A row with what was read of the other tables. */
function assembled(
  stored: Selectable<RequestTable>,
  children: Omit<Aggregate, 'row'>,
): StoredAggregate {
  const {
    seal: _,
    owner_told_at: _at,
    owner_not_told: _not,
    owner_told_seal: _told,
    ...row
  } = stored
  return { stored, row, ...children }
}

async function withChildren(
  db: Kysely<Tables>,
  stored: Selectable<RequestTable>,
): Promise<StoredAggregate> {
  return assembled(stored, (await childrenOf(db, [stored.id]))(stored.id))
}

function secretsAfter(
  secrets: readonly SecretTable[],
  secret: NonNullable<Change['secret']>,
): readonly SecretTable[] {
  if ('shred' in secret) return []
  const kept = secretRow(secret.keep)
  return [...secrets.filter(({ effect }) => effect !== kept.effect), kept]
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
