/** What an account's owner reads: that somebody asks for its recovery, and what was done. Mrkdwn. */

import type {
  Executed,
  Lapsed,
  Recovered,
  RecoveryRequest,
} from '../../../recovery/model/request.ts'
import { mayHaveLanded } from '../../../recovery/rules/settle.ts'
import { escapedWords, mention, utc, when } from '../../kit/mrkdwn.ts'
import { people } from './lists.ts'
import { methodWords } from './methods.ts'

export const owner = {
  /** @param isHeld whether a pause is in the way */
  asked: (request: RecoveryRequest, isHeld: boolean) => {
    const { requestedBy, account, method, openedAt, ticket } = request
    const asks = `${mention(requestedBy)} asked ${when(openedAt)} to recover your account in “${escapedWords(account.pool, 60)}”: *${methodWords[method].name}*, ticket ${escapedWords(ticket, 100)}.`
    const held = isHeld ? ' All recoveries are paused, and nothing is done until they go on.' : ''
    return `${asks} ${statusSentence(request)}${held}`
  },
  askedSteps: [
    'If you asked the support desk for this, there is nothing to do.',
    'If you did not, press the button: nobody can recover the account for a day then, and the security team is called.',
  ],
  done: (request: Executed | Recovered | Lapsed) => {
    const { executedAt, confirmedBy, method, requestedBy, approvals } = request
    const what = `*${methodWords[method].name}*`
    const whose = `${mention(requestedBy)} asked for it, and ${people(approvals.map(({ by }) => by))} approved.`
    return confirmedBy === 'nobody'
      ? `It is not known whether your account was recovered: ${what}. ${whose} What can be taken back is, as if it had been, and all sessions are being ended.`
      : `Your account was recovered ${when(executedAt)}: ${what}. ${whose} ${outcomes[method]}`
  },
  doneSteps: [
    'If that was for you, go on as the support desk told you.',
    'If it was not, press the button now: a password that was not used is made useless, all sessions are ended, nobody can recover the account for a day, and the security team is called.',
  ],
  reportedSteps: (at: Date) => [
    `You reported ${when(at)} that this was not you. Thank you: the security team knows.`,
    'Nobody can recover the account for a day. If you need it sooner, talk to them.',
  ],
  footer: ({ id, openedAt }: RecoveryRequest) => `${id} · opened ${utc(openedAt)}`,
}

const outcomes = {
  reset: 'The old password no longer works, and a code was sent to the address that Cognito has.',
  'temporary-password':
    'The old password no longer works. The support desk tells you a temporary one that you change when you sign in.',
  'permanent-password': 'The old password no longer works. The support desk tells you the new one.',
  'recovery-code':
    'A code was sent to the address that Cognito has. The old password works until the code is used.',
  'resend-invitation': 'A new invitation was sent to the address that Cognito has.',
} satisfies Record<RecoveryRequest['method'], string>

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
