/**
 * Every button of Rekey: under which id its press arrives, what it says, and who is offered it. To be
 * offered one is no right: who may is asked when it is pressed. Ids stay as they are, since what was
 * drawn by the Rekey before is pressed in front of this one.
 */

import type { Button } from '@slack/types'
import type { RequestId } from '../ids.ts'
import type { AccountRef } from '../recovery/model/account.ts'
import type { Pause } from '../recovery/model/pause.ts'
import type { RecoveryRequest } from '../recovery/model/request.ts'
import { canSendAgain } from '../recovery/rules/resolve.ts'
import { buttonValue, choiceValue, pauseValue } from './inbound/button-value.ts'
import { plain, plainLine } from './kit/mrkdwn.ts'
import { ownerName } from './text/en/accounts.ts'

export const buttonIds = {
  approve: 'recovery.approve',
  deny: 'recovery.deny',
  withdraw: 'recovery.withdraw',
  worked: 'recovery.worked',
  notWorked: 'recovery.not-worked',
  sendAgain: 'recovery.send-again',
  askAgain: 'recovery.again',
  reveal: 'recovery.reveal',
  report: 'recovery.report',
  unfreeze: 'recovery.thaw',
  resume: 'recovery.resume',
  choose: 'recovery.choose',
} as const

/** Radio buttons whose choice is heard of at once, rather than when the form is sent. */
export const radioIds = { identityCheck: 'identity-check' } as const

/** Forms with a button that sends them, by the callback id under which they arrive. */
export const formIds = {
  find: 'recovery.find',
  open: 'recovery.open',
  approve: 'recovery.approve.submit',
  deny: 'recovery.deny.submit',
} as const

export type ButtonId = (typeof buttonIds)[keyof typeof buttonIds]
export type RadioId = (typeof radioIds)[keyof typeof radioIds]
export type FormId = (typeof formIds)[keyof typeof formIds]

/** Whoever reads a request: on its card, in messages of their own, or in the list that they have asked for. */
export type Audience = 'approver' | 'requester' | 'owner'

/** What can be done about a request as it is, for those who read of it; the same wherever they do. */
export function offeredTo(request: RecoveryRequest, audience: Audience): Button[] {
  return offers[audience](request).map((name) => requestButtons[name](request))
}

type RequestButton = keyof typeof requestButtons

const offers = {
  approver: (request) =>
    request.state === 'pending' ? ['approve', 'deny'] : whatCameOfIt(request),
  requester: toRequester,
  owner: ({ reported }) => (reported === undefined ? ['report'] : []),
} satisfies Record<Audience, (request: RecoveryRequest) => readonly RequestButton[]>

function toRequester(request: RecoveryRequest): readonly RequestButton[] {
  switch (request.state) {
    case 'pending':
    case 'approved':
      return ['withdraw']
    case 'executing':
    case 'recovered':
    case 'withdrawn':
      return []
    case 'needs-attention':
      return whatCameOfIt(request)
    case 'executed':
      if (request.password === 'sealed') return ['reveal']
      return request.password === 'burnt' ? anotherOne(request) : []
    case 'denied':
    case 'expired':
    case 'failed':
    case 'lapsed':
      return anotherOne(request)
    default:
      return request satisfies never
  }
}

/** Where the owner still needs help, and nothing stands in the way of another request. */
function anotherOne({ reported }: RecoveryRequest): readonly RequestButton[] {
  return reported === undefined ? ['askAgain'] : []
}

/** What a person can say of a request whose outcome nobody knows. */
function whatCameOfIt(request: RecoveryRequest): readonly RequestButton[] {
  if (request.state !== 'needs-attention') return []
  return canSendAgain(request) ? ['worked', 'notWorked', 'sendAgain'] : ['worked', 'notWorked']
}

const requestButtons = {
  approve: (request) => ({
    ...button('Approve…', buttonIds.approve, buttonValue(request)),
    style: 'primary',
    accessibility_label: spoken(`Approve the recovery for ${ownerName(request.seen.name)}`),
  }),
  deny: (request) => ({
    ...button('Deny…', buttonIds.deny, buttonValue(request)),
    style: 'danger',
    accessibility_label: spoken(`Deny the recovery for ${ownerName(request.seen.name)}`),
  }),
  withdraw: (request) => ({
    ...button('Withdraw', buttonIds.withdraw, buttonValue(request)),
    accessibility_label: spoken(`Withdraw the request for ${ownerName(request.seen.name)}`),
    confirm: {
      title: plain('Withdraw this request?'),
      text: plain('Nobody can approve it afterwards. You can open a new one.'),
      confirm: plain('Withdraw'),
      deny: plain('Keep it'),
    },
  }),
  worked: (request) => ({
    ...button('It worked', buttonIds.worked, buttonValue(request)),
    confirm: {
      title: plain('Did it work?'),
      text: plain(
        'Only if the owner has what they need, or is back in. It is recorded under your name.',
      ),
      confirm: plain('It worked'),
      deny: plain('Not sure'),
    },
  }),
  notWorked: (request) => ({
    ...button('Nothing came of it', buttonIds.notWorked, buttonValue(request)),
    confirm: {
      title: plain('Close this request?'),
      text: plain('It is closed as failed, under your name, and a new request can be opened.'),
      confirm: plain('Close it'),
      deny: plain('Not sure'),
    },
  }),
  sendAgain: (request) => ({
    ...button('Send again', buttonIds.sendAgain, buttonValue(request)),
    confirm: {
      title: plain('Send it again?'),
      text: plain(
        'Only if the owner has looked and nothing has come. The first message may still arrive; only the newest code counts.',
      ),
      confirm: plain('Send again'),
      deny: plain('Not yet'),
    },
  }),
  askAgain: (request) => button('Ask again…', buttonIds.askAgain, buttonValue(request)),
  reveal: (request) => ({
    ...button('Show the password once', buttonIds.reveal, buttonValue(request)),
    style: 'primary',
    accessibility_label: spoken(`Show the password for ${ownerName(request.seen.name)} once`),
  }),
  report: (request) => ({
    ...button('This wasn’t me', buttonIds.report, buttonValue(request)),
    style: 'danger',
    confirm: {
      title: plain('You did not ask for this?'),
      text: plain(
        'The account is frozen for a day, what can be taken back is, and the security team is called.',
      ),
      confirm: plain('It wasn’t me'),
      deny: plain('Go back'),
    },
  }),
} satisfies Record<string, (request: RecoveryRequest) => Button>

/** Offered in the alert about an owner's report. */
export function unfreezeAccount(reported: {
  readonly id: RequestId
  readonly version: number
}): Button {
  return button('Let this account be recovered again', buttonIds.unfreeze, buttonValue(reported))
}

/** Offered wherever somebody reads that everything is paused. */
export function resumeRecoveries(pause: Pick<Pause, 'since'>): Button {
  return button('Let recoveries go on', buttonIds.resume, pauseValue(pause))
}

/** Offered beside each of several accounts that match. @param name its owner's */
export function chooseAccount(ref: Pick<AccountRef, 'pool' | 'sub'>, name: string): Button {
  return {
    ...button('Choose', buttonIds.choose, choiceValue(ref)),
    accessibility_label: spoken(`Choose ${ownerName(name)}`),
  }
}

function button(words: string, actionId: ButtonId, value: string): Button {
  return { type: 'button', action_id: actionId, text: plainLine(words, 75), value }
}

/** What a screen reader says in place of the words on the button. */
function spoken(label: string): string {
  return plainLine(label, 75).text
}
