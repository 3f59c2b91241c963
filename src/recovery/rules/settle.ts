import type { EntryDraft } from '../../audit/entry.ts'
import { changesPassword, makesPassword } from '../../policy/method.ts'
import type { Policy } from '../../policy/policy.ts'
import type { Moved } from '../model/decision.ts'
import { advance, after, drawCard, entryFor, job, moved, rekey, tellAll } from '../model/drafts.ts'
import type { AccountSnapshot, Answer, Effect, Failure } from '../model/effect.ts'
import type { JobDraft } from '../model/job.ts'
import { addressesLane, burnLane, followUpLane, reportLane, sessionsLane } from '../model/lanes.ts'
import type {
  Approved,
  Confirmation,
  Done,
  Executed,
  Executing,
  Failed,
  RecoveryRequest,
} from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import { failureData, recordAltered, saidByPerson } from './own-failure.ts'

/**
 * Records how the call ended, in terms of whether it changed anything: done, failed for good, or to be
 * tried or looked at again.
 */
export function settle(
  request: Executing,
  effect: Effect,
  answer: Answer,
  terms: Terms,
): Moved<Executing | Executed | Failed> {
  const { now } = terms
  switch (answer.kind) {
    case 'done':
      return executed(
        request,
        effect,
        {
          confirmedBy: 'answer',
          answered: {
            awsRequestId: answer.awsRequestId,
            ...(answer.destination === undefined ? {} : { sentTo: answer.destination }),
          },
          ...(answer.sentElsewhere === undefined ? {} : { sentElsewhere: true }),
        },
        terms,
      )
    case 'refused':
      // A password of 90 random bits is in nobody's history unless an earlier attempt put it there,
      // and this one was made only because the account has not been touched since.
      if (answer.failure.kind === 'password-history' && effect.attempts > 1) {
        return executed(request, effect, { confirmedBy: 'observation' }, terms)
      }
      return failed(request, answer.failure, terms, effect)
    case 'not-applied':
      if (now.getTime() - effect.firstIntendedAt.getTime() > giveUpAfterMs) {
        return failed(request, answer.failure, terms, effect)
      }
      return unsettled(request, effect, { ...answer, state: 'not-applied' }, terms)
    case 'unknown':
      return unsettled(request, effect, { state: 'unknown', failure: answer.failure }, terms)
    default:
      return answer satisfies never
  }
}

/** What Cognito confirms after others have settled the call. */
export interface LateAnswer {
  /** The effect as they left it. */
  readonly storedEffect: Effect | undefined
  readonly awsRequestId: string
}

/**
 * What there is to say of a call that Cognito confirms after others have settled it without it.
 * @returns undefined where they took the same call for done: then there was one
 */
export function duplicate(
  request: RecoveryRequest,
  effect: Effect,
  { storedEffect, awsRequestId }: LateAnswer,
  policy: Policy,
): EntryDraft | undefined {
  const sameCall = storedEffect?.id === effect.id && storedEffect.fence === effect.fence
  const takenForLost = ['refused', 'not-applied', 'undecided'].includes(storedEffect?.state ?? '')
  if (sameCall && !takenForLost) return undefined
  return entryFor(request, rekey, policy, {
    type: 'effect.duplicate',
    ...tried(effect),
    fence: effect.fence,
    awsRequestId,
  })
}

/** How it is known that an effect has taken place. */
export interface Evidence {
  readonly confirmedBy: Confirmation
  /** The account as it was found afterwards. */
  readonly afterwards?: AccountSnapshot
  /** What Cognito has said. */
  readonly answered?: { readonly awsRequestId: string; readonly sentTo?: string }
  /** Where it said that it sent something, the account has no address. */
  readonly sentElsewhere?: true
}

