/** Whether what a policy names is there, and whether its quorums can ever be met. Pure: others have looked. */

import type { Fault, Path } from './fault.ts'
import type { Policy, Principal, Tier } from './policy.ts'
import { text } from './text/text.ts'
import { byPerson, cognitoGroupsOf, mayRequest, missingFrom, type Someone } from './who.ts'

/** A person as the workspace has them. */
export interface FoundPerson extends Someone {
  /** False for guests, strangers, bots and people who have left. */
  readonly member: boolean
}

/** What became of looking for everything that the policy names; `unchecked` where `MissingRights` says why. */
export interface Findings {
  /** By user id; absent where Slack knows nobody of that id. */
  readonly people: ReadonlyMap<string, FoundPerson | 'not-visible' | 'unchecked'>
  /** By user group id; absent where there is none. */
  readonly groups: ReadonlyMap<string, FoundGroup | 'unchecked'>
  /** False on a Slack plan without user groups. */
  readonly groupsInPlan: boolean
  readonly channels: ReadonlyMap<string, ChannelState>
  /** By the pool's name in the policy. */
  readonly pools: ReadonlyMap<string, PoolState>
  /** Each Cognito group that a tier names, looked for in each pool that the tier is about. */
  readonly cognitoGroups: readonly FoundCognitoGroup[]
}

export interface FoundCognitoGroup {
  readonly pool: string
  readonly group: string
  readonly state: PoolState
}

export interface FoundGroup {
  readonly enabled: boolean
  /** As many as are needed to tell whether a quorum can be met. */
  readonly members: readonly FoundPerson[]
}

export type ChannelState =
  | 'fine'
  | 'unknown'
  | 'not-in-channel'
  | 'archived'
  | 'shared'
  | 'public'
  | 'unchecked'

/** `unreachable` is no fault of the policy's: it may be there tomorrow. */
export type PoolState = 'fine' | 'unknown' | 'forbidden' | 'unreachable'

/** What Rekey may not ask Slack: no fault of the policy's, and in the way of every request. */
export interface MissingRights {
  /** The bot scopes that the app was not given. */
  readonly scopes: readonly string[]
  /** What Slack has refused for another reason, by its own name. */
  readonly refusals: readonly { readonly method: string; readonly error: string }[]
}

/** What is missing, a line each, with what to press. */
export function missingRights({ scopes, refusals }: MissingRights): string[] {
  const lines = refusals.map(({ method, error }) => text.rights.refused(method, error))
  return [...(scopes.length === 0 ? [] : [text.rights.scopes(scopes)]), ...new Set(lines)]
}

/** Everything that the policy names in vain, and every quorum that cannot be met. */
export function findingFaults(policy: Policy, found: Findings): Fault[] {
  const { approvals, audit, alerts } = policy.channels
  return [
    ...channelFaults('approvals', approvals, found),
    ...channelFaults('audit', audit, found),
    ...(alerts === approvals ? [] : channelFaults('alerts', alerts, found)),
    ...policy.pools.flatMap(({ name }) => poolFaults(name, found)),
    ...principalFaults(['requesters'], policy.requesters, found),
    ...principalFaults(['security'], policy.security, found),
    ...samePersonFaults(policy, found),
    ...policy.tiers.flatMap((tier, index) => tierFaults(policy, tier, ['tiers', index], found)),
    ...policy.tiers.flatMap((tier, index) => cognitoGroupFaults(policy, tier, index, found)),
  ]
}

function channelFaults(name: string, id: string, { channels }: Findings): Fault[] {
  const state = channels.get(id) ?? 'unknown'
  if (state === 'fine' || state === 'unchecked') return []
  const problem = text.references.channel(id, text.references.channelStates[state])
  return [{ path: ['channels', name], problem }]
}

function poolFaults(name: string, { pools }: Findings): Fault[] {
  const state = pools.get(name) ?? 'unknown'
  if (state === 'fine' || state === 'unreachable') return []
  return [{ path: ['pools', name, 'userPoolId'], problem: text.references.poolStates[state] }]
}

function principalFaults(path: Path, principals: readonly Principal[], found: Findings): Fault[] {
  return principals.flatMap(({ kind, id }, place): Fault[] => {
    const problem = kind === 'user' ? personProblem(found.people.get(id)) : groupProblem(id, found)
    return problem === undefined
      ? []
      : [{ path: [...path, place], problem: text.references.principal(id, problem) }]
  })
}

