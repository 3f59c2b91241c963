/** What `/recovery` answers. Mrkdwn. */

import type { RecoveryRequest } from '../../../recovery/model/request.ts'
import { when } from '../../kit/mrkdwn.ts'
import { escapedName } from './accounts.ts'
import { counted, listed } from './lists.ts'
import { methodWords } from './methods.ts'
import { soFar, stateTitle } from './states.ts'

// A message has to hold it.
const mostNamed = 10

export const overview = {
  commands: 'What you can type:',
  unknownCommand: 'There is no such command. What you can type:',
  help: [
    '`/reset-password [e-mail, phone, username or name]` asks for the recovery of an account.',
    '`/recovery mine` shows what you have asked for.',
    '`/recovery pending` shows what waits for your decision.',
    '`/recovery pause &lt;reason&gt;` stops every recovery that has not begun; `/recovery resume` lets them go on. For those whom the policy names for security.',
    '`/recovery clear &lt;request&gt;` lets an account be asked for again that has had as many requests as the policy allows; any request for it will do. For security, too.',
    '`/recovery help` shows this.',
  ],
  leads: { mine: 'What you have asked for', pending: 'What waits for a decision' },
  clear: {
    noRequest:
      'Please name any request for the account: `/recovery clear REQ-…`. Nothing was changed.',
    done: 'The account can be asked for again: its requests so far no longer count.',
  },
  nothing: {
    mine: 'You have asked for no recovery yet. `/reset-password` begins one.',
    pending: 'Nothing waits for a decision of yours.',
  },
  /** Those that are left out. */
  altered: (ids: readonly string[]) =>
    `:warning: ${counted(ids.length, 'request')} ${ids.length === 1 ? 'was' : 'were'} changed in the database by somebody else, and ${ids.length === 1 ? 'is' : 'are'} not shown: ${listed(ids.slice(0, mostNamed), ids.length - Math.min(ids.length, mostNamed))}. Security was called.`,
  /** @param name of the request, or a link that says it */
  request: (name: string, request: RecoveryRequest) =>
    `*${name}* · ${stateTitle(request)}\n${methodWords[request.method].name} for ${escapedName(request.seen.name)}`,
  progress: (request: RecoveryRequest) => {
    const expiry = request.state === 'pending' ? ` Expires ${when(request.expiresAt)}.` : ''
    return `Opened ${when(request.openedAt)}. ${soFar(request)}${expiry}`
  },
}
