/** Reading a rule's decision in a test, with a failure that says what it was instead. */

import { expect } from 'vitest'
import type { Change, Decision, Refusal } from '../../src/recovery/model/decision.ts'
import type { RecoveryRequest } from '../../src/recovery/model/request.ts'
import { unlikeItsSchema } from './entry-schema.ts'

export function moved<Request extends RecoveryRequest>(
  decision: Decision<Request> | undefined,
): Change<Request> {
  if (decision?.kind !== 'moved') throw new Error(`not moved: ${JSON.stringify(decision)}`)
  expect(unlikeItsSchema(decision.change.entry)).toEqual([])
  return decision.change
}

/** A refusal always leaves an entry that says why. */
export function expectRefused(decision: Decision, why: Refusal): void {
  expect(decision).toMatchObject({ kind: 'refused', why, entry: { data: { why } } })
  if (decision.kind === 'refused') expect(unlikeItsSchema(decision.entry)).toEqual([])
}

export function kinds(change: Change): string[] {
  return change.jobs.map(({ task }) => task.kind)
}
