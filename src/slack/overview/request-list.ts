/** The private answers to `/recovery`: lists of requests with what can be done about each. */

import type { KnownBlock } from '@slack/types'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import type { Listing } from '../../recovery/services/decisions.ts'
import { offeredTo, resumeRecoveries } from '../buttons.ts'
import { type PrivateMessage, privately } from '../inbound/error-reply.ts'
import { actions, context, divider, section } from '../kit/blocks.ts'
import { text } from '../text/text.ts'
import type { CardLink } from './card-link.ts'

/** What can be typed. */
export function helpMessage(typed: string): PrivateMessage {
  const known = typed === '' || typed === 'help'
  const { commands, unknownCommand, help } = text.overview
  const lead = known ? commands : unknownCommand
  return privately([lead, ...help.map((line) => `• ${line}`)].join('\n'))
}

/** Requests, the newest state of each, and the buttons that this person may need. */
export async function listMessage(
  which: 'mine' | 'pending',
  listing: Listing,
  linkTo: CardLink,
): Promise<PrivateMessage> {
  if (listing.kind === 'refused') return privately(text.shared.refusals.sentence(listing.why))
  const { requests, altered, pause } = listing
  const changed = altered.length === 0 ? [] : [section(text.overview.altered(altered))]
  const paused =
    pause === undefined
      ? []
      : [section(text.shared.pause.sentence(pause)), ...actions([resumeRecoveries(pause)])]
  if (requests.length === 0) {
    const nothing = text.overview.nothing[which]
    return privately(nothing, [section(nothing), ...changed, ...paused])
  }
  const parts = await Promise.all(
    requests.map(async (request) => [
      divider,
      ...(await lines(request, linkTo)),
      ...actions(offeredTo(request, readers[which])),
    ]),
  )
  const lead = text.overview.leads[which]
  return privately(lead, [section(`*${lead}*`), ...changed, ...paused, ...parts.flat()])
}

const readers = { mine: 'requester', pending: 'approver' } as const

async function lines(request: RecoveryRequest, linkTo: CardLink): Promise<KnownBlock[]> {
  const link = await linkTo(request.id)
  const name = link === undefined ? request.id : `<${link}|${request.id}>`
  return [section(text.overview.request(name, request)), context(text.overview.progress(request))]
}
