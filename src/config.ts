/**
 * The environment, read at the start and on SIGHUP. Nothing else in Rekey looks at process.env: a
 * variable that is missing or malformed is told together with all the others, and where to get it.
 */

import { z } from 'zod'
import {
  apiUrlProblem,
  appTokenProblem,
  botTokenProblem,
  databaseProblem,
  hashProblem,
  hostProblem,
  keyProblem,
  keysProblem,
  type Problem,
  pageUrlProblem,
  portProblem,
  proxiesProblem,
  proxyProblem,
  reasonProblem,
  regionProblem,
  togetherFaults,
  unencryptedProblem,
  usualPorts,
  withScheme,
  wrapping,
} from './config-forms.ts'
import { text as sentences } from './config-text/text.ts'
import { type EnvFile, noFile, readEnvFile } from './env-file.ts'
import { misspelt } from './misspelt.ts'
import { hostsWithout, type ProxySettings, proxySettings } from './proxy.ts'
import { Secret } from './secret.ts'
import { readWitnesses, type WitnessConfig, witnessesProblem } from './witnesses.ts'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

export type LogLevel = (typeof logLevels)[number]

/** What the environment says, checked and frozen. */
export interface Config {
  readonly slack: {
    readonly botToken: Secret
    readonly appToken: Secret
    /** Where Slack's Web API is, when it isn't slack.com. Ends in a slash. */
    readonly apiUrl?: string
    readonly proxy?: ProxySettings
  }
  /** On the way to Slack and to AWS; absent where both are reached directly. */
  readonly proxy?: ProxySettings
  readonly awsRegion?: string
  /** `sqlite:PATH` or a PostgreSQL URL, which may carry a password. */
  readonly databaseUrl: Secret
  /** Why it is safe to reach it without TLS that checks its certificate, where that is so. */
  readonly databaseUnencrypted?: string
  /** With what hash the ledger ends that is to be bound to the key for the first time; its beginning, in hex. */
  readonly sealDatabase?: string
  readonly policyFile: string
  /** Those who sign the ledger's checkpoints too, where Rekey can't change what they know. */
  readonly witnesses: readonly WitnessConfig[]
  /** 32 bytes in base64. */
  readonly secretKey: Secret
  /** The keys before it, which still open what was sealed with them. */
  readonly formerSecretKeys: readonly Secret[]
  readonly logLevel: LogLevel
  readonly host: string
  readonly port: number
  /** Absent while the recovery page is off. */
  readonly recoveryPage?: {
    /** Where owners find it. Ends in `/recover`. */
    readonly url: string
    readonly port: number
    readonly proxies: readonly string[]
  }
}

export type Environment = Readonly<Record<string, string | undefined>>

const { variables: write, found } = sentences
const { must } = sentences.fault
const { missing: keyMissing, malformed: keyMalformed } = write.REKEY_SECRET_KEY

