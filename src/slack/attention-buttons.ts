/** What a person can say of a request whose outcome nobody knows. */

import type { ActionsBlock, KnownBlock } from '@slack/types'
import type { RecoveryRequest } from '../recovery/model/request.ts'
import { canSendAgain } from '../recovery/rules/resolve.ts'
import { buttonValue } from './inbound/button-value.ts'
import { button } from './kit/blocks.ts'
import { plain } from './kit/mrkdwn.ts'

export const workedAction = 'recovery.worked'
export const notWorkedAction = 'recovery.not-worked'
export const sendAgainAction = 'recovery.send-again'

export function attentionButtons(request: RecoveryRequest): KnownBlock[] {
  if (request.state !== 'needs-attention') return []
  const value = buttonValue(request)
  const block: ActionsBlock = {
    type: 'actions',
    elements: [
      {
        ...button('It worked', workedAction, value),
        confirm: {
          title: plain('Did it work?'),
          text: plain(
            'Only if the owner has what they need, or is back in. It is recorded under your name.',
          ),
          confirm: plain('It worked'),
          deny: plain('Not sure'),
        },
      },
      {
        ...button('Nothing came of it', notWorkedAction, value),
        confirm: {
          title: plain('Close this request?'),
          text: plain('It is closed as failed, under your name, and a new request can be opened.'),
          confirm: plain('Close it'),
          deny: plain('Not sure'),
        },
      },
      ...(canSendAgain(request) ? [sendAgainButton(value)] : []),
    ],
  }
  return [block]
}

function sendAgainButton(value: string) {
  return {
    ...button('Send again', sendAgainAction, value),
    confirm: {
      title: plain('Send it again?'),
      text: plain(
        'Only if the owner has looked and nothing has come. The first message may still arrive; only the newest code counts.',
      ),
      confirm: plain('Send again'),
      deny: plain('Not yet'),
    },
  }
}
