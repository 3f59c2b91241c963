/**
 * What can be wrong with a policy although each of its keys has the right form.
 *
 * This looks at the policy as written and skips what it can't make sense of: schema.ts has already
 * said so, and the operator learns of both kinds of fault in one go.
 */

import { z } from 'zod'
import { type Draft, draft, type TierDraft } from './draft.ts'
import { durationMs } from './duration.ts'
import type { Fault, Path } from './fault.ts'
import { requestExpiryDefault, temporaryPasswordDefaults } from './schema.ts'
import { text } from './text/text.ts'
import { fits, isPattern, isSlow, proseTaken, withoutAddresses } from './text-form.ts'
import { matchOf, orderFaults } from './tier-order.ts'

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

/** The last tier, and only that one, takes every account. */
function catchAllFaults({ tiers = [] }: Draft): Fault[] {
  return tiers.flatMap((tier, index): Fault[] => {
    const isLast = index === tiers.length - 1
    if (!tier || isLast === (tier.when === undefined)) return []
    return isLast
      ? [{ path: ['tiers', index, 'when'], problem: text.consistency.whenOnLast }]
      : [{ path: ['tiers', index], problem: text.consistency.noWhenBeforeLast }]
  })
}

/** Who reads the one must not have to look for it among the other. */
function channelFaults({ channels }: Draft): Fault[] {
  if (channels?.audit === undefined || channels.audit !== channels.approvals) return []
  const problem = text.consistency.auditIsApprovals(channels.audit)
  return [{ path: ['channels', 'audit'], problem }]
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
  return [{ path, problem: text.consistency.asksKnowledge }]
}

/** What is chosen has to be the same after it is written down. */
function optionFaults(option: string | undefined, path: Path): Fault[] {
  if (option === undefined) return []
  const kept = withoutAddresses(option)
  return kept === option
    ? []
    : [{ path, problem: text.consistency.optionWithAddress(option, kept) }]
}

function referenceFaults(pattern: string | undefined, path: Path): Fault[] {
  const words = pattern === undefined ? undefined : proseTaken(pattern)
  return words === undefined ? [] : [{ path, problem: text.consistency.takesProse(words) }]
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
  if (isSlow({ pattern, example }))
    return [{ path: [...path, 'pattern'], problem: text.consistency.slowPattern }]
  return exampleFaults(pattern, example, [...path, 'example'])
}

function exampleFaults(pattern: string, example: string, path: Path): Fault[] {
  if (!fits(pattern, example)) return [{ path, problem: text.consistency.unfitExample(example) }]
  const kept = withoutAddresses(example)
  return fits(pattern, kept)
    ? []
    : [{ path, problem: text.consistency.exampleWithAddress(example, kept) }]
}

/** What would come only after every request has expired. */
function timeFaults(policy: Draft): Fault[] {
  const { tiers = [], reminders, requestExpiresAfter, minimumReadingTime } = policy
  const expiry = requestExpiresAfter ?? requestExpiryDefault
  const late = (after: string | undefined, path: Path): Fault[] => {
    if ((durationMs(after ?? '') ?? 0) < (durationMs(expiry) ?? Infinity)) return []
    return [{ path, problem: text.consistency.tooLate(after, expiry) }]
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
            problem: text.consistency.unknownCheck(id, known),
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
  const problem = text.consistency.noClient(without[0])
  return [{ path: ['tiers', index, 'methods', place], problem }]
}

function approvalFaults({ approvals = Infinity, approvers = [], methods = [] }: TierDraft) {
  const faults: string[] = []
  if (approvals < 2 && methods.includes('permanent-password')) {
    faults.push(text.consistency.fewForPermanent)
  }
  const users = new Set(approvers)
  const onlyUsers = approvers.every((id) => typeof id === 'string' && /^[UW]/.test(id))
  if (Number.isFinite(approvals) && onlyUsers && users.size > 0 && approvals > users.size) {
    faults.push(text.consistency.fewApprovers(users.size))
  }
  return faults
}

function fromFaults({ approvers, from, approvals = Infinity }: TierDraft, index: number): Fault[] {
  if (from === undefined) {
    const problem = text.consistency.noApprovers
    return approvers === undefined ? [{ path: ['tiers', index, 'approvers'], problem }] : []
  }
  const few = text.consistency.moreThanApprovals(from.length)
  return [
    ...(from.length > approvals ? [{ path: ['tiers', index, 'from'], problem: few }] : []),
    ...from.flatMap((id, place): Fault[] =>
      approvers === undefined || approvers.includes(id)
        ? []
        : [
            {
              path: ['tiers', index, 'from', place],
              problem: text.consistency.notAnApprover(id),
            },
          ],
    ),
  ]
}

function unknownPools({ when }: TierDraft, index: number, known: readonly string[]): Fault[] {
  const { data } = z.object({ pools: z.array(z.unknown()) }).safeParse(when)
  return (data?.pools ?? []).flatMap((name, place) => {
    if (typeof name !== 'string' || known.includes(name)) return []
    const path = ['tiers', index, 'when', 'pools', place]
    return [{ path, problem: text.consistency.unknownPool(name, known) }]
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
      ? [{ path: pathOf(index), problem: text.consistency.repeated(value) }]
      : [],
  )
}

function passwordFaults({ temporaryPassword }: Draft): Fault[] {
  const reveal = temporaryPassword?.revealWithin ?? temporaryPasswordDefaults.revealWithin
  const use = temporaryPassword?.useWithin ?? temporaryPasswordDefaults.useWithin
  if ((durationMs(use) ?? Infinity) >= (durationMs(reveal) ?? 0)) return []
  const problem = text.consistency.endsBeforeReveal(use, reveal)
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
