/** How tiers of a policy stand to one another. Which accounts there are, nobody can know here. */

/** Which accounts a tier takes, and what it asks for them. */
export interface Taking {
  readonly name: string
  /** The one without `when`. */
  readonly isLast: boolean
  /** Undefined for accounts of whatever groups. */
  readonly groups: readonly string[] | undefined
  readonly pools: readonly string[]
  /** Infinity for accounts that were changed whenever. */
  readonly changedWithinMs: number
  readonly approvals: number
  readonly privileged: boolean
}

/** Whether the earlier tier has taken every account that the later one could take. */
export function isCovered(later: Taking, earlier: Taking): boolean {
  const ofGroups =
    earlier.groups === undefined ||
    (later.groups?.every((group) => earlier.groups?.includes(group)) ?? false)
  const ofPools = later.pools.every((pool) => earlier.pools.includes(pool))
  return ofGroups && ofPools && later.changedWithinMs <= earlier.changedWithinMs
}

/** Whether a change makes the earlier tier take accounts of the later one's, and ask less for them. */
export function isLaxer(earlier: Taking, later: Taking): boolean {
  const takesSome = earlier.pools.some((pool) => later.pools.includes(pool))
  const asksLess = earlier.approvals < later.approvals || (later.privileged && !earlier.privileged)
  return earlier.changedWithinMs < Infinity && takesSome && asksLess
}
