/** Checks a policy against the world: everybody and everything it names, asked of Slack and of Cognito. */

import type { webApi } from '@slack/bolt'
import type { CognitoAccounts } from './cognito/accounts.ts'
import { findingFaults } from './policy/references.ts'
import { text } from './policy/text/text.ts'
import { cognitoGroupsOf, groupsNamed } from './policy/who.ts'
import type { Settings } from './settings.ts'
import { SlackDirectory } from './slack/directory/directory.ts'
import { slackFindings } from './slack/directory/policy-lookup.ts'

export interface PolicyCheckParts {
  readonly client: webApi.WebClient
  readonly accounts: Pick<CognitoAccounts, 'findings' | 'groupFindings'>
  readonly teamId: string
  readonly now: () => Date
  /** Hears of what could not be looked at, which is no fault of the policy's. */
  readonly unverified: (what: string) => void
}

/** A policy that must not be put in force, with a line for each reason. */
export class FaultyPolicy extends Error {
  override readonly name = 'FaultyPolicy'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(text.namedInVain(faults))
    this.faults = faults
  }
}

/** @returns asks about one policy, and answers with its faults, a line each, in the order of the file */
export function policyCheck({ client, accounts, teamId, now, unverified }: PolicyCheckParts) {
  return async ({ policy, lineOf }: Settings): Promise<readonly string[]> => {
    const directory = new SlackDirectory({
      client,
      teamId,
      groups: () => groupsNamed(policy),
      samePerson: () => policy.samePerson,
      now,
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
    return findingFaults(policy, { ...inSlack, pools, cognitoGroups }).map(lineOf)
  }
}
