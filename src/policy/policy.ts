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
  /** Slack channel ids: where requests are decided, and where the audit trail is posted. */
  readonly channels: { readonly approvals: string; readonly audit: string }
  readonly pools: readonly Pool[]
  readonly requesters: readonly Principal[]
  /** The first that matches an account is its tier. The last one matches every account. */
  readonly tiers: readonly Tier[]
  readonly identityChecks: readonly IdentityCheck[]
  readonly requestExpiresAfterMs: number
  readonly temporaryPassword: TemporaryPasswordLimits
  /** Whether the account's sessions are revoked after a method that changes its password. */
  readonly signOutAfter: boolean
}

/** A Cognito user pool, under the name that the policy gives it. */
export interface Pool {
  readonly name: string
  readonly userPoolId: string
  readonly region: string
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
  readonly methods: readonly Method[]
}

/** Holds for an account that is in any of the groups, and in any of the pools, where given. */
export interface TierCondition {
  /** Cognito groups. */
  readonly groups?: readonly string[]
  /** Names of pools in this policy. */
  readonly pools?: readonly string[]
}

/** A way in which the requester made sure that they are dealing with the account's owner. */
export interface IdentityCheck {
  readonly id: string
  readonly label: string
}

export interface TemporaryPasswordLimits {
  /** How long the requester may wait before they look at it. */
  readonly revealWithinMs: number
  /** How long the owner may wait before they use it. */
  readonly useWithinMs: number
}
