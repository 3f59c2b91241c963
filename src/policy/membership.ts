/** For how long somebody has been in the groups that a right is held by, and by which line of the policy they hold it. */

import type { Policy, Principal, Tier } from './policy.ts'
import { deciders, names, type Someone } from './who.ts'

/** Somebody without the groups that they came into less than `waitMs` before `at`. */
export function settled<One extends Someone>(
  someone: One,
  waitMs: number,
  at: Date,
): Omit<One, 'groupsSince'> {
  const { groupsSince, ...rest } = someone
  const groups = someone.groups.filter((group) => {
    const since = groupsSince?.get(group)
    return since === undefined || at.getTime() - since.getTime() >= waitMs
  })
  return { ...rest, groups }
}

/**
 * The line of the list by which somebody holds what it gives: their own where there is one, else the
 * group that they have been in for longest. Undefined where it does not name them.
 */
export function lineOf(principals: readonly Principal[], someone: Someone): Principal | undefined {
  const lines = principals.filter((principal) => names([principal], someone))
  const sinceMs = ({ kind, id }: Principal) =>
    kind === 'user' ? -1 : (someone.groupsSince?.get(id)?.getTime() ?? 0)
  return lines.toSorted((one, other) => sinceMs(one) - sinceMs(other))[0]
}

/** What keeps somebody from deciding who could, had they been in the group for longer. */
export interface MemberWait {
  readonly group: string
  /** When Rekey first saw them in it. */
  readonly since: Date
  /** From when on they may decide. */
  readonly until: Date
  /** Whom the tier names: those among them who have been there for longer may decide. */
  readonly deciders: readonly Principal[]
}

/** By which of their groups, and when, a new member may decide first; undefined for who is in none that is new to them. */
export function memberWait(
  tier: Pick<Tier, 'approvers' | 'escalation' | 'newMembersWaitMs'>,
  someone: Someone,
  waitedMs: number,
): MemberWait | undefined {
  const named = deciders(tier, waitedMs)
  const line = lineOf(named, someone)
  const since = line && someone.groupsSince?.get(line.id)
  if (line === undefined || since === undefined) return undefined
  const until = new Date(since.getTime() + tier.newMembersWaitMs)
  return { group: line.id, since, until, deciders: named }
}

/** How long whoever comes into this group waits in the tier in which they wait longest; 0 where nobody decides by it. */
export function longestWaitMs({ tiers }: Pick<Policy, 'tiers'>, group: string): number {
  const byIt = tiers.filter((tier) => deciders(tier, Infinity).some(({ id }) => id === group))
  return Math.max(0, ...byIt.map(({ newMembersWaitMs }) => newMembersWaitMs))
}
