/** Reading a request, asking a rule about it, and recording the answer. */

import type { RequestId } from '../../ids.ts'
import type { LimitName } from '../../policy/policy.ts'
import type { Decision } from '../model/decision.ts'
import type { RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { Store } from '../ports/store.ts'

// Each round lost means that somebody else's change was recorded, so a handful is already a storm.
const rounds = 5

/** The same click or submission is recorded already. */
export interface Repeated {
  readonly kind: 'repeated'
}

/** Nothing is recorded, because a limit of the policy is reached. */
export interface Limited {
  readonly kind: 'limited'
  readonly limit: LimitName
  readonly request: RecoveryRequest
}

/** Where the request is read and the decision recorded, and under which terms. */
export interface Recorder {
  readonly store: Pick<Store, 'find' | 'record'>
  readonly terms: () => Terms
}

/** What is asked about a request. */
export interface Question<Made extends Decision> {
  readonly id: RequestId
  /** Undefined where there is nothing to do. */
  readonly rule: (request: RecoveryRequest, terms: Terms) => Made | undefined
  /** Names what a person did: the same click delivered twice counts once. */
  readonly idempotencyKey?: string
}

/** A question that takes more than the request to answer. */
export interface QuestionWith<Made extends Decision, Facts> extends Omit<Question<Made>, 'rule'> {
  /** Asked in every round, about the request as it is in that round. */
  readonly lookUp: (request: RecoveryRequest) => Promise<Facts>
  readonly rule: (request: RecoveryRequest, terms: Terms, facts: Facts) => Made | undefined
}

/**
 * Asks `rule` about the request as it is, and records what it says. If the request has changed in
 * between, the rule is asked again about the request as it is then.
 *
 * @returns the decision; `repeated` if this click is recorded already; `limited` if a limit stands
 *   in the way; undefined if there is no such request, or the rule has nothing to do
 * @throws when the request changes faster than it can be decided about
 */
export function decide<Made extends Decision>(
  recorder: Recorder,
  question: Question<Made>,
): Promise<Made | Repeated | Limited | undefined> {
  return decideWith(recorder, { ...question, lookUp: async () => undefined })
}

/**
 * As `decide`, for a rule that has to know more than the request: `lookUp` is asked about the same
 * request as the rule is, so that neither knows of an approval that the other does not, and again
 * whenever the rule is: what has changed along with the request is not decided by how it was.
 */
export async function decideWith<Made extends Decision, Facts>(
  recorder: Recorder,
  { id, lookUp, rule, idempotencyKey }: QuestionWith<Made, Facts>,
): Promise<Made | Repeated | Limited | undefined> {
  const { store } = recorder
  for (let round = 1; round <= rounds; round++) {
    const request = await store.find(id)
    if (request === undefined) return undefined
    const facts = await lookUp(request)
    const terms = recorder.terms()
    const decision = rule(request, terms, facts)
    if (decision === undefined) return undefined
    const recorded = await store.record(decision, terms.now, idempotencyKey)
    if (recorded === 'recorded' || recorded === 'counted') return decision
    if (recorded === 'repeated') return { kind: 'repeated' }
    if (typeof recorded === 'object') return { kind: 'limited', limit: recorded.usedUp, request }
    // What is left is `stale`: the request has changed since it was read, and is read again.
  }
  throw new Error(`request ${id} changed ${rounds} times while a decision about it was made`)
}
