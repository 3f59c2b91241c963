/**
 * The sentences for everything Rekey has a name for. They hold in mrkdwn and in plain text alike,
 * and a support person can read them out to whoever is on the phone.
 */

import type { Method } from '../../../policy/method.ts'
import type {
  AccountRemark,
  AccountStatus,
  UnavailableReason,
} from '../../../recovery/model/account.ts'
import type { Failure, FailureKind } from '../../../recovery/model/effect.ts'
import { escapedWords } from '../../kit/mrkdwn.ts'

/** Why a method can't help an account, and what can. */
export const unavailableReasons = {
  'admin-only-pool':
    'Cognito sends no recovery codes for this user pool, by its own settings. A temporary password can help.',
  'already-reset':
    'The account is waiting for a reset already, so another would change nothing. A recovery code or a temporary password can help.',
  disabled:
    'The account is disabled, perhaps on purpose. Whoever looks after the user pool has to decide whether to enable it first.',
  federated:
    'The owner signs in through another provider, and Cognito has no password for them. It has to be reset at that provider.',
  'first-sign-in-pending':
    'The owner has not finished their first sign-in, and Cognito sends no codes before that. A new invitation or a temporary password can help.',
  'mfa-uses-channel':
    'The address that would get the code is also their second step at sign-in, and Cognito won’t use it for both. A temporary password can help.',
  'no-app-client':
    'Rekey has no app client for this user pool, which this needs. Whoever looks after Rekey can set one up; until then, another way has to do.',
  'no-password':
    'The owner signs in without a password, so there is none to recover. Setting one could not be undone.',
  'no-verified-contact':
    'The account has no suitable e-mail address or phone number: a code only goes to a verified one. A temporary password can help, told to the owner once you are sure who they are.',
  'not-first-sign-in':
    'An invitation is only for an account that waits for its first sign-in, and this one does not. A code or a temporary password can help.',
  'not-in-policy': 'The policy does not allow it for accounts like this one.',
  'sign-up-unfinished':
    'The owner has not finished signing up. Ask them to have the confirmation code sent again where they signed up. A password set here would confirm the account without anybody having checked its address.',
  'unsupported-status':
    'Cognito gives this account a status that Rekey can’t work with. Whoever looks after the user pool has to look at it in the AWS console.',
} satisfies Record<UnavailableReason, string>

export const remarkWords = {
  'built-in-mail-quota':
    'E-mail for this user pool goes out with Cognito’s built-in sender, which stops after 50 messages a day until 09:00 UTC.',
  'channel-not-auto-verified':
    'This user pool does not check addresses of this kind by itself. Some pools with that setting send no code.',
  'custom-sender':
    'Messages leave through the operator’s own sender, so Cognito can’t tell us whether one arrives.',
  'mfa-stays':
    'The second step at sign-in stays on. If the owner has lost their second factor too, none of this brings it back.',
  'sms-sandbox':
    'Text messages from this user pool are still in the AWS sandbox: they only reach numbers that were registered for tests.',
  'temporary-password-lapsed':
    'The temporary password from the last invitation has probably expired.',
  'waiting-for-reset':
    'A reset was started before. The owner can’t sign in until they use a code from it.',
} satisfies Record<AccountRemark, string>

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

