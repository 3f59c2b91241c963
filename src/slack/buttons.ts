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
import { text } from './text/text.ts'

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
  const { seen } = request
  return offers[audience](request).map((which) => button(which, buttonValue(request), seen.name))
}

type ButtonName = keyof typeof buttonIds

type RequestButton = Exclude<ButtonName, 'unfreeze' | 'resume' | 'choose'>

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

/** Offered in the alert about an owner's report. */
export function unfreezeAccount(reported: {
  readonly id: RequestId
  readonly version: number
}): Button {
  return button('unfreeze', buttonValue(reported))
}

/** Offered wherever somebody reads that everything is paused. */
export function resumeRecoveries(pause: Pick<Pause, 'since'>): Button {
  return button('resume', pauseValue(pause))
}

/** Offered beside each of several accounts that match. @param name its owner's */
export function chooseAccount(ref: Pick<AccountRef, 'pool' | 'sub'>, name: string): Button {
  return button('choose', choiceValue(ref), name)
}

/** @param name the owner's, for what a screen reader says in place of the words on the button */
function button(which: ButtonName, value: string, name = ''): Button {
  const words: ButtonText = text.shared.buttons[which]
  const { label, spoken, confirm } = words
  const style = styles[which]
  return {
    type: 'button',
    action_id: buttonIds[which],
    text: plainLine(label, 75),
    value,
    ...(style && { style }),
    ...(spoken && { accessibility_label: plainLine(spoken(name), 75).text }),
    ...(confirm && {
      confirm: {
        title: plain(confirm.title),
        text: plain(confirm.text),
        confirm: plain(confirm.yes),
        deny: plain(confirm.no),
      },
    }),
  }
}

const styles: Partial<Record<ButtonName, 'primary' | 'danger'>> = {
  approve: 'primary',
  deny: 'danger',
  reveal: 'primary',
  report: 'danger',
}

interface ButtonText {
  readonly label: string
  readonly spoken?: (name: string) => string
  readonly confirm?: Readonly<Record<'title' | 'text' | 'yes' | 'no', string>>
}
