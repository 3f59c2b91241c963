/** From the text of policy.yml to a Policy, or to the list of everything that is wrong with it. */

import type { z } from 'zod'
import { consistencyFaults } from './consistency.ts'
import { readDocument } from './document.ts'
import { type Fault, type Path, pathName } from './fault.ts'
import type { Evidence, Meaning, Policy, Tier, TierCondition } from './policy.ts'
import { type PolicyShape, shape } from './schema.ts'
import { policyHash } from './stored.ts'

export type ParsedPolicy =
  | {
      readonly kind: 'ok'
      readonly policy: Policy
      /** A fault that was found later, as the line that the operator reads. */
      readonly lineOf: (fault: Fault) => string
    }
  | { readonly kind: 'faulty'; readonly faults: readonly string[] }

/**
 * Reads a policy. Every fault is one line, `policy.yml:12:5 tiers[0].approvers is empty: …`, with
 * the place, what is wrong and what to write; they are listed in the order of the file.
 *
 * @param file The name of the file, for the faults only.
 */
export function parsePolicy(text: string, file: string): ParsedPolicy {
  const { content, faults: yamlFaults, offsetOf, lineAndColumn } = readDocument(text)
  const { meaning, faults: policyFaults } = content ? readMeaning(content.data) : { faults: [] }
  const faults = [
    ...yamlFaults,
    ...policyFaults.map(({ path, problem }) => ({
      offset: offsetOf(path),
      problem: `${pathName(path)} ${problem}`,
    })),
  ]
  if (meaning && faults.length === 0) {
    const lineOf = ({ path, problem }: Fault) =>
      `${file}:${lineAndColumn(offsetOf(path))} ${pathName(path)} ${problem}`
    return { kind: 'ok', policy: withHash(meaning), lineOf }
  }
  const lines = faults
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, problem }) => `${file}:${lineAndColumn(offset)} ${problem}`)
  // The parser can say the same of one place hundreds of times.
  return { kind: 'faulty', faults: [...new Set(lines)] }
}

function readMeaning(data: unknown): { meaning?: Meaning; faults: readonly Fault[] } {
  const { data: written, error } = shape.safeParse(data)
  const faults = [...(error?.issues ?? []).flatMap(schemaFaults), ...consistencyFaults(data)]
  return { ...(written && { meaning: toMeaning(written) }), faults }
}

function schemaFaults(issue: z.core.$ZodIssue): Fault[] {
  const path: Path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  const problem = issue.message
  if (issue.code !== 'unrecognized_keys') return [{ path, problem }]
  return issue.keys.map((key) => ({ path: [...path, key], problem }))
}

function toMeaning({
  pools,
  requestExpiresAfter,
  temporaryPassword,
  ...written
}: PolicyShape): Meaning {
  const { approvals, audit, alerts = approvals } = written.channels
  return {
    channels: { approvals, audit, alerts },
    pools: Object.entries(pools).map(([name, pool]) => ({
      name,
      region: pool.userPoolId.slice(0, pool.userPoolId.lastIndexOf('_')),
      ...pool,
    })),
    requesters: written.requesters,
    security: written.security,
    samePerson: written.samePerson,
    tiers: written.tiers.map((tier) => toTier(tier, written)),
    identityChecks: written.identityChecks.map(({ evidence, ...check }) => ({
      ...check,
      evidence: toEvidence(evidence),
    })),
    ticket: written.ticket,
    limits: written.limits,
    minimumReadingTimeMs: written.minimumReadingTime,
    reminders: { afterMs: written.reminders.after, times: written.reminders.times },
    requestExpiresAfterMs: requestExpiresAfter,
    temporaryPassword: {
      revealWithinMs: temporaryPassword.revealWithin,
      useWithinMs: temporaryPassword.useWithin,
    },
    signOutAfter: written.signOutAfter,
  }
}

function toTier(
  {
    when,
    from = [],
    approvers = from,
    escalation,
    identityChecks,
    newMembersWait,
    ...tier
  }: PolicyShape['tiers'][number],
  policy: Pick<PolicyShape, 'identityChecks' | 'newMembersWait'>,
): Tier {
  return {
    ...tier,
    ...(when && { when: toCondition(when) }),
    approvers,
    from,
    newMembersWaitMs: newMembersWait ?? policy.newMembersWait,
    ...(escalation && { escalation: { to: escalation.to, afterMs: escalation.after } }),
    identityChecks: identityChecks ?? policy.identityChecks.map(({ id }) => id),
  }
}

function toCondition({
  changedWithin,
  ...when
}: NonNullable<PolicyShape['tiers'][number]['when']>): TierCondition {
  return { ...when, ...(changedWithin !== undefined && { changedWithinMs: changedWithin }) }
}

function toEvidence(evidence: PolicyShape['identityChecks'][number]['evidence']): Evidence {
  if ('source' in evidence) {
    return { kind: 'source', label: evidence.source, options: evidence.options }
  }
  const { reference, pattern, example } = evidence
  return { kind: 'reference', label: reference, form: { pattern, example } }
}

function withHash(meaning: Meaning): Policy {
  return deepFreeze({ hash: policyHash(meaning), ...meaning })
}

function deepFreeze<Value extends object>(value: Value): Value {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner)
  }
  return Object.freeze(value)
}
