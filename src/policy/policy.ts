/**
 * policy/ is the meaning of `policy.yml`: who may ask, who decides, how many, how long, and by
 * which methods. It knows neither Slack nor Cognito beyond the form of their ids.
 */

import type { Method } from './method.ts'

/** The policy as written, checked, with its few defaults filled in, and deeply frozen. */
export interface Policy extends Meaning {
  /**
   * SHA-256 (hex) of the meaning in canonical JSON (RFC 8785). Comments, spacing and the order of
   * keys leave it as it is; the order inside lists counts.
   */
  readonly hash: string
}

export interface Meaning {
  readonly channels: Channels
  readonly pools: readonly Pool[]
  readonly requesters: readonly Principal[]
  /** Who may pause recoveries and let them go on, and who is called when something looks like an attack. */
  readonly security: readonly Principal[]
  /** Slack accounts that belong to one human being: together they count once. */
  readonly samePerson: readonly (readonly string[])[]
  /** The first that matches an account is its tier. The last one matches every account. */
  readonly tiers: readonly Tier[]
  readonly identityChecks: readonly IdentityCheck[]
  readonly ticket: TextForm
  readonly limits: Limits
  /** How long an approver has to have the request before their eyes before they may confirm. */
  readonly minimumReadingTimeMs: number
  readonly reminders: Reminders
  readonly requestExpiresAfterMs: number
  readonly temporaryPassword: TemporaryPasswordLimits
  /** Whether the account's sessions are revoked after a method that changes its password. */
  readonly signOutAfter: boolean
}

/** Slack channel ids: where requests are decided, where the audit trail is posted, where security is called. */
export interface Channels {
  readonly approvals: string
  readonly audit: string
  readonly alerts: string
}

/** A Cognito user pool, under the name that the policy gives it. */
export interface Pool {
  readonly name: string
  readonly userPoolId: string
  readonly region: string
  /** By whose rules phone numbers without a country are read: `JP` (ISO 3166-1 alpha-2). */
  readonly defaultCountry?: string
  readonly client?: PoolClient
}

/** The pool's app client for calls that need one. */
export interface PoolClient {
  readonly id: string
  /** The environment variable that holds the client's secret; absent for a client without one. */
  readonly secretEnv?: string
}

/** A Slack user or a Slack user group. */
export type Principal =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'group'; readonly id: string }

/** A class of accounts and what recovering one of them takes. */
export interface Tier {
  readonly name: string
  /** Absent on the last tier. */
  readonly when?: TierCondition
  readonly approvers: readonly Principal[]
  /** How many different people have to approve. */
  readonly approvals: number
  /** Of these, one each has to be among those who approve; no two are served by the same person. */
  readonly from: readonly Principal[]
  /** Who may decide as well, once a request has waited this long. */
  readonly escalation?: { readonly to: readonly Principal[]; readonly afterMs: number }
  /** Accounts that attackers want most: approvers have to type the account's name. */
  readonly privileged: boolean
  /** How long nobody decides by a user group that they have come into. 0: at once. */
  readonly newMembersWaitMs: number
  readonly methods: readonly Method[]
  /** The ids of the identity checks that are good enough here. */
  readonly identityChecks: readonly string[]
}

/** Holds for an account for which each part that is given holds. */
export interface TierCondition {
  /** Cognito groups: the account is in any of them. */
  readonly groups?: readonly string[]
  /** Names of pools in this policy: the account is in any of them. */
  readonly pools?: readonly string[]
  /** The account was changed within this time before the request; Cognito does not say what was changed. */
  readonly changedWithinMs?: number
}

/** A way in which the requester made sure that they are dealing with the account's owner. */
export interface IdentityCheck {
  readonly id: string
  readonly label: string
  /** What shows that it was made: never the requester's word alone. */
  readonly evidence: Evidence
}

/** A reference that can be looked up, or where the number that was called is on file. */
export type Evidence =
  | { readonly kind: 'reference'; readonly label: string; readonly form: TextForm }
  | { readonly kind: 'source'; readonly label: string; readonly options: readonly string[] }

/** What a text has to look like, as a regular expression over the whole of it, with an example. */
export interface TextForm {
  readonly pattern: string
  readonly example: string
}

/** At most so many within this time, ever moving on. */
export interface Limit {
  readonly most: number
  readonly windowMs: number
}

export interface Limits {
  readonly lookUpsPerRequester: Limit
  readonly requestsPerRequester: Limit
  readonly requestsPerAccount: Limit
  readonly requestsOverall: Limit
  readonly approvalsPerApprover: Limit
  /** One more, and everything pauses until somebody of `security` has looked. */
  readonly executionsOverall: Limit
}

export type LimitName = keyof Limits

/** Those who can act are reminded after this time, then after twice as long, and so on. */
export interface Reminders {
  readonly afterMs: number
  readonly times: number
}

export interface TemporaryPasswordLimits {
  /** How long the requester may wait before they look at it. */
  readonly revealWithinMs: number
  /** How long the owner may wait before they use it. */
  readonly useWithinMs: number
}
