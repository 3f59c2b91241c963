/** The private answers to `/recovery`: lists of requests with what can be done about each. */

import type { Button, KnownBlock } from '@slack/types'
import type { Pause } from '../../recovery/model/pause.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import type { Listing } from '../../recovery/services/context.ts'
import { approveAction, denyAction, withdrawButton } from '../approver/request-card.ts'
import { attentionButtons } from '../attention-buttons.ts'
import { buttonValue, pauseValue } from '../inbound/button-value.ts'
import { type PrivateMessage, privately } from '../inbound/error-reply.ts'
import { button, context, divider, section } from '../kit/blocks.ts'
import { when } from '../kit/mrkdwn.ts'
import { revealAction } from '../requester/password-modal.ts'
import { againAction } from '../requester/recovery-form.ts'
import { escapedName } from '../text/en/accounts.ts'
import { pauseSentence } from '../text/en/pause.ts'
import { methodWords, refusalSentence } from '../text/en/sentences.ts'
import { soFar, stateTitle } from '../text/en/states.ts'
import type { CardLink } from './card-link.ts'

export const resumeAction = 'recovery.resume'

const help = [
  '`/reset-password [e-mail, phone, username or name]` asks for the recovery of an account.',
  '`/recovery mine` shows what you have asked for.',
  '`/recovery pending` shows what waits for your decision.',
  '`/recovery pause &lt;reason&gt;` stops every recovery that has not begun; `/recovery resume` lets them go on. For those whom the policy names for security.',
  '`/recovery help` shows this.',
]

/** What can be typed. */
export function helpMessage(typed: string): PrivateMessage {
  const known = typed === '' || typed === 'help'
  const lead = known ? 'What you can type:' : 'There is no such command. What you can type:'
  return privately([lead, ...help.map((line) => `• ${line}`)].join('\n'))
}

/** Requests, the newest state of each, and the buttons that this person may need. */
export async function listMessage(
  which: 'mine' | 'pending',
  listing: Listing,
  linkTo: CardLink,
): Promise<PrivateMessage> {
  if (listing.kind === 'refused') return privately(refusalSentence(listing.why))
  const { requests, pause } = listing
  const halt = pause === undefined ? [] : [section(pauseSentence(pause)), resumeBlock(pause)]
  if (requests.length === 0) {
    return privately(nothing[which], [section(nothing[which]), ...halt])
  }
  const parts = await Promise.all(
    requests.map(async (request) => [
      divider,
      ...(await lines(request, linkTo)),
      ...(which === 'mine' ? mineButtons(request) : pendingButtons(request)),
    ]),
  )
  return privately(leads[which], [section(`*${leads[which]}*`), ...halt, ...parts.flat()])
}

const leads = { mine: 'What you have asked for', pending: 'What waits for a decision' } as const

const nothing = {
  mine: 'You have asked for no recovery yet. `/reset-password` begins one.',
  pending: 'Nothing waits for a decision of yours.',
} as const

/** Offered wherever somebody reads that everything is paused; who may press it is asked then. */
export function resumeBlock(pause: Pick<Pause, 'since'>): KnownBlock {
  const go = button('Let recoveries go on', resumeAction, pauseValue(pause))
  return { type: 'actions', elements: [go] }
}

async function lines(request: RecoveryRequest, linkTo: CardLink): Promise<KnownBlock[]> {
  const link = await linkTo(request.id)
  const name = link === undefined ? request.id : `<${link}|${request.id}>`
  const expiry = request.state === 'pending' ? ` Expires ${when(request.expiresAt)}.` : ''
  return [
    section(
      `*${name}* · ${stateTitle(request)}\n${methodWords[request.method].name} for ${escapedName(request.seen.name)}`,
    ),
    context(`Opened ${when(request.openedAt)}. ${soFar(request)}${expiry}`),
  ]
}

function mineButtons(request: RecoveryRequest): KnownBlock[] {
  return actions([
    ...(request.state === 'pending' || request.state === 'approved'
      ? [withdrawButton(request)]
      : []),
    ...('password' in request && request.state === 'executed' && request.password === 'sealed'
      ? [button('Show the password once', revealAction, buttonValue(request))]
      : []),
    ...(['denied', 'expired', 'failed', 'lapsed'].includes(request.state)
      ? [button('Ask again…', againAction, buttonValue(request))]
      : []),
  ])
}

function pendingButtons(request: RecoveryRequest): KnownBlock[] {
  if (request.state !== 'pending') return attentionButtons(request)
  const value = buttonValue(request)
  return actions([
    { ...button('Approve…', approveAction, value), style: 'primary' },
    { ...button('Deny…', denyAction, value), style: 'danger' },
  ])
}

function actions(elements: Button[]): KnownBlock[] {
  return elements.length === 0 ? [] : [{ type: 'actions', elements }]
}
