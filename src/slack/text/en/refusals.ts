/** Saying no to a person, with what they may know about the request that was met. */

import type { MemberWait } from '../../../policy/membership.ts'
import type { LimitName } from '../../../policy/policy.ts'
import type { Refusal } from '../../../recovery/model/decision.ts'
import type { RecoveryRequest } from '../../../recovery/model/request.ts'
import { mention, when } from '../../kit/mrkdwn.ts'
import { listed, principals } from './lists.ts'

export const refusalWords = {
  'not-a-requester':
    'You can’t ask for recoveries here. If that is part of your work, ask whoever looks after Rekey to add you.',
  'not-an-approver': 'You can’t decide on this request: you aren’t an approver for this account.',
  'new-member':
    'You came into a group of approvers too recently to decide on this request. Somebody who has been in it for longer has to.',
  'own-request': 'You asked for this recovery yourself, so somebody else has to decide on it.',
  'own-account': 'This is your own account, so somebody else has to take care of it.',
  'already-approved': 'You have approved this request already. Your approval counts once.',
  'already-decided': 'This request has already been decided.',
  expired: 'The time for a decision on this request is over. A new request can be opened.',
  'stale-view':
    'The request has changed since you opened this window. Look at its card again, and decide on what it says now.',
  'unknown-request': 'Rekey has no such request.',
  'account-gone': 'This account no longer exists in Amazon Cognito. Nothing was changed.',
  'request-open':
    'There is a request for this account already, and only one can be open at a time.',
  'method-closed':
    'This way of recovery is not open for this account now. Look the account up again to see which are.',
  'check-unknown': 'Please choose how you made sure who is asking.',
  'reason-missing': 'Please say why, in a few words.',
  'ticket-missing': 'Please give the ticket or case number.',
  'ticket-malformed': 'That is not what a ticket looks like here.',
  'evidence-missing': 'Please give what shows that you made this check.',
  'evidence-malformed': 'That is not what evidence of this check looks like.',
  'name-mismatch':
    'That is not the name on the request. Read it again: is this really the account you mean to approve?',
  'account-frozen':
    'The account’s owner has said that somebody else is trying to get in. It can’t be recovered for now; ask the people who look after security.',
  'nobody-can-decide':
    'Too few people could decide on a request for this account: the policy names not enough others than you and its owner. Ask the people who look after Rekey.',
  'sent-too-often':
    'It has been sent as often as Rekey does that. Say what became of it, and ask for a new recovery if it is still needed.',
  'not-the-owner': 'Only the owner of the account can report that.',
  'already-reported': 'You have reported this already. The people who look after security know.',
  'not-frozen': 'This account is not frozen.',
  'took-part':
    'You asked for a recovery that the owner of this account reported, or approved it, so somebody else of the people for security has to lift what its owner has set.',
  'took-part-lately':
    'You asked for one of this account’s recent recoveries, or approved it, so somebody else of the people for security has to clear its limit.',
  'limit-reached':
    'That is more than the policy allows in this time. Wait a while, or ask the people who look after Rekey if there is a reason for so many.',
  'too-fast':
    'That was quicker than anybody can read. Read what you are about to approve, and confirm it then: your window is still open underneath.',
  'not-security': 'Only the people whom the policy names for security can do that.',
  'already-paused': 'Recoveries are paused already. `/recovery resume` lets them go on.',
  'not-paused': 'Nothing is paused: recoveries are carried out as ever.',
  'not-involved':
    'You have no part in recoveries here. If that is part of your work, ask whoever looks after Rekey to add you.',
  'not-your-request': 'Only the person who opened this request can do that.',
  'not-executed-yet': 'There is no password to show: the recovery has not been carried out.',
  'requester-left':
    'Whoever asked for this may not ask for recoveries any more, so nobody can approve it. Somebody else can open a new request.',
  'requesters-account':
    'Whoever asked for this is the account’s owner, so nobody can approve it. Somebody else can open a new request.',
  'account-changed':
    'The account has changed since this was approved: perhaps its address, perhaps its owner is back. It is not sent again. Say what became of it, and open a new request if it is still needed.',
  'other-pause':
    'That pause is over, and recoveries have been paused again since. Read why before you let them go on: `/recovery pending` shows it.',
  paused:
    'All recoveries are paused, so nothing is shown or sent now. Try again when they go on; a password stays sealed until then, or is destroyed when its time is up.',
  'password-shown':
    'This password has been on a screen before, and is never shown twice. If the owner still needs one, open a new request.',
  'record-altered':
    'Nothing was done: this request was changed in the database, and not by Rekey. Security has been called.',
  'password-gone':
    'This password has been destroyed and can’t be shown any more. If the owner still needs one, open a new request.',
} satisfies Record<Refusal, string>