/** Each variable that Rekey reads, and what its value becomes. */
export const variables = {
  SLACK_BOT_TOKEN: checked(botTokenProblem, write.SLACK_BOT_TOKEN).transform(secret),
  SLACK_APP_TOKEN: checked(appTokenProblem, write.SLACK_APP_TOKEN).transform(secret),
  SLACK_API_URL: checked(apiUrlProblem, write.SLACK_API_URL).optional(),
  AWS_REGION: checked(regionProblem, write.AWS_REGION).optional(),
  DATABASE_URL: checked(databaseProblem, write.DATABASE_URL)
    .default('sqlite:./data/rekey.db')
    .transform(secret),
  DATABASE_UNENCRYPTED: checked(reasonProblem, write.DATABASE_UNENCRYPTED).optional(),
  SEAL_DATABASE: checked(hashProblem, write.SEAL_DATABASE).toLowerCase().optional(),
  POLICY_FILE: checked(() => undefined, write.POLICY_FILE).default(() => usualPolicyFile),
  REKEY_SECRET_KEY: checked(keyProblem, keyMalformed, keyMissing).transform(secret),
  REKEY_SECRET_KEYS_OLD: checked(keysProblem, write.REKEY_SECRET_KEYS_OLD)
    .transform((text) => text.split(',').map(secret))
    .optional(),
  WITNESSES: checked(witnessesProblem, write.WITNESSES).default('').transform(readWitnesses),
  LOG_LEVEL: z
    .enum(logLevels, { error: must(found.noLevel, write.LOG_LEVEL(logLevels)) })
    .default('info'),
  HOST: checked(hostProblem, write.HOST).default('127.0.0.1'),
  PORT: checked(portProblem, write.PORT).default(usualPorts.PORT).transform(Number),
  PAGE_PORT: checked(portProblem, write.PORT).default(usualPorts.PAGE_PORT).transform(Number),
  HTTPS_PROXY: checked(proxyProblem, write.proxy).transform(proxySecret).optional(),
  HTTP_PROXY: checked(proxyProblem, write.proxy).transform(proxySecret).optional(),
  NO_PROXY: checked(() => undefined, write.NO_PROXY)
    .default('')
    .transform(hostsWithout),
  RECOVERY_PAGE_URL: checked(pageUrlProblem, write.RECOVERY_PAGE_URL).optional(),
  RECOVERY_PAGE_PROXIES: checked(proxiesProblem, write.RECOVERY_PAGE_PROXIES)
    .transform((text) => text.split(',').map((each) => each.trim()))
    .default([]),
}

/** The names of the variables Rekey reads itself. */
export const variablesRead: readonly string[] = Object.keys(variables)

/** The names of the variables that the AWS SDK reads for itself; Rekey never looks at them. */
export const variablesOfAws: readonly string[] = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER',
]

/**
 * Reads the configuration, or lists everything that is wrong with it: one line for each variable,
 * with its name, where it stands in `file`, what is wrong and what to write. No line repeats what a
 * variable holds. White space around a value is no part of it, and an empty variable counts as absent.
 *
 * @param named the variables that are read besides, since the policy names them
 */
export function readConfig(
  env: Environment,
  file: EnvFile = noFile,
  named: readonly string[] = [],
): { kind: 'ok'; config: Config } | { kind: 'faulty'; faults: readonly string[] } {
  const present = Object.fromEntries(variablesRead.map((name) => [name, given(env, name)]))
  const { data, error } = z.object(variables).safeParse(present)
  const faults = new Map(
    (error?.issues ?? []).map(({ path, message }) => [asWritten(env, String(path[0])), message]),
  )
  for (const [name, problem] of togetherFaults(env, (name) => given(env, name)))
    if (!faults.has(name)) faults.set(name, problem)
  // What has cut a value is told instead of what the rest of it lacks.
  for (const { variable } of file.faults) if (variable !== undefined) faults.delete(variable)
  const known = [...variablesRead, ...variablesOfAws, ...named]
  const lines = [
    ...file.faults.map(({ line }) => line),
    ...[...faults].map(([name, problem]) => sentences.fault.variable(placed(name, file), problem)),
    ...misspelt(env, known).map(([name, meant]) =>
      sentences.fault.misspelt(placed(name, file), meant),
    ),
  ]
  return data === undefined || lines.length > 0
    ? { kind: 'faulty', faults: lines }
    : { kind: 'ok', config: configOf(data) }
}

