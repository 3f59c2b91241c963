/**
 * What can be wrong with a policy although each of its keys has the right form.
 *
 * This looks at the policy as written and skips what it can't make sense of: shape.ts has already
 * said so, and the operator learns of both kinds of fault in one go.
 */

import { z } from 'zod'
import { durationMs } from './duration.ts'
import type { Fault, Path } from './fault.ts'
import { requestExpiryDefault, temporaryPasswordDefaults } from './schema.ts'
import { fits, isPattern, isSlow, proseTaken, withoutAddresses } from './text-form.ts'
import { isCovered, looserRules, type TierMatch } from './tiers.ts'

const string = lenient(z.string())
const strings = lenient(z.array(z.unknown()))

const condition = z.object({
  groups: z.array(z.string()).optional(),
  pools: z.array(z.string()).optional(),
  changedWithin: z.string().optional(),
})

const tierDraft = z.object({
  name: string,
  when: z.unknown().optional(),
  escalation: lenient(z.object({ after: string })),
  privileged: lenient(z.boolean()),
  approvers: strings,
  from: strings,
  identityChecks: strings,
  approvals: lenient(z.number()),
  methods: strings,
})

const checkDraft = z.object({
  id: string,
  label: string,
  evidence: lenient(
    z.object({
      reference: string,
      pattern: string,
      example: string,
      source: string,
      options: lenient(z.array(string)),
    }),
  ),
})

const draft = z.object({
  channels: lenient(z.object({ approvals: string, audit: string })),
  pools: lenient(
    z.record(z.string(), lenient(z.object({ userPoolId: string, client: z.unknown().optional() }))),
  ),
  tiers: lenient(z.array(lenient(tierDraft))),
  identityChecks: lenient(z.array(lenient(checkDraft))),
  ticket: lenient(z.object({ pattern: string, example: string })),
  reminders: lenient(z.object({ after: string, times: lenient(z.number()) })),
  requestExpiresAfter: string,
  minimumReadingTime: string,
  temporaryPassword: lenient(z.object({ revealWithin: string, useWithin: string })),
})

type Draft = z.output<typeof draft>
type TierDraft = z.output<typeof tierDraft>

/** The faults in how the parts of a policy fit together. Takes anything. */
export function consistencyFaults(data: unknown): Fault[] {
  const { data: policy } = draft.safeParse(data)
  if (!policy) return []
  return [
    ...channelFaults(policy),
    ...catchAllFaults(policy),
    ...orderFaults(policy),
    ...checkFaults(policy),
    ...formFaults(policy.ticket, ['ticket']),
    ...timeFaults(policy),
    ...(policy.tiers ?? []).flatMap((tier, index) => (tier ? tierFaults(tier, index, policy) : [])),
    ...sameTwice(
      policy.tiers?.map((tier) => tier?.name),
      (index) => ['tiers', index, 'name'],
    ),
    ...sameTwice(
      policy.identityChecks?.map((check) => check?.id),
      (index) => ['identityChecks', index, 'id'],
    ),
    ...samePoolTwice(policy),
    ...passwordFaults(policy),
    ...repeatedItems(data, []),
  ]
}

const whenOnLast =
  'is on the last tier, so some accounts would have none: remove it, or add a tier without `when` at the end'
const noWhenBeforeLast =
  'has no `when`, so no later tier is ever reached: write `when`, or move it to the end'

/** The last tier, and only that one, takes every account. */
function catchAllFaults({ tiers = [] }: Draft): Fault[] {
  return tiers.flatMap((tier, index): Fault[] => {
    const isLast = index === tiers.length - 1
    if (!tier || isLast === (tier.when === undefined)) return []
    return isLast
      ? [{ path: ['tiers', index, 'when'], problem: whenOnLast }]
      : [{ path: ['tiers', index], problem: noWhenBeforeLast }]
  })
}

/** Who reads the one must not have to look for it among the other. */
function channelFaults({ channels }: Draft): Fault[] {
  if (channels?.audit === undefined || channels.audit !== channels.approvals) return []
  const problem = `is ${channels.audit}, where requests are decided already: write another, which only auditors need to be in`
  return [{ path: ['channels', 'audit'], problem }]
}

