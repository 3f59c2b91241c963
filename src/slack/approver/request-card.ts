/** The message in the approvals channel: one request, drawn whole from what is stored. */

import type { KnownBlock } from '@slack/types'
import type { Pause } from '../../recovery/model/pause.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import { offeredTo } from '../buttons.ts'
import { actions, type Card, context, facts, header, quoted, section } from '../kit/blocks.ts'
import { escapedWords, mention, utc, when } from '../kit/mrkdwn.ts'
import { accountFacts, escapedName } from '../text/en/accounts.ts'
import { pauseBlocks, pauseStep } from '../text/en/pause.ts'
import { methodWords } from '../text/en/sentences.ts'
import { stateSentence, stateTitle } from '../text/en/states.ts'

/** The message approvers see, at any moment of a request's life. */
export function requestCard(request: RecoveryRequest, pause?: Pause): Card {
  return {
    text: [cardText(request), ...pauseStep(request, pause)].join('\n'),
    blocks: [
      header(`Account recovery ${request.id}`),
      section(`*${stateTitle(request)}*\n${stateSentence(request)}`),
      ...pauseBlocks(request, pause),
      ...warnings(request),
      ...privilegedBlocks(request),
      ...requestBlocks(request),
      ...actions(offeredTo(request, 'approver')),
      context(
        `Opened ${utc(request.openedAt)} · tier “${escapedWords(request.tier, 60)}” · ${request.id}`,
      ),
    ],
  }
}

/** What is asked for, and on what grounds: the same on the card as in the window where it is decided. */
export function requestBlocks(request: RecoveryRequest): KnownBlock[] {
  const { account, seen, method, requestedBy } = request
  const { name, does } = methodWords[method]
  return [
    section(`${mention(requestedBy)} asks for: *${name}*. ${does}${destination(request)}`),
    facts(`The account, as it was ${utc(request.openedAt)}`, [
      ...accountFacts(account, seen),
      ['Last changed', utc(seen.modifiedAt)],
    ]),
    ...quoted('Reason', request.reason),
    facts('Evidence', [
      ['Ticket', request.ticket],
      ['Identity check by the requester', request.identityCheck.label],
      [request.identityCheck.evidence.label, request.identityCheck.evidence.value],
    ]),
    ...sourceBlocks(request),
    context(ownerSentence(request)),
  ]
}

/** Whether the owner has heard of it from somebody else than the requester. Never before it is so. */
function ownerSentence({ ownerReach = 'not-in-slack', ownerTold }: RecoveryRequest): string {
  if (ownerReach !== 'slack' || ownerTold === undefined) return ownerWords[ownerReach]
  return 'at' in ownerTold
    ? `The owner was told in Slack ${when(ownerTold.at)}, and can stop it.`
    : `⚠️ The owner could not be told in Slack, which refused it (${escapedWords(ownerTold.refused, 60)}). Tell them by another way than the one the code goes to.`
}

const ownerWords = {
  slack: 'Rekey is telling the owner in Slack…',
  'not-verified':
    'The owner can’t be told in Slack: Cognito has not verified the address. Tell them by another way than the one the code goes to.',
  'not-in-slack':
    'The owner can’t be told in Slack: nobody there has this address. Tell them by another way than the one the code goes to.',
} satisfies Record<NonNullable<RecoveryRequest['ownerReach']>, string>

function sourceBlocks({ source }: RecoveryRequest): KnownBlock[] {
  return source === undefined ? [] : [context(`It began with <${source}|this message>.`)]
}

/** What nobody must overlook. */
function warnings(request: RecoveryRequest): KnownBlock[] {
  const { reported, stuck, state } = request
  return [
    ...(reported === undefined
      ? []
      : [
          section(
            `🚨 *The owner says that it was not them*, ${when(reported.at)}. The account can’t be recovered for a day after that.`,
          ),
        ]),
    ...(stuck === true && state === 'pending'
      ? [
          section(
            '⚠️ *Nobody is left who can approve this.* Whoever looks after the policy has to name others, or the request expires.',
          ),
        ]
      : []),
  ]
}

/** A warning that comes before anything else. */
function privilegedBlocks({ privileged }: RecoveryRequest): KnownBlock[] {
  return privileged === true ? [header('🛑 Privileged account: attackers want this one')] : []
}

function cardText(request: RecoveryRequest): string {
  const { id, seen, method, requestedBy, reason, ticket, identityCheck } = request
  return [
    `Account recovery ${id}: ${stateTitle(request)}.`,
    stateSentence(request),
    `${mention(requestedBy)} asks to recover the account of ${escapedName(seen.name)}: ${methodWords[method].name}.`,
    `Reason: ${escapedWords(reason, 600)}`,
    `Ticket: ${escapedWords(ticket, 100)}. Identity check: ${escapedWords(identityCheck.label, 100)} (${escapedWords(identityCheck.evidence.value, 100)}).`,
    ...(request.privileged === true ? ['This is a privileged account.'] : []),
  ].join('\n')
}

function destination({ seen: { destination: to } }: RecoveryRequest): string {
  if (to === undefined) return ''
  return ` Destination: ${escapedWords(to.masked, 100)}${to.verified ? '' : ' (not verified)'}.`
}
