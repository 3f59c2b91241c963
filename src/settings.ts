/** Everything the operator has written down, read and checked together, so that all faults are told at once. */

import { readFileSync } from 'node:fs'
import {
  type Config,
  type Environment,
  policyFileOf,
  readConfig,
  secretFault,
  secretNamed,
} from './config.ts'
import { text } from './config-text/text.ts'
import { type EnvFile, isUtf16, noFile } from './env-file.ts'
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

/** @param envFile where part of `env` comes from */
export function readSettings(env: Environment, envFile: EnvFile = noFile): SettingsRead {
  const policy = readPolicy(policyFileOf(env))
  const secrets = policy.kind === 'ok' ? readSecrets(policy.policy, env, envFile) : noSecrets
  const page = { faults: policy.kind === 'ok' ? pageFaults(policy.policy, env) : [] }
  const read = readConfig(env, envFile, secrets.names)
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

const noSecrets = {
  clientSecrets: new Map<string, Secret>(),
  names: [] as string[],
  faults: [] as string[],
}

function readPolicy(file: string): ReturnType<typeof parsePolicy> {
  try {
    const bytes = readFileSync(file)
    if (isUtf16(bytes)) return { kind: 'faulty', faults: [text.fault.utf16PolicyFile(file)] }
    return parsePolicy(bytes.toString('utf8'), file)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return { kind: 'faulty', faults: [unreadable(file, code)] }
  }
}

function unreadable(file: string, code: string): string {
  const { noPolicyFile, policyFolder, unreadablePolicyFile } = text.fault
  if (code === 'ENOENT') return noPolicyFile(file)
  return code === 'EISDIR' ? policyFolder(file) : unreadablePolicyFile(file, code)
}

function readSecrets(policy: Policy, env: Environment, envFile: EnvFile) {
  const clientSecrets = new Map<string, Secret>()
  const names: string[] = []
  const faults: string[] = []
  for (const { name, client } of policy.pools) {
    if (client?.secretEnv === undefined) continue
    names.push(client.secretEnv)
    const fault = secretFault(env, client.secretEnv, text.variables.clientSecret(name), envFile)
    const secret = secretNamed(env, client.secretEnv)
    if (fault !== undefined) faults.push(fault)
    else if (secret !== undefined) clientSecrets.set(name, secret)
  }
  return { clientSecrets, names, faults }
}

function pageFaults({ pools }: Policy, env: Environment): readonly string[] {
  if (!env['RECOVERY_PAGE_URL']?.trim() || pools.some(({ client }) => client !== undefined))
    return []
  return [text.fault.pageWithoutPool]
}
