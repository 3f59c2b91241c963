/** The message in the approvals channel: one request, drawn whole from what is stored. */

import type { KnownBlock } from '@slack/types'
import { type Pause, waitsForPause } from '../../recovery/model/pause.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import { offeredTo } from '../buttons.ts'
import {
  actions,
  context,
  facts,
  header,
  type MessageBody,
  quoted,
  section,
} from '../kit/blocks.ts'
import { utc } from '../kit/mrkdwn.ts'
import { text } from '../text/text.ts'

/** The message approvers see, at any moment of a request's life. */
export function requestCard(request: RecoveryRequest, pause?: Pause): MessageBody {
  const isHeld = pause !== undefined && waitsForPause(request)
  const held = isHeld ? [text.shared.pause.sentence(pause)] : []
  const { title, sentence } = text.shared.states
  return {
    text: [...lines(request), ...held].join('\n'),
    blocks: [
      header(text.approver.card.title(request)),
      section(`*${title(request)}*\n${sentence(request)}`),
      ...held.map(section),
      ...warnings(request),
      ...privilegedBlocks(request),
      ...requestBlocks(request),
      ...actions(offeredTo(request, 'approver')),
      context(text.approver.card.footer(request)),
    ],
  }
}

/** What is asked for, and on what grounds: the same on the card as in the window where it is decided. */
export function requestBlocks(request: RecoveryRequest): KnownBlock[] {
  const { account, seen, identityCheck } = request
  const { card } = text.approver
  return [
    section(card.asked(request)),
    facts(card.account(request.openedAt), [
      ...text.shared.accounts.facts(account, seen),
      ...(seen.isLost ? [] : ([[card.lastChanged, utc(seen.modifiedAt)]] as const)),
    ]),
    ...quoted(card.reason, request.reason),
    facts(card.evidence, [
      [card.ticket, request.ticket],
      [card.identityCheck, identityCheck.label],
      [identityCheck.evidence.label, identityCheck.evidence.value],
    ]),
    ...sourceBlocks(request),
    context(card.owner(request)),
  ]
}

function sourceBlocks({ source }: RecoveryRequest): KnownBlock[] {
  return source === undefined ? [] : [context(text.approver.card.source(source))]
}

/** What nobody must overlook. */
function warnings(request: RecoveryRequest): KnownBlock[] {
  const { reported, addressChanged, stuck, state } = request
  const { card } = text.approver
  return [
    ...(reported === undefined ? [] : [section(card.reported(reported.at))]),
    ...(addressChanged === true ? [section(card.addressChanged)] : []),
    ...(stuck === true && state === 'pending' ? [section(card.stuck)] : []),
  ]
}

/** A warning that comes before anything else. */
function privilegedBlocks({ privileged }: RecoveryRequest): KnownBlock[] {
  return privileged === true ? [header(text.approver.card.privileged)] : []
}

function lines(request: RecoveryRequest): string[] {
  const { lines: says } = text.approver.card
  return [
    says.title(request),
    text.shared.states.sentence(request),
    says.asked(request),
    says.reason(request),
    says.evidence(request),
    ...(request.privileged === true ? [says.privileged] : []),
  ]
}
