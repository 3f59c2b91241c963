/** Who is in which user group, as Rekey has seen it: one row for each group. */

import type { Transaction } from 'kysely'
import { z } from 'zod'
import type { GroupMemories, GroupMemory } from '../recovery/model/group.ts'
import type { StoredGroup } from '../recovery/ports/rows.ts'
import { reading } from './fields.ts'
import type { GroupMemberTable, Tables } from './tables.ts'

export function readGroups(rows: readonly GroupMemberTable[]): GroupMemories {
  return new Map(rows.map((row) => [row.group_id, readGroup(row)]))
}

/** @returns false when the group has been noted in another version since it was read */
export async function saveGroup(trx: Transaction<Tables>, memory: GroupMemory): Promise<boolean> {
  const { group_id, ...row } = groupRow(memory)
  if (memory.version === 1) return insertGroup(trx, memory)
  const { numUpdatedRows } = await trx
    .updateTable('group_members')
    .set(row)
    .where('group_id', '=', group_id)
    .where('version', '=', memory.version - 1)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** @returns false when something is noted of that group already */
export async function insertGroup(trx: Transaction<Tables>, memory: GroupMemory): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('group_members')
    .values(groupRow(memory))
    .onConflict((conflict) => conflict.column('group_id').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export function groupRow({
  group,
  version,
  lookedAt,
  members,
  isGone,
}: GroupMemory): GroupMemberTable {
  // In one order, so that the same members are the same text.
  const sorted = [...members].sort(([one], [other]) => (one < other ? -1 : 1))
  return {
    group_id: group,
    version,
    looked_at: lookedAt.getTime(),
    is_gone: isGone ? 1 : 0,
    members_json: JSON.stringify(sorted),
  }
}

/** As its row has it, whether Rekey could have written it so or not. */
export function storedGroup(row: GroupMemberTable): StoredGroup {
  let members: StoredGroup['members']
  try {
    members = readGroup(row).members
  } catch {
    members = undefined
  }
  return { group: row.group_id, isGone: row.is_gone === 1, members }
}

const membersForm = z.array(z.tuple([z.string(), z.int().min(0)]))

function readGroup(row: GroupMemberTable): GroupMemory {
  return {
    group: row.group_id,
    version: row.version,
    lookedAt: new Date(row.looked_at),
    members: reading(
      `the user group ${row.group_id}`,
      () => new Map(membersForm.parse(JSON.parse(row.members_json))),
    ),
    isGone: row.is_gone === 1,
  }
}
