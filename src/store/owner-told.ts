/**
 * What came of the last message to an account's owner. It is kept beside the request and is part of no version; a
 * seal of its own binds it to the key, since approvers go by it.
 */

import type { Selectable, Transaction } from 'kysely'
import type { NoticeOutcome } from '../recovery/ports/store.ts'
import type { Seals } from './seals.ts'
import type { RequestTable, Tables } from './tables.ts'

/** The last word holds. */
export async function saveOwnerTold(
  trx: Transaction<Tables>,
  seals: Seals,
  { request: id, told }: NoticeOutcome,
): Promise<void> {
  const isTold = 'at' in told
  await keep(trx, seals, {
    id,
    owner_told_at: isTold ? told.at.getTime() : null,
    owner_not_told: isTold ? null : told.refused,
  })
}

/** The row without what somebody else says there. Without a key, the row's word is taken. */
export function withOwnToldOnly(
  row: Selectable<RequestTable>,
  seals: Seals,
): Selectable<RequestTable> {
  if (!seals.hasKey || seals.isOwnerToldSealed(row)) return row
  return { ...row, owner_told_at: null, owner_not_told: null }
}

/** Seals what is there from before it was sealed. */
export async function sealOwnersTold(trx: Transaction<Tables>, seals: Seals): Promise<void> {
  const rows = await trx
    .selectFrom('requests')
    .selectAll()
    .where('owner_told_seal', 'is', null)
    .where((eb) =>
      eb.or([eb('owner_told_at', 'is not', null), eb('owner_not_told', 'is not', null)]),
    )
    .execute()
  for (const row of rows) await keep(trx, seals, row)
}

/** Seals with today's key what was sealed with one before it. What does not fit stays as it is. */
export async function sealOwnersToldAnew(trx: Transaction<Tables>, seals: Seals): Promise<void> {
  const rows = await trx
    .selectFrom('requests')
    .selectAll()
    .where('owner_told_seal', 'not like', `${seals.prefix}%`)
    .execute()
  for (const row of rows) {
    if (!seals.isOwnerToldSealed(row)) continue
    await trx
      .updateTable('requests')
      .set({ owner_told_seal: seals.ofOwnerTold(row) })
      .where('id', '=', row.id)
      // Unless somebody has noted another outcome meanwhile.
      .where('owner_told_seal', '=', row.owner_told_seal)
      .execute()
  }
}

async function keep(
  trx: Transaction<Tables>,
  seals: Seals,
  row: Pick<RequestTable, 'id'> & { owner_told_at: number | null; owner_not_told: string | null },
): Promise<void> {
  const { id, owner_told_at, owner_not_told } = row
  await trx
    .updateTable('requests')
    .set({ owner_told_at, owner_not_told, owner_told_seal: seals.ofOwnerTold(row) })
    .where('id', '=', id)
    .execute()
}
