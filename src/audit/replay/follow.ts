/** One request, followed entry by entry: what it is then, or why an entry does not follow. */

import type { PersonId, RequestId } from '../../ids.ts'
import type { Target } from '../entry.ts'
import type { EntryType } from '../entry-data.ts'
import type { RecordedEntry } from '../recorded-entry.ts'
import { text } from '../text/text.ts'
import { type Move, moves, type Note } from './moves.ts'
import type { ApprovalsAsked, RecordedRequest } from './recorded-request.ts'

/**
 * @param was the request before this entry; undefined before it is opened
 * @returns the request after it, or why it does not follow
 */
export function follow(
  was: RecordedRequest | undefined,
  entry: RecordedEntry,
  asked: ApprovalsAsked,
): RecordedRequest | string {
  const id = entry.request ?? ''
  if (entry.type === 'request.opened')
    return was === undefined ? opened(entry, asked) : text.replay.openedTwice(id)
  if (was === undefined) return text.replay.notOpened(id)
  const because = misses(was, entry)
  if (because !== undefined) return text.replay.of(id, because)
  const move: Move | undefined = moveOf(entry.type)
  if (move === undefined) return was
  const step = move.becomes(was, entry, asked)
  if (typeof step === 'string') return text.replay.of(id, step)
  return { ...was, ...step, version: was.version + 1 }
}

/** Whether this entry must not come while everything is paused or its account is frozen. */
export function isHeldByPause(entry: RecordedEntry): boolean {
  return moveOf(entry.type)?.unlessPaused?.(entry) === true
}

/** Whether an entry of this type makes no sense without a request. */
export function isAboutRequest({ type }: Pick<RecordedEntry, 'type'>): boolean {
  return moves[type] !== 'notes'
}

/** Whether an entry of this type brings a request to its next version. */
export function isMove(type: EntryType): boolean {
  return moves[type] === 'opens' || moveOf(type) !== undefined
}

function moveOf(type: EntryType): Move | undefined {
  const move = moves[type]
  // Each is asked about entries of its own type.
  return typeof move === 'object' && 'becomes' in move ? (move as Move) : undefined
}

/** Why it cannot be the next entry of this request, whatever it says. */
function misses(was: RecordedRequest, entry: RecordedEntry): string | undefined {
  const { type, version, target, actor } = entry
  const move = moveOf(type)
  if (!isSame(was.target, target)) return text.replay.otherTarget
  if (move === undefined) {
    const isMet = version !== null && version >= 1 && version <= was.version
    return isMet ? noteMisses(was, entry) : text.replay.unknownVersion(was.version, version)
  }
  if (version !== was.version + 1) return text.replay.otherVersion(was.version + 1, version)
  if (!move.from.includes(was.state)) return text.replay.otherState(type, was.state)
  const by = actor.kind === 'person' ? actor.id : undefined
  return mayBe(move.by, by, was) ? undefined : text.replay.byOther(type)
}

function noteMisses(met: RecordedRequest, entry: RecordedEntry): string | undefined {
  const note = moves[entry.type]
  // As with the moves.
  return typeof note === 'object' && 'meets' in note ? (note as Note).meets(met, entry) : undefined
}

function mayBe(by: Move['by'], actor: PersonId | undefined, was: RecordedRequest): boolean {
  switch (by) {
    case 'rekey':
      return actor === undefined
    case 'anybody':
      return actor !== undefined
    case 'requester':
      return actor === was.opener
    case 'others':
      return actor !== undefined && actor !== was.opener && actor !== was.owner
    default:
      return by satisfies never
  }
}

function opened(
  { actor, request, version, target, policy, time, data }: RecordedEntry<'request.opened'>,
  asked: ApprovalsAsked,
): RecordedRequest | string {
  const { method, tier, approvalsNeeded = 0, expiresAt } = data
  if (request === null || target === null || actor.kind !== 'person') return text.replay.noOpening
  if (typeof method !== 'string' || tier === undefined || expiresAt === undefined)
    return text.replay.noOpening
  if (version !== 1) return text.replay.of(request, text.replay.otherVersion(1, version))
  const needed = asked(policy, tier) ?? 1
  if (approvalsNeeded < needed)
    return text.replay.of(request, text.replay.asksForLess(approvalsNeeded, needed))
  return {
    ...begun(request, version),
    opener: actor.id,
    tookPart: [actor.id],
    // A person's id when it was written.
    ...(data.owner === undefined ? {} : { owner: data.owner as PersonId }),
    target,
    method,
    tier,
    policy,
    approvalsNeeded,
    openedAt: time,
    expiresAt,
  }
}

function begun(id: RequestId, version: number) {
  return {
    id,
    version,
    pendingSince: version,
    state: 'pending',
    approvals: [],
    effects: [],
    password: 'none',
  } as const
}

function isSame(one: Target, other: Target | null): boolean {
  return one.userPoolId === other?.userPoolId && one.sub === other.sub
}