function personProblem(
  person: FoundPerson | 'not-visible' | 'unchecked' | undefined,
): string | undefined {
  if (person === undefined) return text.references.unknownPerson
  if (person === 'unchecked') return undefined
  if (person === 'not-visible') return text.references.hiddenPerson
  return person.member ? undefined : text.references.noMember
}

function groupProblem(id: string, { groups, groupsInPlan }: Findings): string | undefined {
  if (!groupsInPlan) return text.references.noGroupsInPlan
  const group = groups.get(id)
  if (group === 'unchecked') return undefined
  if (group === undefined) return text.references.unknownGroup
  if (!group.enabled) return text.references.disabledGroup
  return group.members.some(({ member }) => member) ? undefined : text.references.emptyGroup
}

function tierFaults(policy: Policy, tier: Tier, path: Path, found: Findings): Fault[] {
  const { approvers, from, escalation } = tier
  const escalated = escalation?.to ?? []
  return [
    ...principalFaults([...path, 'approvers'], approvers, found),
    // Where `approvers` was left out, it says the same.
    ...(from === approvers ? [] : principalFaults([...path, 'from'], from, found)),
    ...principalFaults([...path, 'escalation', 'to'], escalated, found),
    ...quorumFaults(policy, tier, path, found),
  ]
}

/** An account that nobody knows is the same as no other. */
function samePersonFaults({ samePerson }: Policy, { people }: Findings): Fault[] {
  return samePerson.flatMap((ids, list) =>
    ids.flatMap((id, place): Fault[] => {
      const found = people.get(id)
      const path = ['samePerson', list, place]
      if (found === undefined) return [{ path, problem: text.references.unknownAccount(id) }]
      return found === 'not-visible' ? [{ path, problem: text.references.hiddenAccount(id) }] : []
    }),
  )
}

/** A group that is misspelt holds for nobody, and its members would fall into a later tier. */
function cognitoGroupFaults(policy: Policy, tier: Tier, index: number, found: Findings): Fault[] {
  const asked = cognitoGroupsOf(policy, tier)
  return (tier.when?.groups ?? []).flatMap((group, place): Fault[] => {
    const pools = asked.filter((each) => each.group === group).map(({ pool }) => pool.name)
    const looks = found.cognitoGroups.filter(
      (each) =>
        each.group === group &&
        pools.includes(each.pool) &&
        // What is wrong with a pool is told where it is named.
        found.pools.get(each.pool) === 'fine',
    )
    const problem = groupLookProblem(group, looks)
    return problem === undefined
      ? []
      : [{ path: ['tiers', index, 'when', 'groups', place], problem }]
  })
}

function groupLookProblem(group: string, looks: readonly FoundCognitoGroup[]): string | undefined {
  const has = (state: PoolState) => looks.some((look) => look.state === state)
  if (has('fine')) return undefined
  const pools = looks.map(({ pool }) => pool)
  if (has('forbidden')) return text.references.forbiddenGroup(group, pools)
  return has('unreachable') || looks.length === 0
    ? undefined
    : text.references.unknownCognitoGroup(group, pools)
}

/** Too few people, at least when one of them is the one who asks. */
function quorumFaults(policy: Policy, tier: Tier, path: Path, found: Findings): Fault[] {
  // Nobody knows how many there are.
  if (tier.approvers.some((principal) => isUnchecked(principal, found))) return []
  const able = byPerson(policy, named(tier.approvers, found))
  const worst = able
    .filter((person) => person.some((account) => mayRequest(policy, account)))
    .map((requester) => able.filter((each) => each !== requester))
  const short = [able, ...worst].find((people) => !suffice(policy, tier, people))
  if (short === undefined) return []
  const problem = text.references.quorum(short.length, short !== able)
  return [{ path: [...path, 'approvals'], problem }]
}

function suffice(policy: Policy, tier: Tier, people: readonly (readonly Someone[])[]): boolean {
  return people.length >= tier.approvals && missingFrom(policy, tier, people.flat()).length === 0
}

function isUnchecked({ kind, id }: Principal, { people, groups }: Findings): boolean {
  return (kind === 'user' ? people : groups).get(id) === 'unchecked'
}

function named(principals: readonly Principal[], { people, groups }: Findings): FoundPerson[] {
  return principals
    .flatMap(({ kind, id }) => {
      const found = kind === 'user' ? people.get(id) : groups.get(id)
      if (found === undefined || typeof found === 'string') return []
      return 'members' in found ? found.members : found
    })
    .filter(({ member }) => member)
}
