/** A Cognito account as Rekey looks at it: what can be done for its owner, and what may be shown. */

import type { Sub } from '../../ids.ts'
import type { Method } from '../../policy/method.ts'

/** Which account is meant. `pool` is the policy's name for it; `sub` never moves to another person. */
export interface AccountRef {
  readonly pool: string
  readonly userPoolId: string
  readonly sub: Sub
  /** Cognito's canonical Username, which never changes either: what the calls are made with. */
  readonly username: string
}

export const accountStatuses = [
  'UNCONFIRMED',
  'CONFIRMED',
  'RESET_REQUIRED',
  'FORCE_CHANGE_PASSWORD',
  'EXTERNAL_PROVIDER',
  'ARCHIVED',
  'COMPROMISED',
  'UNKNOWN',
] as const

export type AccountStatus = (typeof accountStatuses)[number]

/** An address as it may be shown in Slack. The whole address never leaves cognito/. */
export interface Contact {
  readonly kind: 'email' | 'phone'
  readonly masked: string
  readonly verified: boolean
}

/** Where somebody can be written to, with enough of it to see whether it is still the same. */
export interface Addresses {
  readonly contacts: readonly Contact[]
  /**
   * A keyed digest of the whole addresses, which only cognito/ can make. Absent in requests from before there
   * were any.
   */
  readonly addresses?: string
}

/** Why a method cannot help this account. Each has its sentence in slack/text/en/methods.ts. */
export type UnavailableReason =
  | 'admin-only-pool'
  | 'already-reset'
  | 'disabled'
  | 'federated'
  | 'first-sign-in-pending'
  | 'mfa-uses-channel'
  | 'no-app-client'
  | 'no-password'
  | 'no-verified-contact'
  | 'not-first-sign-in'
  | 'not-in-policy'
  | 'sign-up-unfinished'
  | 'unsupported-status'

/** Whether a method can work for an account, as far as can be told without trying. */
export type Availability =
  | { readonly open: true; readonly destination?: Contact }
  | { readonly open: false; readonly because: UnavailableReason }

export type MethodAvailability = Readonly<Record<Method, Availability>>

/** An account, just read from Cognito. */
export interface Account extends Addresses {
  readonly ref: AccountRef
  /** The owner's name as Cognito has it, or the masked address or username where it has none. */
  readonly name: string
  readonly status: AccountStatus
  readonly enabled: boolean
  readonly groups: readonly string[]
  readonly createdAt: Date
  readonly modifiedAt: Date
  /** How long the pool itself lets a temporary password live. */
  readonly temporaryPasswordDays: number
  readonly availability: MethodAvailability
  /** Things worth knowing that stand in the way of no method, such as a temporary password that has probably lapsed. */
  readonly remarks: readonly AccountRemark[]
  /**
   * The address, verified or not, to find the owner among the people in Slack. It only ever keeps
   * somebody from deciding about their own account. Held in memory only.
   */
  readonly ownerEmail?: string
  /** Whether Cognito has checked that address: only then may a notice go to whoever has it in Slack. */
  readonly ownerEmailVerified?: boolean
}

export type AccountRemark =
  | 'built-in-mail-quota'
  | 'channel-not-auto-verified'
  | 'custom-sender'
  | 'mfa-stays'
  | 'sms-sandbox'
  | 'temporary-password-lapsed'
  | 'waiting-for-reset'

/** What a request keeps of the account it was opened for: enough to decide by, nothing to steal. */
export interface AccountAsSeen extends Addresses {
  readonly name: string
  readonly status: AccountStatus
  readonly groups: readonly string[]
  readonly modifiedAt: Date
  readonly temporaryPasswordDays: number
  readonly destination?: Contact
  /** Its row was changed: what its contacts and groups were, and since when, nobody knows any more. */
  readonly isLost?: true
}
