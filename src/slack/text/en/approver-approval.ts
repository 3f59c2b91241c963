/** The window where an approver decides: what the decision rests on, and what it sets in motion. Mrkdwn. */

import type { RecoveryRequest } from '../../../recovery/model/request.ts'
import { escapedWords, mention, utc, when } from '../../kit/mrkdwn.ts'
import { counted, span } from './lists.ts'
import { missingOf, soFar } from './states.ts'

export const approval = {
  /** Plain; window titles and buttons have 24 characters. */
  title: 'Approve recovery',
  submit: 'Approve',
  privilegedTitle: '🛑 Privileged account',
  changedTitle: '⚠️ This account was changed recently',
  protectedTitle: (needed: number) => `⚠️ Protected account: ${counted(needed, 'approval')} needed`,
  typeId: 'To approve, type the last six characters of the account’s id',
  typeName: 'To approve, type the account’s name as it stands above',
  orId: (id: string) => `Or the last six characters of its id: ${id}`,

  privileged:
    'Whoever holds this account can do great harm with it, and callers know that. *Call the requester yourself* before you approve, on a number you already have.',
  /** @param hours between the change and the request */
  changed: (modifiedAt: Date, hours: number) => {
    const ago = hours < 1 ? 'less than an hour' : counted(Math.floor(hours), 'hour')
    return `Cognito says that it was last changed ${when(modifiedAt)}, ${ago} before the request. It does not say what was changed. A new address shortly before a recovery is a sign of a takeover: ask what it was, unless you know.`
  },
  decideYourself: (request: RecoveryRequest) =>
    `${soFar(request)} Decide for yourself, not because somebody else did.`,

  ifYouApprove: 'If you approve',
  /** Where somebody is missing, an approval may be in place of one that there is already. */
  needsFrom: (request: RecoveryRequest, needed: number) =>
    `Rekey acts once there are ${counted(needed, 'approval')}, one each from ${missingOf(request)} among them.`,
  last: 'Yours is the last approval needed: Rekey acts at once.',
  moreNeeded: (left: number) => `${counted(left, 'more approval')} will be needed after yours.`,
  outcomes: {
    reset:
      'The old password stops working at once, and Cognito sends a code that is valid for an hour.',
    'temporary-password':
      'The old password stops working at once, and Rekey sets a temporary one that the owner must change at sign-in.',
    'permanent-password':
      'The old password stops working at once, and Rekey sets one that keeps working. Nobody is made to change it, and the requester knows it.',
    'recovery-code':
      'Cognito sends a code that is valid for an hour. The password stays as it is until the code is used.',
    'resend-invitation':
      'Cognito sends a new invitation with a new first password. The one before stops working.',
  } satisfies Record<RecoveryRequest['method'], string>,
  shownOnce: ({ requestedBy }: RecoveryRequest, withinMs: number) =>
    `The password is shown once, to ${mention(requestedBy)} alone, within ${span(withinMs)}.`,
  madeUseless: (withinMs: number) =>
    `If the owner has not used it within ${span(withinMs)}, it is made useless.`,
  signedOut: 'The account is signed out everywhere.',
  staysSignedIn: 'Whoever is signed in to the account stays signed in.',

  onlyIf: 'Only approve if',
  conditions: ({ requestedBy }: RecoveryRequest) => [
    `you know that ${mention(requestedBy)} really sent this: if in doubt, call them`,
    'the ticket exists and says the same',
    'the identity check convinces you that the owner is the one who asks',
    'nobody is hurrying you',
  ],
  footer: ({ id, openedAt, expiresAt, tier }: RecoveryRequest) =>
    `${id} · opened ${utc(openedAt)} · expires ${when(expiresAt)} · tier “${escapedWords(tier, 60)}”`,
}
