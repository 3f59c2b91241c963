/**
 * The ways of recovery. In mrkdwn and in plain text alike; a support person can read these out to
 * whoever is on the phone.
 */

import type { Method } from '../../../policy/method.ts'
import type { UnavailableReason } from '../../../recovery/model/account.ts'

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
