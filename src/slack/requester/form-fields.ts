/** The form's fields: their names, their bounds, and how a submission of them is read. */

import { z } from 'zod'
import { subOf } from '../../ids.ts'
import { methods } from '../../policy/method.ts'
import type { Policy } from '../../policy/policy.ts'
import type { Refusal } from '../../recovery/model/decision.ts'
import type { Application } from '../../recovery/rules/open.ts'
import { radioIds } from '../buttons.ts'
import { chosen, metadataOf, type SubmittedView, typed } from '../inbound/view-values.ts'
import { text } from '../text/text.ts'

/** Each block's id, and the action id of its only input. */
export const blocks = {
  method: 'method',
  check: radioIds.identityCheck,
  reason: 'reason',
  ticket: 'ticket',
} as const

// Ten characters are the shortest honest reason; a page of text nobody reads before they approve.
export const reasonLength = { min: 10, max: 500 }
export const ticketLength = { min: 1, max: 64 }

export type ReadForm =
  | { readonly kind: 'application'; readonly application: Application }
  | {
      readonly kind: 'errors'
      readonly errors: Record<string, string>
      /** False when it is none that Rekey has drawn, or was changed since. */
      readonly isOurs: boolean
    }

const account = z.object({
  pool: z.string().min(1),
  sub: z.string().min(1),
  source: z.string().optional(),
})

/** The block that asks for the evidence of a check; each has its own, so that no answer outlives its question. */
export function evidenceBlock(check: string): string {
  return `evidence-${check}`
}

/** What was asked for, or what is wrong with it, by block. */
export function readForm(view: SubmittedView): ReadForm {
  const { data: ref } = account.safeParse(metadataOf(view))
  const method = methods.find((each) => each === chosen(view, blocks.method))
  const identityCheck = chosen(view, blocks.check)
  const reason = typed(view, blocks.reason)
  const ticket = typed(view, blocks.ticket)
  const evidence = readEvidence(view, identityCheck)
  const { errors: wrong } = text.requester.form
  const errors = faults({
    [blocks.method]: ref === undefined ? wrong.broken : method === undefined && wrong.noMethod,
    ...evidenceFaults(view, identityCheck, evidence),
    [blocks.reason]: outside(reasonLength, reason),
    [blocks.ticket]:
      ticket === '' ? text.shared.refusals.words['ticket-missing'] : outside(ticketLength, ticket),
  })
  if (
    ref === undefined ||
    method === undefined ||
    identityCheck === undefined ||
    errors !== undefined
  ) {
    // A choice cannot be sent empty, nor anything that was not offered.
    const isOurs = ref !== undefined && method !== undefined && identityCheck !== undefined
    return { kind: 'errors', errors: errors ?? {}, isOurs }
  }
  const { pool, sub, source } = ref
  const application = { pool, sub: subOf(sub), method, reason, ticket, identityCheck, evidence }
  return {
    kind: 'application',
    application: { ...application, ...(isMessageLink(source) && { source }) },
  }
}

function readEvidence(view: SubmittedView, check: string | undefined): string {
  if (check === undefined) return ''
  const block = evidenceBlock(check)
  return chosen(view, block) ?? typed(view, block)
}

function evidenceFaults(
  view: SubmittedView,
  check: string | undefined,
  evidence: string,
): Record<string, string | false> {
  if (check === undefined) return { [blocks.check]: text.shared.refusals.words['check-unknown'] }
  const block = evidenceBlock(check)
  // Sent before the field for it had appeared: an error can only stand at a field that is there.
  if (!(block in view.state.values)) {
    return { [blocks.check]: text.requester.form.errors.noEvidenceYet }
  }
  return { [block]: evidence === '' && text.shared.refusals.words['evidence-missing'] }
}

/** Whether this is the address of a message in Slack, and nothing else that could be clicked. */
export function isMessageLink(link: string | undefined): link is string {
  return /^https:\/\/[a-z0-9-]+(\.enterprise)?\.slack\.com\/archives\/[A-Z0-9]+\/p\d+(\?[\w=&.]*)?$/.test(
    link ?? '',
  )
}

/** The field that a refusal is about, with what to say there; undefined if it is about none. */
export function formErrors(
  why: Refusal,
  { identityCheck }: Application,
  policy: Policy,
): Record<string, string> | undefined {
  const { withExample } = text.requester.form.errors
  if (why === 'ticket-malformed')
    return { [blocks.ticket]: withExample(text.shared.refusals.words[why], policy.ticket.example) }
  if (why === 'evidence-missing' || why === 'evidence-malformed')
    return { [evidenceBlock(identityCheck)]: evidenceWords(why, identityCheck, policy) }
  const block = fieldOf.get(why)
  return block === undefined ? undefined : { [block]: text.shared.refusals.words[why] }
}

function evidenceWords(why: Refusal, id: string, policy: Policy): string {
  const evidence = policy.identityChecks.find((check) => check.id === id)?.evidence
  const words = text.shared.refusals.words[why]
  return evidence?.kind === 'reference'
    ? text.requester.form.errors.withExample(words, evidence.form.example)
    : words
}

const fieldOf: ReadonlyMap<Refusal, string> = new Map<Refusal, string>([
  ['reason-missing', blocks.reason],
  ['ticket-missing', blocks.ticket],
  ['check-unknown', blocks.check],
  ['method-closed', blocks.method],
])

function faults(
  perBlock: Readonly<Record<string, string | false | undefined>>,
): Record<string, string> | undefined {
  const found: Record<string, string> = {}
  for (const [block, fault] of Object.entries(perBlock)) if (fault) found[block] = fault
  return Object.keys(found).length === 0 ? undefined : found
}

// Counted as people count, so that what Slack let through is not refused for its emoji.
function outside({ min, max }: { min: number; max: number }, words: string): string | undefined {
  const { tooShort, tooLong } = text.requester.form.errors
  const length = [...words].length
  if (length < min) return tooShort(min)
  return length > max ? tooLong(max) : undefined
}
