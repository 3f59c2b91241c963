/** The windows in which an account is looked for, and its recovery asked for. */

import type { Account } from '../../../recovery/model/account.ts'
import type { Match, MatchedBy } from '../../../recovery/model/match.ts'
import type { RecoveryRequest } from '../../../recovery/model/request.ts'
import { oneLine } from '../../../recovery/model/visible-text.ts'
import { clip, escapedWords, when } from '../../kit/mrkdwn.ts'
import { contactWords, escapedName, ownerName, statusWords, subTail } from './accounts.ts'
import { counted, fitted, listed } from './lists.ts'
import { methodWords } from './methods.ts'

/** Plain text, but where it says mrkdwn. Window titles and buttons have 24 characters. */
export const search = {
  title: 'Recover an account',
  submit: 'Find',
  query: 'Whose account is it?',
  queryHint: 'An e-mail address, a phone number such as +14155550123, a username or a name.',
  /** Mrkdwn. @param query as it was typed, perhaps nothing */
  looking: (query: string) => {
    const who = oneLine(query) === '' ? 'the account' : `“${escapedWords(query, 300)}”`
    return `Looking up ${who} in Amazon Cognito…`
  },
  /** @param pools at least one, that could not be searched */
  unsearchedPools: (pools: readonly string[]) => {
    const names = fitted(pools, 500)
    return pools.length === 1
      ? `The user pool ${names} could not be searched: the account may be there.`
      : `The user pools ${names} could not be searched: the account may be in one of them.`
  },
  none: (query: string) =>
    `No account matches “${query}”. Try the whole e-mail address, or another part of the name.`,
  /** Goes on from that, for digits that no pool's country says how to read. */
  needsCountry: 'For a phone number, start with + and the country code.',
  /** @param names at least one */
  unmatched: (names: readonly string[]) =>
    `No account was found for ${fitted(names.map(quoted), 500)}.`,
  noneNamed: 'The message names no e-mail address or phone number. Whose account is it?',
  /** Mrkdwn, as the two that follow. */
  oneMatches:
    '*One account matches, where Rekey could look.* Ask the caller for something that tells it apart, then choose.',
  oneMatchesAll: '*One account matches.* Check that it is the right one, then choose.',
  severalMatch:
    '*Several accounts match.* Ask the caller for something that tells them apart, then choose.',
  tooMany: 'There are more than these. Search again with a whole address.',
  /** @param match how it was found, if it was searched for: with more of its addresses than a channel may see */
  candidate: (
    { ref, name, status, enabled, contacts }: Account,
    match: Match | undefined,
    isFromMessage: boolean,
  ) => [
    ownerName(name),
    `${statusWords[status]}${enabled ? '' : ', disabled'}`,
    fitted((match?.contacts ?? contacts).map(contactWords), 300) || 'No contacts',
    ...(match === undefined ? [] : [matchWords(match.by, isFromMessage)]),
    `${clip(oneLine(ref.pool), 60)}, account id ends in ${subTail(ref.sub)}`,
  ],
}

const matchedWords = {
  sub: 'account id',
  username: 'username',
  email: 'e-mail address',
  phone: 'phone number',
  'preferred-username': 'preferred username',
  name: 'name',
  beginning: 'start of the username or an address',
} satisfies Record<MatchedBy, string>

function matchWords(by: readonly MatchedBy[], isFromMessage: boolean): string {
  const what = listed(by.map((each) => matchedWords[each]))
  return isFromMessage ? `Matches the message: ${what}` : `Matches what you typed: ${what}`
}

const quoted = (name: string) => `“${clip(oneLine(name), 100)}”`

/** Labels, hints and errors are plain text; everything else is mrkdwn. */
export const form = {
  title: 'Recover an account',
  submit: 'Send request',

  account: 'The account, as Cognito has it now',
  dates: ({ createdAt, modifiedAt }: Account) =>
    `Created ${when(createdAt)}. Last changed ${when(modifiedAt)}.`,
  /** How it was found, and a warning where it is not the address that was named. */
  found: ({ by, terms }: Match) => {
    const isAnother = terms.some(({ kind }) => kind === 'email') && !by.includes('email')
    const what = `Found by ${listed(by.map((each) => matchedWords[each]))}.`
    return isAnother ? `${what} ⚠️ The account’s own e-mail address is a different one.` : what
  },
  worthKnowing: 'Worth knowing',
  nothingHelps: '*Nothing that Rekey may do can help this account now.* Here is why, and what can:',
  whyNotOthers: 'Why not the others',
  unavailable: (name: string, because: string) => `${name}: ${because}`,
  forbidden: (names: readonly string[]) =>
    `Not allowed by the policy for accounts like this one: ${listed(names)}.`,

  tier: (name: string, approvals: number) =>
    `Tier “${escapedWords(name, 60)}”: ${counted(approvals, 'approval')} needed.`,
  changedTitle: (approvals: number) =>
    `⚠️ Changed recently: ${counted(approvals, 'approval')} needed`,
  changed: (modifiedAt: Date, tier: string) =>
    `This account was changed ${when(modifiedAt)}. Cognito does not say what was changed; a new address shortly before a recovery is a sign of a takeover, so the policy puts it in the tier “${escapedWords(tier, 60)}”. Ask what was changed, and tell the approvers.`,
  protectedTitle: (approvals: number) =>
    `⚠️ Protected account: ${counted(approvals, 'approval')} needed`,
  protected: (tier: string) =>
    `The policy puts this account in the tier “${escapedWords(tier, 60)}”. Be sure of who is asking: accounts like this one are what people try to steal.`,

  method: 'How should it be recovered?',
  check: 'How did you make sure that it is the owner who asks?',
  reason: 'Why does it need recovering?',
  reasonHint: 'Approvers and auditors read this. Never write a password or a code here.',
  ticket: 'Ticket or case number',
  example: (example: string) => `For example: ${example}`,
  /** @param link to a message in Slack, and nothing else */
  source: (link: string) => `The request will link <${link}|this message>.`,

  /** What is wrong with a field. */
  errors: {
    broken: 'This form is broken. Close it and look the account up again.',
    noMethod: 'Please choose one.',
    noEvidenceYet: 'Please fill in the field below, which belongs to this check.',
    tooShort: (min: number) => `Please write at least ${min} characters.`,
    tooLong: (max: number) => `Please write at most ${max} characters.`,
    /** @param refusal its sentence */
    withExample: (refusal: string, example: string) => `${refusal} For example: ${example}`,
  },

  /** After the form: what happens now. */
  notSentTitle: 'Not sent',
  sentTitle: 'Request sent',
  sent: ({ id, seen, method }: RecoveryRequest) =>
    `*${id}* asks to recover the account of ${escapedName(seen.name)}: ${methodWords[method].name}.`,
  next: ({ approvalsNeeded, tier, expiresAt }: RecoveryRequest) => {
    const deciders =
      approvalsNeeded === 1 ? 'One approver' : `${approvalsNeeded} different approvers`
    return [
      `${deciders} of the tier “${escapedWords(tier, 60)}” must agree before ${when(expiresAt)}. You are not one of them.`,
      'Nothing changes in Cognito until then.',
      'Rekey sends you a direct message with the outcome, and with what to tell the owner.',
    ]
  },
  keep: ({ id }: RecoveryRequest) => `Keep ${id} with your ticket.`,
}
