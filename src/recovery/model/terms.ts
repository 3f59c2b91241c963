import type { Policy } from '../../policy/policy.ts'

/**
 * What every decision is made under: the policy in force, and the time. Services read both together,
 * once for each decision, so that no rule mixes two policies or two moments.
 */
export interface Terms {
  readonly policy: Policy
  readonly now: Date
}
