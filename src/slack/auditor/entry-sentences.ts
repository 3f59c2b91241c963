/** What each ledger entry says to an auditor: who did what to whom, and with what outcome. Mrkdwn. */

import type { Entry, EntryType } from '../../audit/entry.ts'
import { personId } from '../../ids.ts'
import type { Refusal } from '../../recovery/model/decision.ts'
import { counted, fitted, people } from '../kit/lists.ts'
import { escapedWords } from '../kit/mrkdwn.ts'
import {
  accountOf,
  actorOf,
  deedIn,
  listIn,
  numberIn,
  refusalIn,
  textIn,
  traceIn,
  valueIn,
} from './entry-data.ts'

export const auditWords = {
  'rekey.started': (entry) =>
    `Rekey started under the policy ${escapedWords(entry.policy.slice(0, 12), 12)}…${tiers(entry)}`,
  'policy.changed': (entry) =>
    `⚠️ The policy changed: it was ${valueIn(entry, 'before').slice(0, 12)}…, and is now ${escapedWords(entry.policy.slice(0, 12), 12)}…${lines(entry, 'changes')}`,
  'policy.refused': (entry) =>
    `⚠️ Another policy was refused, and the one before stays in force (${escapedWords(entry.policy.slice(0, 12), 12)}…)${lines(entry, 'faults')}`,
  'recovery.paused': (entry) =>
    `⏸️ ${actorOf(entry)} paused all recoveries: nothing is carried out until somebody lets it go on.`,
  'recovery.resumed': (entry) => `▶️ ${actorOf(entry)} let recoveries go on.`,
  'channel.shared': (entry) =>
    `🚨 The channel ${channelIn(entry)} is shared with another organization, whose people could read and press everything. Rekey says nothing there until it is not.`,
  'ingress.refused': (entry) =>
    `⛔ Turned away: ${actorOf(entry)} ${idempotencyKey(entry)}, but ${objection(entry)}.${further(entry)}`,
  'account.looked-up': (entry) => `${actorOf(entry)} ${lookUp(entry)}.`,
  'open.refused': (entry) =>
    `⛔ Refused: ${actorOf(entry)} wanted to ${entry.target === null ? 'use Rekey' : `recover ${accountOf(entry)}`}${method(entry)}, but ${because(entry)}.${further(entry)}`,
  'request.opened': (entry) =>
    `${actorOf(entry)} asked to recover ${accountOf(entry)}: ${deedIn(entry, 'method')}, ${counted(numberIn(entry, 'approvalsNeeded') ?? 0, 'approval')} needed, tier “${valueIn(entry, 'tier')}”. Ticket ${valueIn(entry, 'ticket')}. Identity check: ${valueIn(entry, 'identityCheckLabel')} (${valueIn(entry, 'evidence')}).`,
  'approval.opened': (entry) =>
    `${actorOf(entry)} opened the request for ${accountOf(entry)} to decide on it.`,
  'request.approved': (entry) =>
    `✅ ${actorOf(entry)} approved the recovery of ${accountOf(entry)}${inPlaceOf(entry)} (${approvals(entry)})${entry.data['complete'] === true ? '. Rekey carries it out.' : '. More are needed.'}`,
  'request.denied': (entry) => `⛔ ${actorOf(entry)} denied the recovery of ${accountOf(entry)}.`,
  'request.withdrawn': (entry) =>
    `${actorOf(entry)} withdrew the request to recover ${accountOf(entry)}.`,
  'request.expired': (entry) =>
    `The request to recover ${accountOf(entry)} expired (${approvals(entry)}).`,
  'request.failed': (entry) =>
    `❌ The recovery of ${accountOf(entry)} failed before anything was tried${traceIn(entry)}.`,
  'decision.refused': (entry) =>
    `⛔ Refused: ${actorOf(entry)} wanted to ${attempt(entry)} ${entry.target === null ? 'a request' : `the recovery of ${accountOf(entry)}`}, but ${because(entry)}.${further(entry)}`,
  'approvals.voided': (entry) =>
    `⚠️ The approval by ${people(listIn(entry, 'voided').filter(Boolean).map(personId))} for ${accountOf(entry)} is void: they may no longer decide (${approvals(entry)} left).`,
  'effect.intended': (entry) =>
    `Rekey is about to act on ${accountOf(entry)}: ${deedIn(entry, 'deed')}, attempt ${valueIn(entry, 'attempt')}.`,
  'effect.confirmed': (entry) =>
    `✅ Cognito confirmed for ${accountOf(entry)}: ${deedIn(entry, 'deed')}${sentTo(entry)}${traceIn(entry)}.`,
  'effect.observed': (entry) =>
    `✅ Cognito gave no clear answer for ${accountOf(entry)}, but the account shows it: ${deedIn(entry, 'deed')}. That is by looking only: somebody else may have made the same change.`,
  'effect.refused': (entry) =>
    `❌ Not done for ${accountOf(entry)}: ${deedIn(entry, 'deed')}${traceIn(entry)}.`,
  'effect.not-applied': (entry) =>
    `Attempt ${valueIn(entry, 'attempt')} for ${accountOf(entry)} changed nothing: ${deedIn(entry, 'deed')}${traceIn(entry)}. Rekey may try again.`,
  'effect.unknown': (entry) =>
    `⚠️ The outcome of attempt ${valueIn(entry, 'attempt')} for ${accountOf(entry)} is not known: ${deedIn(entry, 'deed')}${traceIn(entry)}. Rekey looks before it does anything else.`,
  'effect.looked': (entry) =>
    `Rekey looked at ${accountOf(entry)} and found it unchanged. It looks once more.`,
  'attention.resolved': (entry) =>
    `${actorOf(entry)} settled what was unclear for ${accountOf(entry)}: ${verdictIn(entry)}.`,
  'effect.undecided': (entry) =>
    `⚠️ Looking at ${accountOf(entry)} could not settle what came of it: ${deedIn(entry, 'deed')} (${valueIn(entry, 'because')}). ${entry.data['takenBack'] === true ? 'It is taken back as if it had been carried out, since its owner has reported it.' : 'A person has to.'} Status before: ${valueIn(entry, 'statusBefore')}, changed ${valueIn(entry, 'modifiedBefore')}; now: ${valueIn(entry, 'statusNow')}, changed ${valueIn(entry, 'modifiedNow')}.`,
  'effect.duplicate': (entry) =>
    `🚨 A call for ${accountOf(entry)} that had been given up for lost was carried out after all: ${deedIn(entry, 'deed')} (attempt ${valueIn(entry, 'attempt')})${traceIn(entry)}. The owner may have got a second message.`,
  'sessions.revoked': (entry) => `Signed out everywhere: ${accountOf(entry)}${traceIn(entry)}.`,
  'secret.revealing': (entry) =>
    `${actorOf(entry)} asked to see the password for ${accountOf(entry)}.`,
  'secret.revealed': (entry) =>
    `${actorOf(entry)} saw the password for ${accountOf(entry)}, once. Rekey no longer has it.`,
  'secret.released': (entry) =>
    `The password for ${accountOf(entry)} did not reach the screen of ${actorOf(entry)}, and can be asked for again.`,
  'secret.burnt': (entry) =>
    `The password for ${accountOf(entry)} was destroyed: ${entry.data['perhapsSeen'] === true ? 'its showing never ended, so it may have been seen' : 'nobody asked to see it in time'}.`,
  'secret.scrambled': (entry) =>
    `The unused password of ${accountOf(entry)} was replaced by one that nobody knows, and the request has lapsed.`,
  'owner.told': (entry) => `The owner of ${accountOf(entry)} was told in Slack ${told(entry)}.`,
  'owner.not-told': (entry) =>
    `⚠️ The owner of ${accountOf(entry)} could not be told in Slack ${told(entry)}: Slack refused it (${valueIn(entry, 'error')}).`,
  'owner.reported': (entry) =>
    `🚨 ${actorOf(entry)}, the owner of ${accountOf(entry)}, says that they did not ask for this. The account can’t be recovered for a day.${entry.data['passwordUsed'] === true ? ' *The new password had been used already*: somebody may have been in. All sessions are ended.' : ''}${entry.data['takenBack'] === true ? ' Whether it was carried out is not known: it is taken back as if it had been, and all sessions are being ended.' : ''}`,
  'recovery.misused': (entry) =>
    `🚨 The owner of ${accountOf(entry)} has reported that it was not them, and ${entry.data['certain'] === false ? '*the account has been changed since*; whether the recovery was carried out is not known' : '*the recovery has been used*'}: somebody may be in the account.`,
  'freeze.lifted': (entry) =>
    `${actorOf(entry)} ended the freeze of ${accountOf(entry)}: it can be recovered again.`,
  'request.reminded': (entry) => `Those who can decide on ${accountOf(entry)} were reminded.`,
  'request.escalated': (entry) =>
    `The request for ${accountOf(entry)} has waited long: others may decide on it as well now.`,
  'request.stuck': (entry) =>
    `⚠️ Nobody is left who could approve the recovery of ${accountOf(entry)} (${approvals(entry)}, tier “${valueIn(entry, 'tier')}”).`,
  'request.unstuck': (entry) =>
    `There are people again who can approve the recovery of ${accountOf(entry)}.`,
  'post.missing': (entry) =>
    numberIn(entry, 'posts') === undefined
      ? `🚨 The post about ${postIn(entry)} is gone from this channel. It is posted again; the ledger was never without it.`
      : goneByAge(entry),
  'post.altered': (entry) =>
    `🚨 The post about ${postIn(entry)} does not say any more what Rekey wrote. It is posted again; the ledger was never changed.`,
  'audit.behind': (entry) =>
    `⏸️ Nothing new is carried out until this channel has caught up: ${counted(numberIn(entry, 'waiting') ?? 0, 'post')} wait for it, the oldest since ${valueIn(entry, 'since')}. It goes on by itself.`,
  'request.recovered': (entry) =>
    `✅ The owner of ${accountOf(entry)} is back in, ${counted(numberIn(entry, 'withinMinutes') ?? 0, 'minute')} after the recovery.`,
  'request.lapsed': (entry) => `The recovery of ${accountOf(entry)} lapsed: ${lapse(entry)}.`,
} satisfies Record<EntryType, (entry: Entry) => string>

