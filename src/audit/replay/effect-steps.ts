/** What entries about calls to Cognito do to a request: nothing is settled that was not intended. */

import type { EffectId } from '../../ids.ts'
import type { RecordedData, RecordedEntry } from '../recorded-entry.ts'
import { text } from '../text/text.ts'
import {
  type ApprovalsAsked,
  makesPassword,
  type RecordedEffect,
  type RecordedKind,
  type RecordedRequest,
} from './recorded-request.ts'

/** What is different in a request after an entry, or why the entry does not follow. */
export type Step = Partial<RecordedRequest> | string

/** An effect as an entry names it. */
interface Named {
  readonly effect?: string
  readonly deed?: RecordedData<'effect.confirmed'>['deed']
  readonly attempt?: number
  /** The attempt was none: nothing was called. */
  readonly uncalled?: boolean
}

/** A call is about to be made: enough others have approved it, or it may be done as often as it takes. */
export function intended(
  was: RecordedRequest,
  entry: RecordedEntry<'effect.intended'>,
  asked: ApprovalsAsked,
): Step {
  const { deed } = entry.data
  if (deed === 'sign-out' || deed === 'scramble') return intendedAgain(was, entry, deed)
  if (deed !== was.method) return text.replay.otherMethod
  const needed = Math.max(was.approvalsNeeded, asked(entry.policy, was.tier) ?? 0)
  if (was.approvals.length < needed) return text.replay.withTooFew(was.approvals.length, needed)
  if (was.state === 'approved') return claimed(was, entry)
  if (was.state === 'executing') return claimedAgain(was, entry)
  return text.replay.otherState(entry.type, was.state)
}

/** What is known of a call, in the state that it leaves the request in. */
export function settled(
  was: RecordedRequest,
  named: Named,
  state: RecordedEffect['state'],
  from: readonly RecordedEffect['state'][] = unsettled,
): Step {
  const effect = was.effects.find(({ id }) => id === named.effect)
  if (effect === undefined) return text.replay.notIntended(named.effect)
  if (named.deed !== undefined && named.deed !== effect.kind) return text.replay.otherMethod
  if (named.attempt !== undefined && named.attempt !== effect.attempts)
    return text.replay.otherAttempt(effect.attempts, named.attempt)
  if (was.state === 'executing' && effect.id !== was.effect)
    return text.replay.notIntended(named.effect)
  if (!from.includes(effect.state)) return text.replay.alreadySettled(effect.id, effect.state)
  const attempts = effect.attempts - (named.uncalled === true ? 1 : 0)
  return { effects: withEffect(was, { ...effect, state, attempts }) }
}

/** The method has been carried out, as far as anybody knows. */
export function executed(
  was: RecordedRequest,
  named: Named,
  state: RecordedEffect['state'],
  from?: readonly RecordedEffect['state'][],
): Step {
  const step = settled(was, named, state, from)
  if (typeof step === 'string') return step
  const made = was.reported === undefined ? 'sealed' : 'burnt'
  return { ...step, state: 'executed', password: makesPassword(was) ? made : 'none' }
}

/** A call that came to nothing for good: the request has failed, or goes on without it. */
export function refused(was: RecordedRequest, { data }: RecordedEntry<'effect.refused'>): Step {
  if (was.state !== 'executing' && data.deed === was.method)
    return text.replay.otherState('effect.refused', was.state)
  // Where there was nothing left to call, no effect is named.
  if (was.state !== 'executing' && data.deed === 'sign-out' && data.effect === undefined) return {}
  const step = settled(was, data, 'refused')
  if (typeof step === 'string') return step
  if (was.state !== 'executing')
    return data.deed === 'scramble' ? { ...step, state: 'lapsed' } : step
  return { ...step, state: 'failed', ...(currentEffect(was)?.number === 1 ? {} : landed) }
}

/** It may have been carried out, whatever people say of it. */
export const landed = { mayHaveLanded: true } as const

/** A person has it sent once more: an effect to come, which nothing has been tried of yet. */
export function sentAgain(
  was: RecordedRequest,
  { effect, number }: RecordedData<'attention.resolved'>,
): Step {
  const before = currentEffect(was)
  if (before === undefined || effect === undefined) return text.replay.notIntended(effect)
  if (number !== before.number + 1) return text.replay.otherNumber(before.number + 1, number)
  if (was.effects.some(({ id }) => id === effect)) return text.replay.twiceIntended(effect)
  const again = { kind: before.kind, number, state: 'not-applied', fence: 0, attempts: 0 } as const
  const id = effect as EffectId
  return { state: 'executing', effect: id, effects: [...was.effects, { id, ...again }] }
}

/** The effect by which the request's method is, or was last, carried out. */
function currentEffect(was: RecordedRequest): RecordedEffect | undefined {
  return was.effects.find(({ id }) => id === was.effect)
}

function claimed(was: RecordedRequest, { data }: RecordedEntry<'effect.intended'>): Step {
  const { effect, attempt, fence } = data
  if (effect === undefined || was.effects.some(({ id }) => id === effect))
    return text.replay.twiceIntended(effect)
  if (attempt !== 1 || fence !== 1) return text.replay.otherAttempt(1, attempt)
  const id = effect as EffectId
  const first = { id, kind: was.method, number: 1, state: 'intended', fence, attempts: 1 } as const
  return { state: 'executing', effect: id, effects: [...was.effects, first] }
}

/** Only what has certainly not been applied is called again. */
function claimedAgain(was: RecordedRequest, { data }: RecordedEntry<'effect.intended'>): Step {
  const { effect, attempt, fence } = data
  const before = currentEffect(was)
  if (before === undefined || before.id !== effect) return text.replay.twiceIntended(effect)
  if (before.state !== 'not-applied') return text.replay.alreadySettled(before.id, before.state)
  if (attempt !== before.attempts + 1 || fence !== before.fence + 1)
    return text.replay.otherAttempt(before.attempts + 1, attempt)
  return { effects: withEffect(was, { ...before, state: 'intended', fence, attempts: attempt }) }
}

/** Ending sessions and replacing an unused password: both have one effect, with as many tries as it takes. */
function intendedAgain(
  was: RecordedRequest,
  { type, data }: RecordedEntry<'effect.intended'>,
  kind: RecordedKind,
): Step {
  const { effect, attempt } = data
  if (!isDone(was)) return text.replay.otherState(type, was.state)
  const before = was.effects.find((each) => each.kind === kind)
  if (effect === undefined || (before !== undefined && before.id !== effect))
    return text.replay.twiceIntended(effect)
  const next = (before?.attempts ?? 0) + 1
  if (attempt !== next) return text.replay.otherAttempt(next, attempt)
  const id = effect as EffectId
  const now = { id, kind, number: 1, state: 'intended', fence: next, attempts: next } as const
  return { effects: before === undefined ? [...was.effects, now] : withEffect(was, now) }
}

export function isDone({ state }: RecordedRequest): boolean {
  return state === 'executed' || state === 'recovered' || state === 'lapsed'
}

const unsettled = ['intended', 'unknown', 'not-applied'] as const

function withEffect({ effects }: RecordedRequest, changed: RecordedEffect): RecordedEffect[] {
  return effects.map((each) => (each.id === changed.id ? changed : each))
}
