/** What Slack puts into an envelope for each thing a person can do. Shapes: docs.slack.dev/reference/interaction-payloads */

import type { Directory } from './directory.ts'
import type { Fields } from './json.ts'
import type { Messages } from './messages.ts'
import type { Channel, Member, Message, OpenView, Values } from './model.ts'
import type { ResponseUrls } from './response-urls.ts'
import type { Triggers } from './triggers.ts'
import { type App, wireMessage, wireValues, wireView } from './wire.ts'

// Slack still sends this; it proves nothing and nobody should look at it.
const deprecatedToken = 'deprecated-verification-token'

/** What a payload is made from; a `Workspace` has all of it. */
export interface PayloadSource {
  readonly app: App
  readonly directory: Directory
  readonly messages: Pick<Messages, 'stamp'>
  readonly triggers: Pick<Triggers, 'issue'>
  readonly responseUrls: Pick<ResponseUrls, 'issue'>
  now(): Date
  newId(prefix: string): string
  /** What this person has entered in a message's inputs and menus. */
  messageValues(message: Message, userId: string): Values
}

/**
 * Where a control was when somebody used it. The payload shows the message or view as given here, be it
 * current or not.
 */
export type Container =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'view'; readonly view: OpenView }

/**
 * Somebody typed a slash command; issues a trigger and a response URL. Fields as in
 * docs.slack.dev/interactivity/implementing-slash-commands: flat, as it was a form once, so
 * `is_enterprise_install` is a string. Names in it (`user_name`, `channel_name`) decide nothing; those of
 * private channels and direct messages are not told.
 */
export function commandPayload(
  workspace: PayloadSource,
  member: Member,
  typed: { readonly command: string; readonly text: string; readonly channel: Channel },
): Fields {
  const { directory, app } = workspace
  const { channel } = typed
  const conversation = { userId: member.id, channel: channel.id, original: undefined }
  return {
    token: deprecatedToken,
    team_id: directory.homeTeam.id,
    team_domain: directory.homeTeam.domain,
    channel_id: channel.id,
    channel_name: commandChannelName(channel),
    user_id: member.id,
    user_name: member.handle,
    command: typed.command,
    text: typed.text,
    api_app_id: app.id,
    is_enterprise_install: 'false',
    response_url: workspace.responseUrls.issue(conversation),
    trigger_id: workspace.triggers.issue(member.id),
  }
}

/**
 * Somebody used a control; issues a trigger, and a response URL where the control is in a message.
 * `action` is the control's own part, such as its `value`.
 */
export function blockActions(
  workspace: PayloadSource,
  member: Member,
  container: Container,
  action: Fields,
): Fields {
  const viewId = container.kind === 'view' ? container.view.id : undefined
  return {
    type: 'block_actions',
    ...commonFields(workspace, member),
    ...containerFields(workspace, member, container),
    ...(container.kind === 'message' && {
      response_url: workspace.responseUrls.issue({
        userId: member.id,
        channel: container.message.channel,
        original: container.message,
      }),
    }),
    trigger_id: workspace.triggers.issue(member.id, viewId),
    actions: [{ ...action, action_ts: workspace.messages.stamp() }],
  }
}

/**
 * Somebody typed into an external menu, which asks the app for options. Neither a trigger nor a response URL
 * comes with it.
 */
export function blockSuggestion(
  workspace: PayloadSource,
  member: Member,
  container: Container,
  asked: { readonly blockId: string; readonly actionId: string; readonly value: string },
): Fields {
  return {
    type: 'block_suggestion',
    ...commonFields(workspace, member),
    ...containerFields(workspace, member, container),
    block_id: asked.blockId,
    action_id: asked.actionId,
    value: asked.value,
  }
}

/**
 * Somebody chose a shortcut in a message's menu; issues a trigger and a response URL. The message need not be
 * the app's.
 */
