/** An account, in the words that people may see of it. */

import { withoutAddresses } from '../../../policy/text-form.ts'
import type {
  AccountAsSeen,
  AccountRef,
  AccountRemark,
  AccountStatus,
  Contact,
} from '../../../recovery/model/account.ts'
import { oneLine } from '../../../recovery/model/visible-text.ts'
import { clip, escapedWords } from '../../kit/mrkdwn.ts'
import { fitted } from './lists.ts'

/** The owner's name on one line, for plain text. Some pools have a whole address in its place. */
export function ownerName(name: string): string {
  const start = clip(oneLine(name), 200)
  return clip(oneLine(withoutAddresses(start)) || 'No name', 80)
}

/** The same for mrkdwn. */
export function escapedName(name: string): string {
  return escapedWords(ownerName(name), 100)
}

/** Enough of a `sub` to tell two accounts apart on a screen. */
export function subTail(sub: string): string {
  return `…${oneLine(sub.slice(-6))}`
}

/** `j***@e***.com (verified)`, for plain text. */
export function contactWords({ masked, verified }: Contact): string {
  return `${clip(oneLine(masked), 100)} (${verified ? 'verified' : 'not verified'})`
}

/** Name and value of what there is to know of an account, whether just read or as it was seen. */
export function accountFacts(
  ref: AccountRef,
  seen: Omit<AccountAsSeen, 'destination'> & { readonly enabled?: boolean },
): (readonly [string, string])[] {
  const status = statusWords[seen.status]
  return [
    ['Name', ownerName(seen.name)],
    ['Status', seen.enabled === false ? `${status}, disabled` : status],
    ['Contacts', seen.isLost ? lost : fitted(seen.contacts.map(contactWords), 300) || 'None'],
    ['Groups', seen.isLost ? lost : fitted(seen.groups.map(oneLine), 300) || 'None'],
    ['User pool', clip(oneLine(ref.pool), 60)],
    ['Account id ends in', subTail(ref.sub)],
  ]
}

/** Of a request whose row somebody has changed. */
const lost = 'Not known any more'

export const statusWords = {
  UNCONFIRMED: 'Sign-up not finished',
  CONFIRMED: 'Confirmed',
  RESET_REQUIRED: 'Waiting for a password reset',
  FORCE_CHANGE_PASSWORD: 'Has to change a temporary password',
  EXTERNAL_PROVIDER: 'Signs in through another provider',
  ARCHIVED: 'Archived',
  COMPROMISED: 'Marked as compromised',
  UNKNOWN: 'Not known',
} satisfies Record<AccountStatus, string>

/** What to know of an account before anything is done for it. */
export const remarkWords = {
  'built-in-mail-quota':
    'E-mail for this user pool goes out with Cognito’s built-in sender, which stops after 50 messages a day until 09:00 UTC.',
  'channel-not-auto-verified':
    'This user pool does not check addresses of this kind by itself. Some pools with that setting send no code.',
  'custom-sender':
    'Messages leave through the operator’s own sender, so Cognito can’t tell us whether one arrives.',
  'mfa-stays':
    'The second step at sign-in stays on. If the owner has lost their second factor too, none of this brings it back.',
  'sms-sandbox':
    'Text messages from this user pool are still in the AWS sandbox: they only reach numbers that were registered for tests.',
  'temporary-password-lapsed':
    'The temporary password from the last invitation has probably expired.',
  'waiting-for-reset':
    'A reset was started before. The owner can’t sign in until they use a code from it.',
} satisfies Record<AccountRemark, string>
