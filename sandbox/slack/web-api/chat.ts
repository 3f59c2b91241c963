/** chat.*: posting, changing and taking back messages. */
import { checkBlocks } from '../block-kit/blocks.ts'
import { type Fields, isFields, rowsOf } from '../json.ts'
import type { Channel, Message } from '../model.ts'
import { wireMessage } from '../wire.ts'
import type { Method, MethodCall } from './method-call.ts'
import { refuse, refuseProblems } from './refusal.ts'

// Longer posts are cut, longer updates refused: docs.slack.dev/reference/methods/chat.postMessage and
// chat.update. So what could be posted cannot always be updated. Both are characters of `text`; blocks have
// limits of their own.
const longestPost = 40_000
const longestUpdate = 4000
// Slack does not publish where `metadata_too_large` begins; this is a guess on the strict side.
const largestMetadata = 8000

const postMessage: Method = (call) => {
  call.requireScope('chat:write')
  const channel = postable(call)
  const content = contentOf(call)
  if (content.text === '' && content.blocks.length === 0) refuse('no_text')
  const metadata = metadataOf(call)
  const { workspace } = call
  const message = workspace.post({
    ...ownPost(call, channel),
    text: content.text.slice(0, longestPost),
    blocks: content.blocks,
    ...threadOf(call, channel),
    ...(metadata && { metadata }),
    ...(call.flag('reply_broadcast') && { broadcast: true }),
  })
  const warned = content.text.length > longestPost && {
    warning: 'message_truncated',
    response_metadata: { warnings: ['message_truncated'] },
  }
  const wire = wireMessage(message, workspace.directory, true)
  return { ok: true, channel: channel.id, ts: message.ts, message: wire, ...warned }
}

const postEphemeral: Method = (call) => {
  call.requireScope('chat:write')
  const { workspace } = call
  const channel = workspace.directory.channel(call.required('channel'))
  if (!channel) refuse('channel_not_found')
  if (!call.isMember(channel))
    refuse(channel.kind === 'private' ? 'channel_not_found' : 'not_in_channel')
  if (channel.archived) refuse('is_archived')
  const reader = workspace.directory.member(call.required('user'))
  if (!reader || reader.deleted || !channel.members.includes(reader.id))
    refuse('user_not_in_channel')
  const content = contentOf(call)
  if (content.text === '' && content.blocks.length === 0) refuse('no_text')
  const message = workspace.post({
    ...ownPost(call, channel),
    ...content,
    ...threadOf(call, channel),
    onlyFor: reader.id,
  })
  return { ok: true, message_ts: message.ts }
}

const update: Method = (call) => {
  call.requireScope('chat:write')
  const message = ownMessage(call, 'cant_update_message')
  const content = contentOf(call)
  if (content.text.length > longestUpdate) refuse('msg_too_long')
  const gaveBlocks = call.args['blocks'] !== undefined
  if (call.args['text'] === undefined && !gaveBlocks) refuse('no_text')
  const { workspace } = call
  const { metadata: _, edited: __, ...kept } = message
  const changed = workspace.replace({
    ...kept,
    text: call.args['text'] === undefined ? message.text : content.text,
    blocks: content.blocks,
    ...metadataAfter(call, message),
    // A message of blocks shows no "edited".
    ...(content.blocks.length === 0 && {
      edited: { user: message.user, ts: workspace.messages.stamp() },
    }),
  })
  const wire = wireMessage(changed, workspace.directory, true)
  const { channel, ts, text } = changed
  return { ok: true, channel, ts, text, message: wire }
}

const remove: Method = (call) => {
  call.requireScope('chat:write')
  const message = ownMessage(call, 'cant_delete_message')
  call.workspace.deleteMessage(message.channel, message.ts)
  return { ok: true, channel: message.channel, ts: message.ts }
}

const getPermalink: Method = (call) => {
  const { workspace } = call
  const channel = workspace.directory.channel(call.required('channel'))
  if (!channel || !call.isMember(channel)) refuse('channel_not_found')
  const message = workspace.messages.find(channel.id, call.required('message_ts'))
  if (!message || message.onlyFor !== undefined) refuse('message_not_found')
  const { domain } = workspace.directory.homeTeam
  const path = `archives/${channel.id}/p${message.ts.replace('.', '')}`
  const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : ''
  const permalink = `https://${domain}.slack.com/${path}${thread}`
  return { ok: true, channel: channel.id, permalink }
}