function postIn(entry: Entry): string {
  return numberIn(entry, 'checkpoint') === undefined
    ? `entry #${valueIn(entry, 'entry')}`
    : `the checkpoint of entries 1 to ${valueIn(entry, 'checkpoint')}`
}

/** Somebody who deletes all that is old leaves the same picture as Slack does. */
function goneByAge(entry: Entry): string {
  const posts = counted(numberIn(entry, 'posts') ?? 0, 'post')
  return `🚨 Everything in ${channelIn(entry)} up to ${valueIn(entry, 'until')} is gone, ${posts} of the last month among it. If Slack deletes messages there for their age, let it keep them for ever; if not, somebody has deleted them. Nothing of it is posted again, and this is said once a month at most; the ledger was never without it.`
}

function lapse(entry: Entry): string {
  switch (entry.data['because']) {
    case 'account-gone':
      return 'the account is gone'
    case 'pool-removed':
      return 'the policy does not name its user pool any more'
    default:
      return 'it was not used in time'
  }
}

function told(entry: Entry): string {
  return entry.data['about'] === 'outcome' ? 'what was done' : 'that somebody asks'
}

function verdictIn(entry: Entry): string {
  switch (entry.data['verdict']) {
    case 'worked':
      return 'it worked'
    case 'send-again':
      return `it is sent again (number ${valueIn(entry, 'number')})`
    default:
      return 'nothing came of it'
  }
}

