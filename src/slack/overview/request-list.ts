/** The private answers to `/recovery`: lists of requests with what can be done about each. */

import type { KnownBlock } from '@slack/types'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import type { Listing } from '../../recovery/services/decisions.ts'
import { offeredTo, resumeRecoveries } from '../buttons.ts'
import { type PrivateMessage, privately } from '../inbound/error-reply.ts'
import { actions, context, divider, section } from '../kit/blocks.ts'
import { when } from '../kit/mrkdwn.ts'
import { escapedName } from '../text/en/accounts.ts'
import { pauseSentence } from '../text/en/pause.ts'
import { refusalSentence } from '../text/en/refusals.ts'
import { methodWords } from '../text/en/sentences.ts'
import { soFar, stateTitle } from '../text/en/states.ts'
import type { CardLink } from './card-link.ts'

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
  const paused =
    pause === undefined
      ? []
      : [section(pauseSentence(pause)), ...actions([resumeRecoveries(pause)])]
  if (requests.length === 0) {
    return privately(nothing[which], [section(nothing[which]), ...paused])
  }
  const parts = await Promise.all(
    requests.map(async (request) => [
      divider,
      ...(await lines(request, linkTo)),
      ...actions(offeredTo(request, readers[which])),
    ]),
  )
  return privately(leads[which], [section(`*${leads[which]}*`), ...paused, ...parts.flat()])
}

const readers = { mine: 'requester', pending: 'approver' } as const

const leads = { mine: 'What you have asked for', pending: 'What waits for a decision' } as const

const nothing = {
  mine: 'You have asked for no recovery yet. `/reset-password` begins one.',
  pending: 'Nothing waits for a decision of yours.',
} as const

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
