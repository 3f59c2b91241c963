/** How tiers of a policy stand to one another. Which accounts there are, nobody can know here. */

import { text } from './text/text.ts'

/** Which accounts a tier takes, and what it asks for them. */
export interface TierMatch {
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
  /** How long new members of a group wait, and whether the tier says so itself. */
  readonly newMembersWait: { readonly ms: number; readonly isWritten: boolean }
  /** Of whom one each has to approve. */
  readonly from: readonly string[]
  readonly methods: readonly string[]
  readonly identityChecks: readonly string[]
}

/** Whether the earlier tier has taken every account that the later one could take. */
export function isCovered(later: TierMatch, earlier: TierMatch): boolean {
  const ofGroups =
    earlier.groups === undefined ||
    (later.groups?.every((group) => earlier.groups?.includes(group)) ?? false)
  const ofPools = later.pools.every((pool) => earlier.pools.includes(pool))
  return ofGroups && ofPools && later.changedWithinMs <= earlier.changedWithinMs
}

/**
 * What the earlier tier asks less, or takes that the later one does not, for accounts that a change
 * moves into it from there. Empty when a change makes nothing easier.
 */
export function looserRules(earlier: TierMatch, later: TierMatch): readonly string[] {
  const takesSome = earlier.pools.some((pool) => later.pools.includes(pool))
  // What is no duration is not less than this either.
  const isForChanged = earlier.changedWithinMs < Infinity
  if (!isForChanged || !takesSome) return []
  const unnamed = later.from.filter((one) => !earlier.from.includes(one))
  const methods = earlier.methods.filter((one) => !later.methods.includes(one))
  const checks = earlier.identityChecks.filter((one) => !later.identityChecks.includes(one))
  return [
    ...(earlier.approvals < later.approvals ? [text.looser.approvals(later.approvals)] : []),
    ...(later.privileged && !earlier.privileged ? [text.looser.privileged] : []),
    // What follows from how many have to approve is weighed there.
    ...(earlier.newMembersWait.isWritten && earlier.newMembersWait.ms < later.newMembersWait.ms
      ? [text.looser.newMembersWait]
      : []),
    ...(unnamed.length > 0 ? [text.looser.from(unnamed)] : []),
    ...(methods.length > 0 ? [text.looser.methods(methods)] : []),
    ...(checks.length > 0 ? [text.looser.checks(checks)] : []),
  ]
}
