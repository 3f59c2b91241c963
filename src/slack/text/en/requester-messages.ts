/** The messages to whoever asked: where it stands, how it ended, and what to do and to tell the owner. Mrkdwn. */

import type { Pause } from '../../../recovery/model/pause.ts'
import type {
  Denied,
  Executed,
  Failed,
  Pending,
  Recovered,
  RecoveryRequest,
  Withdrawn,
} from '../../../recovery/model/request.ts'
import { escapedWords, mention, utc, when } from '../../kit/mrkdwn.ts'
import { escapedName } from './accounts.ts'
import { failureSentence } from './failures.ts'
import { counted, span } from './lists.ts'
import { methodWords } from './methods.ts'
import { pauseSentence } from './pause.ts'
import {
  addressWarning,
  backAfter,
  expiredSentence,
  lapsedSentence,
  sessionsSentence,
  soFar,
  stateTitle,
} from './states.ts'

export const messages = {
  title: (request: RecoveryRequest) =>
    `${stateTitle(request)}: recovery for ${escapedName(request.seen.name)}`,
  footer: ({ id, method, openedAt }: RecoveryRequest) =>
    `${id} · ${methodWords[method].name} · opened ${utc(openedAt)}`,
  reasonGiven: 'The reason given',
  whatToDo: 'What to do now',

  /** A pause, which is said in a message of its own. */
  paused: (pause: Pause) => `${pauseSentence(pause)} I write again when they go on.`,
  resumed:
    '▶️ *Recoveries go on.* What was approved is carried out now, as far as it has not expired.',
  yours: 'Yours',
  held: ({ id, method, seen }: RecoveryRequest) =>
    `${id}: ${methodWords[method].name} for ${escapedName(seen.name)}`,
  moreHeld: (more: number) => `${more} more`,

  /** What happened, by state. */
  leads: {
    pending: (request: Pending) =>
      `Your request was sent. ${soFar(request)} It expires ${when(request.expiresAt)}.`,
    executed: (request: Executed) =>
      `Approved, and carried out ${when(request.executedAt)}. ${sessionsSentence(request)}`,
    recovered: (request: Recovered) => `The owner is back in, ${backAfter(request)}.`,
    lapsed: lapsedSentence,
    denied: ({ deniedBy, deniedAt }: Denied) =>
      `${mention(deniedBy)} denied your request ${when(deniedAt)}. Nothing was changed.`,
    withdrawn: ({ withdrawnAt }: Withdrawn) =>
      `You withdrew it ${when(withdrawnAt)}. Nothing was changed.`,
    expired: expiredSentence,
    failed: ({ failure, sentBefore }: Failed) => failureSentence(failure, sentBefore),
  },

  /** What to do about it. */
  steps: {
    waiting: 'Nothing has changed in Cognito yet. I write again when there is an outcome.',
    noSecretsByChat: 'Never send a password or a code by chat, not even to an approver.',
    outcomeFollows: 'I write again when the outcome is known.',
    ownerSays: 'The owner says that they did not ask for this.',
    addressChanged: addressWarning,
    toSecurity:
      'Ask the people who look after security before anything else is done for this account.',
    again: 'If the owner still needs help, open a new request with /reset-password.',
    afterDenial: 'If that can be cleared up, you can open a new request with /reset-password.',
    nothingLeft: 'There is nothing left to do.',
    takesLonger: 'Tell the owner that it takes longer. Don’t promise a code or a password yet.',
  },
}

/** What the requester does and tells the owner next, after a recovery has been carried out. */
export const advice = {
  code: (request: Executed, until: Date) =>
    `${sending('A code', request)} It is valid for an hour, until ${when(until)}, and only the owner should see it: never ask them for it.`,
  oldPasswordGone:
    'The old password no longer works. Sign-in may say that a password reset is required: that is as it should be.',
  oldPasswordWorks: 'The present password keeps working until the owner sets a new one.',
  noSignInYet: 'The owner can’t sign in until they have set a new password with it.',
  usingTheCode: [
    'The owner opens the sign-in page, chooses “Forgot password”, and enters the code with a new password. If the page sends another code, the newest counts; if that is refused, try the one before.',
    'If nothing arrives: look in the spam folder and wait ten minutes. Don’t ask again and again: Cognito sends only a few codes, and then none for up to an hour. After that, open a request for a recovery code or a temporary password.',
  ],

  invitation: (request: Executed) =>
    `${sending('A new invitation', request)} The one before no longer works.`,
  firstPassword:
    'It holds a first password, which the owner changes at sign-in. Nobody at the desk sees it.',
  invitationValid: (days: number) =>
    `It stays valid for ${counted(days, 'day')}. If nothing arrives: look in the spam folder, wait ten minutes, then open a new request.`,

  passwordReady:
    'The old password no longer works, and a new one is ready. Have the owner on the phone before you look at it.',
  seeOnce: (until: Date, withinMs: number) =>
    `You can see it once, until ${when(until)} (${span(withinMs)} after it was set); then it is destroyed.`,
  /** @param days as the pool would let it live */
  useBy: (until: Date, days: number) =>
    `The owner has to use it by ${when(until)}: the pool would let it live for ${counted(days, 'day')}, Rekey ends it sooner.`,
  perhapsAnother:
    'Cognito gave no clear answer when it was set. If sign-in refuses it, open a new request: somebody else may have set another at the same moment.',
  beingShown:
    'The password is being shown to you. Tell it to the owner by voice, once you are sure who they are.',
  seen: (at: Date) => `You have seen the password ${when(at)}. Rekey no longer has it.`,
  signInBy: (until: Date) =>
    `The owner signs in with it by ${when(until)}, and then has to choose one of their own. After that time it is made useless.`,
  staysValid:
    'It stays valid. Ask the owner to change it as soon as they are in: now two people know it.',
  destroyed: (at: Date) =>
    `The password was destroyed ${when(at)}: it was not looked at in time, its showing broke off, or somebody changed the request in the database.`,
  afterDestroyed:
    'The old password does not work any more either. If the owner still needs help, open a new request.',
  noPassword: 'There is no password to tell. If the owner still needs help, open a new request.',
}

function sending(what: string, { sentTo, seen, confirmedBy }: Executed): string {
  const address = sentTo ?? seen.destination?.masked
  const to = address === undefined ? '' : ` to ${escapedWords(address, 100)}`
  if (confirmedBy === 'answer') return `${what} is on its way${to}.`
  return `${what} should be on its way${to}, but Cognito gave no clear answer: ask whether it has arrived.`
}
