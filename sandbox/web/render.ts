/** Renders the snapshot of one person: nothing in it that this person could not see. */

import type { CognitoSandbox } from '../cognito/server.ts'
import { directMessageId } from '../slack/directory.ts'
import type { Channel, Member } from '../slack/model.ts'
import { canSee, isShown } from '../slack/visibility.ts'
import type { Workspace } from '../slack/workspace.ts'
import type { FaultButtons } from './faults.ts'
import type { LedgerReader } from './ledger-view.ts'
import type { ReadMarks } from './read-marks.ts'
import type {
  AccountView,
  Conversation,
  MailboxMessageView,
  MessageView,
  NamesView,
  PersonView,
  Snapshot,
} from './snapshot.ts'
import { tourView } from './tour.ts'

/** Everything a snapshot is made from; what is undefined is left out of it. */
export interface SnapshotSource {
  readonly workspace: Workspace
  readonly cognito: CognitoSandbox | undefined
  readonly ledgerReader: LedgerReader | undefined
  readonly marks: ReadMarks
  readonly faultButtons: FaultButtons
}

/** The page of this person as of now. Throws for an id that nobody has. */
export function renderSnapshot(source: SnapshotSource, personId: string): Snapshot {
  const { workspace, cognito, marks, faultButtons } = source
  const { directory, views } = workspace
  const member = directory.memberOrThrow(personId)
  const ledgerView = source.ledgerReader?.view() ?? null
  return {
    me: personView(workspace, member),
    people: directory.members
      .filter((each) => !each.isBot && !each.deleted)
      .map((each) => personView(workspace, each)),
    names: namesView(workspace),
    app: {
      name: workspace.app.name,
      hasHome: workspace.subscribesTo('app_home_opened') || views.home(personId) !== undefined,
    },
    slashCommands: member.teamId === directory.homeTeam.id ? workspace.commands : [],
    shortcuts: workspace.shortcuts,
    conversations: conversations(workspace, marks, member),
    stack: views.stack(personId),
    home: views.home(personId) ?? null,
    mailbox: cognito ? mailboxMessages(cognito) : [],
    accounts: cognito ? accounts(cognito) : [],
    ledgerView,
    faultButtons: faultButtons.list(),
    traffic: faultButtons.traffic(),
    tour: ledgerView && cognito ? tourView({ cognito, ledgerView, marks }) : null,
  }
}

function personView({ directory }: Workspace, member: Member): PersonView {
  const { id, displayName, tz, locale } = member
  return { id, name: displayName, role: roleOf(), tz, locale }

  function roleOf(): string {
    if (member.teamId !== directory.homeTeam.id) return directory.team(member.teamId).name
    return member.isRestricted ? 'Guest' : (member.title ?? '')
  }
}

function namesView({ directory }: Workspace): NamesView {
  const people = directory.members.map(({ id, displayName }) => [id, displayName])
  return {
    people: { USLACKBOT: 'Slackbot', ...Object.fromEntries(people) },
    channels: Object.fromEntries(directory.channels.map(({ id, name }) => [id, name])),
    groups: Object.fromEntries(directory.groups.map(({ id, handle }) => [id, handle])),
  }
}

function conversations(workspace: Workspace, marks: ReadMarks, member: Member): Conversation[] {
  const { directory } = workspace
  const channels = directory.channels
    .filter((each) => each.kind !== 'im' && !each.archived && canSee(workspace, member, each))
    .toSorted((one, other) => one.name.localeCompare(other.name))
  const id = directMessageId(member.id)
  const withApp: Channel = { id, name: '', kind: 'im', members: [] }
  return [...channels, withApp].map((each) => conversation(workspace, marks, member, each))
}

function conversation(
  workspace: Workspace,
  marks: ReadMarks,
  member: Member,
  { id, name, kind, extShared = false }: Channel,
): Conversation {
  const messages: MessageView[] = workspace.messages.all
    .filter((each) => each.channel === id && isShown(each, member.id))
    .map((each) => ({ ...each, values: workspace.messageValues(each, member.id) }))
  const seen = marks.of(member.id, id)
  const unread = messages.filter((each) => each.ts > seen && each.user !== member.id).length
  return { id, name, kind, isShared: extShared, unread, messages }
}

function mailboxMessages({ mailbox }: CognitoSandbox): MailboxMessageView[] {
  return mailbox.messages.map(({ kind, to, subject, body, sentAt }) => ({
    kind,
    to,
    subject,
    body,
    sentAt: sentAt.toISOString(),
  }))
}

/** The customers: the application is theirs. */
function accounts({ pools }: CognitoSandbox): AccountView[] {
  const users = pools.all()[0]?.users() ?? []
  return users.map(({ attributes, username, status, enabled }) => ({
    name: attributes['name'] ?? username,
    signInName: attributes['email'] ?? username,
    status: enabled ? status : `${status}, disabled`,
  }))
}
