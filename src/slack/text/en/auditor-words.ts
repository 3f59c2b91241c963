/** The pieces of what an auditor reads of the ledger: its words, its people and accounts, and lists. Mrkdwn. */

import type { EntryData, EntryType } from '../../../audit/entry-data.ts'
import type { RecordedData, RecordedEntry, UnknownWord } from '../../../audit/recorded-entry.ts'
import type { RefusalType } from '../../../audit/refusals.ts'
import { personId } from '../../../ids.ts'
import { escapedWords, mention } from '../../kit/mrkdwn.ts'
import { escapedName, subTail } from './accounts.ts'
import { counted, fitted, people } from './lists.ts'
import { methodWords } from './methods.ts'

/** A sentence for each type of entry. */
export type Makers = { readonly [Type in EntryType]: (entry: RecordedEntry<Type>) => string }

/** A text or number, escaped and short; a question mark where the entry has none. */
export function shown(value: string | number | UnknownWord | undefined): string {
  if (value === undefined) return '?'
  return escapedWords(`${typeof value === 'object' ? value.unknown : value}`, 100)
}

/** What people read for a word of the ledger; undefined for one that has no sentence. */
function worded<Word extends string>(
  words: Readonly<Partial<Record<Word, string>>>,
  word: Word | UnknownWord | undefined,
): string | undefined {
  return typeof word === 'string' ? words[word] : undefined
}

/** Whoever did it: a person, or Rekey itself. */
export function actorOf({ actor }: Pick<RecordedEntry, 'actor'>): string {
  return actor.kind === 'person' ? mention(actor.id) : 'Rekey'
}

/** The account, by its owner's name if the entry has it, and the end of its `sub`. */
export function accountOf({
  data,
  target,
}: Pick<RecordedEntry, 'target'> & { readonly data: { readonly account?: string } }): string {
  const name = data.account === undefined ? undefined : escapedName(data.account)
  const tail = target === null ? undefined : `account ${escapedWords(subTail(target.sub), 10)}`
  if (name === undefined) return tail ?? 'an account'
  return tail === undefined ? name : `${name} (${tail})`
}

