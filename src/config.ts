/**
 * The environment, read at the start and on SIGHUP. Nothing else in Rekey looks at process.env: a
 * variable that is missing or malformed is told together with all the others, and where to get it.
 */

import dotenv from 'dotenv'
import { z } from 'zod'
import { text as sentences } from './config-text/text.ts'
import { Secret } from './secret.ts'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

export type LogLevel = (typeof logLevels)[number]

/** What the environment says, checked and frozen. */
export interface Config {
  readonly slack: {
    readonly botToken: Secret
    readonly appToken: Secret
    /** Where Slack's Web API is, when it isn't slack.com. Ends in a slash. */
    readonly apiUrl?: string
  }
  readonly awsRegion?: string
  /** `sqlite:PATH` or a PostgreSQL URL, which may carry a password. */
  readonly databaseUrl: Secret
  readonly policyFile: string
  /** 32 bytes in base64. */
  readonly secretKey: Secret
  /** The keys before it, which still open what was sealed with them. */
  readonly formerSecretKeys: readonly Secret[]
  readonly logLevel: LogLevel
  readonly port: number
  /** Absent while the recovery page is off. */
  readonly recoveryPage?: {
    /** Where owners find it. Ends in `/recover`. */
    readonly url: string
    /** How many reverse proxies stand in front of Rekey, each adding an address to X-Forwarded-For. */
    readonly proxies: number
  }
}

export type Environment = Readonly<Record<string, string | undefined>>

const { variables: expected } = sentences

const variables = {
  SLACK_BOT_TOKEN: secret(/^xoxb-\S+$/, expected.SLACK_BOT_TOKEN),
  SLACK_APP_TOKEN: secret(/^xapp-\S+$/, expected.SLACK_APP_TOKEN),
  SLACK_API_URL: checked(isWebFolder, expected.SLACK_API_URL).optional(),
  AWS_REGION: checked(
    (text) => /^[a-z]+(-[a-z]+)+-\d+$/.test(text),
    expected.AWS_REGION,
  ).optional(),
  DATABASE_URL: checked(isDatabaseUrl, expected.DATABASE_URL)
    .default('sqlite:./data/rekey.db')
    .transform((text) => new Secret(text)),
  POLICY_FILE: z.string().default('policy.yml'),
  REKEY_SECRET_KEY: checked(isBase64Of32Bytes, expected.REKEY_SECRET_KEY).transform(
    (text) => new Secret(text),
  ),
  REKEY_SECRET_KEYS_OLD: checked(
    (text) => text.split(',').every(isBase64Of32Bytes),
    expected.REKEY_SECRET_KEYS_OLD,
  )
    .transform((text) => text.split(',').map((each) => new Secret(each)))
    .optional(),
  LOG_LEVEL: z.enum(logLevels, { error: expected.LOG_LEVEL(logLevels) }).default('info'),
  PORT: checked((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, expected.PORT)
    .default('3000')
    .transform(Number),
  RECOVERY_PAGE_URL: checked(isPageUrl, expected.RECOVERY_PAGE_URL).optional(),
  RECOVERY_PAGE_PROXIES: checked((text) => /^\d$/.test(text), expected.RECOVERY_PAGE_PROXIES)
    .default('0')
    .transform(Number),
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
 * with its name, what is expected and where to get it. No line repeats what a variable holds. An
 * empty variable counts as absent.
 */
export function readConfig(
  env: Environment,
): { kind: 'ok'; config: Config } | { kind: 'faulty'; faults: readonly string[] } {
  const present = Object.fromEntries(variablesRead.map((name) => [name, env[name] || undefined]))
  const { data, error } = z.object(variables).safeParse(present)
  if (error) {
    return {
      kind: 'faulty',
      faults: error.issues.map(({ path, message }) =>
        sentences.fault.variable(String(path[0]), message),
      ),
    }
  }
  const slack = Object.freeze({
    botToken: data.SLACK_BOT_TOKEN,
    appToken: data.SLACK_APP_TOKEN,
    ...(data.SLACK_API_URL !== undefined && { apiUrl: data.SLACK_API_URL }),
  })
  const config: Config = Object.freeze({
    slack,
    ...(data.AWS_REGION !== undefined && { awsRegion: data.AWS_REGION }),
    databaseUrl: data.DATABASE_URL,
    policyFile: data.POLICY_FILE,
    secretKey: data.REKEY_SECRET_KEY,
    formerSecretKeys: Object.freeze(data.REKEY_SECRET_KEYS_OLD ?? []),
    logLevel: data.LOG_LEVEL,
    port: data.PORT,
    ...(data.RECOVERY_PAGE_URL !== undefined && {
      recoveryPage: Object.freeze({
        url: data.RECOVERY_PAGE_URL,
        proxies: data.RECOVERY_PAGE_PROXIES,
      }),
    }),
  })
  return { kind: 'ok', config }
}

/** Where the database is, for a command that needs nothing else; undefined if `DATABASE_URL` is malformed. */
export function readDatabaseUrl(env: Environment): Secret | undefined {
  return variables.DATABASE_URL.safeParse(env['DATABASE_URL'] || undefined).data
}

/** The operator's keys, the present one first, for a command that needs nothing else; without what is not set or malformed. */
export function readSecretKeys(env: Environment): readonly Secret[] {
  const { REKEY_SECRET_KEY: present, REKEY_SECRET_KEYS_OLD: former } = variables
  return [
    ...[present.safeParse(env['REKEY_SECRET_KEY']).data].filter((key) => key !== undefined),
    ...(former.safeParse(env['REKEY_SECRET_KEYS_OLD'] || undefined).data ?? []),
  ]
}

/** Looks up a secret whose variable is named elsewhere (the policy's `secretEnv`). */
export function secretNamed(env: Environment, name: string): Secret | undefined {
  const text = env[name]
  return text ? new Secret(text) : undefined
}

// What was set outside, as it was before anything of `.env` came to it.
const outside: NodeJS.ProcessEnv = { ...process.env }

/** The environment of this process, with `.env` of the current folder, as it is now, filled in where it is silent. */
export function loadEnvironment(): Environment {
  const env = { ...outside }
  // Without these two dotenv reports to the console, and variables of its own can tell it to.
  dotenv.config({ quiet: true, debug: false, processEnv: env })
  // The AWS SDK looks for its own there.
  Object.assign(process.env, env)
  return env
}

function checked(holds: (value: string) => boolean, error: string) {
  return z.string({ error }).refine(holds, { error })
}

function secret(form: RegExp, error: string) {
  return checked((value) => form.test(value), error).transform((value) => new Secret(value))
}

function isWebFolder(text: string): boolean {
  return /^https?:\/\/\S+\/$/.test(text) && URL.canParse(text)
}

// A password typed into a page without TLS is everybody's, unless the page never leaves the machine.
function isPageUrl(text: string): boolean {
  if (!/^https?:\/\/[^\s/?#@]+(\/[\w.~-]+)*\/recover$/.test(text) || !URL.canParse(text))
    return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

function isDatabaseUrl(text: string): boolean {
  return /^sqlite:./.test(text) || (/^postgres(ql)?:\/\/\S+$/.test(text) && URL.canParse(text))
}

function isBase64Of32Bytes(text: string): boolean {
  const bytes = Buffer.from(text, 'base64')
  // Buffer skips what it doesn't understand; only the way back tells that nothing was skipped.
  return bytes.length === 32 && bytes.toString('base64') === text
}
