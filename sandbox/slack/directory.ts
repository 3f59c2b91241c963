/** Who and what there is: people, groups, channels, and what an administrator does to them. */
import type { Channel, Member, Team, UserGroup, WorkspaceSeed } from './model.ts'

/**
 * The people, groups and channels as they are now. What is read stays as it was read: every change puts new
 * objects in the place of the old ones. The app gets no event of a change; it finds out when it asks.
 */
export class Directory {
  readonly #seed: WorkspaceSeed
  readonly #changed: () => void
  members: readonly Member[]
  groups: readonly UserGroup[]
  channels: readonly Channel[]

  constructor(seed: WorkspaceSeed, changed: () => void) {
    this.#seed = seed
    this.#changed = changed
    this.members = seed.members
    this.groups = seed.groups
    this.channels = seed.channels
  }

  /** The team that the app is installed in. */
  get homeTeam(): Team {
    return this.#seed.teams[0]
  }

  /** The app's own bot user, whom a seed has among its members. */
  get bot(): Member {
    return this.memberOrThrow(this.#seed.botUser)
  }

  /** A team by its id; the home team for one that is not known. */
  team(id: string): Team {
    return this.#seed.teams.find((team) => team.id === id) ?? this.homeTeam
  }

  member(id: string): Member | undefined {
    return this.members.find((member) => member.id === id)
  }

  /** Throws for an id that nobody has, which is a mistake in a test. */
  memberOrThrow(id: string): Member {
    const member = this.member(id)
    if (!member) throw new Error(`No such person in the sandbox: ${id}`)
    return member
  }

  group(id: string): UserGroup | undefined {
    return this.groups.find((group) => group.id === id)
  }

  channel(id: string): Channel | undefined {
    return this.channels.find((channel) => channel.id === id)
  }

  /**
   * A channel as a person names it: by id, or as `#support`, with or without the `#`.
   *
   * @throws for one that is not there, which is a mistake in a test
   */
  channelCalled(idOrName: string): Channel {
    const name = idOrName.replace(/^#/, '')
    const found =
      this.channel(idOrName) ?? this.channels.find((each) => each.name === name && each.name !== '')
    if (!found) throw new Error(`No such channel in the sandbox: ${idOrName}`)
    return found
  }

  /** The direct conversation between this person and the bot, opened if need be. */
  directMessage(userId: string): Channel {
    const id = directMessageId(userId)
    const known = this.channel(id)
    if (known) return known
    const opened: Channel = { id, name: '', kind: 'im', members: [userId, this.bot.id] }
    this.channels = [...this.channels, opened]
    this.#changed()
    return opened
  }

  /** Changes a person: deactivates, makes a guest, renames. Channels and groups keep the deactivated. */
  setMember(id: string, change: Partial<Omit<Member, 'id'>>): void {
    this.memberOrThrow(id)
    this.members = this.members.map((each) => (each.id === id ? { ...each, ...change } : each))
    this.#changed()
  }

  /** Changes who is in a user group: `members` are all of them, by id. */
  setGroup(id: string, members: readonly string[]): void {
    if (!this.group(id)) throw new Error(`No such user group in the sandbox: ${id}`)
    this.groups = this.groups.map((each) => (each.id === id ? { ...each, members } : each))
    this.#changed()
  }

  /** Disables a group: `usergroups.list` then shows it only to a call with `include_disabled`. */
  disableGroup(id: string): void {
    this.groups = this.groups.map((each) => (each.id === id ? { ...each, disabled: true } : each))
    this.#changed()
  }

  /** Changes a channel: archives it, shares it, changes who is in it. */
  setChannel(idOrName: string, change: Partial<Omit<Channel, 'id'>>): void {
    const { id } = this.channelCalled(idOrName)
    this.channels = this.channels.map((each) => (each.id === id ? { ...each, ...change } : each))
    this.#changed()
  }
}

/** The id of the direct conversation between this person and the bot, whether or not it is open yet. */
export function directMessageId(userId: string): string {
  return `D${userId.slice(1)}`
}