export function messageAction(
  workspace: PayloadSource,
  member: Member,
  message: Message,
  callbackId: string,
): Fields {
  const {
    container: _,
    state: __,
    ...whole
  } = containerFields(workspace, member, {
    kind: 'message',
    message,
  })
  return {
    type: 'message_action',
    ...commonFields(workspace, member),
    ...whole,
    callback_id: callbackId,
    action_ts: workspace.messages.stamp(),
    message_ts: message.ts,
    response_url: workspace.responseUrls.issue({
      userId: member.id,
      channel: message.channel,
      original: message,
    }),
    trigger_id: workspace.triggers.issue(member.id),
  }
}

/**
 * Somebody pressed a modal's submit button; issues a trigger for a view pushed onto it. There is no channel
 * in it: what the app has to know, it keeps in `private_metadata`. `response_urls` is always empty here.
 */
export function viewSubmission(workspace: PayloadSource, member: Member, view: OpenView): Fields {
  return {
    type: 'view_submission',
    ...commonFields(workspace, member),
    trigger_id: workspace.triggers.issue(member.id, view.id),
    view: wireView(view, workspace.directory, workspace.app),
    response_urls: [],
  }
}

/**
 * Somebody closed a modal; `isCleared` if it was the whole stack, and `view` is then its root. No trigger
 * comes with it.
 */
export function viewClosed(
  workspace: PayloadSource,
  member: Member,
  view: OpenView,
  isCleared: boolean,
): Fields {
  return {
    type: 'view_closed',
    ...commonFields(workspace, member),
    view: wireView(view, workspace.directory, workspace.app),
    is_cleared: isCleared,
  }
}

/**
 * An event as the Events API wraps it. `event_id` is what an app recognizes a repeated event by, so make the
 * payload once and send it as often as needed. `event_time` is in seconds.
 */
export function eventCallback(workspace: PayloadSource, event: Fields): Fields {
  const team = workspace.directory.homeTeam.id
  return {
    token: deprecatedToken,
    team_id: team,
    context_team_id: team,
    context_enterprise_id: null,
    api_app_id: workspace.app.id,
    event: { event_ts: workspace.messages.stamp(), ...event },
    type: 'event_callback',
    event_id: workspace.newId('Ev'),
    event_time: Math.floor(workspace.now().getTime() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: team,
        user_id: workspace.directory.bot.id,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  }
}

function commonFields(workspace: PayloadSource, member: Member): Fields {
  // Through Slack Connect the team is that of whoever acts, not that of the app.
  const team = workspace.directory.team(member.teamId)
  return {
    team: { id: team.id, domain: team.domain },
    user: {
      id: member.id,
      username: member.handle,
      name: member.handle,
      team_id: member.teamId,
    },
    api_app_id: workspace.app.id,
    token: deprecatedToken,
    enterprise: null,
    is_enterprise_install: false,
  }
}

function containerFields(workspace: PayloadSource, member: Member, container: Container): Fields {
  const { directory } = workspace
  if (container.kind === 'view') {
    const { view } = container
    return {
      container: { type: 'view', view_id: view.id },
      view: wireView(view, directory, workspace.app),
      ...(view.definition['type'] === 'home' && { state: { values: wireValues(view.values) } }),
    }
  }
  const { message } = container
  const channel = directory.channelCalled(message.channel)
  const { threadTs } = message
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: message.onlyFor !== undefined,
      ...(threadTs !== undefined && { thread_ts: threadTs }),
    },
    channel: { id: channel.id, name: commandChannelName(channel) },
    // An ephemeral message is not kept by Slack, so its content is not sent along.
    ...(message.onlyFor === undefined && { message: wireMessage(message, directory, true) }),
    state: { values: wireValues(workspace.messageValues(message, member.id)) },
  }
}

function commandChannelName(channel: Channel): string {
  if (channel.kind === 'im') return 'directmessage'
  return channel.kind === 'private' ? 'privategroup' : channel.name
}