/**
 * The bot posts, changes and deletes what is its own; `chat.update` knows no time limit here
 * (`edit_window_closed` in Slack). What a caller has to know:
 *
 * - An ephemeral message cannot be updated, deleted or linked to: its `message_ts` is a `message_not_found`.
 * - `chat.update` with `text` alone takes the blocks away, and a message without blocks shows as edited.
 *   Metadata stays unless new is given; `{}` takes it away.
 * - A post is not idempotent: whoever sends it again, as `WebClient` does after a lost answer, posts twice.
 *
 * Simplified: channels and people go by id, not by name, and `attachments` and `markdown_text` are not read.
 * Ephemerals have no limit of length; Slack advises 4,000 bytes. Source: docs.slack.dev/reference/methods,
 * the page of each method, and docs.slack.dev/messaging/modifying-messages.
 */
export const chat = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': remove,
  'chat.getPermalink': getPermalink,
} satisfies Record<string, Method>

/**
 * Where a post goes: a channel the bot may post to, or the direct conversation with a person, which a user id
 * opens without `im:write`. `chat:write.public` opens public channels that the bot is not in, and no private
 * ones.
 */
function postable(call: MethodCall): Channel {
  const { directory } = call.workspace
  const id = call.text('channel')
  const member = directory.member(id)
  if (member?.isBot) refuse('cannot_dm_bot')
  if (member && !member.deleted) return directory.directMessage(id)
  const channel = directory.channel(id)
  if (!channel) refuse('channel_not_found')
  if (!call.isMember(channel)) {
    if (channel.kind !== 'public') refuse('channel_not_found')
    if (!call.scopes.includes('chat:write.public')) refuse('not_in_channel')
  }
  if (channel.archived) refuse('is_archived')
  return channel
}

function ownPost(call: MethodCall, channel: Channel) {
  const { app, directory } = call.workspace
  return { channel: channel.id, user: directory.bot.id, botId: app.botId, appId: app.id }
}

/** The bot's own message that the call is about; nobody else's, and no ephemeral. */
function ownMessage(call: MethodCall, otherwise: string): Message {
  const { workspace } = call
  const channel = workspace.directory.channel(call.required('channel'))
  if (!channel || (channel.kind !== 'public' && !call.isMember(channel)))
    refuse('channel_not_found')
  const message = workspace.messages.find(channel.id, call.required('ts'))
  if (!message || message.onlyFor !== undefined || message.tombstone) refuse('message_not_found')
  if (message.botId !== workspace.app.botId) refuse(otherwise)
  if (channel.archived) refuse('is_archived')
  return message
}

/** Text and blocks as given. What is wrong with a block is told in `response_metadata.messages`. */
function contentOf(call: MethodCall): { text: string; blocks: Fields[] } {
  const blocks = call.json('blocks', 'invalid_blocks_format')
  if (blocks !== undefined) refuseProblems('invalid_blocks', checkBlocks('message', blocks))
  return { text: call.text('text'), blocks: rowsOf(blocks) }
}

/** The thread a post belongs to. Given a reply, that is its parent's: there are no threads in threads. */
function threadOf(call: MethodCall, channel: Channel): { threadTs?: string } {
  const threadTs = call.text('thread_ts')
  if (threadTs === '') return {}
  if (!/^\d+\.\d+$/.test(threadTs)) {
    const messages = [`[ERROR] ${threadTs} is not a valid thread_ts`]
    refuse('invalid_thread_ts', { response_metadata: { messages } })
  }
  const parent = call.workspace.messages.find(channel.id, threadTs)
  // Slack documents no name for this; `thread_not_found` is what conversations.replies says.
  if (!parent || parent.onlyFor !== undefined) refuse('thread_not_found')
  return { threadTs: parent.threadTs ?? parent.ts }
}

/** `event_type` and `event_payload`, both required: docs.slack.dev/messaging/message-metadata. */
function metadataOf(call: MethodCall): Fields | undefined {
  const metadata = call.json('metadata', 'invalid_metadata_format')
  if (metadata === undefined) return undefined
  if (!isFields(metadata)) refuse('invalid_metadata_format')
  if (Object.keys(metadata).length === 0) return {}
  const { event_type, event_payload } = metadata
  if (typeof event_type !== 'string' || event_type === '' || !isFields(event_payload))
    refuse('invalid_metadata_format')
  if (JSON.stringify(event_payload).length > largestMetadata) refuse('metadata_too_large')
  return metadata
}

/** An update without metadata keeps it; an empty one takes it away. */
function metadataAfter(call: MethodCall, message: Message): { metadata?: Fields } {
  const given = metadataOf(call)
  if (given === undefined) return message.metadata ? { metadata: message.metadata } : {}
  return Object.keys(given).length === 0 ? {} : { metadata: given }
}
