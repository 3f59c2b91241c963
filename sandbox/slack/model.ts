/** What a workspace is made of, as plain data. Everything is replaced, never changed in place: what you hold stays as you saw it. */
import type { Fields } from './json.ts'

/** A workspace, as its members see it. */
export interface Team {
  readonly id: string
  readonly name: string
  readonly domain: string
}

/**
 * Somebody with a Slack account: `users.info` shows them by these fields. `isRestricted` is any guest,
 * `isUltraRestricted` one of a single channel, who has both; `tzOffset` is in seconds. A `teamId` that is not
 * the app's own makes them an outsider of Slack Connect, and is the only mark of one. Source:
 * docs.slack.dev/reference/objects/user-object.
 */
export interface Member {
  readonly id: string
  readonly teamId: string
  /** The @name, which decides nothing. */
  readonly handle: string
  readonly realName: string
  readonly displayName: string
  /** What they do, as their profile says it. */
  readonly title?: string
  /** Shown with the scope `users:read.email` only. */
  readonly email: string
  readonly tz: string
  readonly tzOffset: number
  /** An IETF tag such as `en-GB`; `users.info` gives it to those who say `include_locale`. */
  readonly locale: string
  readonly isBot?: boolean
  /** Deactivated: Slack keeps the account and its messages. */
  readonly deleted?: boolean
  readonly isRestricted?: boolean
  readonly isUltraRestricted?: boolean
  /** The app may not see them: `users.info` answers `user_not_visible`, lists and look-ups leave them out. */
  readonly isHidden?: boolean
}

/** A user group; its members are user ids. */
export interface UserGroup {
  readonly id: string
  readonly handle: string
  readonly name: string
  readonly members: readonly string[]
  readonly disabled?: boolean
}

/**
 * A conversation. `im` is the one between a person and the bot; a channel that is `extShared` is shared
 * with another organization through Slack Connect.
 */
export interface Channel {
  readonly id: string
  /** Without the `#`; empty for an `im`. */
  readonly name: string
  readonly kind: 'public' | 'private' | 'im'
  readonly members: readonly string[]
  readonly archived?: boolean
  readonly extShared?: boolean
}

/** A slash command of the app, as its manifest has it. `command` begins with its slash. */
export interface SlashCommand {
  readonly command: string
  readonly description: string
  readonly usageHint: string
  /**
   * With it, `@sam` in the text reaches the app as `<@U0SAM|sam>`. Without it (Slack's default) it stays
   * `@sam`, which proves nothing: names can be changed.
   */
  readonly shouldEscape?: boolean
}

/**
 * An entry in the menu of every message: a message shortcut. People see the `name`, the app gets the
 * `callbackId`.
 */
export interface MessageShortcut {
  readonly callbackId: string
  readonly name: string
}

/** Everything that is there when the simulator starts. */
export interface WorkspaceSeed {
  /** The app's own team first. */
  readonly teams: readonly [Team, ...Team[]]
  readonly app: { readonly id: string; readonly name: string; readonly botId: string }
  /** Who the bot is among the members. */
  readonly botUser: string
  readonly members: readonly Member[]
  readonly groups: readonly UserGroup[]
  readonly channels: readonly Channel[]
  readonly commands: readonly SlashCommand[]
  readonly shortcuts?: readonly MessageShortcut[]
}

/**
 * A message. `ts` identifies it in its channel, and nowhere else; `channel`, `user` and `threadTs` are ids
 * and timestamps of others. Where there are blocks, `text` is what notifications and screen readers use.
 */
export interface Message {
  readonly channel: string
  readonly ts: string
  readonly user: string
  /** Present when an app posted it. */
  readonly botId?: string
  readonly appId?: string
  readonly text: string
  readonly blocks: readonly Fields[]
  /** What other apps hang onto a message, as they sent it; nothing here draws or checks them. */
  readonly attachments?: readonly Fields[]
  readonly threadTs?: string
  /** A reply that stands in the channel as well: `reply_broadcast`. */
  readonly broadcast?: boolean
  readonly metadata?: Fields
  readonly edited?: { readonly user: string; readonly ts: string }
  /** An ephemeral message: only this person sees it, and the API does not know it. */
  readonly onlyFor?: string
  /** What stays where a message with replies was deleted. */
  readonly tombstone?: boolean
}

/** What people have entered, as `state.values` carries it: by block_id, then action_id. */
export type Values = Readonly<Record<string, Readonly<Record<string, Fields>>>>

/** A view somebody has open, or their home tab. */
export interface OpenView {
  readonly id: string
  readonly userId: string
  /** Of the version the app last sent; `views.update` with another one is a `hash_conflict`. */
  readonly hash: string
  /** The first view of the stack: its own id for one that was opened, not pushed. */
  readonly rootViewId: string
  readonly previousViewId: string | null
  /** The view as the app sent it, with ids given to blocks and elements that had none. */
  readonly definition: Fields
  readonly values: Values
  /** What the app answered to the last submission, by block_id. */
  readonly errors: Readonly<Record<string, string>>
}
