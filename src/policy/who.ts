/** Questions to the policy about people and accounts. Pure: who is in which group is for the caller to find out. */

import type { Policy, Pool, Principal, Tier } from './policy.ts'

/** A person, and the Slack user groups they are in right now. */
export interface Someone {
  readonly id: string
  readonly groups: readonly string[]
}

/** Whether the list names this person, themself or by a group. An empty list names nobody. */
export function names(principals: readonly Principal[], someone: Someone): boolean {
  return principals.some((principal) =>
    principal.kind === 'user' ? principal.id === someone.id : someone.groups.includes(principal.id),
  )
}

export function mayRequest(policy: Pick<Policy, 'requesters'>, someone: Someone): boolean {
  return names(policy.requesters, someone)
}

/** Whether the tier names this person as an approver. That they aren't part of the request is for its own rules. */
export function mayDecide(tier: Pick<Tier, 'approvers'>, someone: Someone): boolean {
  return names(tier.approvers, someone)
}

/** What of an account decides its tier. */
export interface Classified {
  /** The pool's name in the policy. */
  readonly pool: string
  /** The Cognito groups it is in. */
  readonly groups: readonly string[]
  /** Cognito has one date for all that can be changed, so this may have been anything. */
  readonly modifiedAt: Date
}

/**
 * The tier of an account for a request made at `at`.
 *
 * Throws for a pool that isn't in the policy: such an account would otherwise slip past the tiers
 * that are meant for its pool, into the last and usually most lenient one.
 */
export function tierOf(
  policy: Pick<Policy, 'pools' | 'tiers'>,
  account: Classified,
  at: Date,
): Tier {
  if (!findPool(policy, account.pool)) throw new Error(`no pool ${account.pool} in the policy`)
  const tier = policy.tiers.find(({ when }) => {
    const inGroup = when?.groups?.some((group) => account.groups.includes(group)) ?? true
    const inPool = when?.pools?.includes(account.pool) ?? true
    const isFresh =
      when?.changedWithinMs === undefined ||
      at.getTime() - account.modifiedAt.getTime() <= when.changedWithinMs
    return inGroup && inPool && isFresh
  })
  if (!tier) throw new Error('the last tier of a policy matches every account')
  return tier
}

export function findTier(policy: Pick<Policy, 'tiers'>, name: string): Tier | undefined {
  return policy.tiers.find((tier) => tier.name === name)
}

export function findPool(policy: Pick<Policy, 'pools'>, name: string): Pool | undefined {
  return policy.pools.find((pool) => pool.name === name)
}

/** Every user group the policy mentions, once each, so that memberships can be fetched. */
export function groupsNamed(policy: Pick<Policy, 'requesters' | 'tiers'>): readonly string[] {
  const principals = [policy.requesters, ...policy.tiers.map((tier) => tier.approvers)].flat()
  const groups = principals.filter(({ kind }) => kind === 'group').map(({ id }) => id)
  return [...new Set(groups)].sort()
}
