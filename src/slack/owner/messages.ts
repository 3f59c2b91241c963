/** The direct messages to an account's owner: that somebody asks for its recovery, and what was done. */

import type { Pause } from '../../recovery/model/pause.ts'
import type { Executed, Lapsed, Recovered, RecoveryRequest } from '../../recovery/model/request.ts'
import { mayHaveLanded } from '../../recovery/rules/settle.ts'
import { offeredTo } from '../buttons.ts'
import type { Card } from '../kit/blocks.ts'
import { actions, bullets, context, section } from '../kit/blocks.ts'
import { people } from '../kit/lists.ts'
import { escapedWords, mention, utc, when } from '../kit/mrkdwn.ts'
import { waitsForPause } from '../text/en/pause.ts'
import { methodWords } from '../text/en/sentences.ts'

/** The first message: that somebody asks. It is redrawn, and never rings twice. */
export function ownerNotice(request: RecoveryRequest, pause?: Pause): Card {
  const held =
    pause !== undefined && waitsForPause(request)
      ? ' All recoveries are paused, and nothing is done until they go on.'
      : ''
  return card(request, `${asked(request)} ${statusSentence(request)}${held}`, [
    'If you asked the support desk for this, there is nothing to do.',
    'If you did not, press the button: nobody can recover the account for a day then, and the security team is called.',
  ])
}

/** The second message, once something was done to the account; nothing before that. */
export function ownerOutcome(request: RecoveryRequest): Card | undefined {
  if (!('executedAt' in request)) return undefined
  return card(request, happened(request), [
    'If that was for you, go on as the support desk told you.',
    'If it was not, press the button now: a password that was not used is made useless, all sessions are ended, nobody can recover the account for a day, and the security team is called.',
  ])
}

function happened(request: Executed | Recovered | Lapsed): string {
  const { executedAt, confirmedBy, method } = request
  const what = `*${methodWords[method].name}*`
  return confirmedBy === 'nobody'
    ? `It is not known whether your account was recovered: ${what}. ${whose(request)} What can be taken back is, as if it had been, and all sessions are being ended.`
    : `Your account was recovered ${when(executedAt)}: ${what}. ${whose(request)} ${done[method]}`
}

function whose({ requestedBy, approvals }: RecoveryRequest): string {
  return `${mention(requestedBy)} asked for it, and ${people(approvals.map(({ by }) => by))} approved.`
}

const done = {
  reset: 'The old password no longer works, and a code was sent to the address that Cognito has.',
  'temporary-password':
    'The old password no longer works. The support desk tells you a temporary one that you change when you sign in.',
  'permanent-password': 'The old password no longer works. The support desk tells you the new one.',
  'recovery-code':
    'A code was sent to the address that Cognito has. The old password works until the code is used.',
  'resend-invitation': 'A new invitation was sent to the address that Cognito has.',
} satisfies Record<RecoveryRequest['method'], string>

function asked({ requestedBy, account, method, openedAt, ticket }: RecoveryRequest): string {
  return `${mention(requestedBy)} asked ${when(openedAt)} to recover your account in “${escapedWords(account.pool, 60)}”: *${methodWords[method].name}*, ticket ${escapedWords(ticket, 100)}.`
}

function statusSentence(request: RecoveryRequest): string {
  switch (request.state) {
    case 'pending':
      return 'Nothing has been changed; somebody else has to approve it first.'
    case 'approved':
    case 'executing':
      return 'It was approved and is being carried out.'
    case 'needs-attention':
      return 'It is not known yet whether it was carried out.'
    case 'executed':
    case 'recovered':
    case 'lapsed':
      return request.confirmedBy === 'nobody'
        ? 'It is not known whether it was carried out: see the message below.'
        : 'It was carried out: see the message below.'
    case 'failed':
      return mayHaveLanded(request)
        ? 'It is over, and something may have come of it.'
        : 'It was not carried out, and is over.'
    case 'denied':
    case 'withdrawn':
    case 'expired':
      return 'It was not carried out, and is over.'
    default:
      return request satisfies never
  }
}

function card(request: RecoveryRequest, lead: string, steps: readonly string[]): Card {
  const { reported } = request
  const rest =
    reported === undefined
      ? steps
      : [
          `You reported ${when(reported.at)} that this was not you. Thank you: the security team knows.`,
          'Nobody can recover the account for a day. If you need it sooner, talk to them.',
        ]
  return {
    text: [lead, ...rest].join('\n'),
    blocks: [
      section(lead),
      section(bullets(rest)),
      ...actions(offeredTo(request, 'owner')),
      context(`${request.id} · opened ${utc(request.openedAt)}`),
    ],
  }
}
