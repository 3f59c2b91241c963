/** Whether each tier stands where it does what it says. */

import { condition, type Draft, type TierDraft } from './draft.ts'
import { durationMs } from './duration.ts'
import type { Fault } from './fault.ts'
import { newMembersWaitDefault } from './schema.ts'
import { text } from './text/text.ts'
import { isCovered, looserRules, type TierMatch } from './tiers.ts'

/** Tiers that stand where they do nothing, or where they undo what a later one asks for. */
export function orderFaults(policy: Draft): Fault[] {
  const { tiers = [] } = policy
  const matches = tiers.map((tier, index) => {
    // An earlier one without `when` takes everything, and that has been told already.
    const isTold = tier?.when === undefined && index < tiers.length - 1
    return tier === undefined || isTold ? undefined : matchOf(tier, policy)
  })
  return matches.flatMap((match, index) =>
    match === undefined
      ? []
      : [
          ...coveredFaults(match, matches.slice(0, index), index),
          ...laxFaults(match, matches.slice(index + 1), index),
        ],
  )
}

type TierMatches = readonly (TierMatch | undefined)[]

function coveredFaults(tier: TierMatch, earlier: TierMatches, index: number): Fault[] {
  const taker = earlier.find((each) => each && isCovered(tier, each))
  if (taker === undefined || tier.isLast) return []
  const problem = text.consistency.covered(taker.name)
  return [{ path: ['tiers', index, 'when'], problem }]
}

function laxFaults(tier: TierMatch, later: TierMatches, index: number): Fault[] {
  const stricter = later.find((each) => each && looserRules(tier, each).length > 0)
  if (stricter === undefined) return []
  const problem = text.consistency.looser(stricter.name, looserRules(tier, stricter))
  return [{ path: ['tiers', index, 'when', 'changedWithin'], problem }]
}

/** What a tier takes and asks for; undefined where nobody can tell which accounts it takes. */
export function matchOf(
  tier: TierDraft,
  { pools = {}, identityChecks = [], newMembersWait }: Draft,
): TierMatch | undefined {
  const { data: when } = condition.safeParse(tier.when ?? {})
  if (when === undefined || (tier.when !== undefined && Object.keys(when).length === 0)) return
  const { groups, changedWithin } = when
  return {
    name: tier.name ?? '',
    // It may be there for accounts that nobody has thought of.
    isLast: tier.when === undefined,
    groups,
    pools: when.pools ?? Object.keys(pools),
    // What is no duration or no number is neither more nor less than any other.
    changedWithinMs: changedWithin === undefined ? Infinity : (durationMs(changedWithin) ?? NaN),
    approvals: tier.approvals ?? NaN,
    privileged: tier.privileged ?? false,
    newMembersWait: {
      ms: durationMs(tier.newMembersWait ?? newMembersWait ?? newMembersWaitDefault) ?? NaN,
      isWritten: tier.newMembersWait !== undefined,
    },
    from: (tier.from ?? []).map(String),
    methods: (tier.methods ?? []).map(String),
    identityChecks: (tier.identityChecks ?? identityChecks.map((check) => check?.id)).map(String),
  }
}
