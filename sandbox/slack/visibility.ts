/** What somebody is allowed to see. For people only: what the bot sees, its scopes decide in `web-api/`. */
import type { Channel, Member, Message } from './model.ts'
import type { Workspace } from './workspace.ts'

/**
 * Members see their channels; full members of the home team see public ones too. Guests and outsiders have to
 * be invited.
 */
export function canSee(workspace: Workspace, member: Member, channel: Channel): boolean {
  if (channel.members.includes(member.id)) return true
  const isOwnTeam = member.teamId === workspace.directory.homeTeam.id
  return channel.kind === 'public' && isOwnTeam && !member.isRestricted
}

/** The channel by its id or `#name`; throws if this person cannot see it. */
export function visibleChannel(workspace: Workspace, member: Member, idOrName: string): Channel {
  const channel = workspace.directory.channelCalled(idOrName)
  if (canSee(workspace, member, channel)) return channel
  throw new Error(`${member.displayName} cannot see ${idOrName}`)
}

/** An ephemeral message shows to one person only; whether they see the channel is another question. */
export function isShown(message: Message, userId: string): boolean {
  return message.onlyFor === undefined || message.onlyFor === userId
}
