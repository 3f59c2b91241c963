/** Questions to the policy about people and accounts. Pure: who is in which group is for the caller to find out. */

import type { Policy, Pool, Principal, Tier } from './policy.ts'

/** A Slack account, the Slack user groups it is in right now, and what tells whose it is. */
export interface Someone {
  readonly id: string
  readonly groups: readonly string[]
  /**
   * When Rekey first saw them in a group, for each that they were not in from the beginning: whoever
   * has just come into one may have to wait before they decide by it.
   */
  readonly groupsSince?: ReadonlyMap<string, Date>
  /** Whatever two accounts of one human being have in common: ids, and the e-mail address without a tag. */
  readonly subjects: readonly string[]
}

/** An e-mail address as a subject: Slack and Cognito may each have it with another tag. */
export function addressSubject(address: string): string {
  return address.toLowerCase().replace(/\+[^@]*(?=@)/, '')
}

/** Whether two Slack accounts belong to one human being, as far as Slack or the policy can tell. */
export function isSamePerson(
  policy: Pick<Policy, 'samePerson'>,
  one: Someone,
  other: Someone,
): boolean {
  const ofOne = joined([one.id, ...one.subjects], policy.samePerson)
  const ofOther = [other.id, ...other.subjects]
  return ofOther.some((subject) => ofOne.includes(subject))
}

/**
 * These subjects, with those of every circle that shares one of them, and so on: who is the same as
 * somebody is also the same as whoever that one is the same as.
 */
export function joined(
  subjects: readonly string[],
  circles: readonly (readonly string[])[],
): readonly string[] {
  const met = circles.filter((circle) => circle.some((subject) => subjects.includes(subject)))
  if (met.length === 0) return subjects
  const others = circles.filter((circle) => !met.includes(circle))
  return joined([...new Set([...subjects, ...met.flat()])], others)
}

/** These accounts, those of one human being together: who is the same as two makes one of them. */
export function byPerson<One extends Someone>(
  policy: Pick<Policy, 'samePerson'>,
  accounts: readonly One[],
): readonly (readonly One[])[] {
  let people: readonly (readonly One[])[] = []
  for (const account of accounts) {
    const theirs = people.filter((each) => each.some((one) => isSamePerson(policy, one, account)))
    const others = people.filter((each) => !theirs.includes(each))
    people = [...others, [...theirs.flat(), account]]
  }
  return people
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

/** Whom the tier names as approvers of a request that has waited for so long. */
export function deciders(tier: Pick<Tier, 'approvers' | 'escalation'>, waitedMs: number) {
  const { approvers, escalation } = tier
  const isEscalated = escalation !== undefined && waitedMs >= escalation.afterMs
  return isEscalated ? [...approvers, ...escalation.to] : approvers
}

/**
 * Whether the tier names this person as an approver of a request that has waited for so long. That
 * they aren't part of the request is for its own rules.
 */
export function mayDecide(
  tier: Pick<Tier, 'approvers' | 'escalation'>,
  someone: Someone,
  waitedMs: number,
): boolean {
  return names(deciders(tier, waitedMs), someone)
}

/**
 * Those of the tier's `from` whom nobody with these accounts can stand for, each person standing for
 * one at most, under whichever of their accounts. Empty when there is one for each.
 */
export function missingFrom(
  policy: Pick<Policy, 'samePerson'>,
  tier: Pick<Tier, 'from'>,
  accounts: readonly Someone[],
): readonly Principal[] {
  const people = byPerson(policy, accounts)
  const standsFor = new Map<readonly Someone[], Principal>()
  return tier.from.filter((principal) => !findPlace(principal, new Set()))

  // Augmenting paths: whoever stands for another moves if somebody else can take that place.
  function findPlace(principal: Principal, asked: Set<readonly Someone[]>): boolean {
    for (const person of people) {
      if (asked.has(person) || !person.some((one) => names([principal], one))) continue
      asked.add(person)
      const held = standsFor.get(person)
      if (held !== undefined && !findPlace(held, asked)) continue
      standsFor.set(person, principal)
      return true
    }
    return false
  }
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

/** The Cognito groups that a tier names, in each of the pools where they matter. */
export function cognitoGroupsOf(
  { pools }: Pick<Policy, 'pools'>,
  { when }: Tier,
): readonly { readonly pool: Pool; readonly group: string }[] {
  const ofTier = pools.filter(({ name }) => when?.pools?.includes(name) ?? true)
  return (when?.groups ?? []).flatMap((group) => ofTier.map((pool) => ({ pool, group })))
}

/** Every user group the policy mentions, once each, so that memberships can be fetched. */
export function groupsNamed(
  policy: Pick<Policy, 'requesters' | 'security' | 'tiers'>,
): readonly string[] {
  const ofTier = ({ approvers, from, escalation }: Tier) => [
    ...approvers,
    ...from,
    ...(escalation?.to ?? []),
  ]
  const principals = [policy.requesters, policy.security, ...policy.tiers.map(ofTier)].flat()
  const groups = principals.filter(({ kind }) => kind === 'group').map(({ id }) => id)
  return [...new Set(groups)].sort()
}

/** Whether the policy lets this person stop and restart everything. */
export function mayPause(policy: Policy, by: Someone & { readonly member: boolean }): boolean {
  return by.member && names(policy.security, by)
}
