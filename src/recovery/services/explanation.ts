import type { PersonId } from '../../ids.ts'
import { termsTyped } from '../../lookup/terms.ts'
import type { Account } from '../model/account.ts'
import type { Failure } from '../model/effect.ts'
import type { Accounts, Incomplete } from '../ports/accounts.ts'
import { type Explanation, explain } from '../rules/explain.ts'
import type { Context } from './context.ts'
import { openingFacts } from './opening-facts.ts'

/** What would happen, account by account. */
export type Explained = (
  | {
      readonly kind: 'explained'
      readonly accounts: readonly {
        readonly account: Account
        readonly explanation: Explanation
      }[]
    }
  | { readonly kind: 'failed'; readonly failure: Failure }
) &
  Incomplete

/**
 * What would become of this person's request for each account that a query finds, and who could
 * decide on it. Nothing is recorded, and nothing counts towards a limit.
 */
export async function explainRequests(
  context: Context,
  found: Pick<Accounts, 'search'>,
  query: string,
  requester: PersonId,
): Promise<Explained> {
  const search = await found.search(termsTyped(query, context.policy().pools))
  if (search.kind === 'failed') return search
  const by = await context.person(requester)
  const accounts: { account: Account; explanation: Explanation }[] = []
  for (const { account } of search.matches) {
    const facts = await openingFacts(context, by, account)
    accounts.push({
      account,
      explanation: explain(facts, context.terms()),
    })
  }
  return { kind: 'explained', accounts, unsearchedPools: search.unsearchedPools }
}
