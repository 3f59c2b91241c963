/** Effects: one row for each call that a request has Cognito make. */

import type { Transaction } from 'kysely'
import { z } from 'zod'
import { methods } from '../policy/method.ts'
import {
  type AccountSnapshot,
  type Effect,
  type EffectKind,
  effectStates,
} from '../recovery/model/effect.ts'
import { accountStatus, effectField, moment, reading, requestField } from './fields.ts'
import type { EffectTable, Tables } from './tables.ts'

/** The newest of this kind among a request's effects. */
export function newestEffect(rows: readonly EffectTable[], kind: EffectKind): Effect | undefined {
  const [newest] = rows
    .filter((row) => row.kind === kind)
    .toSorted((one, other) => other.number - one.number)
  return newest && readEffect(newest)
}

/** @returns false when somebody with a newer fence has taken it over */
export async function saveEffect(trx: Transaction<Tables>, effect: Effect): Promise<boolean> {
  const { id, request_id, kind, number, ...row } = effectRow(effect)
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('effects')
    .values({ id, request_id, kind, number, ...row })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(row).where('effects.fence', '<=', effect.fence),
    )
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export function effectRow(effect: Effect): EffectTable {
  return {
    id: effect.id,
    request_id: effect.request,
    kind: effect.kind,
    number: effect.number,
    state: effect.state,
    fence: effect.fence,
    attempts: effect.attempts,
    first_intended_at: effect.firstIntendedAt.getTime(),
    intended_at: effect.intendedAt.getTime(),
    lease_until: effect.leaseUntil.getTime(),
    before_status: effect.before.status,
    before_modified_at: effect.before.modifiedAt.getTime(),
    after_status: effect.after?.status ?? null,
    after_modified_at: effect.after?.modifiedAt.getTime() ?? null,
    unchanged_looks: effect.unchangedLooks,
    last_look_at: effect.lastLookAt?.getTime() ?? null,
  }
}

/** @throws naming the effect whose row cannot be read */
export function readEffect(row: EffectTable): Effect {
  return reading(`effect ${row.id}`, () => ({
    ...effectForm.parse({
      id: row.id,
      request: row.request_id,
      kind: row.kind,
      number: row.number,
      state: row.state,
      fence: row.fence,
      attempts: row.attempts,
      firstIntendedAt: row.first_intended_at,
      intendedAt: row.intended_at,
      leaseUntil: row.lease_until,
      unchangedLooks: row.unchanged_looks,
    }),
    before: snapshot.parse({ status: row.before_status, modifiedAt: row.before_modified_at }),
    ...(row.after_status !== null && {
      after: snapshot.parse({ status: row.after_status, modifiedAt: row.after_modified_at }),
    }),
    ...(row.last_look_at !== null && { lastLookAt: moment.parse(row.last_look_at) }),
  }))
}

const snapshot = z.object({
  status: accountStatus,
  modifiedAt: moment,
}) satisfies z.ZodType<AccountSnapshot>

const effectForm = z.object({
  id: effectField,
  request: requestField,
  kind: z.enum([...methods, 'sign-out', 'scramble']),
  number: z.int(),
  state: z.enum(effectStates),
  fence: z.int(),
  attempts: z.int(),
  firstIntendedAt: moment,
  intendedAt: moment,
  leaseUntil: moment,
  unchangedLooks: z.int(),
})
