/** How a request stands, for everybody who may read its card. */

import { makesPassword } from '../../../policy/method.ts'
import type { AccountSnapshot } from '../../../recovery/model/effect.ts'
import type {
  Done,
  Expired,
  Lapsed,
  NeedsAttention,
  PasswordFate,
  Recovered,
  RecoveryRequest,
} from '../../../recovery/model/request.ts'
import { escapedWords, mention, when } from '../../kit/mrkdwn.ts'
import { statusWords } from './accounts.ts'
import { failureSentence } from './failures.ts'
import { counted, people, principals } from './lists.ts'

/** The state in a word or two, with a mark for the eye. */
export function stateTitle(request: RecoveryRequest): string {
  if (request.state === 'executed' && isUnknown(request)) return '⛔ Being taken back'
  if (request.state !== 'lapsed') return titles[request.state]
  if (request.because === 'used')
    return isUnknown(request)
      ? '🚨 Changed, and perhaps not by the owner'
      : '🚨 Used, and not by the owner'
  return request.reported ? '⛔ Taken back' : titles.lapsed
}

const titles = {
  pending: '⏳ Waiting for approval',
  approved: '⏳ Approved, about to be carried out',
  executing: '⏳ Being carried out',
  executed: '✅ Carried out',
  'needs-attention': '⚠️ Needs a person',
  denied: '⛔ Denied',
  withdrawn: '↩️ Withdrawn',
  expired: '⌛ Expired',
  failed: '❌ Failed',
  recovered: '✅ Recovered',
  lapsed: '⌛ Not used in time',
} satisfies Record<RecoveryRequest['state'], string>

/** What the state means, in mrkdwn: by whom, when, why, and what follows. */
export function stateSentence(request: RecoveryRequest): string {
  switch (request.state) {
    case 'pending':
      return `${soFar(request)} Expires ${when(request.expiresAt)}.`
    case 'approved':
      return `${soFar(request)} Rekey carries it out now.`
    case 'executing':
      return `${soFar(request)} Rekey has begun; the outcome is not known yet.`
    case 'executed':
      return (
        carriedOut(request) +
        (request.method === 'permanent-password' ? '' : ' The owner has not been back yet.')
      )
    case 'recovered':
      return `${carriedOut(request)} The owner was back ${backAfter(request)}.`
    case 'lapsed':
      return `${carriedOut(request)} ${lapsedSentence(request)}`
    case 'needs-attention':
      return attentionSentence(request)
    case 'denied':
      return `By ${mention(request.deniedBy)} ${when(request.deniedAt)}, because: “${escapedWords(request.comment, 500)}” Nothing was changed.`
    case 'withdrawn':
      return `By ${mention(request.requestedBy)} ${when(request.withdrawnAt)}. Nothing was changed.`
    case 'expired':
      return expiredSentence(request)
    case 'failed':
      return `${when(request.failedAt)}: ${failureSentence(request.failure, request.sentBefore)}`
    default:
      return request satisfies never
  }
}

/** Nobody knows whether it was carried out; its owner has reported it, so that it is taken back. */
function isUnknown({ confirmedBy }: Done): boolean {
  return confirmedBy === 'nobody'
}

/** Said wherever somebody reads how it stands: what was sent may be in the wrong hands. */
export const addressWarning =
  '🚨 *What was sent may have gone to somebody else.* The account’s address was changed while it was being sent, or Cognito sent it elsewhere. Security has been called: until the owner was reached by another way, the account should be disabled in Cognito.'

/** How it ended without the owner's return, and what is left of it. */
export function lapsedSentence(request: Lapsed): string {
  switch (request.because) {
    case 'used':
      return `The owner has reported that it was not them, and ${isUnknown(request) ? 'the account has been changed since' : 'it has been used'}: somebody may be in the account. The people who look after security have been called.`
    case 'account-gone':
      return 'The account does not exist any more.'
    case 'pool-removed':
      return `The policy does not name its user pool any more, so Rekey no longer looks.${stillWorks(request)}`
    case 'not-scrambled':
      return `${unused(request)} Cognito refused to make the password useless.${stillWorks(request)}`
    case 'scrambled':
      return `${unused(request)} It was made useless.`
    case 'time-up':
      if (isUnknown(request)) return `${unused(request)} ${atMost(request)}`
      return `${unused(request)}${makesPassword(request.method) ? ' The account was changed meanwhile, by somebody else, and Rekey leaves it as it is.' : ''}${stillWorks(request)}`
    default:
      return request.because satisfies never
  }
}

function unused({ reported, password, lapsedAt }: Lapsed): string {
  const what = password === 'none' ? 'The code or invitation' : 'The password'
  return reported
    ? 'It was ended because the owner reported that it was not them.'
    : `${what} was not used by ${when(lapsedAt)}.`
}

/** What may have come of it, where nobody knows whether anything has. */
function atMost({ method }: Lapsed): string {
  return makesPassword(method)
    ? 'A password, if one was set, is known to nobody.'
    : 'Whether anything was sent is not known.'
}

function stillWorks({ method }: Lapsed): string {
  return makesPassword(method)
    ? ' The password may work until the pool’s own limit. Whoever looks after the user pool should see to it.'
    : ''
}

