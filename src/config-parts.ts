/** Single variables, for commands that need no more of them than these. */

import { type Environment, given, variables } from './config.ts'
import { databaseFaults, tlsFaults } from './config-forms.ts'
import { text as sentences } from './config-text/text.ts'
import { type ProxySettings, proxySettings } from './proxy.ts'
import type { Secret } from './secret.ts'
import type { WitnessConfig } from './witnesses.ts'

/** Where the database is, for a command that needs nothing else. @throws where `DATABASE_URL` is malformed */
export function readDatabaseUrl(env: Environment): Secret {
  return variables.DATABASE_URL.parse(given(env, 'DATABASE_URL'))
}

/** A line for each of these that is set and malformed, for a command that needs no more of them. */
export function faultsIn(env: Environment, names: readonly (keyof typeof variables)[]): string[] {
  const open = names.includes('DATABASE_URL') ? databaseFaults((name) => given(env, name)) : []
  const malformed = names.flatMap((name) => {
    const value = given(env, name)
    const { error } = variables[name].safeParse(value)
    if (value === undefined || error === undefined) return []
    return error.issues.map(({ message }) => sentences.fault.variable(name, message))
  })
  const unsafe = [...open, ...tlsFaults(env)]
  return [...malformed, ...unsafe.map(([name, why]) => sentences.fault.variable(name, why))]
}

/** The operator's keys, the present one first, for a command that needs nothing else; without what is not set or malformed. */
export function readSecretKeys(env: Environment): readonly Secret[] {
  const { REKEY_SECRET_KEY: present, REKEY_SECRET_KEYS_OLD: former } = variables
  return [
    ...[present.safeParse(given(env, 'REKEY_SECRET_KEY')).data].filter((key) => key !== undefined),
    ...(former.safeParse(given(env, 'REKEY_SECRET_KEYS_OLD')).data ?? []),
  ]
}

/** The proxies, for a command that needs nothing else. */
export function proxyOf(env: Environment): ProxySettings | undefined {
  const https = variables.HTTPS_PROXY.safeParse(given(env, 'HTTPS_PROXY')).data
  const http = variables.HTTP_PROXY.safeParse(given(env, 'HTTP_PROXY')).data
  const none = variables.NO_PROXY.parse(given(env, 'NO_PROXY'))
  return proxySettings(https, http, none)
}

/** The witnesses, for a command that needs nothing else; none where the variable is malformed. */
export function witnessesOf(env: Environment): readonly WitnessConfig[] {
  return variables.WITNESSES.safeParse(given(env, 'WITNESSES')).data ?? []
}
