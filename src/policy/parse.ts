/** From the text of policy.yml to a Policy, or to the list of everything that is wrong with it. */

import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { z } from 'zod'
import { readDocument } from './document.ts'
import { type Fault, type Path, pathName } from './fault.ts'
import type { Meaning, Policy } from './policy.ts'
import { senseFaults } from './sense.ts'
import { type Shape, shape } from './shape.ts'

/**
 * Reads a policy. Every fault is one line, `policy.yml:12:5 tiers[0].approvers is empty: …`, with
 * the place, what is wrong and what to write; they are listed in the order of the file.
 *
 * @param file The name of the file, for the faults only.
 */
export function parsePolicy(
  text: string,
  file: string,
): { kind: 'ok'; policy: Policy } | { kind: 'faulty'; faults: readonly string[] } {
  const { content, faults: yamlFaults, offsetOf, lineAndColumn } = readDocument(text)
  const { meaning, faults: policyFaults } = content ? readMeaning(content.data) : { faults: [] }
  const faults = [
    ...yamlFaults,
    ...policyFaults.map(({ path, problem }) => ({
      offset: offsetOf(path),
      problem: `${pathName(path)} ${problem}`,
    })),
  ]
  if (meaning && faults.length === 0) return { kind: 'ok', policy: withHash(meaning) }
  const lines = faults
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, problem }) => `${file}:${lineAndColumn(offset)} ${problem}`)
  // The parser can say the same of one place hundreds of times.
  return { kind: 'faulty', faults: [...new Set(lines)] }
}

function readMeaning(data: unknown): { meaning?: Meaning; faults: readonly Fault[] } {
  const { data: written, error } = shape.safeParse(data)
  const faults = [...(error?.issues ?? []).flatMap(shapeFaults), ...senseFaults(data)]
  return { ...(written && { meaning: toMeaning(written) }), faults }
}

function shapeFaults(issue: z.core.$ZodIssue): Fault[] {
  const path: Path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  const problem = issue.message
  if (issue.code !== 'unrecognized_keys') return [{ path, problem }]
  return issue.keys.map((key) => ({ path: [...path, key], problem }))
}

function toMeaning({ pools, requestExpiresAfter, temporaryPassword, ...written }: Shape): Meaning {
  return {
    channels: written.channels,
    pools: Object.entries(pools).map(([name, pool]) => ({
      name,
      region: pool.userPoolId.slice(0, pool.userPoolId.lastIndexOf('_')),
      ...pool,
    })),
    requesters: written.requesters,
    tiers: written.tiers,
    identityChecks: written.identityChecks,
    requestExpiresAfterMs: requestExpiresAfter,
    temporaryPassword: {
      revealWithinMs: temporaryPassword.revealWithin,
      useWithinMs: temporaryPassword.useWithin,
    },
    signOutAfter: written.signOutAfter,
  }
}

function withHash(meaning: Meaning): Policy {
  const canonical = canonicalize(meaning)
  if (canonical === undefined) throw new Error('a policy without canonical JSON')
  const hash = createHash('sha256').update(canonical).digest('hex')
  return deepFreeze({ hash, ...meaning })
}

function deepFreeze<Value extends object>(value: Value): Value {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner)
  }
  return Object.freeze(value)
}
