/** Where an approver decides: everything that the decision rests on, and what it sets in motion. */

import type { InputBlock, KnownBlock, ModalView } from '@slack/types'
import { changesPassword, makesPassword } from '../../policy/method.ts'
import type { Policy } from '../../policy/policy.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import {
  approvalsNeeded,
  idToType,
  isPrivileged,
  nameToType,
} from '../../recovery/rules/approve.ts'
import { formIds } from '../buttons.ts'
import { requestSeen, type SubmittedView, typed } from '../inbound/view-values.ts'
import { bullets, context, divider, header, modal, section } from '../kit/blocks.ts'
import { counted, span } from '../kit/lists.ts'
import { escapedWords, mention, plain, utc, when } from '../kit/mrkdwn.ts'
import { missingOf, soFar } from '../text/en/states.ts'
import { requestBlocks } from './request-card.ts'

// Whoever takes an account over tends to change its address shortly before they ask for a code.
const freshChangeHours = 72

export const nameBlock = 'account-name'

/** Which request somebody approved, in which version, and what they typed to name its account. */
export function readDecision(view: SubmittedView) {
  const seen = requestSeen(view)
  return seen && { ...seen, typed: typed(view, nameBlock) }
}

export function approvalView(request: RecoveryRequest, policy: Policy): ModalView {
  const { id, version } = request
  return modal({
    title: 'Approve recovery',
    close: 'Cancel',
    submit: { text: 'Approve', callback: formIds.approve },
    blocks: [
      ...privileged(request, policy),
      ...freshChange(request),
      ...manyApprovals(request, policy),
      ...requestBlocks(request),
      divider,
      section(`*If you approve*\n${bullets(consequences(request, policy))}`),
      section(`*Only approve if*\n${bullets(conditions(request))}`),
      ...nameInput(request, policy),
      context(
        `${id} · opened ${utc(request.openedAt)} · expires ${when(request.expiresAt)} · tier “${escapedWords(request.tier, 60)}”`,
      ),
    ],
    metadata: { id, version },
  })
}

function privileged(request: RecoveryRequest, policy: Policy): KnownBlock[] {
  if (!isPrivileged(request, policy)) return []
  return [
    header('🛑 Privileged account'),
    section(
      'Whoever holds this account can do great harm with it, and callers know that. *Call the requester yourself* before you approve, on a number you already have.',
    ),
  ]
}

/** Typed, so that nobody approves the wrong account with a click. */
function nameInput(request: RecoveryRequest, policy: Policy): InputBlock[] {
  if (!isPrivileged(request, policy)) return []
  const id = idToType(request)
  const isId = nameToType(request) === id
  return [
    {
      type: 'input',
      block_id: nameBlock,
      label: plain(
        isId
          ? 'To approve, type the last six characters of the account’s id'
          : 'To approve, type the account’s name as it stands above',
      ),
      // Names are their owners' to choose: two accounts may share one, and some can't be typed.
      ...(isId ? {} : { hint: plain(`Or the last six characters of its id: ${id}`) }),
      element: { type: 'plain_text_input', action_id: nameBlock, max_length: 100 },
    },
  ]
}

function freshChange({ seen, openedAt }: RecoveryRequest): KnownBlock[] {
  const hours = (openedAt.getTime() - seen.modifiedAt.getTime()) / 3_600_000
  if (hours > freshChangeHours) return []
  const ago = hours < 1 ? 'less than an hour' : counted(Math.floor(hours), 'hour')
  return [
    header('⚠️ This account was changed recently'),
    section(
      `Cognito says that it was last changed ${when(seen.modifiedAt)}, ${ago} before the request. It does not say what was changed. A new address shortly before a recovery is a sign of a takeover: ask what it was, unless you know.`,
    ),
  ]
}

function manyApprovals(request: RecoveryRequest, policy: Policy): KnownBlock[] {
  const needed = approvalsNeeded(request, policy)
  if (needed < 2) return []
  return [
    header(`⚠️ Protected account: ${counted(needed, 'approval')} needed`),
    section(
      `${soFar({ ...request, approvalsNeeded: needed })} Decide for yourself, not because somebody else did.`,
    ),
  ]
}

/** Where somebody is missing, an approval may be in place of one that there is already. */
function whatIsLeft(request: RecoveryRequest, policy: Policy): string {
  const needed = approvalsNeeded(request, policy)
  if (request.missing.length > 0)
    return `Rekey acts once there are ${counted(needed, 'approval')}, one each from ${missingOf(request)} among them.`
  const left = needed - request.approvals.length - 1
  return left <= 0
    ? 'Yours is the last approval needed: Rekey acts at once.'
    : `${counted(left, 'more approval')} will be needed after yours.`
}

function consequences(request: RecoveryRequest, policy: Policy): string[] {
  const { method, requestedBy } = request
  const { revealWithinMs, useWithinMs } = policy.temporaryPassword
  return [
    whatIsLeft(request, policy),
    outcomes[method],
    ...(makesPassword(method)
      ? [
          `The password is shown once, to ${mention(requestedBy)} alone, within ${span(revealWithinMs)}.`,
        ]
      : []),
    ...(method === 'temporary-password'
      ? [`If the owner has not used it within ${span(useWithinMs)}, it is made useless.`]
      : []),
    changesPassword(method) && policy.signOutAfter
      ? 'The account is signed out everywhere.'
      : 'Whoever is signed in to the account stays signed in.',
  ]
}

const outcomes = {
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
} satisfies Record<RecoveryRequest['method'], string>

function conditions({ requestedBy }: RecoveryRequest): string[] {
  return [
    `you know that ${mention(requestedBy)} really sent this: if in doubt, call them`,
    'the ticket exists and says the same',
    'the identity check convinces you that the owner is the one who asks',
    'nobody is hurrying you',
  ]
}
