/**
 * What can be wrong with a policy although each of its keys has the right form.
 *
 * This looks at the policy as written and skips what it can't make sense of: shape.ts has already
 * said so, and the operator learns of both kinds of fault in one go.
 */

import { z } from 'zod'
import { durationMs } from './duration.ts'
import type { Fault, Path } from './fault.ts'
import { temporaryPasswordDefaults } from './shape.ts'

const string = forgiving(z.string())
const strings = forgiving(z.array(z.unknown()))

const tierSketch = z.object({
  name: string,
  when: z.unknown().optional(),
  approvers: strings,
  from: strings,
  identityChecks: strings,
  approvals: forgiving(z.number()),
  methods: strings,
})

const checkSketch = z.object({
  id: string,
  label: string,
  evidence: forgiving(z.object({ pattern: string, example: string })),
})

const sketch = z.object({
  pools: forgiving(z.record(z.string(), forgiving(z.object({ userPoolId: string })))),
  tiers: forgiving(z.array(forgiving(tierSketch))),
  identityChecks: forgiving(z.array(forgiving(checkSketch))),
  ticket: forgiving(z.object({ pattern: string, example: string })),
  temporaryPassword: forgiving(z.object({ revealWithin: string, useWithin: string })),
})

type Sketch = z.output<typeof sketch>
type TierSketch = z.output<typeof tierSketch>

/** The faults in how the parts of a policy fit together. Takes anything. */
export function senseFaults(data: unknown): Fault[] {
  const { data: policy } = sketch.safeParse(data)
  if (!policy) return []
  return [
    ...catchAllFaults(policy),
    ...checkFaults(policy),
    ...exampleFaults(policy.ticket, ['ticket']),
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
function catchAllFaults({ tiers = [] }: Sketch): Fault[] {
  return tiers.flatMap((tier, index): Fault[] => {
    const isLast = index === tiers.length - 1
    if (!tier || isLast === (tier.when === undefined)) return []
    return isLast
      ? [{ path: ['tiers', index, 'when'], problem: whenOnLast }]
      : [{ path: ['tiers', index], problem: noWhenBeforeLast }]
  })
}

// Callers have bought or looked up the answers: MGM and Clorox were entered this way in 2023.
const knowledge =
  /birth|maiden|security question|last (four|4)|social security|\bssn\b|\bpet\b|favou?rite|mother|employee (id|number)|knows? (the|their|her|his)/i

function checkFaults({ identityChecks = [] }: Sketch): Fault[] {
  return identityChecks.flatMap((check, index): Fault[] => {
    const path = ['identityChecks', index]
    const asks = knowledge.test(check?.label ?? '')
    const problem =
      'asks what a caller can have bought or looked up: write a check that reaches the owner, such as a call to the number on file'
    return [
      ...(asks ? [{ path: [...path, 'label'], problem }] : []),
      ...exampleFaults(check?.evidence, [...path, 'evidence']),
    ]
  })
}

/** An example that its own pattern turns away sends everybody who follows it wrong. */
function exampleFaults(
  form:
    | { readonly pattern?: string | undefined; readonly example?: string | undefined }
    | undefined,
  path: Path,
): Fault[] {
  if (form?.pattern === undefined || form.example === undefined) return []
  if (fits(form.pattern, form.example)) return []
  const problem = `is "${form.example}", which the pattern beside it does not take: write one that it takes`
  return [{ path: [...path, 'example'], problem }]
}

function fits(pattern: string, example: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(example)
  } catch {
    // What is no pattern has been told already.
    return true
  }
}

function tierFaults(tier: TierSketch, index: number, policy: Sketch): Fault[] {
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
  ]
}

function approvalFaults({ approvals = Infinity, approvers = [], methods = [] }: TierSketch) {
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

function fromFaults({ approvers, from, approvals = Infinity }: TierSketch, index: number): Fault[] {
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

function unknownPools({ when }: TierSketch, index: number, known: readonly string[]): Fault[] {
  const { data } = z.object({ pools: z.array(z.unknown()) }).safeParse(when)
  const write = known.join(' or ') || 'the name of a pool'
  return (data?.pools ?? []).flatMap((name, place) => {
    if (typeof name !== 'string' || known.includes(name)) return []
    const path = ['tiers', index, 'when', 'pools', place]
    return [{ path, problem: `is "${name}", which is no pool of this policy: write ${write}` }]
  })
}

function samePoolTwice({ pools = {} }: Sketch): Fault[] {
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

function passwordFaults({ temporaryPassword }: Sketch): Fault[] {
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
function forgiving<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined)
}
