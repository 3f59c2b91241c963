/**
 * A policy as somebody has written it, right or wrong: what makes no sense is left out, since schema.ts
 * has a sentence about it, and the rest can be looked at all the same.
 */

import { z } from 'zod'

const string = lenient(z.string())
const strings = lenient(z.array(z.unknown()))

export const condition = z.object({
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
  newMembersWait: string,
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

/** A policy as it is written, with whatever makes no sense left out. */
export const draft = z.object({
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
  newMembersWait: string,
  temporaryPassword: lenient(z.object({ revealWithin: string, useWithin: string })),
})

export type Draft = z.output<typeof draft>
export type TierDraft = z.output<typeof tierDraft>

/** Takes what has the form and makes nothing of the rest. */
function lenient<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined)
}