/** The error's name and AWS's id for the call, as far as the entry has them. */
export function traceOf({
  error,
  awsRequestId,
}: {
  readonly error?: string
  readonly awsRequestId?: string
}): string {
  const parts = [
    error && shown(error),
    awsRequestId && `AWS request ${shown(awsRequestId)}`,
  ].filter(Boolean)
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

/** As much of a hash as tells two apart. */
export function hashStart(hash: string | undefined): string {
  return hash === undefined ? '?' : escapedWords(hash.slice(0, 12), 12)
}

export function channelOf(channel: string | undefined): string {
  return /^[CG][A-Z0-9]{2,20}$/.test(channel ?? '') ? `<#${channel}>` : shown(channel)
}

/** @param inAll how many they are, where more than are named */
export function peopleOf(ids: readonly string[] = [], inAll = ids.length): string {
  return people(ids.filter(Boolean).map(personId), inAll)
}

/** Who reads a channel besides those who should. */
export function readersOf(data: RecordedData<'channel.shared'>): string {
  return data.public === true
    ? 'public, so that everybody in the workspace can read everything'
    : 'shared with another organization, whose people could read and press everything'
}

/** What is different from the policy before. */
export function changesOf({
  unreadable,
  changes,
  groupsFirstSeen,
}: RecordedData<'policy.changed'>): string {
  return unreadable === true
    ? '\n• What the policy before said can’t be read: it is gone from the database, or was changed there. Compare the policy file with its last version.'
    : `${groupsFirstSeen === undefined ? '' : '\nWhat changed:'}${linesOf(changes)}`
}

export function linesOf(lines: readonly string[] = []): string {
  return lines.map((line) => `\n• ${escapedWords(line, 220)}`).join('')
}

export function tiersOf(tiers: readonly string[] = []): string {
  return tiers.length === 0 ? '.' : `. Approvals by tier: ${escapedWords(fitted(tiers, 300), 300)}.`
}

/** “1 of 2 approvals”. */
export function approvalsOf({
  approvals = 0,
  approvalsNeeded = 0,
}: {
  readonly approvals?: number
  readonly approvalsNeeded?: number
}): string {
  return `${approvals} of ${counted(approvalsNeeded, 'approval')}`
}

/** Under which other accounts they had approved it before. */
export function earlierOf(ids: readonly string[] = []): string {
  const named = ids.filter(Boolean)
  return named.length === 0 ? '' : `, in place of their approval as ${peopleOf(named)}`
}

/** What follows when it was refused so often that not every further one is posted. */
export function furtherOf({ nth, further }: RecordedData<RefusalType>): string {
  const place = ` It was number ${shown(nth)} of its kind within this hour:`
  switch (further) {
    case 'not-posted':
      return `${place} further ones are in the ledger, and not posted here.`
    case 'not-kept':
      return `${place} further ones are only counted.`
    default:
      return ''
  }
}

/** What somebody said became of it. */
export function verdictOf({ verdict, number }: RecordedData<'attention.resolved'>): string {
  switch (verdict) {
    case 'worked':
      return 'it worked'
    case 'send-again':
      return `it is sent again (number ${shown(number)})`
    default:
      return 'nothing came of it'
  }
}

/** Why what was sent may have gone to somebody else. */
export function addressFindingOf({ because }: RecordedData<'address.changed'>): string {
  return because === 'sent-elsewhere'
    ? 'Cognito says that it was sent where the account has no address'
    : 'the account has other addresses now than those that were approved'
}

/** What the owner was to hear. */
export function noticeOf({ about }: RecordedData<'owner.told' | 'owner.not-told'>): string {
  return about === 'outcome' ? 'what was done' : 'that somebody asks'
}

/** Why nothing came of what was sent or set. */
export function lapseOf({ because }: RecordedData<'request.lapsed'>): string {
  switch (because) {
    case 'account-gone':
      return 'the account is gone'
    case 'pool-removed':
      return 'the policy does not name its user pool any more'
    default:
      return 'it was not used in time'
  }
}

/** A method, or what else a call does. */
export function effectOf(kind: EffectKind | UnknownWord | undefined): string {
  return worded(effectWords, kind) ?? shown(kind)
}

type EffectKind = EntryData['effect.intended']['deed']

const effectWords = {
  reset: methodWords.reset.name.toLowerCase(),
  'temporary-password': methodWords['temporary-password'].name.toLowerCase(),
  'permanent-password': methodWords['permanent-password'].name.toLowerCase(),
  'recovery-code': methodWords['recovery-code'].name.toLowerCase(),
  'resend-invitation': methodWords['resend-invitation'].name.toLowerCase(),
  'sign-out': 'sign-out everywhere',
  scramble: 'making an unused password useless',
} satisfies Record<EffectKind, string>

/** What somebody wanted to do. */
export function attemptOf(attempt: Attempt | UnknownWord | undefined): string {
  return worded(attemptWords, attempt) ?? 'decide on'
}

type Attempt = EntryData['decision.refused']['attempt']

const attemptWords = {
  approve: 'approve',
  deny: 'deny',
  withdraw: 'withdraw',
  reveal: 'see the password from',
  resolve: 'settle the outcome of',
  report: 'report',
  thaw: 'unfreeze',
  clear: 'clear the limit of',
  pause: 'pause',
  resume: 'let go on',
  list: 'see',
  'ask-again': 'ask again after',
  open: 'open',
} satisfies Record<Attempt, string>

/** Why a rule has refused it. */
export function refusalOf(why: Refusal | UnknownWord | undefined): string {
  return worded(refusalWords, why) ?? `it was refused (${shown(why)})`
}

type Refusal = EntryData['decision.refused']['why']

const refusalWords = {
  'not-a-requester': 'they may not ask for recoveries',
  'new-member': 'they had come into their user group too lately to decide',
  'not-an-approver': 'they are no approver for this account',
  'own-request': 'they had asked for it themself',
  'own-account': 'it is their own account',
  'already-approved': 'they had approved it already',
  'already-decided': 'it was decided already',
  expired: 'the request had expired',
  'stale-view': 'the request had changed since they looked at it',
  'unknown-request': 'there is no such request',
  'account-gone': 'the account does not exist any more',
  'request-open': 'there is an open request for this account',
  'method-closed': 'that method is not open for this account',
  'check-unknown': 'the policy has no such identity check',
  'reason-missing': 'they gave no reason',
  'ticket-missing': 'they gave no ticket',
  'ticket-malformed': 'what they gave is no ticket',
  'evidence-missing': 'they gave no evidence of the identity check',
  'evidence-malformed': 'what they gave is no evidence of that identity check',
  'name-mismatch': 'they did not type the account’s name',
  'nobody-can-decide': 'too few people could decide on it',
  'sent-too-often': 'it had been sent as often as may be',
  'not-the-owner': 'it is not their account',
  'already-reported': 'it had been reported already',
  'not-frozen': 'the account was not frozen',
  'took-part': 'they had asked for it or approved it',
  'took-part-lately': 'they had asked for one of its recoveries or approved it',
  'account-frozen': 'its owner had said that somebody else was at work',
  'limit-reached': 'a limit of the policy was reached',
  'too-fast': 'they could not have read it by then',
  'not-security': 'the policy does not name them for that',
  'already-paused': 'recoveries were paused already',
  'not-paused': 'nothing was paused',
  'not-involved': 'they have no part in recoveries',
  'not-your-request': 'it is somebody else’s request',
  'requester-left': 'whoever asked for it may not any more',
  'requesters-account': 'whoever asked for it is the account’s owner',
  'account-changed': 'the account had changed since it was approved',
  'other-pause': 'they meant a pause that was over',
  'not-executed-yet': 'it had not been carried out',
  paused: 'all recoveries were paused',
  'password-shown': 'the password had been shown already',
  'record-altered': 'somebody else had changed what is stored of it',
  'password-gone': 'the password had been destroyed',
} satisfies Record<Refusal, string>

/** Why it went no further than the door. */
export function objectionOf(because: Objection | UnknownWord | undefined): string {
  return worded(objectionWords, because) ?? `it was refused (${shown(because)})`
}

type Objection = EntryData['ingress.refused']['because']

const objectionWords = {
  'other-app': 'it was meant for another app',
  'enterprise-install': 'it came by an installation for a whole organization',
  'no-team': 'it named no workspace',
  'other-team': 'they belong to another workspace',
  'no-user': 'it named nobody',
  'unknown-user': 'Slack does not know them',
  'shared-channel': 'the channel is shared with another organization',
  'not-a-member': 'they are no full member of this workspace',
  'not-checked': 'Slack did not say who they are',
  'not-our-button': 'the button was not as Rekey had drawn it',
  'not-our-form': 'the form was not as Rekey had drawn it',
  'faulty-form': 'something in the form was missing or wrong',
  'not-our-pool': 'it named a user pool that the policy does not have',
} satisfies Record<Exclude<Objection, 'unreadable'>, string>

/** What somebody sent. @param kind as Slack calls it */
export function payloadOf(kind: string | undefined): string {
  return payloadWords.get(kind ?? '') ?? `sent “${shown(kind)}”`
}

const payloadWords: ReadonlyMap<string, string> = new Map([
  ['slash_command', 'used the command'],
  ['block_actions', 'pressed a button'],
  ['view_submission', 'submitted a form'],
  ['view_closed', 'closed a form'],
  ['shortcut', 'used a shortcut'],
  ['message_action', 'used a shortcut on a message'],
])
