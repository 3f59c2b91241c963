/** Slack and Cognito as they are met at the start: who Rekey is there, and whether the policy fits what they have. */

import type { Logger } from 'pino'
import { Access } from './cognito/access.ts'
import { CognitoAccounts } from './cognito/accounts.ts'
import type { Config } from './config.ts'
import type { Policy } from './policy/policy.ts'
import { groupsNamed } from './policy/who.ts'
import { FaultyPolicy, policyCheck } from './policy-check.ts'
import type { SeenGroups } from './recovery/model/group.ts'
import type { Settings } from './settings.ts'
import { webClient } from './slack/api/client.ts'
import { identify } from './slack/api/identity.ts'
import { slackLogger } from './slack/api/logger.ts'
import { PatientClient } from './slack/api/patient-client.ts'
import { tryProxy } from './slack/api/proxy.ts'
import { SlackDirectory, seenGroups } from './slack/directory/directory.ts'
import { Outsiders } from './slack/directory/outsiders.ts'
import { UserGroups } from './slack/directory/user-groups.ts'

/** How many milliseconds a call may take: a post to Slack, a look-up there, a change in Cognito, a witness’s answer. */
export interface Timeouts {
  readonly slackMs?: number
  readonly lookUpMs?: number
  readonly cognitoMs?: number
  readonly witnessMs?: number
}

// A post may take its time; a click may not.
const deliveryTimeoutMs = 10_000

export const lookUpTimeoutMs = 2_000

export interface WorldDeps {
  readonly config: Config
  readonly log: Logger
  readonly now: () => Date
  /** The one in force at this moment. */
  readonly policy: () => Policy
  readonly timeouts?: Timeouts
  /** What has to be let go of when Rekey stops. */
  readonly open: AsyncDisposableStack
}

/** Slack and Cognito, as far as they are asked. */
export type World = Awaited<ReturnType<typeof meetWorld>>

/**
 * Meets both, and checks the policy against them.
 * @throws FaultyPolicy, and in words where Slack doesn't take the token or can't be asked
 */
export async function meetWorld(deps: WorldDeps, settings: Settings) {
  const { config, log, now, policy, timeouts } = deps
  const logger = slackLogger(log)
  const patient = new PatientClient({
    access: config.slack,
    logger,
    onWait: (wait) => log.warn(wait, 'Slack cannot answer yet: it is asked again after a wait'),
    ...(timeouts?.slackMs === undefined ? {} : { timeoutMs: timeouts.slackMs }),
  })
  await tryProxy(config.slack)
  const home = await identify(config.slack, patient)
  const access = new Access(now, ({ isByAws, ...call }) => {
    log.error(call, isByAws ? 'AWS does not let Rekey in' : 'AWS cannot be called')
  })
  const accounts = new CognitoAccounts({
    pools: policy().pools,
    clientSecrets: settings.clientSecrets,
    now,
    access,
    addressKey: config.secretKey,
    ...(config.proxy && { proxy: config.proxy }),
    ...(timeouts?.cognitoMs === undefined ? {} : { writeTimeoutMs: timeouts.cognitoMs }),
  })
  deps.open.defer(() => accounts.close())
  const outsiders = new Outsiders()
  const directory = new SlackDirectory({
    client: webClient(config.slack, timeouts?.lookUpMs ?? lookUpTimeoutMs, logger),
    teamId: home.teamId,
    groups: () => groupsNamed(policy()),
    samePerson: () => policy().samePerson,
    now,
    outsiders,
  })
  const client = webClient(config.slack, timeouts?.slackMs ?? deliveryTimeoutMs, logger)
  const unverified = (what: string) => log.warn({ what }, 'a name in the policy was not verified')
  const { teamId } = home
  const check = policyCheck({ client: patient, accounts, teamId, now, outsiders, unverified })
  const faults = await check(settings)
  if (faults.length > 0) throw new FaultyPolicy(faults)
  const userGroups = new UserGroups({ client: patient, now })
  const groupsOf = (next: Policy): Promise<SeenGroups> => {
    const named = groupsNamed(next)
    return named.length === 0
      ? Promise.resolve({ at: now(), members: new Map() })
      : seenGroups(userGroups, named)
  }
  return { home, access, accounts, directory, client, check, groupsOf }
}
