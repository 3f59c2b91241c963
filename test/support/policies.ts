/** The sandbox's policy with something changed. */

import { readFileSync } from 'node:fs'
import { parse, stringify } from 'yaml'

const sandboxPolicy = readFileSync(
  new URL('../../sandbox/world/policy.yml', import.meta.url),
  'utf8',
)

/** @param changes top-level keys that take the place of the sandbox's */
export function policyWith(changes: Readonly<Record<string, unknown>>): string {
  return stringify({ ...parse(sandboxPolicy), ...changes }, { aliasDuplicateObjects: false })
}

/** The limits that a story needs, and no others that could get in its way. */
export function limits(some: Readonly<Record<string, string>>): Record<string, string> {
  const wide = '1000 per 1h'
  return {
    lookUpsPerRequester: wide,
    requestsPerRequester: wide,
    requestsPerAccount: wide,
    requestsOverall: wide,
    approvalsPerApprover: wide,
    executionsOverall: wide,
    ...some,
  }
}

interface WrittenTier {
  readonly name: string
  readonly approvers: readonly string[]
  readonly [key: string]: unknown
}

/** The sandbox's tiers, as they are written. */
export function sandboxTiers(): { readonly tiers: readonly WrittenTier[] } {
  return parse(sandboxPolicy)
}
