/** Looking in Slack for whatever a policy names. */

import type { webApi } from '@slack/bolt'
import { personId } from '../../ids.ts'
import type { Policy, Principal } from '../../policy/policy.ts'
import type { Findings, FoundGroup, FoundPerson } from '../../policy/references.ts'
import type { Directory } from '../../recovery/ports/directory.ts'
import { channelState } from './shared-channels.ts'
import { hasNoUserGroups } from './user-groups.ts'

/**
 * What Slack has of the channels, users and user groups that the policy names.
 * @throws what Slack answers when it cannot be asked
 */
export async function slackFindings(
  policy: Policy,
  client: webApi.WebClient,
  directory: Directory,
): Promise<Pick<Findings, 'people' | 'groups' | 'groupsInPlan' | 'channels'>> {
  const principals = allPrincipals(policy)
  const users = principals.filter(({ kind }) => kind === 'user').map(({ id }) => id)
  const people = new Map<string, FoundPerson>()
  for (const id of new Set([...users, ...policy.samePerson.flat()])) {
    const person = await directory.person(personId(id))
    if (person !== undefined) people.set(id, person)
  }
  const groups = new Map<string, FoundGroup>()
  const named = new Set(principals.filter(({ kind }) => kind === 'group').map(({ id }) => id))
  // On a plan without user groups a policy that names none is not to fail over them.
  const inSlack = named.size === 0 ? new Map<string, boolean>() : await groupsIn(client)
  for (const [id, enabled] of inSlack ?? []) {
    if (!named.has(id)) continue
    // The same people whom every request is held against.
    const members = enabled ? await directory.members([{ kind: 'group', id }]) : []
    groups.set(id, { enabled, members })
  }
  const { approvals, audit, alerts } = policy.channels
  const ids = [...new Set([approvals, audit, alerts])]
  const states = await Promise.all(ids.map((id) => channelState(client, id)))
  const channels = new Map(ids.map((id, place) => [id, states[place] ?? 'unknown'] as const))
  return { people, groups, groupsInPlan: inSlack !== undefined, channels }
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
