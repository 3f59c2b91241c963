/** What the requester does and tells the owner next, after a recovery has been carried out. */

import type { Policy } from '../../policy/policy.ts'
import type { Executed } from '../../recovery/model/request.ts'
import { counted, span } from '../kit/lists.ts'
import { escapedWords, when } from '../kit/mrkdwn.ts'

type Limits = Pick<Policy, 'temporaryPassword'>

/** Steps in mrkdwn, in the order in which they are taken. */
export function ownerAdvice(request: Executed, policy: Limits): string[] {
  switch (request.method) {
    case 'reset':
      return [
        codeSentence(request),
        'The old password no longer works. Sign-in may say that a password reset is required: that is as it should be.',
        ...usingTheCode,
      ]
    case 'recovery-code':
      return [
        codeSentence(request),
        request.seen.status === 'CONFIRMED'
          ? 'The present password keeps working until the owner sets a new one.'
          : 'The owner can’t sign in until they have set a new password with it.',
        ...usingTheCode,
      ]
    case 'temporary-password':
    case 'permanent-password':
      return passwordAdvice(request, policy)
    case 'resend-invitation':
      return [
        `${invitationSentence(request)} The one before no longer works.`,
        'It holds a first password, which the owner changes at sign-in. Nobody at the desk sees it.',
        `It stays valid for ${counted(request.seen.temporaryPasswordDays, 'day')}. If nothing arrives: look in the spam folder, wait ten minutes, then open a new request.`,
      ]
    default:
      return request.method satisfies never
  }
}

const usingTheCode = [
  'The owner opens the sign-in page, chooses “Forgot password”, and enters the code with a new password. If the page sends another code, the newest counts; if that is refused, try the one before.',
  'If nothing arrives: look in the spam folder and wait ten minutes. Don’t ask again and again: Cognito sends only a few codes, and then none for up to an hour. After that, open a request for a recovery code or a temporary password.',
]

function codeSentence(request: Executed): string {
  const end = after(request.executedAt, 60 * 60_000)
  return `${sending('A code', request)} It is valid for an hour, until ${when(end)}, and only the owner should see it: never ask them for it.`
}

function invitationSentence(request: Executed): string {
  return sending('A new invitation', request)
}

function sending(what: string, { sentTo, seen, confirmedBy }: Executed): string {
  const address = sentTo ?? seen.destination?.masked
  const to = address === undefined ? '' : ` to ${escapedWords(address, 100)}`
  if (confirmedBy === 'answer') return `${what} is on its way${to}.`
  return `${what} should be on its way${to}, but Cognito gave no clear answer: ask whether it has arrived.`
}

function passwordAdvice(request: Executed, policy: Limits): string[] {
  const isTemporary = request.method === 'temporary-password'
  const { revealWithinMs, useWithinMs } = policy.temporaryPassword
  const useUntil = when(after(request.executedAt, useWithinMs))
  const days = counted(request.seen.temporaryPasswordDays, 'day')
  const doubt =
    request.confirmedBy === 'observation'
      ? [
          'Cognito gave no clear answer when it was set. If sign-in refuses it, open a new request: somebody else may have set another at the same moment.',
        ]
      : []
  const useBy = `The owner has to use it by ${useUntil}: the pool would let it live for ${days}, Rekey ends it sooner.`
  switch (request.password) {
    case 'sealed':
      return [
        'The old password no longer works, and a new one is ready. Have the owner on the phone before you look at it.',
        `You can see it once, until ${when(after(request.executedAt, revealWithinMs))} (${span(revealWithinMs)} after it was set); then it is destroyed.`,
        ...(isTemporary ? [useBy] : []),
        ...doubt,
      ]
    case 'revealing':
      return [
        'The password is being shown to you. Tell it to the owner by voice, once you are sure who they are.',
      ]
    case 'revealed':
      return [
        `You have seen the password ${when(request.passwordSince)}. Rekey no longer has it.`,
        isTemporary
          ? `The owner signs in with it by ${useUntil}, and then has to choose one of their own. After that time it is made useless.`
          : 'It stays valid. Ask the owner to change it as soon as they are in: now two people know it.',
        ...doubt,
      ]
    case 'burnt':
      return [
        `The password was destroyed ${when(request.passwordSince)}: it was not looked at in time, or its showing broke off.`,
        'The old password does not work any more either. If the owner still needs help, open a new request.',
      ]
    case 'none':
    case 'scrambled':
      return ['There is no password to tell. If the owner still needs help, open a new request.']
    default:
      return request.password satisfies never
  }
}

function after(time: Date, milliseconds: number): Date {
  return new Date(time.getTime() + milliseconds)
}