/** The effect has taken place: what follows is to tell people, end sessions and watch the owner's return. */
export function executed(
  request: Executing,
  effect: Effect,
  { confirmedBy, afterwards, answered, sentElsewhere }: Evidence,
  { policy, now }: Terms,
): Moved<Executed> {
  const password = makesPassword(request.method)
  // Whoever was told that it was not the owner ends what they can, whatever the policy says.
  const revoke =
    request.reported !== undefined || (policy.signOutAfter && changesPassword(request.method))
  const next: Executed = {
    ...advance(request, { state: 'executed', executedAt: now, confirmedBy }),
    ...(answered?.sentTo === undefined ? {} : { sentTo: answered.sentTo }),
    ...(sentElsewhere === undefined ? {} : { sentElsewhere }),
    sessions: revoke ? 'to-revoke' : 'kept',
    password: password ? (request.reported ? 'burnt' : 'sealed') : 'none',
    passwordSince: now,
  }
  const jobs: JobDraft[] = [
    ...(confirmedBy === 'answer' || confirmedBy === 'observation' ? lookAfter(next, now) : []),
    ...tellAll(next, now),
    ...(next.reported ? afterReport(next, now) : []),
  ]
  if (revoke)
    jobs.push(job({ kind: 'revoke-sessions', request: next.id }, sessionsLane(next.id), now))
  if (next.password === 'sealed') {
    const burnAt = after(now, policy.temporaryPassword.revealWithinMs)
    jobs.push(job({ kind: 'burn-password', request: next.id }, burnLane(next.id), burnAt))
  }
  jobs.push(job({ kind: 'follow-up', request: next.id }, followUpLane(next.id), after(now, 60_000)))
  const byAnswer = confirmedBy === 'answer'
  const known: Effect = {
    ...effect,
    state: byAnswer ? 'confirmed' : 'observed',
    ...(afterwards === undefined ? {} : { after: afterwards }),
  }
  return moved(
    next,
    entryFor(
      next,
      rekey,
      policy,
      answered === undefined
        ? { type: 'effect.observed', ...tried(effect) }
        : { type: 'effect.confirmed', ...tried(effect), ...answered },
    ),
    jobs,
    {
      ...(confirmedBy === 'nobody' ? {} : { effect: known }),
      ...(next.password === 'burnt' ? { secret: { shred: true as const } } : {}),
    },
  )
}

/** Ends a request that cannot be carried out. Nothing was changed in Cognito. */
export function failed(
  request: Approved | Executing,
  failure: Failure,
  { policy, now }: Terms,
  effect?: Effect,
): Moved<Failed> {
  const next: Failed = {
    ...advance(request, { state: 'failed', failedAt: now, failure }),
    ...(effect !== undefined && effect.number > 1 ? { sentBefore: true } : {}),
  }
  return moved(
    next,
    entryFor(
      next,
      rekey,
      policy,
      effect === undefined
        ? { type: 'request.failed', ...failureData(failure) }
        : {
            type: 'effect.refused',
            effect: effect.id,
            deed: effect.kind,
            ...failureData(failure),
          },
    ),
    tellAll(next, now),
    {
      ...(effect === undefined ? {} : { effect: { ...effect, state: 'refused' as const } }),
      secret: { shred: true },
    },
  )
}

/**
 * Whether something may have come of a request that has failed all the same: only what was to be sent
 * again has failed for certain, or nobody but a person says that nothing came of it.
 */
export function mayHaveLanded({ failure, sentBefore, effect }: Failed): boolean {
  const wasStopped = failure.name === recordAltered && effect !== undefined
  return sentBefore === true || failure.name === saidByPerson || wasStopped
}

/** What is known of a try that has not settled anything. */
interface Unsettling {
  readonly state: 'unknown' | 'not-applied'
  readonly failure: Failure
  /** It never left, and is not counted among the calls. */
  readonly uncalled?: true
}

/** Records that a try changed nothing, or that nobody knows. */
export function unsettled<Going extends Executing | Done>(
  request: Going,
  effect: Effect,
  { state, failure, uncalled }: Unsettling,
  { policy, now }: Terms,
): Moved<Going> {
  const next: Going = advance(request)
  return moved(
    next,
    entryFor(
      next,
      rekey,
      policy,
      state === 'unknown'
        ? { type: 'effect.unknown', ...tried(effect), ...failureData(failure) }
        : {
            type: 'effect.not-applied',
            ...tried(effect),
            ...failureData(failure),
            ...(uncalled === undefined ? {} : { uncalled }),
          },
    ),
    [...(state === 'unknown' ? lookAfter(next, now) : []), drawCard(next, now)],
    { effect: { ...effect, state, attempts: effect.attempts - (uncalled ? 1 : 0) } },
  )
}

/** What may have been sent is followed by one more look at where it went, as soon as may be. */
export function lookAfter({ id, method }: RecoveryRequest, now: Date): JobDraft[] {
  if (makesPassword(method)) return []
  return [job({ kind: 'check-addresses', request: id }, addressesLane(id), now)]
}

/** What an owner's report sets in motion after the effect: an unused password is made useless at once. */
export function afterReport(request: Executed, now: Date): JobDraft[] {
  return [job({ kind: 'follow-up', request: request.id }, reportLane(request.id), now)]
}

/** What the ledger says of a try, whatever came of it. */
export function tried({ id, kind, attempts }: Effect) {
  return { effect: id, deed: kind, attempt: attempts }
}

/**
 * For how long a call is tried again. Cognito's throttling passes in seconds, an operator's broken
 * credentials in minutes. After that a requester is better served by a clear no.
 */
export const giveUpAfterMs = 15 * 60_000
