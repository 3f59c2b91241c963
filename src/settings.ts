/** Everything the operator has written down, read and checked together, so that all faults are told at once. */

import { readFileSync } from 'node:fs'
import { type Config, type Environment, readConfig, secretNamed } from './config.ts'
import { text } from './config-text/text.ts'
import type { Fault } from './policy/fault.ts'
import { parsePolicy } from './policy/parse.ts'
import type { Policy } from './policy/policy.ts'
import type { Secret } from './secret.ts'

export interface Settings {
  readonly config: Config
  readonly policy: Policy
  /** A fault of the policy's that shows only later, as the line that the operator reads. */
  readonly lineOf: (fault: Fault) => string
  /** The secrets of the pools' app clients, by the pool's name. */
  readonly clientSecrets: ReadonlyMap<string, Secret>
}

export type SettingsRead =
  | { readonly kind: 'ok'; readonly settings: Settings }
  | { readonly kind: 'faulty'; readonly faults: readonly string[] }

export function readSettings(env: Environment): SettingsRead {
  const read = readConfig(env)
  const file = read.kind === 'ok' ? read.config.policyFile : env['POLICY_FILE'] || 'policy.yml'
  const policy = readPolicy(file)
  const secrets = policy.kind === 'ok' ? readSecrets(policy.policy, env) : noSecrets
  const page = { faults: policy.kind === 'ok' ? pageFaults(policy.policy, env) : [] }
  const isWhole = secrets.faults.length === 0 && page.faults.length === 0
  if (read.kind === 'ok' && policy.kind === 'ok' && isWhole) {
    const { clientSecrets } = secrets
    const { policy: meaning, lineOf } = policy
    return { kind: 'ok', settings: { config: read.config, policy: meaning, lineOf, clientSecrets } }
  }
  return {
    kind: 'faulty',
    faults: [read, policy, secrets, page].flatMap((part) => ('faults' in part ? part.faults : [])),
  }
}

const noSecrets = { clientSecrets: new Map<string, Secret>(), faults: [] as string[] }

function readPolicy(file: string): ReturnType<typeof parsePolicy> {
  try {
    return parsePolicy(readFileSync(file, 'utf8'), file)
  } catch (error) {
    const isThere = !(error instanceof Error && 'code' in error && error.code === 'ENOENT')
    const { noPolicyFile, unreadablePolicyFile } = text.fault
    return { kind: 'faulty', faults: [isThere ? unreadablePolicyFile(file) : noPolicyFile(file)] }
  }
}

function readSecrets(policy: Policy, env: Environment) {
  const clientSecrets = new Map<string, Secret>()
  const faults: string[] = []
  for (const { name, client } of policy.pools) {
    if (client?.secretEnv === undefined) continue
    const secret = secretNamed(env, client.secretEnv)
    if (secret === undefined) {
      faults.push(text.fault.noClientSecret(client.secretEnv, name))
    } else clientSecrets.set(name, secret)
  }
  return { clientSecrets, faults }
}

function pageFaults({ pools }: Policy, env: Environment): readonly string[] {
  if (!env['RECOVERY_PAGE_URL'] || pools.some(({ client }) => client !== undefined)) return []
  return [text.fault.pageWithoutPool]
}
