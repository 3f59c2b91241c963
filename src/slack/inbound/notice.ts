/** A window that says one thing. */

import type { ModalView } from '@slack/types'
import { modal, section } from '../kit/blocks.ts'
import { text } from '../text/text.ts'

/** @param sentence mrkdwn in which other people's words are escaped already */
export function noticeView(title: string, sentence: string): ModalView {
  return modal({ title, close: text.shared.replies.close, blocks: [section(sentence)] })
}
