/**
 * `npm run policy -- check` says whether a policy could be put in force; `npm run policy -- explain`
 * says what it would do, by asking the rules that decide. Both only look.
 */

import { parseArgs } from 'node:util'
import { Access } from '../cognito/access.ts'
import { CognitoAccounts } from '../cognito/accounts.ts'
import { type Environment, loadEnvFile, loadEnvironment } from '../config.ts'
import type { EnvFile } from '../env-file.ts'
import { personId } from '../ids.ts'
import { createLog } from '../log.ts'
import type { MemberWait } from '../policy/membership.ts'
import { groupsNamed } from '../policy/who.ts'
import { policyCheck } from '../policy-check.ts'
import type { Account } from '../recovery/model/account.ts'
import type { Refusal } from '../recovery/model/decision.ts'
import type { Explanation } from '../recovery/rules/explain.ts'
import { Context } from '../recovery/services/context.ts'
import { explainRequests } from '../recovery/services/explanation.ts'
import { readSettings, type Settings } from '../settings.ts'
import { identify } from '../slack/api/identity.ts'
import { slackLogger } from '../slack/api/logger.ts'
import { PatientClient } from '../slack/api/patient-client.ts'
import { tryProxy } from '../slack/api/proxy.ts'
import { SlackDirectory } from '../slack/directory/directory.ts'
import { Outsiders } from '../slack/directory/outsiders.ts'
import { unsearchedPoolsSentence } from '../slack/requester/account-search.ts'
import { text as slackText } from '../slack/text/text.ts'
import { openStore } from '../store/open.ts'
import { terminalError, terminalLine } from './terminal.ts'
import { text } from './text/text.ts'

// What follows the name has to be seen, too.
const longestName = 200

/** @param envFile where part of `env` comes from @returns the exit status: 0 fine, 1 faulty or nothing found, 2 for a command that makes no sense */
export async function policy(
  args: readonly string[],
  env: Environment,
  output: (line: string) => void,
  envFile?: EnvFile,
): Promise<number> {
  const asked = readArguments(args)
  if (asked === undefined) {
    output(text.policy.usage)
    return 2
  }
  const print = (line: string) => output(terminalLine(line))
  const asGiven = asked.file === undefined ? env : { ...env, POLICY_FILE: asked.file }
  const read = readSettings(asGiven, envFile)
  if (read.kind === 'faulty') return failed(read.faults, print)
  if (envFile?.warning !== undefined) print(envFile.warning)
  const { settings } = read
  const world = await look(settings, print)
  try {
    if (asked.command === 'check') {
      const faults = await world.check(settings)
      if (faults.length > 0) return failed(faults, print)
      print(text.policy.fine(settings.config.policyFile, settings.policy.hash))
      return 0
    }
    return await explainTo(print, world, settings, asked)
  } finally {
    world.close()
  }
}

interface Asked {
  readonly command: 'check' | 'explain'
  readonly file: string | undefined
  readonly requester: string
  readonly account: string
}

function readArguments(args: readonly string[]): Asked | undefined {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        file: { type: 'string' },
        requester: { type: 'string' },
        account: { type: 'string' },
      },
    })
    const [command, ...more] = positionals
    const { file, requester = '', account = '' } = values
    if (more.length > 0 || (command !== 'check' && command !== 'explain')) return undefined
    if (command === 'explain' && (requester === '' || account === '')) return undefined
    return { command, file, requester, account }
  } catch {
    return undefined
  }
}

type World = Awaited<ReturnType<typeof look>>

async function look({ config, policy, clientSecrets }: Settings, print: (line: string) => void) {
  const log = createLog('silent')
  const now = () => new Date()
  const client = new PatientClient({
    access: config.slack,
    logger: slackLogger(log),
    onWait: (wait) => print(text.policy.waiting(wait)),
  })
  await tryProxy(config.slack)
  const { teamId } = await identify(config.slack, client)
  const access = new Access(now, ({ operation, why }) => print(text.policy.noAws(operation, why)))
  const accounts = new CognitoAccounts({
    pools: policy.pools,
    clientSecrets,
    access,
    ...(config.proxy && { proxy: config.proxy }),
  })
  const groups = () => groupsNamed(policy)
  const samePerson = () => policy.samePerson
  const outsiders = new Outsiders()
  const unverified = (what: string) => print(text.policy.unverified(what))
  return {
    accounts,
    directory: new SlackDirectory({ client, teamId, groups, samePerson, now, outsiders }),
    check: policyCheck({ client, accounts, teamId, now, outsiders, unverified }),
    close: () => accounts.close(),
  }
}

async function explainTo(
  print: (line: string) => void,
  { accounts, directory }: World,
  { config, policy }: Settings,
  { requester, account }: Asked,
): Promise<number> {
  const opened = await openStore(config.databaseUrl.reveal(), { readOnly: true })
  try {
    const { store, ledger } = opened
    const now = () => new Date()
    const context = new Context({
      store,
      ledger,
      directory,
      policy: () => policy,
      now,
      isReadOnly: true,
    })
    const explained = await explainRequests(context, accounts, account, personId(requester))
    const unsearchedPools = [unsearchedPoolsSentence(explained.unsearchedPools)].filter(
      (words) => words !== '',
    )
    if (explained.kind === 'failed')
      return failed([text.policy.failed(explained.failure.name), ...unsearchedPools], print)
    if (explained.accounts.length === 0)
      return failed([text.policy.noAccount(account), ...unsearchedPools], print)
    for (const each of explained.accounts) {
      for (const line of linesOf(each.account, each.explanation, requester)) print(line)
    }
    unsearchedPools.forEach(print)
    print(text.policy.notConsidered)
    return 0
  } finally {
    await opened.close()
  }
}

function linesOf(account: Account, explanation: Explanation, requester: string): string[] {
  const { tier, methods, checks, approvers, approvalsNeeded, from } = explanation
  const { pool, sub } = account.ref
  const answer = (what: string, why: Refusal | undefined) =>
    text.explanation.answer(what, why && slackText.shared.refusals.words[why])
  return [
    text.explanation.account(terminalLine(account.name, longestName), pool, sub, account.status),
    text.explanation.tier(tier.name, tier.privileged),
    text.explanation.requester(requester),
    ...methods.map(({ method, why }) => answer(method, why)),
    text.explanation.checks(checks.map(({ label }) => label)),
    text.explanation.approvals(approvalsNeeded, from),
    ...approvers.map(({ person, why, wait }) =>
      text.explanation.answer(person.id, verdict(why, wait)),
    ),
    ...(approvers.length === 0 ? [text.explanation.nobody] : []),
    ...(tier.newMembersWaitMs === 0 ? [] : [text.explanation.wait(tier.newMembersWaitMs / 60_000)]),
    ...(tier.escalation === undefined
      ? []
      : [
          text.explanation.escalation(
            tier.escalation.afterMs / 60_000,
            tier.escalation.to.map(({ id }) => id),
          ),
        ]),
  ]
}

function verdict(why: Refusal | undefined, wait: MemberWait | undefined): string | undefined {
  if (wait !== undefined) return text.explanation.newMember(wait)
  return why && slackText.shared.refusals.words[why]
}

function failed(faults: readonly string[], print: (line: string) => void): number {
  for (const fault of faults) print(text.policy.fault(fault))
  return 1
}

if (import.meta.main) {
  try {
    const file = loadEnvFile()
    process.exitCode = await policy(process.argv.slice(2), loadEnvironment(file), console.log, file)
  } catch (error) {
    console.error(terminalError(error))
    process.exitCode = 2
  }
}