/** Who has approved so far, and how many are needed. */
export function soFar(request: RecoveryRequest): string {
  const { approvals, approvalsNeeded, missing } = request
  const wanted = missing.length === 0 ? '' : ` One each must still come from ${missingOf(request)}.`
  if (approvals.length === 0) return `No approvals yet, ${approvalsNeeded} needed.${wanted}`
  const count = `${approvals.length} of ${counted(approvalsNeeded, 'approval')}`
  const by = approvals.slice(0, 5).map((each) => `${mention(each.by)} ${when(each.at)}`)
  return `${count}: ${by.join('; ')}.${wanted}`
}

/** Those of whom one each must still approve. */
export function missingOf({ missing }: RecoveryRequest): string {
  return principals(
    missing.map((id) => ({
      kind: id.startsWith('S') ? ('group' as const) : ('user' as const),
      id,
    })),
  )
}

/** How far an expired request had come. */
export function expiredSentence({ expiresAt, approvals, approvalsNeeded }: Expired): string {
  const had = `${approvals.length} of ${counted(approvalsNeeded, 'approval')}`
  return `It was not carried out by ${when(expiresAt)}, and had ${had}. Nothing was changed.`
}

/** What became of the sessions of whoever was signed in; empty where nothing was to become of them. */
export function sessionsSentence({ sessions }: Pick<Done, 'sessions'>): string {
  return sessionWords[sessions]
}

const sessionWords = {
  'to-revoke': 'Whoever was signed in still is, until Rekey has ended their sessions.',
  revoked: 'The account was signed out everywhere.',
  kept: 'Whoever was signed in stays signed in.',
  'not-revoked':
    'Cognito refused to sign the account out everywhere: whoever was signed in may still be. Whoever looks after the user pool should do it by hand.',
} satisfies Record<Done['sessions'], string>

const passwordWords = {
  none: '',
  sealed: 'The requester has not looked at the password yet.',
  revealing: 'The password is being shown to the requester.',
  revealed: 'The requester has seen the password, once; Rekey no longer has it.',
  burnt:
    'The password was destroyed: it was not looked at in time, its showing broke off, or somebody changed the request in the database. A new request makes another.',
  scrambled: 'The unused password was replaced by one that nobody knows.',
} satisfies Record<PasswordFate, string>

function carriedOut(request: Done): string {
  const sent = request.sentTo ?? request.seen.destination?.masked
  const sentences = [
    isUnknown(request)
      ? `It is not known whether it was carried out. Since ${when(request.executedAt)} Rekey takes it back as if it had been. It was approved by ${people(request.approvals.map(({ by }) => by))}.`
      : `${when(request.executedAt)}, approved by ${people(request.approvals.map(({ by }) => by))}.`,
    request.confirmedBy === 'observation'
      ? 'Cognito gave no clear answer, but the account shows the change; somebody else may have made the same change.'
      : '',
    sent === undefined ? '' : `${sentWord(request)} ${escapedWords(sent, 100)}.`,
    sessionsSentence(request),
    isUnknown(request) ? '' : passwordWords[request.password],
  ]
  return sentences.filter(Boolean).join(' ')
}

function sentWord({ sentTo, confirmedBy, method }: Done): string {
  const what = method === 'resend-invitation' ? 'The invitation' : 'The code'
  if (sentTo !== undefined) return `${what} went to`
  // The change shows in the account; whether a message left does not.
  return confirmedBy === 'answer' ? `${what} goes to` : `${what} may not have been sent to`
}

/** “after 12 minutes” */
export function backAfter({ executedAt, recoveredAt }: Recovered): string {
  const minutes = Math.max(0, Math.round((recoveredAt.getTime() - executedAt.getTime()) / 60_000))
  return minutes === 0 ? 'within a minute' : `after ${counted(minutes, 'minute')}`
}

function attentionSentence(request: NeedsAttention): string {
  return [
    `Since ${when(request.since)} Rekey can’t tell whether this was carried out: ${attentionWords[request.because]}`,
    ...looksOf(request),
    'Rekey leaves the account alone now. Somebody who looks after the user pool should look at it in the AWS console and in CloudTrail, and tell the requester.',
    `(Account id ${escapedWords(request.account.sub, 60)}, user pool ${escapedWords(request.account.userPoolId, 60)}, call ${escapedWords(request.effect, 60)}.)`,
  ].join(' ')
}

/** What there was to see, before and since: whoever decides has it before them. */
function looksOf({ looked }: NeedsAttention): string[] {
  if (looked === undefined) return []
  const { before, found } = looked
  const since =
    found === undefined
      ? 'Since then it could not be looked at.'
      : `When Rekey looked last, it was: ${snapshotWords(found)}.`
  return [`Before the call the account was: ${snapshotWords(before)}. ${since}`]
}

function snapshotWords({ status, modifiedAt }: AccountSnapshot): string {
  return `${statusWords[status]}, last changed ${when(modifiedAt)}`
}

const attentionWords = {
  'changed-otherwise':
    'Cognito gave no clear answer, and the account has since changed in a way that this request does not explain.',
  'never-observed':
    'Cognito gave no clear answer, and looking at the account could not settle it. A code may or may not have been sent.',
} satisfies Record<NeedsAttention['because'], string>
