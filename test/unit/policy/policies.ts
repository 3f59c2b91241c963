/** Policies for tests: a small valid one, and ways to write others that differ in one thing. */

import { stringify } from 'yaml'
import { parsePolicy } from '../../../src/policy/parse.ts'
import type { Policy } from '../../../src/policy/policy.ts'

/** The parts of a valid policy, as plain data. */
export function parts() {
  return {
    version: 1,
    channels: { approvals: 'C0APPROVE', audit: 'C0AUDIT' },
    pools: { customers: { userPoolId: 'us-west-2_aaaaaaaaa' } },
    requesters: ['S0SUPPORT', 'U0SAM'],
    security: ['S0SECURITY'],
    tiers: [
      {
        name: 'privileged',
        when: { groups: ['admins'] },
        approvers: ['S0SECURITY'],
        approvals: 2,
        methods: ['reset'],
      },
      {
        name: 'standard',
        approvers: ['S0LEADS', 'U0GRACE'],
        approvals: 1,
        methods: ['reset', 'temporary-password'],
      },
    ],
    identityChecks: [
      {
        id: 'callback',
        label: 'Called back on the number on file',
        evidence: { source: 'Where is the number on file?', options: ['Contract', 'HR record'] },
      },
    ],
  }
}

/** A valid policy with the thing at this path replaced, or removed when undefined. */
export function written(path: readonly (string | number)[] = [], value?: unknown): string {
  return stringify(replaced(parts(), path, value), { aliasDuplicateObjects: false })
}

export function policyOf(text: string): Policy {
  const read = parsePolicy(text, 'policy.yml')
  if (read.kind === 'faulty') throw new Error(read.faults.join('\n'))
  return read.policy
}

export function faultsOf(text: string): readonly string[] {
  const read = parsePolicy(text, 'policy.yml')
  return read.kind === 'faulty' ? read.faults : []
}

function replaced(node: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return value === undefined ? node : value
  const copy: Record<string | number, unknown> | unknown[] = Array.isArray(node)
    ? [...node]
    : Object.assign({}, node)
  const inner: unknown = Reflect.get(copy, step)
  Reflect.set(copy, step, rest.length === 0 ? value : replaced(inner, rest, value))
  return copy
}