function configOf(data: z.infer<z.ZodObject<typeof variables>>): Config {
  const settings = proxySettings(data.HTTPS_PROXY, data.HTTP_PROXY, data.NO_PROXY)
  const proxy = settings && { proxy: settings }
  const slack = Object.freeze({
    botToken: data.SLACK_BOT_TOKEN,
    appToken: data.SLACK_APP_TOKEN,
    ...(data.SLACK_API_URL !== undefined && { apiUrl: data.SLACK_API_URL }),
    ...proxy,
  })
  return Object.freeze({
    slack,
    ...proxy,
    ...(data.AWS_REGION !== undefined && { awsRegion: data.AWS_REGION }),
    databaseUrl: data.DATABASE_URL,
    ...(data.DATABASE_UNENCRYPTED !== undefined &&
      unencryptedProblem(data.DATABASE_URL.reveal()) && {
        databaseUnencrypted: data.DATABASE_UNENCRYPTED,
      }),
    ...(data.SEAL_DATABASE !== undefined && { sealDatabase: data.SEAL_DATABASE }),
    policyFile: data.POLICY_FILE,
    secretKey: data.REKEY_SECRET_KEY,
    witnesses: Object.freeze(data.WITNESSES),
    formerSecretKeys: Object.freeze(data.REKEY_SECRET_KEYS_OLD ?? []),
    logLevel: data.LOG_LEVEL,
    host: data.HOST,
    port: data.PORT,
    ...(data.RECOVERY_PAGE_URL !== undefined && {
      recoveryPage: Object.freeze({
        url: data.RECOVERY_PAGE_URL,
        port: data.PAGE_PORT,
        proxies: Object.freeze(data.RECOVERY_PAGE_PROXIES),
      }),
    }),
  })
}

/** Where the policy is, also where something else is wrong. */
export function policyFileOf(env: Environment): string {
  return given(env, 'POLICY_FILE') ?? usualPolicyFile
}

const usualPolicyFile = 'policy.yml'

/** Looks up a secret whose variable is named elsewhere (the policy's `secretEnv`). */
export function secretNamed(env: Environment, name: string): Secret | undefined {
  const value = given(env, name)
  return value === undefined ? undefined : new Secret(value)
}

/** What is wrong with such a secret, in one line. @param write what it has to be, and where it is to be found */
export function secretFault(
  env: Environment,
  name: string,
  write: string,
  file: EnvFile = noFile,
): string | undefined {
  const value = given(env, name)
  const problem = value === undefined ? found.missing : wrapping(value)
  const isTold = file.faults.some(({ variable }) => variable === name)
  if (problem === undefined || isTold) return undefined
  return sentences.fault.variable(placed(name, file), must(problem, write))
}

// What was set outside, as it was before anything of `.env` came to it.
const outside: NodeJS.ProcessEnv = { ...process.env }

/** `.env` of the current folder as it is now, as far as nothing else is set outside. */
export function loadEnvFile(): EnvFile {
  const { lines, faults, ...file } = readEnvFile('.env')
  const isUsed = (name: string) => outside[name] === undefined
  return {
    ...file,
    lines: new Map([...lines].filter(([name]) => isUsed(name))),
    faults: faults.filter(({ variable }) => variable === undefined || isUsed(variable)),
  }
}

/** The environment of this process, with `.env` filled in where it is silent. */
export function loadEnvironment({ variables: written }: EnvFile = loadEnvFile()): Environment {
  const env = { ...written, ...outside }
  // The AWS SDK looks for its own there.
  Object.assign(process.env, env)
  return env
}

/** This process's environment for another that may have what is picked of it. */
export function environmentOf(pick: (name: string) => boolean): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => pick(name)))
}

/** As it is set, without white space around it; undefined where it is empty. */
export function given(env: Environment, name: string): string | undefined {
  return env[asWritten(env, name)]?.trim() || undefined
}

/** Proxies are set in small letters as often, and then those count. */
function asWritten(env: Environment, name: string): string {
  const small = name.toLowerCase()
  return name.endsWith('_PROXY') && env[small] ? small : name
}

function proxySecret(text: string): Secret {
  return new Secret(withScheme(text))
}

/** The name, after the place where it is written if that is a file. */
function placed(name: string, { lines }: EnvFile): string {
  const line = lines.get(name)
  return line === undefined ? name : `${sentences.place('.env', line)} ${name}`
}

function checked(problemOf: Problem, write: string, missing = write) {
  const problem = (value: string) => wrapping(value) ?? problemOf(value)
  return z
    .string({ error: must(found.missing, missing) })
    .refine((value) => problem(value) === undefined, {
      error: ({ input }) => must(problem(String(input)) ?? '', write),
    })
}

function secret(text: string): Secret {
  return new Secret(text)
}
