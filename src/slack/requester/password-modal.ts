/** The one showing of a password, in a window of the requester's own that is cleared again. */

import type { ModalView, RichTextBlock } from '@slack/types'
import type { Policy } from '../../policy/policy.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'
import type { Secret } from '../../secret.ts'
import { bullets, context, modal, section } from '../kit/blocks.ts'
import { plain, when } from '../kit/mrkdwn.ts'
import { escapedName } from '../text/en/accounts.ts'
import { spelled } from './spelling.ts'

const title = 'Password'

export function fetchingView(): ModalView {
  return modal({ title, blocks: [section('Fetching the password…')] })
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
  const text = password.reveal()
  return modal({
    title,
    blocks: [
      section(
        `For ${escapedName(request.seen.name)}. *This is shown once.* The window is cleared in two minutes.`,
      ),
      preformatted(text),
      section('*To read it out*'),
      { type: 'section', text: plain(spelled(text)) },
      section(bullets([...telling, ...validity(request, policy)])),
      context(request.id),
    ],
  })
}

/** What takes the password's place on the screen. */
export function clearedView(): ModalView {
  return modal({
    title,
    blocks: [
      section(
        'The password has been taken off the screen, and Rekey no longer has it. If the owner did not get it, open a new request.',
      ),
    ],
  })
}

const telling = [
  'Tell it to the owner by voice, once you are sure who they are.',
  'Never send it by chat, text message or e-mail, and don’t write it in the ticket.',
]

function validity(
  request: RecoveryRequest,
  policy: Pick<Policy, 'temporaryPassword'> | undefined,
): string[] {
  if (request.method === 'permanent-password') {
    return [
      'It stays valid. Ask the owner to change it as soon as they are in: now two people know it.',
    ]
  }
  const change = 'At sign-in they have to choose a password of their own.'
  if (policy === undefined || !('executedAt' in request)) return [change]
  const end = new Date(request.executedAt.getTime() + policy.temporaryPassword.useWithinMs)
  return [change, `It can be used until ${when(end)}; then it is made useless.`]
}

// Preformatted, so that it is in a typeface that tells characters apart, and is copied as it is.
function preformatted(text: string): RichTextBlock {
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }],
  }
}
