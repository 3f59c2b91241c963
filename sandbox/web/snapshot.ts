/** What one person's page shows, whole, as plain data: made anew after every change. */

import type { Message, MessageShortcut, OpenView, SlashCommand, Values } from '../slack/model.ts'
import type { FaultButtonView, TrafficLine } from './faults.ts'
import type { LedgerView } from './ledger-view.ts'
import type { TourView } from './tour.ts'

/**
 * The whole page of one person. It is sent as JSON, so there are no dates and no undefined in it.
 */
export interface Snapshot {
  readonly me: PersonView
  /** Everybody whose place one can take. */
  readonly people: readonly PersonView[]
  readonly names: NamesView
  readonly app: AppView
  readonly slashCommands: readonly SlashCommand[]
  readonly shortcuts: readonly MessageShortcut[]
  readonly conversations: readonly Conversation[]
  /** The windows this person has open, the one on top last. */
  readonly stack: readonly OpenView[]
  /** The app's Home tab as this person has it; null before it was published. */
  readonly home: OpenView | null
  /** Of all owners, whoever looks: it is no part of Slack. */
  readonly mailbox: readonly MailboxMessageView[]
  readonly accounts: readonly AccountView[]
  readonly ledgerView: LedgerView | null
  readonly faultButtons: readonly FaultButtonView[]
  readonly traffic: readonly TrafficLine[]
  readonly tour: TourView | null
}

/** Somebody as the list of people shows them; `role` is their title, or what sets them apart. */
export interface PersonView {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly tz: string
  readonly locale: string
}

/** What ids in texts are called. */
export interface NamesView {
  readonly people: Readonly<Record<string, string>>
  readonly channels: Readonly<Record<string, string>>
  readonly groups: Readonly<Record<string, string>>
}

/** `hasHome` decides whether the conversation with the app has tabs. */
export interface AppView {
  readonly name: string
  readonly hasHome: boolean
}

/** A channel that this person sees, or their conversation with the app. */
export interface Conversation {
  readonly id: string
  /** Empty for the conversation with the app. */
  readonly name: string
  readonly kind: 'public' | 'private' | 'im'
  readonly isShared: boolean
  /** Messages of others after the read mark, those in threads included. */
  readonly unread: number
  /** Thread replies included. */
  readonly messages: readonly MessageView[]
}

/** A message as this person sees it. */
export interface MessageView extends Message {
  /** What this person has entered in the message's menus. */
  readonly values: Values
}

/** Something the simulated Cognito sent to an owner. */
export interface MailboxMessageView {
  readonly kind: 'email' | 'sms'
  readonly to: string
  readonly subject: string
  readonly body: string
  /** ISO, in UTC. */
  readonly sentAt: string
}

/** Somebody who could sign in to the application. */
export interface AccountView {
  readonly name: string
  readonly signInName: string
  /** UserStatus, and `, disabled` after it where that is so. */
  readonly status: string
}
