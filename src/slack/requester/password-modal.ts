/** The one showing of a password, in a window of the requester's own that is cleared again. */

import type { KnownBlock, ModalView, RichTextBlock } from '@slack/types'
import type { Policy } from '../../policy/policy.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import type { Secret } from '../../secret.ts'
import { bullets, context, modal, section } from '../kit/blocks.ts'
import { plain } from '../kit/mrkdwn.ts'
import { text } from '../text/text.ts'
import { spelled } from './spelling.ts'

export function fetchingView(): ModalView {
  return passwordModal([section(text.requester.password.fetching)])
}

/**
 * The password, exactly as it is, and how to read it out.
 * @param policy says until when it can be used; without it, the window does not
 */
export function passwordView(
  request: RecoveryRequest,
  password: Secret,
  policy?: Pick<Policy, 'temporaryPassword'>,
): ModalView {
  const shown = password.reveal()
  const { shownOnce, toReadOut, telling } = text.requester.password
  return passwordModal([
    section(shownOnce(request)),
    preformatted(shown),
    section(`*${toReadOut}*`),
    { type: 'section', text: plain(spelled(shown)) },
    section(bullets([...telling, ...validity(request, policy)])),
    context(request.id),
  ])
}

/** What takes the password's place on the screen. */
export function clearedView(): ModalView {
  return passwordModal([section(text.requester.password.cleared)])
}

function passwordModal(blocks: KnownBlock[]): ModalView {
  return modal({ title: text.requester.password.title, close: text.shared.replies.close, blocks })
}

function validity(
  request: RecoveryRequest,
  policy: Pick<Policy, 'temporaryPassword'> | undefined,
): string[] {
  const { staysValid, change, usableUntil } = text.requester.password
  if (request.method === 'permanent-password') return [staysValid]
  if (policy === undefined || !('executedAt' in request)) return [change]
  const end = new Date(request.executedAt.getTime() + policy.temporaryPassword.useWithinMs)
  return [change, usableUntil(end)]
}

// Preformatted, so that it is in a typeface that tells characters apart, and is copied as it is.
function preformatted(shown: string): RichTextBlock {
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: shown }] }],
  }
}
