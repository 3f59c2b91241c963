/** The owner says that it was not them who asked. */

import { freezeMs } from '../../audit/replay/replay.ts'
import { isSamePerson } from '../../policy/who.ts'
import type { ChangeWithoutEntry, Decision } from '../model/decision.ts'
import { advance, after, entryFor, job, person, refuse, tellAll } from '../model/drafts.ts'
import type { Effect } from '../model/effect.ts'
import type { JobDraft } from '../model/job.ts'
import { reportSessionsLane } from '../model/lanes.ts'
import {
  asTried,
  type Executed,
  type Failed,
  type Lapsed,
  type NeedsAttention,
  type Recovered,
  type RecoveryRequest,
} from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { Person } from '../ports/directory.ts'
import { text } from '../text/text.ts'
import type { Participants } from './rights.ts'
import { afterReport, executed, mayHaveLanded } from './settle.ts'

/** What an owner's report rests on. */
export interface ReportFacts {
  readonly participants: Participants
  /** What was called last for the request. */
  readonly effect: Effect | undefined
}

/**
 * Freezes the account, ends what has not begun, and takes back what has: an unused password is made
 * useless, and every session ends. What is under way is marked, and taken back as soon as it is over.
 */
export function report(
  request: RecoveryRequest,
  by: Person,
  { participants, effect }: ReportFacts,
  terms: Terms,
): Decision {
  const { policy, now } = terms
  const { owner } = request
  const ownersNow = owner === undefined ? undefined : participants.get(owner)
  const isOwner = ownersNow !== undefined && isSamePerson(policy, by, ownersNow)
  if (!by.member || !isOwner)
    return refuse(request, { attempt: 'report', by: by.id, why: 'not-the-owner' }, policy)
  if (request.reported !== undefined)
    return refuse(request, { attempt: 'report', by: by.id, why: 'already-reported' }, policy)
  const reported = { ...request, reported: { by: by.id, at: now } }
  const change = takenBack(reported, by, effect, terms)
  return {
    kind: 'moved',
    change: {
      ...change,
      entry: entryFor(change.request, person(by.id), policy, {
        type: 'owner.reported',
        stateBefore: request.state,
        method: request.method,
        passwordUsed: request.state === 'recovered',
        ...(change.request.state === 'executed' && change.request.confirmedBy === 'nobody'
          ? { takenBack: true }
          : {}),
      }),
      freeze: { account: request.account, until: after(now, freezeMs), request: request.id },
    },
  }
}

/** @param effect what was called for it, if anything was */
function takenBack(
  request: RecoveryRequest,
  by: Person,
  effect: Effect | undefined,
  terms: Terms,
): ChangeWithoutEntry {
  const { now } = terms
  switch (request.state) {
    case 'pending':
    case 'approved': {
      const decided = {
        state: 'denied',
        deniedBy: by.id,
        deniedAt: now,
        comment: text.reported,
      } as const
      return told(advance(request, decided), now)
    }
    case 'needs-attention':
      return takenForDone(request, effect, terms)
    case 'failed':
      return mayHaveLanded(request)
        ? takenForDone(request, effect, terms)
        : told(advance(request), now)
    case 'executed':
    case 'recovered':
    case 'lapsed':
      return doneTakenBack(advance(request), now)
    case 'executing':
    case 'denied':
    case 'withdrawn':
    case 'expired':
      return told(advance(request), now)
    default:
      return request satisfies never
  }
}

function told(
  request: RecoveryRequest,
  now: Date,
  jobs: readonly JobDraft[] = [],
): ChangeWithoutEntry {
  return { request, jobs: [...tellAll(request, now), ...jobs] }
}

/** Nobody knows whether it was carried out. Whoever means harm would be the last to say so. */
function takenForDone(
  request: NeedsAttention | Failed,
  effect: Effect | undefined,
  terms: Terms,
): ChangeWithoutEntry {
  if (effect === undefined) throw new Error(`request ${request.id} was tried without an effect`)
  const tried = asTried(request, effect.id)
  return executed(tried, effect, { confirmedBy: 'nobody' }, terms).change
}

function doneTakenBack(request: Executed | Recovered | Lapsed, now: Date): ChangeWithoutEntry {
  const isSealed = request.password === 'sealed' || request.password === 'revealing'
  const next: RecoveryRequest = {
    ...request,
    sessions: 'to-revoke',
    ...(isSealed ? { password: 'burnt', passwordSince: now } : {}),
  }
  const revoking = job(
    { kind: 'revoke-sessions', request: next.id },
    reportSessionsLane(next.id),
    now,
  )
  const jobs = [revoking, ...(next.state === 'executed' ? afterReport(next, now) : [])]
  return { ...told(next, now, jobs), ...(isSealed ? { secret: { shred: true } } : {}) }
}