const refusedBecause = {
  'not-a-requester': 'they may not ask for recoveries',
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
  'password-gone': 'the password had been destroyed',
} satisfies Record<Refusal, string>

const attempts: ReadonlyMap<string, string> = new Map([
  ['approve', 'approve'],
  ['deny', 'deny'],
  ['withdraw', 'withdraw'],
  ['reveal', 'see the password from'],
  ['resolve', 'settle the outcome of'],
  ['report', 'report'],
  ['thaw', 'unfreeze'],
  ['pause', 'pause'],
  ['resume', 'let go on'],
  ['list', 'see'],
  ['ask-again', 'ask again after'],
  ['open', 'open'],
])

/** What Slack calls the kinds of payloads, in words. */
const gestures: ReadonlyMap<string, string> = new Map([
  ['slash_command', 'used the command'],
  ['block_actions', 'pressed a button'],
  ['view_submission', 'submitted a form'],
  ['view_closed', 'closed a form'],
  ['shortcut', 'used a shortcut'],
  ['message_action', 'used a shortcut on a message'],
])

const objections: ReadonlyMap<string, string> = new Map([
  ['other-app', 'it was meant for another app'],
  ['enterprise-install', 'it came by an installation for a whole organization'],
  ['no-team', 'it named no workspace'],
  ['other-team', 'they belong to another workspace'],
  ['no-user', 'it named nobody'],
  ['unknown-user', 'Slack does not know them'],
  ['shared-channel', 'the channel is shared with another organization'],
  ['not-a-member', 'they are no full member of this workspace'],
  ['not-checked', 'Slack did not say who they are'],
  ['not-our-button', 'the button was not as Rekey had drawn it'],
  ['not-our-form', 'the form was not as Rekey had drawn it'],
  ['faulty-form', 'something in the form was missing or wrong'],
  ['not-our-pool', 'it named a user pool that the policy does not have'],
])

