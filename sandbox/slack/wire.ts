/** How the workspace's things look in the Web API's answers and in payloads. */
import type { Directory } from './directory.ts'
import { type Fields, isFields, type Json, stringOf } from './json.ts'
import type { Channel, Member, Message, OpenView, UserGroup, Values } from './model.ts'

/**
 * A message as `conversations.history` gives it: of its metadata only the type, unless all is asked for.
 * Blocks come back with the ids they were given and with `&`, `<` and `>` as entities, not letter for letter
 * as they were sent.
 */
export function wireMessage(message: Message, directory: Directory, wholeMetadata = false): Fields {
  const { metadata } = message
  const shown = wholeMetadata ? metadata : { event_type: metadata?.['event_type'] }
  return {
    type: 'message',
    ...(message.tombstone && { subtype: 'tombstone', hidden: true }),
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: directory.member(message.user)?.teamId ?? directory.homeTeam.id,
    ...(message.botId !== undefined && { bot_id: message.botId, app_id: message.appId }),
    ...(message.blocks.length > 0 && { blocks: message.blocks.map(stored) }),
    ...(message.attachments && { attachments: message.attachments.map(stored) }),
    ...(message.threadTs !== undefined && { thread_ts: message.threadTs }),
    ...(message.broadcast && { subtype: 'thread_broadcast' }),
    ...(metadata && { metadata: shown }),
    ...(message.edited && { edited: { ...message.edited } }),
  }
}

/** Slack keeps plain text with its three special characters as entities, and gives it back like that. */
function stored(part: Fields): Fields {
  const whole = Object.entries(part).map(([name, value]) => [name, storedValue(value)] as const)
  const copy = Object.fromEntries(whole)
  return part['type'] === 'plain_text' ? { ...copy, text: entities(stringOf(part['text'])) } : copy
}

function storedValue(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((each) => storedValue(each) ?? null)
  return isFields(value) ? stored(value) : value
}

function entities(text: string): string {
  return text
    .replaceAll(/&(?!(?:amp|lt|gt);)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

/**
 * A view as payloads and `views.*` carry it, with what has been entered in `state.values`.
 * `app_installed_team_id` is the app's team, `team_id` that of whoever has it open: they differ through Slack
 * Connect.
 */
export function wireView(view: OpenView, directory: Directory, app: App): Fields {
  const { definition } = view
  return {
    id: view.id,
    team_id: directory.member(view.userId)?.teamId,
    type: definition['type'],
    blocks: definition['blocks'],
    private_metadata: definition['private_metadata'] ?? '',
    callback_id: definition['callback_id'] ?? '',
    state: { values: wireValues(view.values) },
    hash: view.hash,
    title: definition['title'] ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: definition['clear_on_close'] ?? false,
    notify_on_close: definition['notify_on_close'] ?? false,
    close: definition['close'] ?? null,
    submit: definition['submit'] ?? null,
    previous_view_id: view.previousViewId,
    root_view_id: view.rootViewId,
    app_id: app.id,
    external_id: definition['external_id'] ?? '',
    app_installed_team_id: directory.homeTeam.id,
    bot_id: app.botId,
  }
}

/** The ids of the app and of its bot. */
export interface App {
  readonly id: string
  readonly botId: string
}

/**
 * `state.values`, by block_id and then action_id: a copy, so that a recorded payload stays as it was sent.
 */
export function wireValues(values: Values): Fields {
  return Object.fromEntries(Object.entries(values).map(([id, inner]) => [id, { ...inner }]))
}

/**
 * A person; the e-mail only with `users:read.email`, and never for somebody of another workspace. Outsiders
 * are known by their `team_id` alone: `is_stranger` is false for those one shares a channel with. Nobody is
 * an admin or owner here. Source: docs.slack.dev/reference/objects/user-object and
 * docs.slack.dev/apis/slack-connect.
 */
export function wireUser(
  member: Member,
  directory: Directory,
  shown: { readonly email: boolean; readonly locale: boolean },
): Fields {
  const foreign = member.teamId !== directory.homeTeam.id
  const guest = member.isRestricted ?? false
  return {
    id: member.id,
    team_id: member.teamId,
    name: member.handle,
    deleted: member.deleted ?? false,
    real_name: member.realName,
    tz: member.tz,
    tz_label: member.tz,
    tz_offset: member.tzOffset,
    profile: {
      real_name: member.realName,
      real_name_normalized: member.realName,
      display_name: member.displayName,
      display_name_normalized: member.displayName,
      ...(shown.email && !foreign && !member.isBot && { email: member.email }),
      team: member.teamId,
    },
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: guest,
    is_ultra_restricted: member.isUltraRestricted ?? false,
    is_bot: member.isBot ?? false,
    is_app_user: false,
    ...(foreign && { is_stranger: false }),
    updated: 1_700_000_000,
    ...(shown.locale && !foreign && { locale: member.locale }),
  }
}

/**
 * A conversation as `conversations.info` gives it. Of shared ones it knows those of Slack Connect:
 * there are no org-wide or pending shares.
 */
export function wireChannel(channel: Channel, directory: Directory): Fields {
  const { id, kind, extShared = false, archived = false, members } = channel
  if (kind === 'im') {
    const user = members.find((each) => each !== directory.bot.id) ?? directory.bot.id
    return { id, is_im: true, is_archived: false, user, created: 1_700_000_000 }
  }
  return {
    id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: kind === 'private',
    is_archived: archived,
    is_general: channel.name === 'general',
    is_member: members.includes(directory.bot.id),
    is_shared: extShared,
    is_ext_shared: extShared,
    is_pending_ext_shared: false,
    is_org_shared: false,
    context_team_id: directory.homeTeam.id,
    num_members: members.length,
    created: 1_700_000_000,
  }
}

/** A user group; of its members only the active ones count. */
export function wireGroup(group: UserGroup, directory: Directory, withUsers: boolean): Fields {
  const users = activeMembers(group, directory)
  return {
    id: group.id,
    team_id: directory.homeTeam.id,
    is_usergroup: true,
    name: group.name,
    handle: group.handle,
    description: '',
    is_external: false,
    date_delete: group.disabled ? 1_700_000_000 : 0,
    user_count: users.length,
    ...(withUsers && { users }),
  }
}

function activeMembers(group: UserGroup, directory: Directory): string[] {
  return group.members.filter((id) => directory.member(id)?.deleted !== true)
}
