/**
 * The whole ledger, followed entry by entry: each request by itself, and what holds for all of them. It keeps
 * a few hundred bytes for each request that there ever was, and nothing for an entry.
 */

import type { PersonId, RequestId } from '../../ids.ts'
import type { Entry, Target } from '../entry.ts'
import { type RecordedEntry, readEntry } from '../recorded-entry.ts'
import { text } from '../text/text.ts'
import { type Broken, broken } from '../verify.ts'
import { follow, isAboutRequest, isHeldByPause } from './follow.ts'
import type { ApprovalsAsked, RecordedRequest } from './recorded-request.ts'

/** A pause as the ledger has it. */
export interface RecordedPause {
  /** ISO 8601. */
  readonly since: string
  /** Absent where Rekey paused by itself. */
  readonly by?: PersonId
  readonly reason: string
}

/** An account that cannot be recovered for now, because its owner has reported this request. */
export interface RecordedFreeze {
  readonly target: Target
  /** Milliseconds since 1970. */
  readonly until: number
  readonly request: RequestId
}

/** What entries say of a user group. Those who came and went are named there as far as they are not too many. */
export interface RecordedGroup {
  /** How many are in it. */
  readonly members: number
  /** Undefined where nobody was seen in it at first, which an entry does not tell from one that is gone. */
  readonly isGone: boolean | undefined
  /** Who has come into it, and is in it. */
  readonly came: ReadonlySet<string>
  /** Who has gone from it, and is not back. */
  readonly went: ReadonlySet<string>
}

export class Replay {
  readonly #asked: ApprovalsAsked
  readonly #requests = new Map<RequestId, RecordedRequest>()
  readonly #groups = new Map<string, RecordedGroup>()
  readonly #policies = new Set<string>()
  readonly #freezes = new Map<string, RecordedFreeze>()
  #pause: RecordedPause | undefined

  /** @param asked what the policies that were in force have asked for */
  constructor(asked: ApprovalsAsked = () => undefined) {
    this.#asked = asked
  }

  get requests(): ReadonlyMap<RequestId, RecordedRequest> {
    return this.#requests
  }

  /** The pause that stands. */
  get pause(): RecordedPause | undefined {
    return this.#pause
  }

