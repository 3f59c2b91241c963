/** The keys that entries of several types have, and what keys are made of. */

import { z } from 'zod'
import { effectKind, failureKind } from './words.ts'

/**
 * One type of entry.
 * @param means what it says happened, for whoever reads the ledger
 * @param variants the keys that its data have: all those of any one of them
 */
export function entry<Variants extends readonly z.ZodObject[]>(
  means: string,
  ...variants: Variants
) {
  return { means, variants }
}

export const keys = z.strictObject

export const text = (description: string) => z.string().describe(description)
export const moment = (description: string) => z.iso.datetime().describe(description)
export const count = (description: string) => z.int().min(0).describe(description)
export const yes = (description: string) => z.literal(true).describe(description)
export const no = (description: string) => z.literal(false).describe(description)
export const texts = (description: string) => z.array(z.string()).readonly().describe(description)

export const account = text(
  'The owner’s name as Cognito has it; the masked address or username where it has none.',
)

/** What every entry about a request has. */
export const request = { account }

/** An effect is one call to Cognito, with every try at it. */
export const effect = {
  effect: text('The effect’s id, `EFF-…`: every try at one call has the same.'),
  deed: effectKind.describe('What the call is to bring about.'),
}

export const tried = {
  ...request,
  ...effect,
  attempt: count('Which try at this call it is, from 1 on.'),
}

export const awsRequestId = text('AWS’s id for the call, by which CloudTrail knows it.')

export const failure = {
  failure: failureKind.describe('Why it was not done.'),
  error: text(
    'The name of Cognito’s exception or of the transport’s error, or Rekey’s own reason.',
  ),
  awsRequestId: awsRequestId.exactOptional(),
}

/** By which line of the policy a right was held. */
export const held = {
  heldBy: text(
    'The line of the policy by which they could: the id in Slack of the user or of the user group.',
  ).exactOptional(),
}

export const approvals = {
  approvals: count('How many approvals count by now.'),
  approvalsNeeded: count('How many it needs.'),
}

/** What is added to one person’s refusals of one kind once there are many within an hour. */
export const refused = {
  nth: count(
    'Which refusal of its kind it is within this hour, once there are many.',
  ).exactOptional(),
  further: z
    .enum(['not-posted', 'not-kept'])
    .describe(
      'What becomes of further ones: `not-posted`, they are only in the ledger; `not-kept`, they are only counted.',
    )
    .exactOptional(),
  posted: no('It is not posted in the audit channel.').exactOptional(),
}
