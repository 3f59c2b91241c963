/**
 * What holds recoveries up: the pause, the freezes, and since when people are in their groups. Read and
 * changed only while the ledger's head is locked, whose seal covers them: whoever deletes a freeze behind
 * Rekey's back stops everything instead.
 */

import type { Transaction } from 'kysely'
import type { AccountRef } from '../recovery/model/account.ts'
import type { GroupMemory } from '../recovery/model/group.ts'
import type { Freeze, Pause } from '../recovery/model/pause.ts'
import { groupRow, insertGroup, saveGroup } from './groups.ts'
import type { FreezeTable, GroupMemberTable, PauseTable, Tables } from './tables.ts'

/** As the rows are, in an order of their own. */
export interface Holds {
  readonly pause: PauseTable | null
  readonly freezes: readonly FreezeTable[]
  readonly groups: readonly GroupMemberTable[]
}

/** @returns what holds then; undefined when the pause, the freeze or the group is not as it was read */
export type HoldsChange = (trx: Transaction<Tables>, holds: Holds) => Promise<Holds | undefined>

export async function readHolds(trx: Transaction<Tables>): Promise<Holds> {
  const pause = await trx.selectFrom('pause').selectAll().orderBy('id').execute()
  const freezes = await trx.selectFrom('freezes').selectAll().execute()
  const groups = await trx.selectFrom('group_members').selectAll().execute()
  return {
    pause: pause[0] ?? null,
    freezes: inOrder(freezes, accountOf),
    groups: inOrder(groups, ({ group_id }) => group_id),
  }
}

export function beginning({ since, by, reason }: Pause, replaces = false): HoldsChange {
  return async (trx, holds) => {
    if (holds.pause !== null && !replaces) return undefined
    const row = { since: since.getTime(), by_person: by ?? null, reason }
    await trx
      .insertInto('pause')
      .values({ id: 1, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute()
    return { ...holds, pause: { id: 1, ...row } }
  }
}

/** Unless it is over already, or another one stands. */
export function ending({ since }: Pause): HoldsChange {
  return async (trx, holds) => {
    if (holds.pause?.since !== since.getTime()) return undefined
    await trx.deleteFrom('pause').execute()
    return { ...holds, pause: null }
  }
}

/** The longer of two freezes holds. */
export function freezing({ account, until, request }: Freeze): HoldsChange {
  return async (trx, holds) => {
    const row: FreezeTable = {
      user_pool_id: account.userPoolId,
      sub: account.sub,
      until: until.getTime(),
      request_id: request,
    }
    const others = holds.freezes.filter((each) => !isSame(each, row))
    const before = holds.freezes.find((each) => isSame(each, row))
    if (before !== undefined && before.until >= row.until) return holds
    await trx
      .insertInto('freezes')
      .values(row)
      .onConflict((conflict) => conflict.columns(['user_pool_id', 'sub']).doUpdateSet(row))
      .execute()
    return { ...holds, freezes: inOrder([...others, row], accountOf) }
  }
}

/** Unless it is over already, or another one holds. */
export function unfreezing({ account, until, request }: Freeze): HoldsChange {
  return async (trx, holds) => {
    const { userPoolId, sub } = account
    const ended = holds.freezes.find(
      (each) =>
        isSame(each, { user_pool_id: userPoolId, sub }) &&
        each.until === until.getTime() &&
        each.request_id === request,
    )
    if (ended === undefined) return undefined
    await trx
      .deleteFrom('freezes')
      .where('user_pool_id', '=', userPoolId)
      .where('sub', '=', sub)
      .execute()
    return { ...holds, freezes: holds.freezes.filter((each) => each !== ended) }
  }
}

/** Unless the group has been noted in another version since it was read. */
export function noting(memory: GroupMemory): HoldsChange {
  return async (trx, holds) =>
    (await saveGroup(trx, memory)) ? withGroup(holds, groupRow(memory)) : undefined
}

/** What is noted of a group already stays. */
export function firstNoting(memories: readonly GroupMemory[]): HoldsChange {
  return async (trx, holds) => {
    let after = holds
    for (const memory of memories)
      if (await insertGroup(trx, memory)) after = withGroup(after, groupRow(memory))
    return after
  }
}

function withGroup(holds: Holds, row: GroupMemberTable): Holds {
  const others = holds.groups.filter(({ group_id }) => group_id !== row.group_id)
  return { ...holds, groups: inOrder([...others, row], ({ group_id }) => group_id) }
}

/** Whether something stands in the way of recovering this account now. */
export function isPausedOrFrozen(
  { pause, freezes }: Holds,
  { userPoolId, sub }: AccountRef,
  at: Date,
): boolean {
  if (pause !== null) return true
  return freezes.some(
    (each) => isSame(each, { user_pool_id: userPoolId, sub }) && each.until > at.getTime(),
  )
}

type FrozenAccount = Pick<FreezeTable, 'user_pool_id' | 'sub'>

function isSame(one: FrozenAccount, other: FrozenAccount): boolean {
  return one.user_pool_id === other.user_pool_id && one.sub === other.sub
}

const accountOf = (each: FrozenAccount) => `${each.user_pool_id} ${each.sub}`

function inOrder<Row>(rows: readonly Row[], keyOf: (row: Row) => string): readonly Row[] {
  return rows.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
}
