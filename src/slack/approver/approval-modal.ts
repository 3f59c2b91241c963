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
import { plain } from '../kit/mrkdwn.ts'
import { text } from '../text/text.ts'
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
  const { approval } = text.approver
  return modal({
    title: approval.title,
    close: text.shared.replies.cancel,
    submit: { text: approval.submit, callback: formIds.approve },
    blocks: [
      ...privileged(request, policy),
      ...freshChange(request),
      ...manyApprovals(request, policy),
      ...requestBlocks(request),
      divider,
      section(`*${approval.ifYouApprove}*\n${bullets(consequences(request, policy))}`),
      section(`*${approval.onlyIf}*\n${bullets(approval.conditions(request))}`),
      ...nameInput(request, policy),
      context(approval.footer(request)),
    ],
    metadata: { id, version },
  })
}

function privileged(request: RecoveryRequest, policy: Policy): KnownBlock[] {
  if (!isPrivileged(request, policy)) return []
  return [
    header(text.approver.approval.privilegedTitle),
    section(text.approver.approval.privileged),
  ]
}

/** Typed, so that nobody approves the wrong account with a click. */
function nameInput(request: RecoveryRequest, policy: Policy): InputBlock[] {
  if (!isPrivileged(request, policy)) return []
  const id = idToType(request)
  const isId = nameToType(request) === id
  const { typeId, typeName, orId } = text.approver.approval
  return [
    {
      type: 'input',
      block_id: nameBlock,
      label: plain(isId ? typeId : typeName),
      // Names are their owners' to choose: two accounts may share one, and some can't be typed.
      ...(isId ? {} : { hint: plain(orId(id)) }),
      element: { type: 'plain_text_input', action_id: nameBlock, max_length: 100 },
    },
  ]
}

function freshChange({ seen, openedAt }: RecoveryRequest): KnownBlock[] {
  const hours = (openedAt.getTime() - seen.modifiedAt.getTime()) / 3_600_000
  if (hours > freshChangeHours) return []
  return [
    header(text.approver.approval.changedTitle),
    section(text.approver.approval.changed(seen.modifiedAt, hours)),
  ]
}

function manyApprovals(request: RecoveryRequest, policy: Policy): KnownBlock[] {
  const needed = approvalsNeeded(request, policy)
  if (needed < 2) return []
  return [
    header(text.approver.approval.protectedTitle(needed)),
    section(text.approver.approval.decideYourself({ ...request, approvalsNeeded: needed })),
  ]
}

function consequences(request: RecoveryRequest, policy: Policy): string[] {
  const { method } = request
  const { revealWithinMs, useWithinMs } = policy.temporaryPassword
  const { approval } = text.approver
  return [
    whatIsLeft(request, policy),
    approval.outcomes[method],
    ...(makesPassword(method) ? [approval.shownOnce(request, revealWithinMs)] : []),
    ...(method === 'temporary-password' ? [approval.madeUseless(useWithinMs)] : []),
    changesPassword(method) && policy.signOutAfter ? approval.signedOut : approval.staysSignedIn,
  ]
}

function whatIsLeft(request: RecoveryRequest, policy: Policy): string {
  const { needsFrom, last, moreNeeded } = text.approver.approval
  const needed = approvalsNeeded(request, policy)
  if (request.missing.length > 0) return needsFrom(request, needed)
  const left = needed - request.approvals.length - 1
  return left <= 0 ? last : moreNeeded(left)
}