/** Tiers that stand where they do nothing, or where they undo what a later one asks for. */
function orderFaults(policy: Draft): Fault[] {
  const { tiers = [] } = policy
  const matches = tiers.map((tier, index) => {
    // An earlier one without `when` takes everything, and that has been told already.
    const isTold = tier?.when === undefined && index < tiers.length - 1
    return tier === undefined || isTold ? undefined : matchOf(tier, policy)
  })
  return matches.flatMap((match, index) =>
    match === undefined
      ? []
      : [
          ...coveredFaults(match, matches.slice(0, index), index),
          ...laxFaults(match, matches.slice(index + 1), index),
        ],
  )
}

type TierMatches = readonly (TierMatch | undefined)[]

function coveredFaults(tier: TierMatch, earlier: TierMatches, index: number): Fault[] {
  const taker = earlier.find((each) => each && isCovered(tier, each))
  if (taker === undefined || tier.isLast) return []
  const problem = `holds only for accounts that the tier "${taker.name}" above it takes: move it above that one, or remove it`
  return [{ path: ['tiers', index, 'when'], problem }]
}

function laxFaults(tier: TierMatch, later: TierMatches, index: number): Fault[] {
  const stricter = later.find((each) => each && looserRules(tier, each).length > 0)
  if (stricter === undefined) return []
  const less = looserRules(tier, stricter).join('; ')
  const problem = `takes accounts from the tier "${stricter.name}" below it as soon as they are changed, and asks for less (${less}): move it below that one, or ask for as much`
  return [{ path: ['tiers', index, 'when', 'changedWithin'], problem }]
}

/** Undefined where nobody can tell which accounts it takes. */
function matchOf(
  tier: TierDraft,
  { pools = {}, identityChecks = [] }: Draft,
): TierMatch | undefined {
  const { data: when } = condition.safeParse(tier.when ?? {})
  if (when === undefined || (tier.when !== undefined && Object.keys(when).length === 0)) return
  const { groups, changedWithin } = when
  return {
    name: tier.name ?? '',
    // It may be there for accounts that nobody has thought of.
    isLast: tier.when === undefined,
    groups,
    pools: when.pools ?? Object.keys(pools),
    // What is no duration or no number is neither more nor less than any other.
    changedWithinMs: changedWithin === undefined ? Infinity : (durationMs(changedWithin) ?? NaN),
    approvals: tier.approvals ?? NaN,
    privileged: tier.privileged ?? false,
    from: (tier.from ?? []).map(String),
    methods: (tier.methods ?? []).map(String),
    identityChecks: (tier.identityChecks ?? identityChecks.map((check) => check?.id)).map(String),
  }
}

// Callers have bought or looked up the answers: MGM and Clorox were entered this way in 2023. A net
// of words, in a few languages, and no proof: whoever wants to ask such a question finds a way to say it.
const knowledge =
  /birth|\bd\.?o\.?b\b|maiden|mother\b|security (question|answer)|secret (question|answer|word)|memorable|\bpins?\b|passphrase|passcode|last (four|4|three|3)\b|social security|\bssn\b|\bpet\b|favou?rite|(zip|post(al)?) ?code|home address|employee (id|number)|knows? (the|their|her|his)|geburt|mädchenname|naissance|jeune fille|nacimiento|nascita|nascimento|soltera/iu

function checkFaults({ identityChecks = [] }: Draft): Fault[] {
  return identityChecks.flatMap((check, index): Fault[] => {
    const path = ['identityChecks', index]
    const { evidence } = check ?? {}
    return [
      ...knowledgeFaults(check?.label, [...path, 'label']),
      ...knowledgeFaults(evidence?.reference, [...path, 'evidence', 'reference']),
      ...knowledgeFaults(evidence?.source, [...path, 'evidence', 'source']),
      ...(evidence?.options ?? []).flatMap((option, place) => [
        ...knowledgeFaults(option, [...path, 'evidence', 'options', place]),
        ...optionFaults(option, [...path, 'evidence', 'options', place]),
      ]),
      ...formFaults(evidence, [...path, 'evidence']),
      ...referenceFaults(evidence?.pattern, [...path, 'evidence', 'pattern']),
    ]
  })
}

