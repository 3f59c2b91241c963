/** Reading a rule's decision in a test, with a failure that says what it was instead. */

import { expect } from 'vitest'
import type { Change, Decision, Refusal } from '../../src/recovery/model/decision.ts'
import type { JobDraft } from '../../src/recovery/model/job.ts'
import type { RecoveryRequest } from '../../src/recovery/model/request.ts'
import type { Person } from '../../src/recovery/ports/directory.ts'
import { unlikeItsSchema } from './entry-schema.ts'
import { minute, noon, policy } from './examples.ts'

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

/** The use of its account's limit that a request took when it was opened. */
export function givenBack({ account, openedAt }: RecoveryRequest) {
  const of = `${account.userPoolId} ${account.sub}`
  return { name: 'requestsPerAccount', of, countedAt: openedAt }
}

/** Each job of a change: what there is to do, in which lane, and from when on. */
export function ordered(jobs: readonly JobDraft[]): string[] {
  return jobs.map(({ task, lane, notBefore }) => `${task.kind} | ${lane} | ${sinceNoon(notBefore)}`)
}

/** The entry that something about a request leaves, in the version that the request has by then. */
export function entryAbout(
  request: RecoveryRequest,
  by: Person | 'rekey',
  content: { readonly type: string } & Readonly<Record<string, unknown>>,
) {
  const { type, ...data } = content
  const { userPoolId, sub } = request.account
  return {
    type,
    actor: by === 'rekey' ? { kind: 'rekey' } : { kind: 'person', id: by.id },
    request: request.id,
    version: request.version,
    target: { userPoolId, sub },
    policy: policy.hash,
    data: { account: request.seen.name, ...data },
  }
}

/** The same about something that is part of no request. */
export function entryAboutNone(
  by: Person | 'rekey',
  content: { readonly type: string } & Readonly<Record<string, unknown>>,
) {
  const { type, ...data } = content
  const actor = by === 'rekey' ? { kind: 'rekey' } : { kind: 'person', id: by.id }
  return { type, actor, request: null, version: null, target: null, policy: policy.hash, data }
}

function sinceNoon(time: Date): string {
  const minutes = (time.getTime() - noon.getTime()) / minute
  return minutes === 0 ? 'at once' : `${minutes} min`
}
