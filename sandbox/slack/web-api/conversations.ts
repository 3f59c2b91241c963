/** conversations.*: what the bot can know of channels and read in them. */
import type { Fields } from '../json.ts'
import type { Channel, Message } from '../model.ts'
import { wireChannel, wireMessage } from '../wire.ts'
import type { Asked, Method } from './method-call.ts'
import { refuse } from './refusal.ts'

const open: Method = (asked) => {
  asked.needs('im:write')
  const { directory } = asked.workspace
  const ids = asked.required('users').split(',')
  if (ids.length > 1) asked.needs('mpim:write')
  // The sandbox has direct conversations with one person only.
  if (ids.length > 1) refuse('too_many_users')
  const member = directory.member(ids[0] ?? '')
  if (!member) refuse('user_not_found')
  if (member.isBot) refuse('cannot_dm_bot')
  if (member.deleted) refuse('user_disabled')
  const channel = directory.directMessage(member.id)
  const whole = asked.flag('return_im') && wireChannel(channel, directory)
  return { ok: true, channel: { id: channel.id, ...whole } }
}

const info: Method = (asked) => {
  const { directory } = asked.workspace
  return { ok: true, channel: wireChannel(asked.channel('read'), directory) }
}

const history: Method = (asked) => {
  const channel = readable(asked)
  const { workspace } = asked
  const shown = workspace.messages.topLevel(channel.id).filter((each) => isWithin(asked, each))
  return listing(asked, shown.reverse())
}

const replies: Method = (asked) => {
  const channel = readable(asked)
  const { messages } = asked.workspace
  const parent = messages.find(channel.id, asked.required('ts'))
  if (!parent || parent.onlyFor !== undefined) refuse('thread_not_found')
  const under = messages.replies(channel.id, parent.ts).filter((each) => isWithin(asked, each))
  return listing(asked, [parent, ...under])
}

const members: Method = (asked) => {
  const { items, cursor } = asked.page(asked.channel('read').members)
  return { ok: true, members: items, response_metadata: { next_cursor: cursor } }
}

export const conversations = {
  'conversations.open': open,
  'conversations.info': info,
  'conversations.history': history,
  'conversations.replies': replies,
  'conversations.members': members,
} satisfies Record<string, Method>

function readable(asked: Asked): Channel {
  const channel = asked.channel('history')
  if (!asked.isMember(channel)) refuse('not_in_channel')
  return channel
}

/** Between `oldest` and `latest`, without the ends unless `inclusive`; never an ephemeral. */
function isWithin(asked: Asked, message: Message): boolean {
  if (message.onlyFor !== undefined) return false
  const oldest = asked.text('oldest')
  const latest = asked.text('latest')
  const inclusive = asked.flag('inclusive')
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

function listing(asked: Asked, found: readonly Message[]): Fields {
  const { items, cursor } = asked.page(found)
  const whole = asked.flag('include_all_metadata')
  const { directory, messages } = asked.workspace
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