function channelIn(entry: Entry): string {
  const id = textIn(entry, 'channel') ?? ''
  return /^[CG][A-Z0-9]{2,20}$/.test(id) ? `<#${id}>` : valueIn(entry, 'channel')
}

function lookUp(entry: Entry): string {
  if (textIn(entry, 'failed') !== undefined)
    return `tried to look up an account, but Cognito did not help (${valueIn(entry, 'failed')})`
  return entry.data['found'] === 1
    ? `looked up ${accountOf(entry)}`
    : `searched for an account; ${valueIn(entry, 'found')} found`
}

/** What follows when it was refused so often that not every further one is posted. */
function further(entry: Entry): string {
  const place = ` It was number ${valueIn(entry, 'nth')} of its kind within this hour:`
  switch (entry.data['further']) {
    case 'not-posted':
      return `${place} further ones are in the ledger, and not posted here.`
    case 'not-kept':
      return `${place} further ones are only counted.`
    default:
      return ''
  }
}

function idempotencyKey(entry: Entry): string {
  if (textIn(entry, 'attempt') !== undefined) return `wanted to ${attempt(entry)} a request`
  const kind = textIn(entry, 'kind') ?? ''
  return gestures.get(kind) ?? `sent “${valueIn(entry, 'kind')}”`
}

function objection(entry: Entry): string {
  return (
    objections.get(textIn(entry, 'because') ?? '') ??
    `it was refused (${valueIn(entry, 'because')})`
  )
}

function because(entry: Entry): string {
  const why = refusalIn(entry)
  return why === undefined ? `it was refused (${valueIn(entry, 'why')})` : refusedBecause[why]
}

function attempt(entry: Entry): string {
  return attempts.get(textIn(entry, 'attempt') ?? '') ?? 'decide on'
}

function approvals(entry: Entry): string {
  return `${numberIn(entry, 'approvals') ?? 0} of ${counted(numberIn(entry, 'approvalsNeeded') ?? 0, 'approval')}`
}

/** Under which other accounts they had approved it before. */
function inPlaceOf(entry: Entry): string {
  const earlier = listIn(entry, 'inPlaceOf').filter(Boolean).map(personId)
  return earlier.length === 0 ? '' : `, in place of their approval as ${people(earlier)}`
}

function method(entry: Entry): string {
  return textIn(entry, 'method') === undefined ? '' : ` (${deedIn(entry, 'method')})`
}

function sentTo(entry: Entry): string {
  return textIn(entry, 'sentTo') === undefined ? '' : `, sent to ${valueIn(entry, 'sentTo')}`
}

function lines(entry: Entry, key: string): string {
  return listIn(entry, key)
    .map((line) => `\n• ${escapedWords(line, 220)}`)
    .join('')
}

function tiers(entry: Entry): string {
  const names = listIn(entry, 'tiers')
  return names.length === 0 ? '.' : `. Approvals by tier: ${escapedWords(fitted(names, 300), 300)}.`
}
