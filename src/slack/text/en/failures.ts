/** Why a recovery failed, and what to do. In mrkdwn and in plain text alike. */

import type { Failure, FailureKind, OwnFailure } from '../../../recovery/model/effect.ts'
import { escapedWords } from '../../kit/mrkdwn.ts'

/** What happened, whether anything was changed, and what to do. */
export const failureWords = {
  'account-state':
    'The account is in a state in which Cognito does not allow this. Nothing was changed. Look the account up again to see what can help now.',
  'no-channel':
    'Cognito found no verified address to send to. Nothing was changed. A temporary password can help.',
  'account-gone':
    'The account no longer exists in Amazon Cognito, so there is nothing left to recover.',
  'pool-gone':
    'Cognito does not know the user pool that Rekey was told to use. Nothing was changed. Please tell whoever looks after Rekey.',
  'password-policy':
    'Cognito did not accept the password that Rekey made; the user pool’s rules for passwords may have just changed. Nothing was changed. Please open a new request: it will make another password.',
  'password-history':
    'Cognito took the new password for one that was used before. Nothing was changed. Please open a new request: it will make another password.',
  'attempt-limit':
    'There were too many attempts for this account. Nothing was changed. Wait up to an hour before anybody tries again.',
  'mail-limit':
    'The user pool has sent all the e-mail it may send today. Nothing was changed. It can send again after 09:00 UTC; a temporary password can help sooner.',
  throttled: 'Cognito was too busy. Nothing was changed. Please try again in a few minutes.',
  delivery:
    'Cognito could not send the message with the code. The password was not changed. Please tell whoever looks after the user pool; a temporary password can help meanwhile.',
  configuration:
    'Rekey is not set up for this, or AWS does not let it. Nothing was changed. Please tell whoever looks after Rekey.',
  refused:
    'Cognito said no without a reason that Rekey knows. Nothing was changed. Please tell whoever looks after Rekey.',
  'no-answer':
    'Cognito did not answer, and the account shows no change. Please try again in a few minutes.',
} satisfies Record<FailureKind, string>

/** What Rekey finds in the way by itself, or somebody has seen. */
const ownFailureWords = {
  RecordAltered:
    'Rekey found that this request was changed in the database by somebody else, and stopped it. Security has been called. Ask again once they have looked',
  TierChanged:
    'The account has moved to another tier since the request was opened, with other rules for its approval. Nothing was changed. Please open a new request.',
  AccountChanged:
    'The account has changed since the request was opened: perhaps its address, perhaps its owner is back. Nothing was changed. Look it up again, and open a new request if it is still needed.',
  LookTooOld:
    'Rekey calls Cognito only right after a look at the account, and each look took too long. Nothing was changed. Please open a new request in a few minutes, and tell whoever looks after Rekey if it happens again.',
  ApprovalVoid:
    'Before it could be carried out, somebody who had approved lost the right to. Nothing was changed. Please open a new request.',
  RequesterLeft:
    'Before it could be carried out, whoever asked for it lost the right to. Nothing was changed. Somebody else can open a new request.',
  RequestersAccount:
    'Before it could be carried out, it came to light that whoever asked for it is the account’s owner. Nothing was changed. Somebody else can open a new request.',
  TimeUp:
    'The request ran out of time before it could be carried out. Nothing was changed. If the owner still needs help, open a new request.',
  PoolNotInPolicy:
    'The policy does not name this user pool any more. Nothing was changed. Please ask the people who run Rekey.',
  ReportedByPerson:
    'Somebody has looked, and nothing came of it. If the owner still needs help, open a new request.',
  AccountFrozen:
    'The account’s owner has said that somebody else is trying to get in, so nothing was done. Ask the people who look after security.',
  OwnerReported:
    'The account’s owner says that they did not ask for this, so nothing more is done. Ask the people who look after security.',
  MethodClosed:
    'The account has changed since the request was opened, and this can’t help it any more. Nothing was changed. Look the account up again to see what can.',
  AccountGone: failureWords['account-gone'],
} satisfies Record<OwnFailure, string>

/**
 * The sentence for a failed request, with what an operator needs to find it in AWS.
 * @param sentBefore only what was to be sent again has failed
 */
export function failureSentence(failure: Failure, sentBefore = false): string {
  const words = isOwn(failure.name) ? ownFailureWords[failure.name] : failureWords[failure.kind]
  const said = sentBefore ? words.replaceAll(unchanged, unchangedAgain) : words
  return `${said} (${failureTrace(failure)})`
}

function isOwn(name: string): name is OwnFailure {
  return Object.hasOwn(ownFailureWords, name)
}

const unchanged = 'Nothing was changed.'
const unchangedAgain = 'This time nothing was sent; what was sent before may have arrived.'

/** The name of the error, and the id by which AWS knows the call. Escaped. */
function failureTrace({ name, awsRequestId }: Failure): string {
  const known = escapedWords(name, 100)
  return awsRequestId === undefined
    ? known
    : `${known}, AWS request ${escapedWords(awsRequestId, 100)}`
}