/** What there was too much of, when a limit of the policy is reached. */
const limitWords = {
  lookUpsPerRequester: 'You have looked up as many accounts as the policy allows in this time.',
  requestsPerRequester: 'You have opened as many requests as the policy allows in this time.',
  requestsPerAccount:
    'This account has had as many requests as the policy allows in this time, from you or from all together. That is unusual: make sure that nobody is trying to get in.',
  requestsOverall:
    'As many requests as the policy allows in this time have been opened, by all together.',
  approvalsPerApprover: 'You have approved as many requests as the policy allows in this time.',
  executionsOverall: 'As many recoveries as the policy allows in this time have been carried out.',
} satisfies Record<LimitName, string>

/** Why not, as mrkdwn. Given the request that was met, it also says who decided and when. */
export function refusalSentence(
  why: Refusal,
  request?: RecoveryRequest,
  { limit, wait }: Details = {},
): string {
  if (limit !== undefined) {
    if (limit === 'requestsPerAccount' && request !== undefined)
      return `${limitWords[limit]} The oldest that counts is ${request.id}, opened ${when(request.openedAt)}. Ask the people who look after security to type \`/recovery clear ${request.id}\`, or wait until it is too old to count.`
    return `${limitWords[limit]} Wait a while, or ask the people who look after Rekey if there is a reason for so many.`
  }
  if (wait !== undefined) return waitSentence(wait)
  if (request === undefined) return refusalWords[why]
  switch (why) {
    case 'already-decided':
      return `${howItStands(request)} There is nothing left to decide.`
    case 'expired':
      return `This request expired ${when(request.expiresAt)}. If the owner still needs help, a new one can be opened.`
    case 'request-open':
      return `${refusalWords[why]} It is ${request.id}, opened by ${mention(request.requestedBy)} ${when(request.openedAt)}.`
    default:
      return refusalWords[why]
  }
}

/** What makes a refusal of this kind another one than the next. */
interface Details {
  readonly limit?: LimitName | undefined
  readonly wait?: MemberWait | undefined
}

function waitSentence({ group, since, until, deciders }: MemberWait): string {
  const named = principals([{ kind: 'group', id: group }])
  return (
    `You can’t decide on this request yet. Rekey first saw you in ${named} ${when(since)}, and ` +
    `new members wait: you can decide from ${when(until)} on. ` +
    `Until then, ask somebody who has been in ${principals(deciders)} for longer.`
  )
}

function howItStands(request: RecoveryRequest): string {
  switch (request.state) {
    case 'pending':
      return 'This request is waiting for approval.'
    case 'approved':
    case 'executing':
      return `This request was already approved by ${approvers(request)}, and Rekey is carrying it out.`
    case 'executed':
    case 'recovered':
    case 'lapsed':
      return `This request was already approved by ${approvers(request)}, and carried out ${when(request.executedAt)}.`
    case 'needs-attention':
      return `This request was already approved by ${approvers(request)}, and its outcome is unclear since ${when(request.since)}.`
    case 'denied':
      return `This request was already denied by ${mention(request.deniedBy)} ${when(request.deniedAt)}.`
    case 'withdrawn':
      return `This request was already withdrawn by ${mention(request.requestedBy)} ${when(request.withdrawnAt)}.`
    case 'expired':
      return `This request expired ${when(request.expiredAt)}.`
    case 'failed':
      return `This request was already approved by ${approvers(request)}, and failed ${when(request.failedAt)}.`
    default:
      return request satisfies never
  }
}

/** “@Ada at one time and @Grace at another”: whoever comes too late reads by whom it was decided, and when. */
function approvers({ approvals }: RecoveryRequest): string {
  return listed(approvals.map(({ by, at }) => `${mention(by)} ${when(at)}`))
}
