/** The one showing of a temporary password, and its end. */

import { mayRequest } from '../../policy/who.ts'
import type { SealedFor } from '../../sealing/password-sealer.ts'
import type { Decision, Moved } from '../model/decision.ts'
import {
  advance,
  after,
  drawCard,
  entryFor,
  job,
  moved,
  person,
  refuse,
  rekey,
  tellRequester,
} from '../model/drafts.ts'
import { burnShownLane, screenLane } from '../model/lanes.ts'
import type { PauseState } from '../model/pause.ts'
import type { Executed, PasswordFate, RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { Person } from '../ports/directory.ts'

// A showing takes a second. If nobody has recorded its end after a minute, whoever did it has died,
// and the password may have been seen: it is not shown again.
const showingMs = 60_000

// Long enough to read it out over the phone twice.
const onScreenMs = 2 * 60_000

/** What a showing rests on. */
export interface RevealFacts {
  /** The window in which it will be shown. */
  readonly view: string
  readonly pauseState: PauseState
}

/** Whose password it is, and who may see it. */
export function sealedFor({ requestedBy, account }: RecoveryRequest): SealedFor {
  return { requester: requestedBy, userPoolId: account.userPoolId, sub: account.sub }
}

/**
 * Hands the password over for its one showing, to the requester alone. That it will be taken off
 * the screen again is ordered before it is on it: afterwards might be too late.
 */
export function reveal(
  request: RecoveryRequest,
  by: Person,
  { view, pauseState }: RevealFacts,
  { policy, now }: Terms,
): Decision<Executed> {
  if (by.id !== request.requestedBy)
    return refuse(request, { attempt: 'reveal', by: by.id, why: 'not-your-request' }, policy)
  if (!by.member || !mayRequest(policy, by)) {
    return refuse(request, { attempt: 'reveal', by: by.id, why: 'not-a-requester' }, policy)
  }
  if (!('password' in request))
    return refuse(request, { attempt: 'reveal', by: by.id, why: 'not-executed-yet' }, policy)
  if (request.password === 'revealing' || request.password === 'revealed') {
    return refuse(request, { attempt: 'reveal', by: by.id, why: 'password-shown' }, policy)
  }
  const tooLate = now >= after(request.executedAt, policy.temporaryPassword.revealWithinMs)
  if (request.state !== 'executed' || request.password !== 'sealed' || tooLate) {
    return refuse(request, { attempt: 'reveal', by: by.id, why: 'password-gone' }, policy)
  }
  // It stays sealed, and burns when its time is up.
  if (pauseState.isFrozen)
    return refuse(request, { attempt: 'reveal', by: by.id, why: 'account-frozen' }, policy)
  if (pauseState.isPaused)
    return refuse(request, { attempt: 'reveal', by: by.id, why: 'paused' }, policy)
  const next = withFate(request, 'revealing', now)
  return moved(
    next,
    entryFor(next, person(by.id), policy, { type: 'secret.revealing' }),
    [
      job(
        { kind: 'burn-password', request: next.id },
        burnShownLane(next.id),
        after(now, showingMs),
      ),
      job(
        { kind: 'clear-reveal', request: next.id, view },
        screenLane(next.id),
        after(now, onScreenMs),
      ),
    ],
    { unlessPaused: true },
  )
}

/** The password was on the requester's screen. It is destroyed, and will be taken off the screen. */
export function revealed(
  request: RecoveryRequest,
  by: Person,
  { policy, now }: Terms,
): Moved<Executed> | undefined {
  if (request.state !== 'executed' || request.password !== 'revealing') return undefined
  const next = withFate(request, 'revealed', now)
  return moved(
    next,
    entryFor(next, person(by.id), policy, { type: 'secret.revealed' }),
    [tellRequester(next, now), drawCard(next, now)],
    { secret: { shred: true }, isAnswer: true },
  )
}

/** The password certainly reached no screen, and may be asked for again. */
export function release(
  request: RecoveryRequest,
  by: Person,
  { policy, now }: Terms,
): Moved<Executed> | undefined {
  if (request.state !== 'executed' || request.password !== 'revealing') return undefined
  const next = withFate(request, 'sealed', now)
  return moved(
    next,
    entryFor(next, person(by.id), policy, { type: 'secret.released' }),
    // Whatever was drawn meanwhile no longer offers it.
    [tellRequester(next, now), drawCard(next, now)],
    { isAnswer: true },
  )
}

/** Destroys a password that was not asked for in time, or whose showing never ended. */
export function burn(
  request: RecoveryRequest,
  { policy, now }: Terms,
): Moved<Executed> | undefined {
  if (request.state !== 'executed' || !('password' in request)) return undefined
  const whyNot =
    request.password === 'sealed' &&
    now >= after(request.executedAt, policy.temporaryPassword.revealWithinMs)
  const unfinished =
    request.password === 'revealing' && now >= after(request.passwordSince, showingMs)
  if (!whyNot && !unfinished) return undefined
  const next = withFate(request, 'burnt', now)
  return moved(
    next,
    entryFor(next, rekey, policy, { type: 'secret.burnt', perhapsSeen: unfinished }),
    [tellRequester(next, now), drawCard(next, now)],
    { secret: { shred: true } },
  )
}

function withFate(request: Executed, password: PasswordFate, now: Date): Executed {
  return advance(request, { password, passwordSince: now })
}
