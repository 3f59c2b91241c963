/** Looking in Slack for whatever a policy names. */

import type { webApi } from '@slack/bolt'
import { personId } from '../../ids.ts'
import type { Policy, Principal } from '../../policy/policy.ts'
import type { Findings, FoundGroup, MissingRights } from '../../policy/references.ts'
import type { SlackDirectory } from './directory.ts'
import { RightsCheck } from './rights-check.ts'
import { channelState } from './shared-channels.ts'
import { hasNoUserGroups } from './user-groups.ts'

/** An address that nobody has (RFC 2606): whether owners may be looked up by theirs shows all the same. */
const nobodysAddress = 'nobody@rekey.invalid'

export interface SlackFindings
  extends Pick<Findings, 'people' | 'groups' | 'groupsInPlan' | 'channels'> {
  readonly rights: MissingRights
}

/**
 * What Slack has of the channels, users and user groups that the policy names, and what it doesn't let Rekey ask.
 * @throws what Slack answers when it cannot be asked
 */
export async function slackFindings(
  policy: Policy,
  client: webApi.WebClient,
  directory: SlackDirectory,
): Promise<SlackFindings> {
  const check = new RightsCheck()
  await check.compareScopes(client)
  await check.ask(() => directory.findByEmail(nobodysAddress))
  const look: Look = { client, directory, check }
  const principals = allPrincipals(policy)
  const people = await findPeople(look, principals, policy.samePerson)
  const { groups, groupsInPlan } = await findGroups(look, principals)
  const channels = await findChannels(look, policy)
  return { people, groups, groupsInPlan, channels, rights: check.missing() }
}

interface Look {
  readonly client: webApi.WebClient
  readonly directory: SlackDirectory
  readonly check: RightsCheck
}

async function findPeople(
  { directory, check }: Look,
  principals: readonly Principal[],
  samePerson: Policy['samePerson'],
): Promise<Findings['people']> {
  const users = principals.filter(({ kind }) => kind === 'user').map(({ id }) => id)
  const people = new Map<string, NonNullable<ReturnType<Findings['people']['get']>>>()
  for (const id of new Set([...users, ...samePerson.flat()])) {
    const person = await check.ask(async () => {
      const found = await directory.person(personId(id))
      return found ?? ((await directory.isHidden(personId(id))) ? 'not-visible' : undefined)
    })
    if (person !== undefined) people.set(id, person)
  }
  return people
}

async function findGroups(
  { client, directory, check }: Look,
  principals: readonly Principal[],
): Promise<Pick<Findings, 'groups' | 'groupsInPlan'>> {
  const groups = new Map<string, FoundGroup | 'unchecked'>()
  const named = new Set(principals.filter(({ kind }) => kind === 'group').map(({ id }) => id))
  // On a plan without user groups a policy that names none is not to fail over them.
  if (named.size === 0) return { groups, groupsInPlan: true }
  const inSlack = await check.ask(() => groupsIn(client))
  if (inSlack === undefined) return { groups, groupsInPlan: false }
  for (const id of named) {
    const enabled = inSlack === 'unchecked' ? inSlack : inSlack.get(id)
    if (enabled === undefined) continue
    groups.set(id, enabled === 'unchecked' ? enabled : await findGroup(id, enabled))
  }
  return { groups, groupsInPlan: true }

  async function findGroup(id: string, enabled: boolean): Promise<FoundGroup | 'unchecked'> {
    if (!enabled) return { enabled, members: [] }
    // The same people whom every request is held against.
    const members = await check.ask(() => directory.members([{ kind: 'group', id }]))
    return members === 'unchecked' ? members : { enabled, members }
  }
}

async function findChannels(
  { client, check }: Look,
  { channels: { approvals, audit, alerts } }: Policy,
): Promise<Findings['channels']> {
  const ids = [...new Set([approvals, audit, alerts])]
  const states = await Promise.all(ids.map((id) => check.ask(() => channelState(client, id))))
  return new Map(ids.map((id, place) => [id, states[place] ?? 'unknown'] as const))
}

function allPrincipals({ requesters, security, tiers }: Policy): readonly Principal[] {
  const ofTiers = tiers.flatMap(({ approvers, from, escalation }) => [
    ...approvers,
    ...from,
    ...(escalation?.to ?? []),
  ])
  return [...requesters, ...security, ...ofTiers]
}

/** Every user group of the workspace, and whether it is enabled; undefined where its plan has none. */
async function groupsIn(
  client: webApi.WebClient,
): Promise<ReadonlyMap<string, boolean> | undefined> {
  try {
    const { usergroups = [] } = await client.usergroups.list({ include_disabled: true })
    return new Map(
      usergroups.flatMap(({ id, date_delete = 0 }) =>
        id === undefined ? [] : [[id, date_delete === 0] as const],
      ),
    )
  } catch (error) {
    if (hasNoUserGroups(error)) return undefined
    throw error
  }
}
