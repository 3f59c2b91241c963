/** Sealed passwords, kept until they have been shown or burnt. */

import type { Kysely, Transaction } from 'kysely'
import type { EffectId, RequestId } from '../ids.ts'
import type { Sealed } from '../sealing/password-sealer.ts'
import type { SecretTable, Tables } from './tables.ts'

export async function findSealed(
  db: Kysely<Tables>,
  effect: EffectId,
): Promise<Sealed | undefined> {
  const row = await db
    .selectFrom('secrets')
    .selectAll()
    .where('effect', '=', effect)
    .executeTakeFirst()
  return (
    row && {
      request: row.request_id,
      effect: row.effect,
      keyId: row.key_id,
      salt: Buffer.from(row.salt),
      nonce: Buffer.from(row.nonce),
      box: Buffer.from(row.box),
    }
  )
}

export async function keepSealed(trx: Transaction<Tables>, sealed: Sealed): Promise<void> {
  const { effect, request_id, ...row } = secretRow(sealed)
  await trx
    .insertInto('secrets')
    .values({ effect, request_id, ...row })
    .onConflict((conflict) => conflict.column('effect').doUpdateSet(row))
    .execute()
}

/** Deletes every secret of a request. The engine's `wipe` follows when this is committed. */
export async function shredSealed(trx: Transaction<Tables>, request: RequestId): Promise<void> {
  await trx.deleteFrom('secrets').where('request_id', '=', request).execute()
}

export function secretRow({ effect, request, keyId, salt, nonce, box }: Sealed): SecretTable {
  return { effect, request_id: request, key_id: keyId, salt, nonce, box }
}
