/** What the requester does and tells the owner next, after a recovery has been carried out. */

import type { Policy } from '../../policy/policy.ts'
import type { Executed } from '../../recovery/model/request.ts'
import { text } from '../text/text.ts'

type PasswordLimits = Pick<Policy, 'temporaryPassword'>

/** Steps in mrkdwn, in the order in which they are taken. */
export function ownerAdvice(request: Executed, policy: PasswordLimits): readonly string[] {
  const { advice } = text.requester
  switch (request.method) {
    case 'reset':
      return [codeSentence(request), advice.oldPasswordGone, ...advice.usingTheCode]
    case 'recovery-code':
      return [
        codeSentence(request),
        request.seen.status === 'CONFIRMED' ? advice.oldPasswordWorks : advice.noSignInYet,
        ...advice.usingTheCode,
      ]
    case 'temporary-password':
    case 'permanent-password':
      return passwordAdvice(request, policy)
    case 'resend-invitation':
      return [
        advice.invitation(request),
        advice.firstPassword,
        advice.invitationValid(request.seen.temporaryPasswordDays),
      ]
    default:
      return request.method satisfies never
  }
}

// How long Cognito takes a code.
const codeLifeMs = 60 * 60_000

function codeSentence(request: Executed): string {
  return text.requester.advice.code(request, after(request.executedAt, codeLifeMs))
}

function passwordAdvice(request: Executed, policy: PasswordLimits): readonly string[] {
  const { advice } = text.requester
  const isTemporary = request.method === 'temporary-password'
  const { revealWithinMs, useWithinMs } = policy.temporaryPassword
  const useUntil = after(request.executedAt, useWithinMs)
  const doubt = request.confirmedBy === 'observation' ? [advice.perhapsAnother] : []
  switch (request.password) {
    case 'sealed':
      return [
        advice.passwordReady,
        advice.seeOnce(after(request.executedAt, revealWithinMs), revealWithinMs),
        ...(isTemporary ? [advice.useBy(useUntil, request.seen.temporaryPasswordDays)] : []),
        ...doubt,
      ]
    case 'revealing':
      return [advice.beingShown]
    case 'revealed':
      return [
        advice.seen(request.passwordSince),
        isTemporary ? advice.signInBy(useUntil) : advice.staysValid,
        ...doubt,
      ]
    case 'burnt':
      return [advice.destroyed(request.passwordSince), advice.afterDestroyed]
    case 'none':
    case 'scrambled':
      return [advice.noPassword]
    default:
      return request.password satisfies never
  }
}

function after(time: Date, milliseconds: number): Date {
  return new Date(time.getTime() + milliseconds)
}
