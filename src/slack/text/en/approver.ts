/** What approvers read: a request's card, the windows in which they decide, and the calls below the card. Mrkdwn. */

import type { Principal } from '../../../policy/policy.ts'
import type { Pending, RecoveryRequest } from '../../../recovery/model/request.ts'
import { escapedWords, mention, utc, when } from '../../kit/mrkdwn.ts'
import { escapedName } from './accounts.ts'
import { approval } from './approver-approval.ts'
import { principals } from './lists.ts'
import { methodWords } from './methods.ts'
import { addressWarning, missingOf, soFar, stateTitle } from './states.ts'

const card = {
  /** Plain, as the ones that follow it: titles and names of facts. */
  title: ({ id }: RecoveryRequest) => `Account recovery ${id}`,
  privileged: '🛑 Privileged account: attackers want this one',
  account: (openedAt: Date) => `The account, as it was ${utc(openedAt)}`,
  lastChanged: 'Last changed',
  reason: 'Reason',
  evidence: 'Evidence',
  ticket: 'Ticket',
  identityCheck: 'Identity check by the requester',

  asked: (request: RecoveryRequest) => {
    const { name, does } = methodWords[request.method]
    return `${mention(request.requestedBy)} asks for: *${name}*. ${does}${destination(request)}`
  },
  /** Whether the owner has heard of it from somebody else than the requester. Never before it is so. */
  owner: ({ ownerReach = 'not-in-slack', ownerTold }: RecoveryRequest) => {
    if (ownerReach !== 'slack' || ownerTold === undefined) return ownerReaches[ownerReach]
    return 'at' in ownerTold
      ? `The owner was told in Slack ${when(ownerTold.at)}, and can stop it.`
      : `⚠️ The owner could not be told in Slack, which refused it (${escapedWords(ownerTold.refused, 60)}). Tell them by another way than the one the code goes to.`
  },
  /** @param link to a message in Slack, and nothing else */
  source: (link: string) => `It began with <${link}|this message>.`,
  reported: (at: Date) =>
    `🚨 *The owner says that it was not them*, ${when(at)}. The account can’t be recovered for a day after that.`,
  addressChanged: addressWarning,
  stuck:
    '⚠️ *Nobody is left who can approve this.* Whoever looks after the policy has to name others, or the request expires.',
  footer: ({ id, openedAt, tier }: RecoveryRequest) =>
    `Opened ${utc(openedAt)} · tier “${escapedWords(tier, 60)}” · ${id}`,

  /** The card in lines, for notifications and screen readers; the sentence about its state follows the first. */
  lines: {
    title: (request: RecoveryRequest) => `Account recovery ${request.id}: ${stateTitle(request)}.`,
    asked: ({ requestedBy, seen, method }: RecoveryRequest) =>
      `${mention(requestedBy)} asks to recover the account of ${escapedName(seen.name)}: ${methodWords[method].name}.`,
    reason: ({ reason }: RecoveryRequest) => `Reason: ${escapedWords(reason, 600)}`,
    evidence: ({ ticket, identityCheck: { label, evidence } }: RecoveryRequest) =>
      `Ticket: ${escapedWords(ticket, 100)}. Identity check: ${escapedWords(label, 100)} (${escapedWords(evidence.value, 100)}).`,
    privileged: 'This is a privileged account.',
  },
}

function destination({ seen: { destination: to } }: RecoveryRequest): string {
  if (to === undefined) return ''
  return ` Destination: ${escapedWords(to.masked, 100)}${to.verified ? '' : ' (not verified)'}.`
}

const ownerReaches = {
  slack: 'Rekey is telling the owner in Slack…',
  'not-verified':
    'The owner can’t be told in Slack: Cognito has not verified the address. Tell them by another way than the one the code goes to.',
  'not-in-slack':
    'The owner can’t be told in Slack: nobody there has this address. Tell them by another way than the one the code goes to.',
} satisfies Record<NonNullable<RecoveryRequest['ownerReach']>, string>

const denial = {
  /** Plain; window titles and buttons have 24 characters. */
  title: 'Deny recovery',
  submit: 'Deny',
  comment: 'Why not?',
  commentHint: 'The requester and the auditors read this. Never write a password or a code here.',
  asked: ({ id, requestedBy, seen, method }: RecoveryRequest) =>
    `*${id}*: ${mention(requestedBy)} asks to recover the account of ${escapedName(seen.name)} (${methodWords[method].name}). One no ends the request, and nothing is changed.`,
}

/** What the window says once a decision was sent. */
const decided = {
  title: 'Recorded',
  reading: 'Reading the request…',
  approved: (request: RecoveryRequest) => {
    if (request.state !== 'pending')
      return 'Your approval is recorded. Rekey carries out the recovery now; the card shows the outcome.'
    const left = request.approvalsNeeded - request.approvals.length
    const needed =
      left > 0 ? `${left} more needed.` : `One each must still come from ${missingOf(request)}.`
    return `Your approval is recorded. ${needed}`
  },
  denied: 'The request is denied, and the requester will read why.',
}

/** The replies in a card's thread that call those who can decide. */
const reminders = {
  again: (request: Pending, named: readonly Principal[]) =>
    `${principals(named)}: this request still waits for a decision. ${stand(request)}`,
  /** To those who could not decide until now. */
  escalated: (request: Pending, named: readonly Principal[]) =>
    `${principals(named)}: this request has waited long, so you can decide on it as well now. ${stand(request)}`,
}

function stand(request: Pending): string {
  return `${soFar(request)} It expires ${when(request.expiresAt)}.`
}

export const approver = { card, approval, denial, decided, reminders }
