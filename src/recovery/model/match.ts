/** An account that was looked for, and by what it was found. */

import type { SearchTerm } from '../../lookup/terms.ts'
import type { Account, Contact } from './account.ts'

/** By what an account is the one that somebody named. */
export type MatchedBy =
  | 'sub'
  | 'username'
  | 'email'
  | 'phone'
  | 'preferred-username'
  /** Every word stands in the name. */
  | 'name'
  /** A username or an address begins so. */
  | 'beginning'

/** An account, read afresh, that matches at least one of the terms. */
export interface Match {
  readonly account: Account
  /** Those that it matches of the terms that were asked for: the very same objects. */
  readonly terms: readonly SearchTerm[]
  readonly by: readonly MatchedBy[]
  /**
   * Its addresses with as much of them as tells them from the others that were found: for a window that
   * one person sees, and not for a channel.
   */
  readonly contacts: readonly Contact[]
}
