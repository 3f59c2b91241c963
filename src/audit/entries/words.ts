/**
 * The words that the ledger may hold where there is a choice. They outlive the code that writes them: a
 * word stays here for as long as there may be an entry that has it. Whoever writes a word that is missing
 * here does not compile.
 */

import { z } from 'zod'

export const method = z
  .enum(['reset', 'temporary-password', 'permanent-password', 'recovery-code', 'resend-invitation'])
  .meta({ id: 'method', title: 'Methods', description: 'a way to recover an account' })

export const effectKind = z
  .enum([...method.options, 'sign-out', 'scramble'])
  .meta({ id: 'effect', title: 'Effects', description: 'what a call to Cognito is to bring about' })

export const accountStatus = z
  .enum([
    'UNCONFIRMED',
    'CONFIRMED',
    'RESET_REQUIRED',
    'FORCE_CHANGE_PASSWORD',
    'EXTERNAL_PROVIDER',
    'ARCHIVED',
    'COMPROMISED',
    'UNKNOWN',
  ])
  .meta({ id: 'status', title: 'Account statuses', description: 'a status, as Cognito names it' })

export const requestState = z
  .enum([
    'pending',
    'approved',
    'executing',
    'executed',
    'needs-attention',
    'denied',
    'withdrawn',
    'expired',
    'failed',
    'recovered',
    'lapsed',
  ])
  .meta({ id: 'state', title: 'Request states', description: 'a state of a request' })

export const failureKind = z
  .enum([
    'account-state',
    'no-channel',
    'account-gone',
    'pool-gone',
    'password-policy',
    'password-history',
    'attempt-limit',
    'mail-limit',
    'throttled',
    'delivery',
    'configuration',
    'refused',
    'no-answer',
  ])
  .meta({ id: 'failure', title: 'Failures', description: 'why Cognito did not do what was asked' })

export const limitName = z
  .enum([
    'lookUpsPerRequester',
    'requestsPerRequester',
    'requestsPerAccount',
    'requestsOverall',
    'approvalsPerApprover',
    'executionsOverall',
  ])
  .meta({ id: 'limit', title: 'Limits', description: 'a limit, as the policy names it' })

/** What somebody wanted to do who was refused. */
export const attempt = z
  .enum([
    'approve',
    'deny',
    'withdraw',
    'reveal',
    'resolve',
    'report',
    'ask-again',
    'thaw',
    'clear',
    'pause',
    'resume',
    'list',
    'open',
  ])
  .meta({ id: 'attempt', title: 'Attempts', description: 'what somebody wanted to do' })

/** Why the rules refused somebody something. */
export const refusal = z
  .enum([
    'not-a-requester',
    'not-an-approver',
    'new-member',
    'own-request',
    'own-account',
    'already-approved',
    'already-decided',
    'expired',
    'stale-view',
    'unknown-request',
    'account-gone',
    'request-open',
    'method-closed',
    'check-unknown',
    'reason-missing',
    'ticket-missing',
    'ticket-malformed',
    'evidence-missing',
    'evidence-malformed',
    'name-mismatch',
    'account-frozen',
    'nobody-can-decide',
    'sent-too-often',
    'not-the-owner',
    'already-reported',
    'not-frozen',
    'took-part',
    'took-part-lately',
    'limit-reached',
    'too-fast',
    'not-security',
    'already-paused',
    'not-paused',
    'not-involved',
    'not-your-request',
    'requester-left',
    'requesters-account',
    'account-changed',
    'other-pause',
    'not-executed-yet',
    'paused',
    'password-shown',
    'password-gone',
    'record-altered',
  ])
  .meta({ id: 'refusal', title: 'Refusals', description: 'why somebody was refused something' })

/** What of a request is not as Rekey has stored it, or not as its entries say. */
export const alteredPart = z
  .enum([
    'seal',
    'entries',
    'row',
    'version',
    'state',
    'requester',
    'pool',
    'sub',
    'method',
    'tier',
    'approvals',
    'approvalsNeeded',
    'approvalsSince',
    'owner',
    'policy',
    'openedAt',
    'expiresAt',
    'password',
    'effect',
    'reported',
    'effectId',
    'effectKind',
    'effectNumber',
    'effectState',
    'effectFence',
    'effectAttempts',
  ])
  .meta({ id: 'part', title: 'Parts of a request', description: 'what was changed of a request' })

/** Why a payload went no further than the door. */
export const objection = z
  .enum([
    'other-app',
    'enterprise-install',
    'no-team',
    'other-team',
    'no-user',
    'unknown-user',
    'not-a-member',
    'shared-channel',
    'unreadable',
    'not-checked',
  ])
  .meta({ id: 'objection', title: 'Objections', description: 'why a payload was turned away' })

/** What was wrong with a button or a form that came back. */
export const malformed = z
  .enum(['not-our-button', 'not-our-form', 'not-our-pool', 'faulty-form'])
  .meta({
    id: 'malformed',
    title: 'Faults',
    description: 'what was wrong with a button or a form that came back',
  })

export type Objection = z.output<typeof objection>
