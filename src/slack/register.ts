/** Everything that people can do to this app from Slack. */

import type {
  App,
  BlockAction,
  BlockButtonAction,
  MessageShortcut,
  RadioButtonsAction,
  ViewSubmitAction,
} from '@slack/bolt'
import type { Posts } from '../recovery/ports/posts.ts'
import type { Desk } from '../recovery/services/context.ts'
import { approveCallback } from './approver/approval-modal.ts'
import {
  approvalSubmission,
  approveButton,
  denialSubmission,
  denyButton,
} from './approver/decisions.ts'
import { denyCallback } from './approver/denial-modal.ts'
import { approveAction, denyAction, withdrawAction } from './approver/request-card.ts'
import { notWorkedAction, sendAgainAction, workedAction } from './attention-buttons.ts'
import { ephemeral, type Log } from './inbound/error-reply.ts'
import { recoveryCommand } from './overview/recovery-command.ts'
import { resumeAction } from './overview/request-list.ts'
import { reportAction } from './owner/messages.ts'
import { reportButton } from './owner/report.ts'
import { messageShortcut, shortcutCallback } from './requester/message-shortcut.ts'
import { resolveButton, sendAgainButton, withdrawButton } from './requester/outcome.ts'
import { revealAction } from './requester/password-modal.ts'
import {
  againAction,
  checkAction,
  chooseAction,
  findCallback,
  openCallback,
} from './requester/recovery-form.ts'
import {
  againButton,
  checkChosen,
  chooseButton,
  findSubmission,
  requestSubmission,
  resetPasswordCommand,
} from './requester/reset-password.ts'
import { revealButton } from './requester/reveal-password.ts'
import { unfreezeAction } from './security/alert.ts'
import { resumeButton, unfreezeButton } from './security/pause.ts'

export const commandNames = ['/reset-password', '/recovery'] as const

export function register(app: App, desk: Desk, posts: Posts, log: Log): void {
  const [resetPassword, recovery] = commandNames
  app.command(resetPassword, resetPasswordCommand(desk, log))
  app.command(recovery, recoveryCommand(desk, posts, log))
  app.action<BlockButtonAction>(resumeAction, resumeButton(desk, log))
  app.shortcut<MessageShortcut>(
    { callback_id: shortcutCallback, type: 'message_action' },
    messageShortcut(desk, log),
  )

  app.view<ViewSubmitAction>(findCallback, findSubmission(desk, log))
  app.action<BlockButtonAction>(chooseAction, chooseButton(desk, log))
  app.action<BlockAction<RadioButtonsAction>>(
    { type: 'block_actions', action_id: checkAction },
    checkChosen(desk, log),
  )
  app.view<ViewSubmitAction>(openCallback, requestSubmission(desk, log))

  app.action<BlockButtonAction>(approveAction, approveButton(desk, log))
  app.view<ViewSubmitAction>(approveCallback, approvalSubmission(desk, log))
  app.action<BlockButtonAction>(denyAction, denyButton(desk, log))
  app.view<ViewSubmitAction>(denyCallback, denialSubmission(desk, log))
  app.action<BlockButtonAction>(withdrawAction, withdrawButton(desk, log))

  app.action<BlockButtonAction>(workedAction, resolveButton(desk, 'worked', log))
  app.action<BlockButtonAction>(notWorkedAction, resolveButton(desk, 'not-worked', log))
  app.action<BlockButtonAction>(sendAgainAction, sendAgainButton(desk, log))
  app.action<BlockButtonAction>(againAction, againButton(desk, log))

  app.action<BlockButtonAction>(reportAction, reportButton(desk, log))
  app.action<BlockButtonAction>(unfreezeAction, unfreezeButton(desk, log))

  app.action<BlockButtonAction>(revealAction, revealButton(desk, log))

  const actions = [
    chooseAction,
    approveAction,
    denyAction,
    withdrawAction,
    workedAction,
    sendAgainAction,
    notWorkedAction,
    againAction,
    revealAction,
    resumeAction,
    reportAction,
    unfreezeAction,
    checkAction,
  ]
  app.action<BlockButtonAction>(noneOf(actions), async ({ ack, respond, body }) => {
    await ack()
    // Only messages can be answered this way; what is left of an old window needs no words.
    if (body.response_url)
      await respond(ephemeral('This button is from an older version of Rekey.'))
  })
  app.view<ViewSubmitAction>(
    noneOf([findCallback, openCallback, approveCallback, denyCallback]),
    async ({ ack }) => {
      await ack()
    },
  )
}

/** Matches every id but these: what nothing else listens to would never be acknowledged. */
function noneOf(ids: readonly string[]): RegExp {
  const alternatives = ids.map((id) => id.replaceAll('.', '\\.')).join('|')
  return new RegExp(`^(?!(?:${alternatives})$)`)
}
