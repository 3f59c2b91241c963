/** An account, in the words that people may see of it. */

import { withoutAddresses } from '../../../policy/text-form.ts'
import type { AccountAsSeen, AccountRef, Contact } from '../../../recovery/model/account.ts'
import { oneLine } from '../../../recovery/model/visible-text.ts'
import { fitted } from '../../kit/lists.ts'
import { clip, escapedWords } from '../../kit/mrkdwn.ts'
import { statusWords } from './sentences.ts'

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
    ['Contacts', fitted(seen.contacts.map(contactWords), 300) || 'None'],
    ['Groups', fitted(seen.groups.map(oneLine), 300) || 'None'],
    ['User pool', clip(oneLine(ref.pool), 60)],
    ['Account id ends in', subTail(ref.sub)],
  ]
}
