import type { Method } from '../../policy/method.ts'
import type { IdentityCheck, Policy, Tier } from '../../policy/policy.ts'
import { matches } from '../../policy/text-form.ts'
import { tierOf } from '../../policy/who.ts'
import type { Account, MethodAvailability } from '../model/account.ts'

/** The tier that an account comes under at this time: the first that takes it. */
export function tierOfAccount(policy: Policy, account: Account, at: Date): Tier {
  const { ref, groups, modifiedAt } = account
  return tierOf(policy, { pool: ref.pool, groups, modifiedAt }, at)
}

/** Which methods can work for an account, as far as its tier allows them. */
export function availabilityUnder(tier: Tier, account: Account): MethodAvailability {
  const availability = { ...account.availability }
  for (const method of Object.keys(availability) as Method[]) {
    if (!allows(tier, method)) availability[method] = { open: false, because: 'not-in-policy' }
  }
  return availability
}

/**
 * Whether a tier allows a method. The requester knows a permanent password for good: never on one
 * person's word, whatever a policy says.
 */
export function allows(tier: Tier, method: Method): boolean {
  if (method === 'permanent-password' && tier.approvals < 2) return false
  return tier.methods.includes(method)
}

/** The identity checks that are good enough for accounts of this tier. */
export function checksOf(policy: Policy, tier: Tier): readonly IdentityCheck[] {
  return policy.identityChecks.filter(({ id }) => tier.identityChecks.includes(id))
}

/** Whether this can be evidence of such a check: a reference that can be looked up, or a known source. */
export function provesCheck({ evidence }: IdentityCheck, given: string): boolean {
  return evidence.kind === 'source'
    ? evidence.options.includes(given)
    : matches(evidence.form, given)
}