// What Rekey finds in the way by itself. The core names these like Cognito's exceptions.
const ownFailureWords: ReadonlyMap<string, string> = new Map([
  [
    'TierChanged',
    'The account has moved to another tier since the request was opened, with other rules for its approval. Nothing was changed. Please open a new request.',
  ],
  [
    'AccountChanged',
    'The account has changed since the request was opened: perhaps its address, perhaps its owner is back. Nothing was changed. Look it up again, and open a new request if it is still needed.',
  ],
  [
    'ApprovalVoid',
    'Before it could be carried out, somebody who had approved lost the right to. Nothing was changed. Please open a new request.',
  ],
  [
    'RequesterLeft',
    'Before it could be carried out, whoever asked for it lost the right to. Nothing was changed. Somebody else can open a new request.',
  ],
  [
    'RequestersAccount',
    'Before it could be carried out, it came to light that whoever asked for it is the account’s owner. Nothing was changed. Somebody else can open a new request.',
  ],
  [
    'TimeUp',
    'The request ran out of time before it could be carried out. Nothing was changed. If the owner still needs help, open a new request.',
  ],
  [
    'PoolNotInPolicy',
    'The policy does not name this user pool any more. Nothing was changed. Please ask the people who run Rekey.',
  ],
  [
    'ReportedByPerson',
    'Somebody has looked, and nothing came of it. If the owner still needs help, open a new request.',
  ],
  [
    'AccountFrozen',
    'The account’s owner has said that somebody else is trying to get in, so nothing was done. Ask the people who look after security.',
  ],
  [
    'OwnerReported',
    'The account’s owner says that they did not ask for this, so nothing more is done. Ask the people who look after security.',
  ],
  [
    'MethodClosed',
    'The account has changed since the request was opened, and this can’t help it any more. Nothing was changed. Look the account up again to see what can.',
  ],
])

/**
 * The sentence for a failed request, with what an operator needs to find it in AWS.
 * @param sentBefore only what was to be sent again has failed
 */
export function failureSentence(failure: Failure, sentBefore = false): string {
  const words = ownFailureWords.get(failure.name) ?? failureWords[failure.kind]
  const said = sentBefore ? words.replaceAll(unchanged, unchangedAgain) : words
  return `${said} (${failureTrace(failure)})`
}

const unchanged = 'Nothing was changed.'
const unchangedAgain = 'This time nothing was sent; what was sent before may have arrived.'

/** The name of the error, and the id by which AWS knows the call. Escaped. */
export function failureTrace({ name, awsRequestId }: Failure): string {
  const known = escapedWords(name, 100)
  return awsRequestId === undefined
    ? known
    : `${known}, AWS request ${escapedWords(awsRequestId, 100)}`
}

/** As options of a form: the name and what it does have 75 characters each. */
export const methodWords = {
  reset: {
    name: 'Reset with a code',
    does: 'Cognito sends a code. The old password stops working at once.',
  },
  'temporary-password': {
    name: 'Temporary password',
    does: 'The requester tells it to the owner, who must change it at sign-in.',
  },
  'permanent-password': {
    name: 'Permanent password',
    does: 'The requester tells it to the owner, and it stays as it is.',
  },
  'recovery-code': {
    name: 'Recovery code, nothing reset',
    does: 'Cognito sends a code. The password stays as it is until it is used.',
  },
  'resend-invitation': {
    name: 'New invitation',
    does: 'Cognito sends a first password again. Nobody at the desk sees it.',
  },
} satisfies Record<Method, { name: string; does: string }>

export const statusWords = {
  UNCONFIRMED: 'Sign-up not finished',
  CONFIRMED: 'Confirmed',
  RESET_REQUIRED: 'Waiting for a password reset',
  FORCE_CHANGE_PASSWORD: 'Has to change a temporary password',
  EXTERNAL_PROVIDER: 'Signs in through another provider',
  ARCHIVED: 'Archived',
  COMPROMISED: 'Marked as compromised',
  UNKNOWN: 'Not known',
} satisfies Record<AccountStatus, string>

/** The one sentence for what nobody foresaw; the log has the rest under the same reference. */
export function unexpectedErrorSentence(reference: string): string {
  const named = escapedWords(reference, 100)
  return `Something went wrong here that shouldn’t have. Please look at where things stand before you try again. If it happens again, give this reference to whoever looks after Rekey: ${named}`
}

/** For a click or a command after which no window came up. */
export const windowTooLate =
  'Slack gives three seconds for opening a window, and this took longer. Nothing has happened: please do it again.'
