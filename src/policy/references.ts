/** Whether what a policy names is there, and whether its quorums can ever be met. Pure: others have looked. */

import type { Fault, Path } from './fault.ts'
import type { Policy, Principal, Tier } from './policy.ts'
import { byPerson, cognitoGroupsOf, mayRequest, missingFrom, type Someone } from './who.ts'

/** A person as the workspace has them. */
export interface FoundPerson extends Someone {
  /** False for guests, strangers, bots and people who have left. */
  readonly member: boolean
}

/** What became of looking for everything that the policy names. */
export interface Findings {
  /** By user id; absent where Slack knows nobody of that id. */
  readonly people: ReadonlyMap<string, FoundPerson>
  /** By user group id; absent where there is none. */
  readonly groups: ReadonlyMap<string, FoundGroup>
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
  | 'no-scope'

/** `unreachable` is no fault of the policy's: it may be there tomorrow. */
export type PoolState = 'fine' | 'unknown' | 'forbidden' | 'unreachable'

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

const channelProblems: Readonly<Record<Exclude<ChannelState, 'fine'>, string>> = {
  unknown: 'is no channel that Rekey can see: write the id of one, and invite Rekey to it',
  'not-in-channel': 'is a channel that Rekey is not in: invite it with /invite',
  archived: 'is an archived channel: write another, or unarchive it',
  shared:
    'is shared with another organization, whose people could read and press everything: write a channel that is not',
  public:
    'is public, so everybody in the workspace could read whose account is recovered, and how: make it private, or write a channel that is',
  'no-scope':
    'can’t be looked at, since the app lacks channels:read or groups:read: install it anew from manifest.yml',
}

function channelFaults(name: string, id: string, { channels }: Findings): Fault[] {
  const state = channels.get(id) ?? 'unknown'
  if (state === 'fine') return []
  return [{ path: ['channels', name], problem: `is ${id}, which ${channelProblems[state]}` }]
}

const poolProblems: Readonly<Record<Exclude<PoolState, 'fine' | 'unreachable'>, string>> = {
  unknown: 'is no user pool in its region: write the id of one',
  forbidden:
    'is a user pool that Rekey’s AWS identity may not describe: grant cognito-idp:DescribeUserPool on it',
}

function poolFaults(name: string, { pools }: Findings): Fault[] {
  const state = pools.get(name) ?? 'unknown'
  if (state === 'fine' || state === 'unreachable') return []
  return [{ path: ['pools', name, 'userPoolId'], problem: poolProblems[state] }]
}

function principalFaults(path: Path, principals: readonly Principal[], found: Findings): Fault[] {
  return principals.flatMap(({ kind, id }, place): Fault[] => {
    const problem = kind === 'user' ? personProblem(found.people.get(id)) : groupProblem(id, found)
    return problem === undefined
      ? []
      : [{ path: [...path, place], problem: `is ${id}, ${problem}` }]
  })
}

function personProblem(person: FoundPerson | undefined): string | undefined {
  if (person === undefined) return 'whom Slack does not know: write the id of a member'
  return person.member
    ? undefined
    : 'who is no full member of the workspace: guests, bots and people who have left may do nothing, so write another'
}

function groupProblem(id: string, { groups, groupsInPlan }: Findings): string | undefined {
  if (!groupsInPlan) return 'but this Slack plan has no user groups: name people, U…'
  const group = groups.get(id)
  if (group === undefined) return 'which is no user group: write the id of one'
  if (!group.enabled) return 'a user group that is disabled: enable it, or write another'
  return group.members.some(({ member }) => member)
    ? undefined
    : 'a user group without a full member: add people to it, or write another'
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
    ids.flatMap((id, place) =>
      people.has(id)
        ? []
        : [
            {
              path: ['samePerson', list, place],
              problem: `is ${id}, whom Slack does not know: write the id of an account`,
            },
          ],
    ),
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
  const pools = looks.map(({ pool }) => pool).join(' or ')
  if (has('forbidden'))
    return `is "${group}", which Rekey’s AWS identity may not look up in ${pools}: grant cognito-idp:GetGroup there`
  return has('unreachable') || looks.length === 0
    ? undefined
    : `is "${group}", which is no group in ${pools}: write it as Cognito has it, capitals included`
}

/** Too few people, at least when one of them is the one who asks. */
function quorumFaults(policy: Policy, tier: Tier, path: Path, found: Findings): Fault[] {
  const able = byPerson(policy, named(tier.approvers, found))
  const worst = able
    .filter((person) => person.some((account) => mayRequest(policy, account)))
    .map((requester) => able.filter((each) => each !== requester))
  const short = [able, ...worst].find((people) => !suffice(policy, tier, people))
  if (short === undefined) return []
  const count = `${short.length} ${short.length === 1 ? 'person' : 'people'}`
  const when = short === able ? '' : ' when one of them is the requester'
  const problem = `can’t be met: only ${count} could approve${when}. Write a lower number, or name more approvers`
  return [{ path: [...path, 'approvals'], problem }]
}

function suffice(policy: Policy, tier: Tier, people: readonly (readonly Someone[])[]): boolean {
  return people.length >= tier.approvals && missingFrom(policy, tier, people.flat()).length === 0
}

function named(principals: readonly Principal[], { people, groups }: Findings): FoundPerson[] {
  return principals
    .flatMap(({ kind, id }) =>
      kind === 'user' ? (people.get(id) ?? []) : (groups.get(id)?.members ?? []),
    )
    .filter(({ member }) => member)
}