function knowledgeFaults(words: string | undefined, path: Path): Fault[] {
  if (!knowledge.test(words ?? '')) return []
  const problem =
    'asks what a caller can have bought or looked up: write a check that reaches the owner, such as a call to the number on file'
  return [{ path, problem }]
}

/** What is chosen has to be the same after it is written down. */
function optionFaults(option: string | undefined, path: Path): Fault[] {
  if (option === undefined || withoutAddresses(option) === option) return []
  const problem = `is "${option}", which Rekey writes down as "${withoutAddresses(option)}", so it could never be chosen: write it without an e-mail address, and without spaces around it`
  return [{ path, problem }]
}

function referenceFaults(pattern: string | undefined, path: Path): Fault[] {
  const words = pattern === undefined ? undefined : proseTaken(pattern)
  if (words === undefined) return []
  const problem = `takes "${words}", which nobody can look up: write one that only a reference fits, with a digit in it at least`
  return [{ path, problem }]
}

/** A pattern that can keep Rekey busy, or an example that sends everybody who follows it wrong. */
function formFaults(
  form:
    | { readonly pattern?: string | undefined; readonly example?: string | undefined }
    | undefined,
  path: Path,
): Fault[] {
  const { pattern, example } = form ?? {}
  // What is no pattern has been told already.
  if (pattern === undefined || example === undefined || !isPattern(pattern)) return []
  if (isSlow({ pattern, example })) {
    const problem =
      'takes very long over some texts, and everybody would wait: write it without one repetition inside or right after another, as in (\\d+-?)+'
    return [{ path: [...path, 'pattern'], problem }]
  }
  return exampleFaults(pattern, example, [...path, 'example'])
}

function exampleFaults(pattern: string, example: string, path: Path): Fault[] {
  if (!fits(pattern, example)) {
    const problem = `is "${example}", which the pattern beside it does not take: write one that it takes`
    return [{ path, problem }]
  }
  const kept = withoutAddresses(example)
  if (fits(pattern, kept)) return []
  const problem = `is "${example}", which Rekey writes down as "${kept}", and that the pattern beside it does not take: ask for something without an e-mail address, and without spaces around it`
  return [{ path, problem }]
}

/** What would come only after every request has expired. */
function timeFaults(policy: Draft): Fault[] {
  const { tiers = [], reminders, requestExpiresAfter, minimumReadingTime } = policy
  const expiry = requestExpiresAfter ?? requestExpiryDefault
  const late = (after: string | undefined, path: Path): Fault[] => {
    if ((durationMs(after ?? '') ?? 0) < (durationMs(expiry) ?? Infinity)) return []
    const problem = `is ${after}, when every request has expired (requestExpiresAfter: ${expiry}): write less than that`
    return [{ path, problem }]
  }
  return [
    ...tiers.flatMap((tier, index) =>
      late(tier?.escalation?.after, ['tiers', index, 'escalation', 'after']),
    ),
    ...(reminders?.times === 0 ? [] : late(reminders?.after, ['reminders', 'after'])),
    ...late(minimumReadingTime, ['minimumReadingTime']),
  ]
}

function tierFaults(tier: TierDraft, index: number, policy: Draft): Fault[] {
  const { pools = {}, identityChecks = [] } = policy
  const known = identityChecks.map((check) => check?.id)
  const approvals = approvalFaults(tier).map((problem): Fault => {
    return { path: ['tiers', index, 'approvals'], problem }
  })
  const unknown = (tier.identityChecks ?? []).flatMap((id, place): Fault[] =>
    known.includes(String(id))
      ? []
      : [
          {
            path: ['tiers', index, 'identityChecks', place],
            problem: `is "${id}", which is no check of this policy: write ${known.join(' or ')}`,
          },
        ],
  )
  return [
    ...approvals,
    ...unknown,
    ...fromFaults(tier, index),
    ...unknownPools(tier, index, Object.keys(pools)),
    ...clientFaults(tier, index, policy),
  ]
}

/** Asking for a recovery code takes an app client. */
function clientFaults(tier: TierDraft, index: number, policy: Draft): Fault[] {
  const { pools = {} } = policy
  const { methods = [] } = tier
  const place = methods.indexOf('recovery-code')
  const taken = matchOf(tier, policy)?.pools ?? []
  const names = taken.filter((name) => pools[name] !== undefined)
  const without = names.filter((name) => pools[name]?.client === undefined)
  // With another method beside it, one pool where it works is use enough.
  const isUseless = methods.length === 1 ? without.length > 0 : without.length === names.length
  if (place < 0 || names.length === 0 || !isUseless) return []
  const problem = `needs an app client, which the pool ${without[0]} does not have: write pools.${without[0]}.client, or another method`
  return [{ path: ['tiers', index, 'methods', place], problem }]
}

