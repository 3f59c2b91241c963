/** A request that is not stored as its entries say: what differs, and what becomes of it. */

import type { EntryDraft } from '../../audit/entry.ts'
import type { AlteredPart, RecordedRequest } from '../../audit/replay/recorded-request.ts'
import type { RequestId } from '../../ids.ts'
import { advance, tellAll } from '../model/drafts.ts'
import type { Answer, Effect } from '../model/effect.ts'
import {
  type Approved,
  asTried,
  type Executing,
  type Failed,
  openStates,
  type Pending,
  type RecoveryRequest,
} from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { Stop } from '../ports/store.ts'
import { differences } from './agreement.ts'
import { localFailure, recordAltered } from './own-failure.ts'

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

/** What is known when a request is stopped. */
export interface AlteredFacts {
  readonly id: RequestId
  readonly differs: readonly AlteredPart[]
  /** What the ledger says of it, if it says anything that follows. */
  readonly recorded: RecordedRequest | undefined
  /** What Cognito has just answered to a call of its own. */
  readonly answer?: Answer['kind'] | undefined
}

/**
 * Ends a request that somebody else has changed: as the ledger knows it, not as its row has it. Where the
 * ledger has it ended already, or its row cannot be read, there is nothing but to say so.
 */
export function stopAltered(
  read: RecoveryRequest | undefined,
  facts: AlteredFacts,
  terms: Terms,
): Stop {
  const { recorded } = facts
  const tried = read && triedOf(read)
  const isOpen = recorded !== undefined && openStates.some((state) => state === recorded.state)
  if (tried === undefined || recorded === undefined || !isOpen)
    return { entry: said('request.altered', facts, recorded?.version ?? null, terms), jobs: [] }
  const { effect: _, ...opened } = { effect: undefined, ...tried }
  const asRecorded: Pending = {
    ...opened,
    state: 'pending',
    version: recorded.version,
    requestedBy: recorded.opener,
    account: { ...opened.account, ...recorded.target },
    method: recorded.method,
    approvals: recorded.approvals.map(({ by, at }) => ({ by, at: new Date(at) })),
  }
  const next: Failed = advance(asRecorded, {
    state: 'failed',
    failedAt: terms.now,
    failure: localFailure(recordAltered),
    ...(recorded.effect === undefined ? {} : { effect: recorded.effect }),
  })
  return {
    request: next,
    entry: said('request.stopped', facts, next.version, terms),
    jobs: tellAll(next, terms.now),
  }
}

function triedOf(read: RecoveryRequest): Pending | Approved | Executing | undefined {
  if (read.state === 'needs-attention') return asTried(read, read.effect)
  const isOpen = read.state === 'pending' || read.state === 'approved' || read.state === 'executing'
  return isOpen ? read : undefined
}

function said(
  type: 'request.altered' | 'request.stopped',
  { id, differs, recorded, answer }: AlteredFacts,
  version: number | null,
  { policy }: Terms,
): EntryDraft {
  return {
    type,
    actor: { kind: 'rekey' },
    // What the ledger does not know is named, and is no request.
    request: recorded === undefined ? null : id,
    version,
    target: recorded?.target ?? null,
    policy: policy.hash,
    data: { named: id, differs, ...(answer === undefined ? {} : { answer }) },
  }
}
