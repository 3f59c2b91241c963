/** conversations.*: what the bot can know of channels and read in them. */
import type { Fields } from '../json.ts'
import type { Channel, Message } from '../model.ts'
import { wireChannel, wireMessage } from '../wire.ts'
import type { Method, MethodCall } from './method-call.ts'
import { refuse } from './refusal.ts'

const open: Method = (call) => {
  call.requireScope('im:write')
  const { directory } = call.workspace
  const ids = call.required('users').split(',')
  if (ids.length > 1) call.requireScope('mpim:write')
  // The sandbox has direct conversations with one person only.
  if (ids.length > 1) refuse('too_many_users')
  const member = directory.member(ids[0] ?? '')
  if (!member) refuse('user_not_found')
  if (member.isBot) refuse('cannot_dm_bot')
  if (member.deleted) refuse('user_disabled')
  const channel = directory.directMessage(member.id)
  const whole = call.flag('return_im') && wireChannel(channel, directory)
  return { ok: true, channel: { id: channel.id, ...whole } }
}

const info: Method = (call) => {
  const { directory } = call.workspace
  return { ok: true, channel: wireChannel(call.channel('read'), directory) }
}

const history: Method = (call) => {
  const channel = readable(call)
  const { workspace } = call
  const shown = workspace.messages.topLevel(channel.id).filter((each) => isWithin(call, each))
  return listing(call, shown.reverse())
}

const replies: Method = (call) => {
  const channel = readable(call)
  const { messages } = call.workspace
  const parent = messages.find(channel.id, call.required('ts'))
  if (!parent || parent.onlyFor !== undefined) refuse('thread_not_found')
  const under = messages.replies(channel.id, parent.ts).filter((each) => isWithin(call, each))
  return listing(call, [parent, ...under])
}

const members: Method = (call) => {
  const { items, cursor } = call.page(call.channel('read').members)
  return { ok: true, members: items, response_metadata: { next_cursor: cursor } }
}

/**
 * Reading needs the scope of the kind of channel, and for all but public ones membership; `history` and
 * `replies` need membership everywhere. `history` gives the newest first, `replies` the parent and then the
 * oldest first; ephemerals are in neither. `conversations.open` takes `users` with one person and no
 * `channel`. Of metadata only the `event_type` is shown unless `include_all_metadata` is asked for:
 * docs.slack.dev/messaging/message-metadata.
 */
export const conversations = {
  'conversations.open': open,
  'conversations.info': info,
  'conversations.history': history,
  'conversations.replies': replies,
  'conversations.members': members,
} satisfies Record<string, Method>

function readable(call: MethodCall): Channel {
  const channel = call.channel('history')
  if (!call.isMember(channel)) refuse('not_in_channel')
  return channel
}

/** Between `oldest` and `latest`, without the ends unless `inclusive`; never an ephemeral. */
function isWithin(call: MethodCall, message: Message): boolean {
  if (message.onlyFor !== undefined) return false
  const oldest = call.text('oldest')
  const latest = call.text('latest')
  const inclusive = call.flag('inclusive')
  if (oldest !== '' && isBefore(message.ts, oldest, !inclusive)) return false
  return latest === '' || !isBefore(latest, message.ts, !inclusive)
}

// Compared as text: six digits after the point do not survive in a float.
function isBefore(one: string, other: string, orEqual: boolean): boolean {
  const [left, right] = [sortable(one), sortable(other)]
  return left < right || (orEqual && left === right)
}

function sortable(ts: string): string {
  const [seconds = '', micros = ''] = ts.split('.')
  return seconds.padStart(12, '0') + micros.padEnd(6, '0')
}

function listing(call: MethodCall, found: readonly Message[]): Fields {
  const { items, cursor } = call.page(found)
  const whole = call.flag('include_all_metadata')
  const { directory, messages } = call.workspace
  const wire = items.map((each) => {
    const count = messages.replies(each.channel, each.ts).length
    return {
      ...wireMessage(each, directory, whole),
      ...(count > 0 && { thread_ts: each.ts, reply_count: count }),
    }
  })
  const answer = { ok: true, messages: wire, has_more: cursor !== '', pin_count: 0 }
  return cursor === '' ? answer : { ...answer, response_metadata: { next_cursor: cursor } }
}
