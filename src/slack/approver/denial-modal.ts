/** Where an approver says no, and why. */

import type { ModalView } from '@slack/types'
import type { RequestId } from '../../ids.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import { formIds } from '../buttons.ts'
import { requestSeen, type SubmittedView, typed } from '../inbound/view-values.ts'
import { modal, section } from '../kit/blocks.ts'
import { plain } from '../kit/mrkdwn.ts'
import { text } from '../text/text.ts'

export const denyCommentBlock = 'comment'

const longestComment = 300

export function denialView(request: RecoveryRequest): ModalView {
  const { id, version } = request
  const { denial } = text.approver
  return modal({
    title: denial.title,
    close: text.shared.replies.cancel,
    submit: { text: denial.submit, callback: formIds.deny },
    blocks: [
      section(denial.asked(request)),
      {
        type: 'input',
        block_id: denyCommentBlock,
        label: plain(denial.comment),
        hint: plain(denial.commentHint),
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
