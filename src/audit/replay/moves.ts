/**
 * What each type of entry does to the request that it names: from which states it leads where, whose it can
 * be, and what has to be so besides. The picture in ARCHITECTURE.md says the same, and the rules do it.
 */

import type { PersonId } from '../../ids.ts'
import type { EntryType } from '../entry-data.ts'
import type { RecordedEntry } from '../recorded-entry.ts'
import { text } from '../text/text.ts'
import { approved, expired, inTime, voided } from './approval-steps.ts'
import {
  executed,
  intended,
  isDone,
  landed,
  refused,
  type Step,
  sentAgain,
  settled,
} from './effect-steps.ts'
import {
  type ApprovalsAsked,
  makesPassword,
  type RecordedPassword,
  type RecordedRequest,
  type RecordedState,
} from './recorded-request.ts'

/** One move of a request to its next version. */
export interface Move<Type extends EntryType = EntryType> {
  /** In which states it may come. */
  readonly from: readonly RecordedState[]
  /** Whose it is: `others` are neither the requester nor the owner. */
  readonly by: 'rekey' | 'anybody' | 'requester' | 'others'
  /** What is different then, or why it does not follow. */
  readonly becomes: (
    was: RecordedRequest,
    entry: RecordedEntry<Type>,
    asked: ApprovalsAsked,
  ) => Step
  /** It must not come while everything is paused, or its account is frozen. */
  readonly unlessPaused?: (entry: RecordedEntry<Type>) => boolean
}

/** What moves no request, and has to agree with the one that it names all the same. */
export interface Note<Type extends EntryType = EntryType> {
  /** Why it does not; undefined where it does. */
  readonly meets: (met: RecordedRequest, entry: RecordedEntry<Type>) => string | undefined
}

/**
 * - `opens`: makes a request, in version 1
 * - `notes`: moves none: it says what somebody tried, saw or was told, or what holds for everybody
 */
type Moves = { readonly [Type in EntryType]: Move<Type> | Note<Type> | 'opens' | 'notes' }

const waiting = ['pending', 'approved'] as const
const done = ['executed', 'recovered', 'lapsed'] as const

export const moves = {
  'request.opened': 'opens',
  'request.approved': { from: ['pending'], by: 'others', becomes: approved },
  'request.denied': { from: ['pending'], by: 'others', becomes: inTime('denied') },
  'request.withdrawn': { from: waiting, by: 'requester', becomes: to('withdrawn') },
  'request.expired': { from: waiting, by: 'rekey', becomes: expired },
  'request.failed': { from: ['approved'], by: 'rekey', becomes: to('failed') },
  'request.stopped': {
    from: ['pending', 'approved', 'executing', 'needs-attention'],
    by: 'rekey',
    becomes: (was) => ({ state: 'failed', ...(was.effects.length === 0 ? {} : landed) }),
  },
  'approvals.voided': { from: ['approved'], by: 'rekey', becomes: voided },
  'request.stuck': { from: ['pending'], by: 'rekey', becomes: () => ({}) },
  'request.unstuck': { from: ['pending'], by: 'rekey', becomes: () => ({}) },

  'effect.intended': {
    from: ['approved', 'executing', ...done],
    by: 'rekey',
    becomes: intended,
    unlessPaused: ({ data }) => data.deed !== 'sign-out' && data.deed !== 'scramble',
  },
  'effect.confirmed': {
    from: ['executing'],
    by: 'rekey',
    becomes: (was, { data }) => executed(was, data, 'confirmed', ['intended']),
  },
  'effect.observed': {
    from: ['executing'],
    by: 'rekey',
    becomes: (was, { data }) => executed(was, data, 'observed'),
  },
  'effect.refused': { from: ['executing', ...done], by: 'rekey', becomes: refused },
  'effect.not-applied': {
    from: ['executing', ...done],
    by: 'rekey',
    becomes: (was, { data }) => settled(was, data, 'not-applied'),
  },
  'effect.unknown': {
    from: ['executing'],
    by: 'rekey',
    becomes: (was, { data }) => settled(was, data, 'unknown', ['intended']),
  },
  'effect.looked': { from: ['executing', 'executed'], by: 'rekey', becomes: looked },
  'address.changed': {
    from: ['executing', 'needs-attention', ...done, 'failed'],
    by: 'rekey',
    becomes: (was, { data }) => known(was, data),
  },
  'effect.undecided': { from: ['executing'], by: 'rekey', becomes: undecided },
  'attention.resolved': { from: ['needs-attention'], by: 'anybody', becomes: resolved },

  'sessions.revoked': {
    from: done,
    by: 'rekey',
    becomes: (was, { data }) =>
      settled(was, { ...data, deed: 'sign-out' }, 'confirmed', ['intended']),
  },
  'secret.revealing': {
    from: ['executed'],
    by: 'requester',
    becomes: password('revealing', ['sealed']),
    unlessPaused: () => true,
  },
  'secret.revealed': {
    from: ['executed'],
    by: 'requester',
    becomes: password('revealed', ['revealing']),
  },
  'secret.released': {
    from: ['executed'],
    by: 'requester',
    becomes: password('sealed', ['revealing']),
  },
  'secret.burnt': {
    from: ['executed'],
    by: 'rekey',
    becomes: password('burnt', ['sealed', 'revealing']),
  },
  'secret.scrambled': { from: ['executed'], by: 'rekey', becomes: scrambled },
  'request.recovered': { from: ['executed'], by: 'rekey', becomes: to('recovered') },
  'request.lapsed': { from: ['executed'], by: 'rekey', becomes: to('lapsed') },
  'recovery.misused': { from: ['executed'], by: 'rekey', becomes: to('lapsed') },
  'owner.reported': {
    from: [
      ...waiting,
      'executing',
      'needs-attention',
      ...done,
      'denied',
      'withdrawn',
      'expired',
      'failed',
    ],
    by: 'anybody',
    becomes: reported,
  },

  'approval.opened': 'notes',
  'request.reminded': 'notes',
  'request.escalated': 'notes',
  'effect.duplicate': { meets: duplicate },
  'owner.told': 'notes',
  'owner.not-told': 'notes',
  'freeze.lifted': 'notes',
  'requests.repeated': 'notes',
  'limit.cleared': 'notes',
  'open.refused': 'notes',
  'decision.refused': 'notes',
  'ingress.refused': 'notes',
  'account.looked-up': 'notes',
  'rekey.started': 'notes',
  'rekey.sealed': 'notes',
  'request.altered': 'notes',
  'policy.changed': 'notes',
  'policy.refused': 'notes',
  'group.changed': 'notes',
  'recovery.paused': 'notes',
  'recovery.resumed': 'notes',
  'channel.shared': 'notes',
  'post.missing': 'notes',
  'post.altered': 'notes',
  'audit.behind': 'notes',
  'witness.disagrees': 'notes',
  'witness.silent': 'notes',
  'checkpoint.stray': 'notes',
  'checkpoint.withheld': 'notes',
} satisfies Moves

