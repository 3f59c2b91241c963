/** The form of policy.yml, key by key. What several keys mean together is checked in sense.ts. */

import { z } from 'zod'
import { durationMs } from './duration.ts'
import { must } from './fault.ts'
import { methods } from './method.ts'
import type { Limit, Principal } from './policy.ts'
import { isPattern } from './text-form.ts'

const principal = text(
  /^[USW][A-Z0-9]{2,20}$/,
  'the id of a user (U… or W…) or of a user group (S…)',
).transform(toPrincipal)

const principals = list(principal, 'at least one user (U…) or user group (S…)')

const channel = text(/^[CG][A-Z0-9]{2,20}$/, 'the id of a channel (C… or G…)')

const region = text(/^[a-z]+(-[a-z]+)+-\d+$/, 'an AWS region such as us-west-2')

// Names travel into logs, buttons and the ledger.
const namePattern = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/
const nameWords = 'a name of at most 40 letters, digits, - and _ that starts with a letter'
const name = text(namePattern, nameWords)

const pool = mapping({
  // 55 characters at most, says Cognito.
  userPoolId: text(
    /^(?=.{1,55}$)[a-z]+(-[a-z]+)+-\d+_[0-9A-Za-z]+$/,
    'the id of a user pool, REGION_SUFFIX, such as us-west-2_aaaaaaaaa',
  ),
  region: region.exactOptional(),
  client: mapping({
    id: text(/^[\w+]{1,128}$/, 'the id of an app client'),
    secretEnv: text(
      /^[A-Z][A-Z0-9_]*$/,
      'the name of the environment variable that holds the client secret, in capitals',
    ).exactOptional(),
  }).exactOptional(),
})

const tier = mapping({
  name,
  when: mapping({
    groups: list(
      text(/^\S{1,128}$/, 'the name of a Cognito group'),
      'at least one Cognito group',
    ).exactOptional(),
    pools: list(name, 'the name of at least one pool').exactOptional(),
    changedWithin: duration('1h', '90d').exactOptional(),
  })
    .refine((when) => Object.keys(when).length > 0, {
      error: must('groups, pools or changedWithin'),
    })
    .exactOptional(),
  // Left out where `from` says it all.
  approvers: principals.exactOptional(),
  from: principals.exactOptional(),
  escalation: mapping({ to: principals, after: duration('1m', '24h') }).exactOptional(),
  privileged: z.boolean({ error: must('true or false') }).default(false),
  approvals: z.literal([1, 2, 3, 4, 5], { error: must('a whole number from 1 to 5') }),
  methods: list(
    z.enum(methods, { error: must(`one of ${methods.join(', ')}`) }),
    `at least one of ${methods.join(', ')}`,
  ),
  identityChecks: list(name, 'the id of at least one identity check').exactOptional(),
})

// It becomes the label of a field, and is read under the form.
const fieldLabel = text(/^(?=.*\S).{1,75}$/, 'a label of 1 to 75 characters on one line')

const pattern = text(/^.{1,200}$/, 'a regular expression of at most 200 characters').refine(
  isPattern,
  { error: must('a regular expression (JavaScript, with the flag u)') },
)

const textForm = {
  pattern,
  example: text(/^.{1,64}$/, 'an example of at most 64 characters'),
}

const evidence = z.union(
  [
    mapping({ reference: fieldLabel, ...textForm }),
    mapping({
      source: fieldLabel,
      options: list(fieldLabel, '1 to 10 sources').max(10, {
        error: 'has more than 10 sources: write at most 10',
      }),
    }),
  ],
  {
    error: must(
      '{ reference: LABEL, pattern: …, example: … } for something that can be looked up, or { source: LABEL, options: […] } for where the number that was called is on file',
    ),
  },
)

const identityCheck = mapping({
  id: name,
  // It becomes the text of an option, and Slack takes 75 characters there.
  label: text(/^(?=.*\S).{1,75}$/, 'a label of 1 to 75 characters on one line'),
  evidence,
})

/** The defaults that sense.ts has to know too. */
export const temporaryPasswordDefaults = { revealWithin: '15m', useWithin: '60m' }
export const requestExpiryDefault = '30m'

