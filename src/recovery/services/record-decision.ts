/** Reading a request, asking a rule about it, and recording the answer. */

import type { PersonId, RequestId } from '../../ids.ts'
import type { LimitName } from '../../policy/policy.ts'
import type { Decision } from '../model/decision.ts'
import type { RecoveryRequest } from '../model/request.ts'
import type { Directory, Person } from '../ports/directory.ts'
import type { Store } from '../ports/store.ts'

// Each round lost means that somebody else's change was recorded, so a handful is already a storm.
const rounds = 5

/** Each of these people as they are now; whoever the directory does not know is left out. */
export async function lookUpAll(
  directory: Pick<Directory, 'person'>,
  ids: readonly PersonId[],
): Promise<Map<PersonId, Person>> {
  const people = new Map<PersonId, Person>()
  for (const id of new Set(ids)) {
    const person = await directory.person(id)
    if (person !== undefined) people.set(id, person)
  }
  return people
}

export interface Repeated {
  readonly kind: 'repeated'
}

/** Nothing is recorded, because a limit of the policy is reached. */
export interface Limited {
  readonly kind: 'limited'
  readonly limit: LimitName
  readonly request: RecoveryRequest
}

/**
 * Asks `rule` about the request as it is, and records what it says. If the request has changed in
 * between, the rule is asked again about the request as it is then.
 *
 * @returns the decision; `repeated` if this gesture is recorded already; `limited` if a limit stands
 *   in the way; undefined if there is no such request, or the rule has nothing to do
 */
export function decide<Made extends Decision>(
  store: Pick<Store, 'find' | 'record'>,
  id: RequestId,
  now: () => Date,
  rule: (request: RecoveryRequest, now: Date) => Made | undefined,
  idempotencyKey?: string,
): Promise<Made | Repeated | Limited | undefined> {
  return decideKnowing(store, id, now, async () => undefined, rule, idempotencyKey)
}

/**
 * As `decide`, for a rule that has to know more than the request: `lookUp` is asked about the same
 * request as the rule is, so that neither knows of an approval that the other does not.
 */
export async function decideKnowing<Made extends Decision, Facts>(
  store: Pick<Store, 'find' | 'record'>,
  id: RequestId,
  now: () => Date,
  lookUp: (request: RecoveryRequest) => Promise<Facts>,
  rule: (request: RecoveryRequest, now: Date, facts: Facts) => Made | undefined,
  idempotencyKey?: string,
): Promise<Made | Repeated | Limited | undefined> {
  for (let round = 1; round <= rounds; round++) {
    const request = await store.find(id)
    if (request === undefined) return undefined
    const facts = await lookUp(request)
    const at = now()
    const decision = rule(request, at, facts)
    if (decision === undefined) return undefined
    const recorded = await store.record(decision, at, idempotencyKey)
    if (recorded === 'recorded' || recorded === 'counted') return decision
    if (recorded === 'repeated') return { kind: 'repeated' }
    if (typeof recorded === 'object') return { kind: 'limited', limit: recorded.usedUp, request }
  }
  throw new Error(`request ${id} changed ${rounds} times while a decision about it was made`)
}
