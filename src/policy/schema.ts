/** The form of policy.yml, key by key. What several keys mean together is checked in consistency.ts. */

import { z } from 'zod'
import { isCountry } from '../lookup/phone-numbers.ts'
import { durationMs } from './duration.ts'
import { must } from './fault.ts'
import { methods } from './method.ts'
import type { Limit, Principal } from './policy.ts'
import { text } from './text/text.ts'
import { isPattern } from './text-form.ts'

const { write, form } = text

const principal = matching(/^[USW][A-Z0-9]{2,20}$/, write.principal).transform(toPrincipal)

const principals = list(principal, write.principals)

const channel = matching(/^[CG][A-Z0-9]{2,20}$/, write.channel)

const region = matching(/^[a-z]+(-[a-z]+)+-\d+$/, write.region)

// Names travel into logs, buttons and the ledger.
const namePattern = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/
const name = matching(namePattern, write.name)

const pool = mapping({
  // 55 characters at most, says Cognito.
  userPoolId: matching(/^(?=.{1,55}$)[a-z]+(-[a-z]+)+-\d+_[0-9A-Za-z]+$/, write.userPoolId),
  region: region.exactOptional(),
  defaultCountry: matching(/^[A-Z]{2}$/, write.country)
    .refine(isCountry, { error: must(write.country) })
    .exactOptional(),
  client: mapping({
    id: matching(/^[\w+]{1,128}$/, write.clientId),
    secretEnv: matching(/^[A-Z][A-Z0-9_]*$/, write.secretEnv).exactOptional(),
  }).exactOptional(),
})

const tier = mapping({
  name,
  when: mapping({
    groups: list(matching(/^\S{1,128}$/, write.group), write.groups).exactOptional(),
    pools: list(name, write.poolNames).exactOptional(),
    changedWithin: duration('1h', '90d').exactOptional(),
  })
    .refine((when) => Object.keys(when).length > 0, {
      error: must(write.when),
    })
    .exactOptional(),
  // Left out where `from` says it all.
  approvers: principals.exactOptional(),
  from: principals.exactOptional(),
  escalation: mapping({ to: principals, after: duration('1m', '24h') }).exactOptional(),
  privileged: z.boolean({ error: must(write.yesOrNo) }).default(false),
  approvals: z.literal([1, 2, 3, 4, 5], { error: must(write.approvals) }),
  newMembersWait: newMembersWait().exactOptional(),
  methods: list(z.enum(methods, { error: must(write.method(methods)) }), write.methods(methods)),
  identityChecks: list(name, write.checkIds).exactOptional(),
})

// It becomes the label of a field, and is read under the form.
const fieldLabel = matching(/^(?=.*\S).{1,75}$/, write.label)

const pattern = matching(/^.{1,200}$/, write.pattern).refine(isPattern, {
  error: must(write.validPattern),
})

const textForm = {
  pattern,
  example: matching(/^.{1,64}$/, write.example),
}

const evidence = z.union(
  [
    mapping({ reference: fieldLabel, ...textForm }),
    mapping({
      source: fieldLabel,
      options: list(fieldLabel, write.sources).max(10, {
        error: form.tooManySources,
      }),
    }),
  ],
  {
    error: must(write.evidence),
  },
)

const identityCheck = mapping({
  id: name,
  // It becomes the text of an option, and Slack takes 75 characters there.
  label: matching(/^(?=.*\S).{1,75}$/, write.label),
  evidence,
})

/** The defaults that consistency.ts has to know too. */
export const temporaryPasswordDefaults = { revealWithin: '15m', useWithin: '60m' }
export const requestExpiryDefault = '30m'
export const newMembersWaitDefault = '24h'

/** The file as it must be written; what comes out has ids told apart and durations in milliseconds. */
export const shape = mapping({
  version: z.literal(1, { error: must(write.version) }),
  channels: mapping({ approvals: channel, audit: channel, alerts: channel.exactOptional() }),
  pools: z
    .record(name, pool, { error: poolsProblem })
    .refine((pools) => Object.keys(pools).length > 0, { error: poolsProblem }),
  requesters: principals,
  security: principals,
  samePerson: z
    .array(
      list(matching(/^[UW][A-Z0-9]{2,20}$/, write.user), write.onePerson).min(2, {
        error: form.oneAccount,
      }),
      { error: must(write.samePerson) },
    )
    .default([]),
  tiers: list(tier, write.tiers),
  // Ten is what fits into Slack's group of radio buttons.
  identityChecks: list(identityCheck, write.checks).max(10, {
    error: form.tooManyChecks,
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
      .int({ error: must(write.reminders) })
      .min(0, { error: must(write.reminders) })
      .max(10, { error: must(write.reminders) })
      .default(3),
  }).prefault({}),
  requestExpiresAfter: duration('1m', '24h').prefault(requestExpiryDefault),
  temporaryPassword: mapping({
    revealWithin: duration('1m', '1h').prefault(temporaryPasswordDefaults.revealWithin),
    useWithin: duration('5m', '24h').prefault(temporaryPasswordDefaults.useWithin),
  }).prefault({}),
  // For the tiers where one approval is enough, and for privileged ones.
  newMembersWait: newMembersWait().prefault(newMembersWaitDefault),
  signOutAfter: z.boolean({ error: must(write.yesOrNo) }).default(true),
})

/** What the form lets through, before it becomes a Policy. */
export type PolicyShape = z.output<typeof shape>

function matching(pattern: RegExp, what: string) {
  return z.string({ error: must(what) }).regex(pattern, { error: must(what) })
}

function list<Item extends z.ZodType>(item: Item, what: string) {
  return z.array(item, { error: must(what) }).min(1, { error: must(what) })
}

function mapping<Keys extends z.ZodRawShape>(keys: Keys) {
  const names = Object.keys(keys)
  return z.strictObject(keys, {
    error: ({ code, input }) =>
      code === 'unrecognized_keys' ? form.unknownKey(names) : must(write.mapping(names))({ input }),
  })
}

function poolsProblem({ code, input }: { code?: string | undefined; input?: unknown }) {
  return code === 'invalid_key' ? form.noPoolName : must(write.pools)({ input })
}

function duration(least: string, most: string) {
  const what = write.duration(least, most)
  const isWithin = (ms: number) =>
    ms >= (durationMs(least) ?? Infinity) && ms <= (durationMs(most) ?? -Infinity)
  return z.string({ error: must(what) }).transform((written, context) => {
    const ms = durationMs(written)
    if (ms !== undefined && isWithin(ms)) return ms
    context.addIssue({ code: 'custom', message: must(what)({ input: written }) })
    return z.NEVER
  })
}

function newMembersWait() {
  return duration('0s', '30d')
}

function limit(prefault: string) {
  return z
    .string({ error: must(write.limit) })
    .transform((written, context): Limit => {
      const [, most, window] = /^([1-9]\d{0,3}|10000) per (\d+[smhd])$/.exec(written) ?? []
      const windowMs = durationMs(window ?? '') ?? 0
      if (most !== undefined && windowMs >= 60_000 && windowMs <= 7 * 86_400_000) {
        return { most: Number(most), windowMs }
      }
      context.addIssue({ code: 'custom', message: must(write.limit)({ input: written }) })
      return z.NEVER
    })
    .prefault(prefault)
}

function toPrincipal(id: string): Principal {
  return { kind: id.startsWith('S') ? 'group' : 'user', id }
}