/** The file as it must be written; what comes out has ids told apart and durations in milliseconds. */
export const shape = mapping({
  version: z.literal(1, { error: must('1, the only version there is') }),
  channels: mapping({ approvals: channel, audit: channel, alerts: channel.exactOptional() }),
  pools: z
    .record(name, pool, { error: poolsProblem })
    .refine((pools) => Object.keys(pools).length > 0, { error: poolsProblem }),
  requesters: principals,
  security: principals,
  samePerson: z
    .array(
      list(
        text(/^[UW][A-Z0-9]{2,20}$/, 'the id of a user (U… or W…)'),
        'the ids of the accounts of one person',
      ).min(2, { error: 'names one account: write all those of one person, two or more' }),
      { error: must('a list of lists of user ids') },
    )
    .default([]),
  tiers: list(tier, 'at least one tier'),
  // Ten is what fits into Slack's group of radio buttons.
  identityChecks: list(identityCheck, '1 to 10 checks, each with an id and a label').max(10, {
    error: 'has more than 10 checks: write at most 10',
  }),
  ticket: mapping(textForm).prefault({ pattern: '.*\\S.*', example: 'HELP-1234' }),
  limits: mapping({
    lookUpsPerRequester: limit('60 per 1h'),
    requestsPerRequester: limit('10 per 1h'),
    requestsPerAccount: limit('3 per 1d'),
    requestsOverall: limit('60 per 1h'),
    approvalsPerApprover: limit('20 per 1h'),
    executionsOverall: limit('30 per 1h'),
  }).prefault({}),
  minimumReadingTime: duration('0s', '5m').prefault('3s'),
  reminders: mapping({
    after: duration('1m', '24h').prefault('5m'),
    times: z
      .int({ error: must('a whole number from 0 to 10') })
      .min(0, { error: must('a whole number from 0 to 10') })
      .max(10, { error: must('a whole number from 0 to 10') })
      .default(3),
  }).prefault({}),
  requestExpiresAfter: duration('1m', '24h').prefault(requestExpiryDefault),
  temporaryPassword: mapping({
    revealWithin: duration('1m', '1h').prefault(temporaryPasswordDefaults.revealWithin),
    useWithin: duration('5m', '24h').prefault(temporaryPasswordDefaults.useWithin),
  }).prefault({}),
  signOutAfter: z.boolean({ error: must('true or false') }).default(true),
})

/** What the form lets through, before it becomes a Policy. */
export type PolicyShape = z.output<typeof shape>

function text(form: RegExp, what: string) {
  return z.string({ error: must(what) }).regex(form, { error: must(what) })
}

function list<Item extends z.ZodType>(item: Item, what: string) {
  return z.array(item, { error: must(what) }).min(1, { error: must(what) })
}

function mapping<Keys extends z.ZodRawShape>(keys: Keys) {
  const names = Object.keys(keys).join(', ')
  return z.strictObject(keys, {
    error: ({ code, input }) =>
      code === 'unrecognized_keys'
        ? `is not known here: write one of ${names}, or remove it`
        : must(`a mapping with ${names}`)({ input }),
  })
}

function poolsProblem({ code, input }: { code?: string | undefined; input?: unknown }) {
  return code === 'invalid_key'
    ? `is no name for a pool: write ${nameWords}`
    : must('at least one pool, as NAME: { userPoolId: … }')({ input })
}

function duration(least: string, most: string) {
  const what = `a duration from ${least} to ${most}, such as 90s, 30m or 2h`
  const isWithin = (ms: number) =>
    ms >= (durationMs(least) ?? Infinity) && ms <= (durationMs(most) ?? -Infinity)
  return z.string({ error: must(what) }).transform((written, context) => {
    const ms = durationMs(written)
    if (ms !== undefined && isWithin(ms)) return ms
    context.addIssue({ code: 'custom', message: must(what)({ input: written }) })
    return z.NEVER
  })
}

function limit(prefault: string) {
  const what = 'a limit such as 10 per 1h, from 1 to 10000 within 1m to 7d'
  return z
    .string({ error: must(what) })
    .transform((written, context): Limit => {
      const [, most, window] = /^([1-9]\d{0,3}|10000) per (\d+[smhd])$/.exec(written) ?? []
      const windowMs = durationMs(window ?? '') ?? 0
      if (most !== undefined && windowMs >= 60_000 && windowMs <= 7 * 86_400_000) {
        return { most: Number(most), windowMs }
      }
      context.addIssue({ code: 'custom', message: must(what)({ input: written }) })
      return z.NEVER
    })
    .prefault(prefault)
}

function toPrincipal(id: string): Principal {
  return { kind: id.startsWith('S') ? 'group' : 'user', id }
}
