/** What somebody wants of a request, from their click to the answer that is recorded. */

import type { PersonId, RequestId } from '../../ids.ts'
import type { Decision, Refused } from '../model/decision.ts'
import { type Attempt, entryWithout, person, refuseForNow } from '../model/drafts.ts'
import type { RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import { RecordAltered } from '../ports/altered.ts'
import type { Person } from '../ports/directory.ts'
import type { Context } from './context.ts'
import { decideWith, type Repeated } from './record-decision.ts'

/** Somebody's click or submission about a request. */
export interface Wish {
  readonly request: RequestId
  readonly by: PersonId
  /** Names the click or the submission: the same one delivered twice counts once. */
  readonly idempotencyKey: string
}

/** One that is about what was on the screen. */
export interface SeenWish extends Wish {
  /** The version of the request that they were looking at. */
  readonly seenVersion: number
}

/** The rule that answers a wish, and what it has to know besides the request and the person. */
interface Answering<Made extends Decision, Facts> {
  /** As the ledger names what was tried, where it is refused. */
  readonly attempt: Attempt
  readonly lookUp: (request: RecoveryRequest) => Promise<Facts>
  readonly rule: (asked: Asked, facts: Facts) => Made
  /** It only takes back: where somebody else has changed the request, it counts by what the ledger says. */
  readonly byLedger?: true
}

/** A wish as the rule is asked about it, all of it as it is in that round. */
interface Asked {
  readonly request: RecoveryRequest
  readonly by: Person
  readonly terms: Terms
}

/**
 * Asks a rule about somebody's wish, and records the answer, whichever it is. Who they are, and
 * whatever `lookUp` finds, is read together with the request, and again if that has changed.
 */
export async function answerWish<Made extends Decision, Facts>(
  context: Context,
  { request: id, by, idempotencyKey }: Wish,
  { attempt, lookUp, rule, byLedger }: Answering<Made, Facts>,
): Promise<Made | Refused | Repeated> {
  const ask = () =>
    decideWith(context, {
      id,
      idempotencyKey,
      lookUp: async (request) => ({ by: await context.person(by), facts: await lookUp(request) }),
      rule: (request, terms, known) => rule({ request, by: known.by, terms }, known.facts),
    })
  const decision = await (byLedger ? asRecorded(context, ask) : ask()).catch((error: unknown) =>
    refuseAltered(context, { by, attempt }, error),
  )
  if (decision === undefined) return refuseUnknown(context, { request: id, by }, attempt)
  if (decision.kind !== 'limited') return decision
  const refused = refuseForNow(
    decision.request,
    { attempt, by, limit: decision.limit },
    context.policy(),
  )
  await context.store.record(refused, context.now())
  return refused
}

// Whoever changes it again and again has to be quicker each time.
const rounds = 5

/** Asks again once the request is stored as the ledger has it. @throws RecordAltered where it cannot be */
async function asRecorded<Answer>({ guard }: Context, ask: () => Promise<Answer>): Promise<Answer> {
  for (let round = 1; ; round++) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof RecordAltered) || round === rounds) throw error
      if (!(await guard.stop(error))) throw error
    }
  }
}

/**
 * Stops what somebody else has changed, says no to whoever wanted something of it, and records both.
 * @throws whatever else it was
 */
export async function refuseAltered(
  { guard, store, policy, now }: Context,
  { by, attempt }: { readonly by: PersonId; readonly attempt: Attempt },
  error: unknown,
): Promise<Refused> {
  if (!(error instanceof RecordAltered)) throw error
  await guard.stop(error)
  const why = 'record-altered'
  const content = { type: 'decision.refused', attempt, why, named: error.request } as const
  const entry = entryWithout(person(by), policy(), content)
  await store.write(entry, now())
  return { kind: 'refused', why, entry }
}

/** Says no to whoever names a request that there is not, and records it. */
export async function refuseUnknown(
  { store, policy, now }: Context,
  { request, by }: Pick<Wish, 'request' | 'by'>,
  attempt: Attempt,
): Promise<Refused> {
  const why = 'unknown-request'
  const content = { type: 'decision.refused', attempt, why, named: request } as const
  const entry = entryWithout(person(by), policy(), content)
  await store.write(entry, now())
  return { kind: 'refused', why, entry }
}
