/** Everything that people can do to this app from Slack. */

import type {
  AllMiddlewareArgs,
  App,
  BlockAction,
  BlockButtonAction,
  MessageShortcut,
  RadioButtonsAction,
  SlackActionMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt'
import type { Posts } from '../recovery/ports/posts.ts'
import type { Services } from '../recovery/services/services.ts'
import {
  approvalSubmission,
  approveButton,
  denialSubmission,
  denyButton,
} from './approver/decisions.ts'
import {
  type ButtonId,
  buttonIds,
  type FormId,
  formIds,
  type RadioId,
  radioIds,
} from './buttons.ts'
import { ephemeral, type Log } from './inbound/error-reply.ts'
import { recoveryCommand } from './overview/recovery-command.ts'
import { reportButton } from './owner/report.ts'
import { messageShortcut } from './requester/message-shortcut.ts'
import { resolveButton, sendAgainButton, withdrawButton } from './requester/outcome.ts'
import {
  againButton,
  checkChosen,
  chooseButton,
  findSubmission,
  requestSubmission,
  resetPasswordCommand,
} from './requester/reset-password.ts'
import { revealButton } from './requester/reveal-password.ts'
import { resumeButton, unfreezeButton } from './security/pause.ts'
import { text } from './text/text.ts'

export const commandNames = ['/reset-password', '/recovery'] as const

const shortcutCallback = 'recover_from_message'

export function register(app: App, services: Services, posts: Posts, log: Log): void {
  const [resetPassword, recovery] = commandNames
  app.command(resetPassword, resetPasswordCommand(services, log))
  app.command(recovery, recoveryCommand(services, posts, log))

  app.shortcut<MessageShortcut>(
    { callback_id: shortcutCallback, type: 'message_action' },
    messageShortcut(services, log),
  )

  listenToForms(app, {
    [formIds.find]: findSubmission(services, log),
    [formIds.open]: requestSubmission(services, log),
    [formIds.approve]: approvalSubmission(services, log),
    [formIds.deny]: denialSubmission(services, log),
  })

  listenToActions(
    app,
    {
      [buttonIds.choose]: chooseButton(services, log),
      [buttonIds.approve]: approveButton(services, log),
      [buttonIds.deny]: denyButton(services, log),
      [buttonIds.withdraw]: withdrawButton(services, log),
      [buttonIds.worked]: resolveButton(services, 'worked', log),
      [buttonIds.notWorked]: resolveButton(services, 'not-worked', log),
      [buttonIds.sendAgain]: sendAgainButton(services, log),
      [buttonIds.askAgain]: againButton(services, log),
      [buttonIds.reveal]: revealButton(services, log),
      [buttonIds.report]: reportButton(services, log),
      [buttonIds.unfreeze]: unfreezeButton(services, log),
      [buttonIds.resume]: resumeButton(services, log),
    },
    { [radioIds.identityCheck]: checkChosen(services, log) },
  )
}

type Listener<Args> = (args: Args & AllMiddlewareArgs) => Promise<void>

type ButtonListener = Listener<SlackActionMiddlewareArgs<BlockButtonAction>>
type RadioListener = Listener<SlackActionMiddlewareArgs<BlockAction<RadioButtonsAction>>>
type FormListener = Listener<SlackViewMiddlewareArgs<ViewSubmitAction>>

/** A button without a listener does not compile; one of another Rekey is answered all the same. */
function listenToActions(
  app: App,
  buttons: Readonly<Record<ButtonId, ButtonListener>>,
  radios: Readonly<Record<RadioId, RadioListener>>,
): void {
  for (const [id, listener] of Object.entries(buttons)) app.action<BlockButtonAction>(id, listener)
  for (const [id, listener] of Object.entries(radios)) {
    const radio = { type: 'block_actions', action_id: id } as const
    app.action<BlockAction<RadioButtonsAction>>(radio, listener)
  }
  const others = noneOf([...Object.keys(buttons), ...Object.keys(radios)])
  app.action<BlockButtonAction>(others, async ({ ack, respond, body }) => {
    await ack()
    // Only messages can be answered this way; what is left of an old window needs no words.
    if (body.response_url) await respond(ephemeral(text.shared.replies.oldButton))
  })
}

/** The same for forms. */
function listenToForms(app: App, forms: Readonly<Record<FormId, FormListener>>): void {
  for (const [id, listener] of Object.entries(forms)) app.view<ViewSubmitAction>(id, listener)
  app.view<ViewSubmitAction>(noneOf(Object.keys(forms)), async ({ ack }) => {
    await ack()
  })
}

/** Matches every id but these: what nothing else listens to would never be acknowledged. */
function noneOf(ids: readonly string[]): RegExp {
  const alternatives = ids.map((id) => id.replaceAll('.', '\\.')).join('|')
  return new RegExp(`^(?!(?:${alternatives})$)`)
}