  /** The last freeze of each account that was not lifted, over or not. */
  get freezes(): readonly RecordedFreeze[] {
    return [...this.#freezes.values()]
  }

  /** The hash of each policy that was put in force. */
  get policies(): ReadonlySet<string> {
    return this.#policies
  }

  /** The user groups that are remembered, by id. */
  get groups(): ReadonlyMap<string, RecordedGroup> {
    return this.#groups
  }

  /** Why this entry does not follow from those before it; undefined if it does. */
  next(written: Entry): Broken | undefined {
    const entry = readEntry(written)
    const because = this.#held(entry) ?? this.#follow(entry) ?? this.#holds(entry)
    return because === undefined ? undefined : broken(entry.seq, because)
  }

  #follow(entry: RecordedEntry): string | undefined {
    if (entry.request === null)
      return isAboutRequest(entry) ? text.replay.noRequest(entry.type) : undefined
    const next = follow(this.#requests.get(entry.request), entry, this.#asked)
    if (typeof next === 'string') return next
    this.#requests.set(entry.request, next)
    return undefined
  }

  /** Nothing is begun while everything is paused, or the account is frozen. */
  #held(entry: RecordedEntry): string | undefined {
    const { target, request, time } = entry
    if (target === null || !isHeldByPause(entry)) return undefined
    const id = request ?? ''
    if (this.#pause !== undefined)
      return text.replay.of(id, text.replay.whilePaused(this.#pause.since))
    const until = this.#freezes.get(keyOf(target))?.until ?? 0
    return until > Date.parse(time)
      ? text.replay.of(id, text.replay.whileFrozen(new Date(until).toISOString()))
      : undefined
  }

  /** What holds for everybody, or for one account, from this entry on. */
  #holds(entry: RecordedEntry): string | undefined {
    switch (entry.type) {
      case 'recovery.paused':
        return this.#paused(entry)
      case 'recovery.resumed':
        if (this.#pause === undefined) return text.replay.notPaused
        this.#pause = undefined
        return undefined
      case 'owner.reported':
        return this.#freeze(entry)
      case 'freeze.lifted':
        return this.#unfreeze(entry)
      case 'rekey.started':
      case 'policy.changed':
        this.#policies.add(entry.policy)
        this.#seeFirst(entry.data.groupsFirstSeen ?? [])
        return undefined
      case 'group.changed':
        this.#changeGroup(entry)
        return undefined
      default:
        return undefined
    }
  }

  #paused({ actor, time, data }: RecordedEntry<'recovery.paused'>): string | undefined {
    // What a database that was put back is paused for takes the place of any other.
    const isPutBack = data.because === 'restored' || data.because === 'witness'
    if (this.#pause !== undefined && !isPutBack) return text.replay.pausedTwice
    const by = actor.kind === 'person' ? { by: actor.id } : {}
    this.#pause = { since: data.since ?? time, ...by, reason: data.reason ?? '' }
    return undefined
  }

  #freeze({ target, request, time }: RecordedEntry<'owner.reported'>): undefined {
    if (target === null || request === null) return
    const key = keyOf(target)
    const until = Date.parse(time) + freezeMs
    // The longer of two holds.
    if (until > (this.#freezes.get(key)?.until ?? 0))
      this.#freezes.set(key, { target, until, request })
  }

  #unfreeze({ target, request, actor, data }: RecordedEntry<'freeze.lifted'>): string | undefined {
    const key = target === null ? '' : keyOf(target)
    const held = this.#freezes.get(key)
    if (held?.request !== request || held.until !== Date.parse(data.until ?? ''))
      return text.replay.of(request ?? '', text.replay.notFrozen)
    if (actor.kind !== 'person')
      return text.replay.of(request, text.replay.byOther('freeze.lifted'))
    if (this.#tookPart(key, actor.id)) return text.replay.of(request, text.replay.liftedByPart)
    this.#freezes.delete(key)
    return undefined
  }

  /** In anything for this account that its owner has reported. */
  #tookPart(account: string, by: PersonId): boolean {
    return this.#requests
      .values()
      .some(
        ({ target, reported, tookPart }) =>
          reported !== undefined && keyOf(target) === account && tookPart.includes(by),
      )
  }

  /** @param lines each `id: number of members`; what is remembered of a group already stays */
  #seeFirst(lines: readonly string[]): void {
    for (const line of lines) {
      const [group = '', count] = line.split(': ')
      const members = Number(count)
      if (this.#groups.has(group)) continue
      const isGone = members === 0 ? undefined : false
      this.#groups.set(group, { members, isGone, came: new Set(), went: new Set() })
    }
  }

  #changeGroup({ data }: RecordedEntry<'group.changed'>): void {
    const { group = '', came = [], went = [], gone = false } = data
    const before = this.#groups.get(group) ?? nothingOfGroup
    this.#groups.set(group, {
      members: data.members ?? before.members,
      isGone: gone,
      came: new Set(came).union(before.came).difference(new Set(went)),
      went: new Set(went).union(before.went).difference(new Set(came)),
    })
  }
}

const nothingOfGroup: RecordedGroup = {
  members: 0,
  isGone: false,
  came: new Set(),
  went: new Set(),
}

/**
 * For how long an owner's report freezes their account. A day is long enough for people to find out what
 * happened, and short enough that an owner who pressed by mistake is helped the next day. Should it ever be
 * another time, entries of today still mean this one.
 */
export const freezeMs = 24 * 60 * 60_000

function keyOf({ userPoolId, sub }: Target): string {
  return `${userPoolId} ${sub}`
}
