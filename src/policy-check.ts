/** Checks a policy against the world: everybody and everything it names, asked of Slack and of Cognito. */

import type { CognitoAccounts } from './cognito/accounts.ts'
import { findingFaults, missingRights } from './policy/references.ts'
import { text } from './policy/text/text.ts'
import { cognitoGroupsOf, groupsNamed } from './policy/who.ts'
import type { Settings } from './settings.ts'
import type { PatientClient } from './slack/api/patient-client.ts'
import { SlackDirectory } from './slack/directory/directory.ts'
import type { Outsiders } from './slack/directory/outsiders.ts'
import { slackFindings } from './slack/directory/policy-lookup.ts'

export interface PolicyCheckParts {
  /** Waits where Slack asks for patience, so that an hour of much traffic is no fault. */
  readonly client: PatientClient
  readonly accounts: Pick<CognitoAccounts, 'findings' | 'groupFindings'>
  readonly teamId: string
  readonly now: () => Date
  /** Shared with those who count after the check. */
  readonly outsiders: Outsiders
  /** Hears of what could not be looked at, which is no fault of the policy's. */
  readonly unverified: (what: string) => void
}

/** A policy that must not be put in force, with a line for each reason. */
export class FaultyPolicy extends Error {
  override readonly name = 'FaultyPolicy'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(text.cannotBeInForce(faults))
    this.faults = faults
  }
}

/**
 * @returns asks about one policy, and answers with its faults, a line each, in the order of the file, after what Slack does
 * not let Rekey ask
 */
export function policyCheck(parts: PolicyCheckParts) {
  const { client, accounts, teamId, now, outsiders, unverified } = parts
  return async ({ policy, lineOf }: Settings): Promise<readonly string[]> => {
    const directory = new SlackDirectory({
      client,
      teamId,
      groups: () => groupsNamed(policy),
      samePerson: () => policy.samePerson,
      now,
      outsiders,
    })
    const [inSlack, pools, cognitoGroups] = await Promise.all([
      slackFindings(policy, client, directory),
      accounts.findings(policy.pools),
      accounts.groupFindings(policy.tiers.flatMap((tier) => cognitoGroupsOf(policy, tier))),
    ])
    for (const [pool, state] of pools) {
      if (state === 'unreachable') unverified(text.unverified.pool(pool))
    }
    for (const { pool, group, state } of cognitoGroups) {
      if (state === 'unreachable') unverified(text.unverified.group(group, pool))
    }
    const faults = findingFaults(policy, { ...inSlack, pools, cognitoGroups })
    return [...missingRights(inSlack.rights), ...faults.map(lineOf)]
  }
}