function to(state: RecordedState) {
  return (): Step => ({ state })
}

/** Somebody has looked after an unclear call; or, once it is done, for the first time. */
function looked(was: RecordedRequest, { data }: RecordedEntry<'effect.looked'>): Step {
  return was.state === 'executing' ? settled(was, data, 'unknown') : known(was, data)
}

/** It is about a call that was intended, and moves nothing else. */
function known(was: RecordedRequest, { effect }: { readonly effect?: string }): Step {
  return was.effects.some(({ id }) => id === effect) ? {} : text.replay.notIntended(effect)
}

/** A call that was given up for lost has landed after all: one that was intended. */
function duplicate(
  met: RecordedRequest,
  { data }: RecordedEntry<'effect.duplicate'>,
): string | undefined {
  const effect = met.effects.find(({ id }) => id === data.effect)
  const isKnown = effect !== undefined && (data.fence ?? 0) <= effect.fence
  return isKnown ? undefined : text.replay.notIntended(data.effect)
}

function undecided(was: RecordedRequest, { data }: RecordedEntry<'effect.undecided'>): Step {
  if (was.reported !== undefined) return executed(was, data, 'undecided')
  const step = settled(was, data, 'undecided')
  return typeof step === 'string' ? step : { ...step, state: 'needs-attention' }
}

function resolved(was: RecordedRequest, { data }: RecordedEntry<'attention.resolved'>): Step {
  switch (data.verdict) {
    case 'send-again':
      return sentAgain(was, data)
    case 'worked': {
      const step = executed(was, { effect: was.effect ?? '' }, 'observed', ['undecided'])
      // Nobody can say what it was.
      return typeof step === 'string' ? step : { ...step, ...burnt(was) }
    }
    case 'not-worked':
      return { state: 'failed', ...landed }
    default:
      return text.replay.noVerdict
  }
}

function password(next: RecordedPassword, from: readonly RecordedPassword[]) {
  return (was: RecordedRequest): Step =>
    from.includes(was.password) ? { password: next } : text.replay.otherPassword(was.password)
}

function scrambled(was: RecordedRequest, { data }: RecordedEntry<'secret.scrambled'>): Step {
  if (!makesPassword(was)) return text.replay.otherMethod
  const end = { state: 'lapsed', password: 'scrambled' } as const
  // Where the answer was lost, its intent says as much as there is to say.
  if (data.effect === undefined) return end
  const step = settled(was, data, 'confirmed', ['intended'])
  return typeof step === 'string' ? step : { ...step, ...end }
}

/** The owner's report ends what waits, and takes back what was done or may have been. */
function reported(
  was: RecordedRequest,
  { actor, time, data }: RecordedEntry<'owner.reported'>,
): Step {
  if (actor.kind !== 'person') return text.replay.byOther('owner.reported')
  if (was.reported !== undefined) return text.replay.reportedTwice
  if (data.stateBefore !== was.state) return text.replay.otherState('owner.reported', was.state)
  if (data.method !== was.method) return text.replay.otherMethod
  const by: { reported: { by: PersonId; at: string } } = { reported: { by: actor.id, at: time } }
  if (was.state === 'pending' || was.state === 'approved') return { ...by, state: 'denied' }
  if (was.state === 'needs-attention' || was.mayHaveLanded)
    return { ...by, state: 'executed', ...burnt(was) }
  const isSealed = was.password === 'sealed' || was.password === 'revealing'
  return { ...by, ...(isDone(was) && isSealed ? { password: 'burnt' as const } : {}) }
}

function burnt(was: RecordedRequest): Pick<RecordedRequest, 'password'> {
  return { password: makesPassword(was) ? 'burnt' : 'none' }
}