function approvalFaults({ approvals = Infinity, approvers = [], methods = [] }: TierDraft) {
  const faults: string[] = []
  if (approvals < 2 && methods.includes('permanent-password')) {
    faults.push('is too low for permanent-password: write 2 or more, or remove that method')
  }
  const users = new Set(approvers)
  const onlyUsers = approvers.every((id) => typeof id === 'string' && /^[UW]/.test(id))
  if (Number.isFinite(approvals) && onlyUsers && users.size > 0 && approvals > users.size) {
    const people = users.size === 1 ? 'one person' : `${users.size} people`
    faults.push(
      `can never be met, since only ${people} may approve: write a lower number, or name more approvers`,
    )
  }
  return faults
}

function fromFaults({ approvers, from, approvals = Infinity }: TierDraft, index: number): Fault[] {
  if (from === undefined) {
    const problem = 'is missing: write at least one user (U…) or user group (S…)'
    return approvers === undefined ? [{ path: ['tiers', index, 'approvers'], problem }] : []
  }
  const few = `names ${from.length}, so one of each are more than \`approvals\` asks for: write approvals: ${from.length} or more`
  return [
    ...(from.length > approvals ? [{ path: ['tiers', index, 'from'], problem: few }] : []),
    ...from.flatMap((id, place): Fault[] =>
      approvers === undefined || approvers.includes(id)
        ? []
        : [
            {
              path: ['tiers', index, 'from', place],
              problem: `is "${id}", who is not among the approvers: add them there, or leave \`approvers\` out`,
            },
          ],
    ),
  ]
}

function unknownPools({ when }: TierDraft, index: number, known: readonly string[]): Fault[] {
  const { data } = z.object({ pools: z.array(z.unknown()) }).safeParse(when)
  const write = known.join(' or ') || 'the name of a pool'
  return (data?.pools ?? []).flatMap((name, place) => {
    if (typeof name !== 'string' || known.includes(name)) return []
    const path = ['tiers', index, 'when', 'pools', place]
    return [{ path, problem: `is "${name}", which is no pool of this policy: write ${write}` }]
  })
}

function samePoolTwice({ pools = {} }: Draft): Fault[] {
  const all = Object.entries(pools)
  return sameTwice(
    all.map(([, pool]) => pool?.userPoolId),
    (index) => ['pools', all[index]?.[0] ?? '', 'userPoolId'],
  )
}

function sameTwice(
  values: readonly (string | undefined)[] = [],
  pathOf: (index: number) => Path,
): Fault[] {
  return values.flatMap((value, index) =>
    value !== undefined && values.indexOf(value) < index
      ? [{ path: pathOf(index), problem: `repeats "${value}": write another, or remove it` }]
      : [],
  )
}

function passwordFaults({ temporaryPassword }: Draft): Fault[] {
  const reveal = temporaryPassword?.revealWithin ?? temporaryPasswordDefaults.revealWithin
  const use = temporaryPassword?.useWithin ?? temporaryPasswordDefaults.useWithin
  if ((durationMs(use) ?? Infinity) >= (durationMs(reveal) ?? 0)) return []
  const problem = `ends after ${use}, before revealWithin does (${reveal}): write at least ${reveal}`
  return [{ path: ['temporaryPassword', 'useWithin'], problem }]
}

/** Every list in a policy is a set, so an item that comes twice was meant to be another. */
function repeatedItems(value: unknown, path: Path): Fault[] {
  if (Array.isArray(value)) {
    const strings = value.map((item: unknown) => (typeof item === 'string' ? item : undefined))
    return [
      ...sameTwice(strings, (index) => [...path, index]),
      ...value.flatMap((item: unknown, index) => repeatedItems(item, [...path, index])),
    ]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => repeatedItems(item, [...path, key]))
}

/** Takes what has the form and makes nothing of the rest. */
function lenient<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined)
}
