import type { EffectId, Sub } from '../../ids.ts'
import type { SearchTerm } from '../../lookup/terms.ts'
import type { Secret } from '../../secret.ts'
import type { Account, AccountRef } from '../model/account.ts'
import type { Answer, EffectKind, Failure, LastLook, Objection } from '../model/effect.ts'
import type { Match } from '../model/match.ts'

/** What a search for an account came to. */
export type Search = (
  | { readonly kind: 'found'; readonly matches: readonly Match[]; readonly more: boolean }
  | { readonly kind: 'failed'; readonly failure: Failure }
) &
  Incomplete

export interface Incomplete {
  /** The pools that could not be searched, by name: an account that matches may be there. Empty after a whole search. */
  readonly unsearchedPools: readonly string[]
}

export type Inspection =
  | { readonly kind: 'account'; readonly account: Account }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** The user pools. cognito/ provides it. */
export interface Accounts {
  /** Accounts that match any of these, the exact ones first. */
  search(terms: readonly SearchTerm[]): Promise<Search>
  /** Reads one account afresh. */
  inspect(pool: string, sub: Sub): Promise<Inspection>
  /** A password that the pool's own policy accepts. */
  newPassword(pool: string): Promise<Secret>
  /** Makes the one call. Never tries twice by itself, and never throws for what Cognito or the network does. */
  perform(
    kind: EffectKind,
    account: AccountRef,
    effect: EffectId,
    more?: CallDetails,
  ): Promise<Answer>
}

export interface CallDetails {
  /** The password to set, where the call sets one. */
  readonly password?: Secret | undefined
  /**
   * Asked with the account as it was read last: there is nothing between that and the call but this. The
   * account is read for it, and whatever else the call takes is at hand by then.
   * @returns why the call must not be made
   */
  readonly unless?: (found: LastLook) => Objection | undefined
}
