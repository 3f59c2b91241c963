/** Who and what a new request depends on, asked of the directory and the store. */

import type { PersonId } from '../../ids.ts'
import { addressSubject } from '../../policy/who.ts'
import type { Account } from '../model/account.ts'
import type { Directory, Person } from '../ports/directory.ts'
import { tierOfAccount } from '../rules/eligibility.ts'
import type { SupposedFacts } from '../rules/explain.ts'
import { hasAddressOf } from '../rules/rights.ts'
import type { Context } from './context.ts'

/** What has to be known of a request by this person for this account, before there is one. */
export async function openingFacts(
  context: Context,
  by: Person,
  account: Account,
): Promise<SupposedFacts> {
  const { store, policy, now } = context
  const { approvers: first, escalation } = tierOfAccount(policy(), account, now())
  // Everybody who could decide on it, now or once it is escalated.
  const approvers = await context.members([...first, ...(escalation?.to ?? [])])
  const owner = await ownerOf(account, [by, ...approvers], context)
  const openRequest = await store.findOpen(account.ref)
  const freeze = await store.findFreeze(account.ref, now())
  return { by, account, owner, approvers, freeze, openRequest }
}

/** Slack finds an address only as it is written: one with another tag shows in those who have a part. */
async function ownerOf(
  account: Account,
  among: readonly Person[],
  context: Context,
): Promise<Person | undefined> {
  const { ownerEmail } = account
  if (ownerEmail === undefined) return undefined
  const id = await findByAddress(ownerEmail, context.directory)
  return id === undefined
    ? among.find((one) => hasAddressOf(account, one))
    : await context.person(id)
}

async function findByAddress(
  email: string,
  directory: Pick<Directory, 'findByEmail'>,
): Promise<PersonId | undefined> {
  for (const address of new Set([email, addressSubject(email)])) {
    const id = await directory.findByEmail(address)
    if (id !== undefined) return id
  }
  return undefined
}
