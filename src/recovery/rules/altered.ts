/** A request that is not stored as its entries say: what differs, and what becomes of it. */

import type { EntryDraft } from '../../audit/entry.ts'
import type { AlteredPart, RecordedRequest } from '../../audit/replay/recorded-request.ts'
import type { RequestId } from '../../ids.ts'
import { advance, entryFor, job, rekey, tellAll } from '../model/drafts.ts'
import type { Answer, Effect } from '../model/effect.ts'
import type { JobDraft } from '../model/job.ts'
import { followUpLane, reportSessionsLane } from '../model/lanes.ts'
import { type Executed, type Failed, isDone, type RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { Stop } from '../ports/store.ts'
import { differences } from './agreement.ts'
import { asRecorded, effectsAsRecorded, type Recorded, stoppedAs } from './as-recorded.ts'
import { afterReport } from './settle.ts'

/**
 * What of a request is not as its entries say.
 * @param effect the call that is to be made again, if one is
 * @param recorded undefined where the ledger does not have it, or where its entries do not follow
 */
export function alteredParts(
  request: RecoveryRequest,
  effect: Effect | undefined,
  recorded: RecordedRequest | undefined,
): readonly AlteredPart[] {
  if (recorded === undefined) return ['entries']
  const effects = recorded.effects.filter(({ id }) => id === effect?.id)
  const different = differences(request, { ...recorded, effects }, effect && [effect])
  return different.map(({ what }) => what)
}

/** What is known when a request is found to be changed. */
export interface AlteredFacts {
  readonly id: RequestId
  readonly differs: readonly AlteredPart[]
  /** What the ledger says of it, if it says anything that follows. */
  readonly recorded: Recorded | undefined
  /** What Cognito has just answered to a call of its own. */
  readonly answer?: Answer['kind'] | undefined
}

/**
 * What becomes of a request that somebody else has changed, by what the ledger knows of it: nothing of its row
 * is kept. While it is open it is stopped. Once it is over it is put right, and what takes back goes on.
 */
export function stopAltered(facts: AlteredFacts, terms: Terms): Stop {
  const { recorded } = facts
  if (recorded === undefined)
    return { entries: [said('request.altered', facts, null, terms)], jobs: [] }
  const effects = effectsAsRecorded(recorded)
  const restored = asRecorded(recorded, terms.policy)
  return restored === undefined
    ? stopped(stoppedAs(recorded, terms.policy, terms.now), { effects, facts }, terms)
    : putRight(restored, { effects, facts }, terms)
}

interface Known {
  readonly effects: readonly Effect[]
  readonly facts: AlteredFacts
}

function stopped(request: Failed, { effects, facts }: Known, terms: Terms): Stop {
  return {
    stored: { request, effects },
    entries: [said('request.stopped', facts, request.version, terms)],
    jobs: tellAll(request, terms.now),
  }
}

/** Its password is gone with the rows, and everything that was ordered may be. */
function putRight(request: RecoveryRequest, { effects, facts }: Known, terms: Terms): Stop {
  const { now, policy } = terms
  const entry = said('request.altered', { ...facts, isRestored: true }, request.version, terms)
  const isKept = request.state === 'executed' && isSealed(request)
  const next = isKept ? advance(request, { password: 'burnt', passwordSince: now }) : request
  const burnt = {
    type: 'secret.burnt',
    perhapsSeen: isKept && request.password === 'revealing',
    altered: true,
  } as const
  return {
    stored: { request: next, effects },
    entries: isKept ? [entry, entryFor(next, rekey, policy, burnt)] : [entry],
    jobs: [...tellAll(next, now), ...goingOn(next, now)],
  }
}

function isSealed({ password }: Executed): boolean {
  return password === 'sealed' || password === 'revealing'
}

/** In the lanes of a report: the ordinary ones may wait for hours. */
function goingOn(request: RecoveryRequest, now: Date): JobDraft[] {
  if (!isDone(request)) return []
  const revoking = job(
    { kind: 'revoke-sessions', request: request.id },
    reportSessionsLane(request.id),
    now,
  )
  return [
    ...(request.sessions === 'to-revoke' ? [revoking] : []),
    ...(request.state === 'executed' ? following(request, now) : []),
  ]
}

/** Behind the one that may still be waiting, so that nothing is done twice; after a report it waits for none. */
function following(request: Executed, now: Date): JobDraft[] {
  if (request.reported !== undefined) return afterReport(request, now)
  return [job({ kind: 'follow-up', request: request.id }, followUpLane(request.id), now)]
}

function said(
  type: 'request.altered' | 'request.stopped',
  { id, differs, recorded, answer, isRestored }: AlteredFacts & { readonly isRestored?: true },
  version: number | null,
  { policy }: Terms,
): EntryDraft {
  return {
    type,
    actor: rekey,
    // What the ledger does not know is named, and is no request.
    request: recorded === undefined ? null : id,
    version,
    target: recorded?.request.target ?? null,
    policy: policy.hash,
    data: {
      named: id,
      differs,
      ...(answer === undefined ? {} : { answer }),
      ...(isRestored === undefined ? {} : { restored: true }),
    },
    // Only one that is over is restored, and that is never `request.stopped`.
  } as EntryDraft
}
