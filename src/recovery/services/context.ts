/**
 * recovery/ owns a request's way from `open` to the owner's return. Its services are where anything
 * is waited for; what they all look up is here.
 */

import type { PersonId } from '../../ids.ts'
import type { Policy } from '../../policy/policy.ts'
import type { AccountRef } from '../model/account.ts'
import { after } from '../model/drafts.ts'
import type { PauseState } from '../model/pause.ts'
import type { RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import type { Directory, Person } from '../ports/directory.ts'
import type { Store } from '../ports/store.ts'
import { type Participants, participantsOf } from '../rules/rights.ts'

export interface ContextDeps {
  readonly store: Store
  readonly directory: Directory
  readonly policy: () => Policy
  readonly now: () => Date
}

/** What is stored, who people are, which policy is in force, and what time it is. */
export class Context {
  readonly store: Store
  readonly directory: Directory
  readonly now: () => Date
  /** The policy in force at this moment: it can change while Rekey runs. */
  readonly policy: () => Policy

  constructor(deps: ContextDeps) {
    this.store = deps.store
    this.directory = deps.directory
    this.now = deps.now
    this.policy = deps.policy
  }

  /** What a decision is made under, read at this moment: once for each decision, after its facts. */
  terms(): Terms {
    return { policy: this.policy(), now: this.now() }
  }

  /** This person as they are now; a stranger where the directory does not know them. */
  async person(id: PersonId): Promise<Person> {
    return (await this.directory.person(id)) ?? stranger(id)
  }

  /** Each of these people as they are now; whoever the directory does not know is left out. */
  async people(ids: readonly PersonId[]): Promise<ReadonlyMap<PersonId, Person>> {
    const people = new Map<PersonId, Person>()
    for (const id of new Set(ids)) {
      const person = await this.directory.person(id)
      if (person !== undefined) people.set(id, person)
    }
    return people
  }

  /** Everybody with a part in the request, as it stands. */
  participants(request: RecoveryRequest): Promise<Participants> {
    return this.people(participantsOf(request))
  }

  /** The requests for this account that may still count towards its limit, the oldest first. */
  lately(account: AccountRef): Promise<readonly RecoveryRequest[]> {
    const { windowMs } = this.policy().limits.requestsPerAccount
    return this.store.listForAccount(account, after(this.now(), -windowMs))
  }

  /** Whether the account's owner has said that somebody else is at work, and that still holds. */
  async isFrozen(account: AccountRef): Promise<boolean> {
    return (await this.store.findFreeze(account, this.now())) !== undefined
  }

  /** What stands in the way of any recovery of this account now. */
  async pauseState(account: AccountRef): Promise<PauseState> {
    const isPaused = (await this.store.findPause()) !== undefined
    return { isPaused, isFrozen: await this.isFrozen(account) }
  }
}

/** Somebody who is nobody's member and may do nothing. */
export function stranger(id: PersonId): Person {
  return { id, groups: [], subjects: [id], member: false }
}
