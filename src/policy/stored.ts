/** A policy as it is stored, long after it was read from its file. */

import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { z } from 'zod'

/** By this a policy is known: SHA-256, in hex, of its meaning in canonical JSON (RFC 8785). */
export function policyHash(meaning: unknown): string {
  const canonical = canonicalize(meaning)
  if (canonical === undefined) throw new Error('a policy without canonical JSON')
  return createHash('sha256').update(canonical).digest('hex')
}

/**
 * What a policy said, as plain data.
 * @param json what is stored under this hash, by whomever
 * @returns undefined where it is not what the hash was made of
 */
export function storedMeaning(hash: string, json: string | null): unknown {
  const meaning = json === null ? undefined : parsed(json)
  return meaning !== undefined && policyHash(meaning) === hash ? meaning : undefined
}

/**
 * How many approvals each tier asked for.
 * @param meaning what is stored under this hash, by whomever
 * @returns undefined where it is not what the hash was made of
 */
export function approvalsByTier(
  hash: string,
  meaning: unknown,
): ReadonlyMap<string, number> | undefined {
  if (meaning === undefined || policyHash(meaning) !== hash) return undefined
  const { success, data } = form.safeParse(meaning)
  return success ? new Map(data.tiers.map(({ name, approvals }) => [name, approvals])) : new Map()
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const form = z.object({ tiers: z.array(z.object({ name: z.string(), approvals: z.int() })) })
