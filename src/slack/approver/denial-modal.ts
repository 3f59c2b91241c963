/** Where an approver says no, and why. */

import type { ModalView } from '@slack/types'
import type { RequestId } from '../../ids.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import { formIds } from '../buttons.ts'
import { requestSeen, type SubmittedView, typed } from '../inbound/view-values.ts'
import { modal, section } from '../kit/blocks.ts'
import { mention, plain } from '../kit/mrkdwn.ts'
import { escapedName } from '../text/en/accounts.ts'
import { methodWords } from '../text/en/sentences.ts'

export const denyCommentBlock = 'comment'

const longestComment = 300

export function denialView(request: RecoveryRequest): ModalView {
  const { id, version, seen, method, requestedBy } = request
  return modal({
    title: 'Deny recovery',
    close: 'Cancel',
    submit: { text: 'Deny', callback: formIds.deny },
    blocks: [
      section(
        `*${id}*: ${mention(requestedBy)} asks to recover the account of ${escapedName(seen.name)} (${methodWords[method].name}). One no ends the request, and nothing is changed.`,
      ),
      {
        type: 'input',
        block_id: denyCommentBlock,
        label: plain('Why not?'),
        hint: plain(
          'The requester and the auditors read this. Never write a password or a code here.',
        ),
        element: {
          type: 'plain_text_input',
          action_id: denyCommentBlock,
          multiline: true,
          max_length: longestComment,
        },
      },
    ],
    metadata: { id, version },
  })
}

/** The denial as submitted. Its comment may be empty: whether that will do is not decided here. */
export function readDenial(
  view: SubmittedView,
): { readonly id: RequestId; readonly version: number; readonly comment: string } | undefined {
  const seen = requestSeen(view)
  return seen && { ...seen, comment: typed(view, denyCommentBlock) }
}
