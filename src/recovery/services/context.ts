/**
 * recovery/ owns a request's way from `open` to the owner's return. Its services are where anything
 * is waited for; what they all look up is here.
 */

import type { PersonId, RequestId } from '../../ids.ts'
import type { Policy, Principal } from '../../policy/policy.ts'
import type { AccountRef } from '../model/account.ts'
import { after } from '../model/drafts.ts'
import type { PauseState } from '../model/pause.ts'
import type { RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import { RecordAltered } from '../ports/altered.ts'
import type { Directory, Person } from '../ports/directory.ts'
import type { Ledger } from '../ports/ledger.ts'
import type { Listed, Store } from '../ports/store.ts'
import { withGroupsSince } from '../rules/groups.ts'
import { type Parts, partsIn } from '../rules/parts.ts'
import { type Participants, participantsOf } from '../rules/rights.ts'
import { GroupWatch } from './group-watch.ts'
import { RecordGuard } from './record-guard.ts'

export interface ContextDeps {
  readonly store: Store
  readonly ledger: Pick<Ledger, 'entriesOf' | 'entriesAbout'>
  readonly directory: Directory
  readonly policy: () => Policy
  readonly now: () => Date
  /** Nothing is written down, whatever a look shows. */
  readonly isReadOnly?: true
}

/** What is stored, who people are, which policy is in force, and what time it is. */
export class Context {
  readonly store: Store
  readonly ledger: ContextDeps['ledger']
  readonly directory: Directory
  readonly groupWatch: GroupWatch
  readonly now: () => Date
  readonly guard: RecordGuard
  /** Those that security was called about: what cannot be put right stays in the lists. */
  readonly #stopped = new Set<RequestId>()
  /** The policy in force at this moment: it can change while Rekey runs. */
  readonly policy: () => Policy

  constructor(deps: ContextDeps) {
    this.store = deps.store
    this.ledger = deps.ledger
    this.directory = deps.directory
    this.groupWatch = new GroupWatch(deps)
    this.now = deps.now
    this.policy = deps.policy
    this.guard = new RecordGuard({ ...deps, terms: () => this.terms() })
  }

  /** What a decision is made under, read at this moment: once for each decision, after its facts. */
  terms(): Terms {
    return { policy: this.policy(), now: this.now() }
  }

  /** This person as they are now; a stranger where the directory does not know them. */
  async person(id: PersonId): Promise<Person> {
    return (await this.people([id])).get(id) ?? stranger(id)
  }

  /** Each of these people as they are now; whoever the directory does not know is left out. */
  async people(ids: readonly PersonId[]): Promise<ReadonlyMap<PersonId, Person>> {
    const people: Person[] = []
    for (const id of new Set(ids)) {
      const person = await this.directory.person(id)
      if (person !== undefined) people.push(person)
    }
    const known = await this.#withGroupsSince(people)
    return new Map(known.map((person) => [person.id, person]))
  }

  /** As many of those whom these name as it takes to tell whether a quorum can be met. */
  async members(principals: readonly Principal[]): Promise<readonly Person[]> {
    const remembered = await this.groupWatch.look('use')
    const sinceMs = (group: string, id: string) =>
      remembered.get(group)?.members.get(id) ?? Infinity
    return this.#withGroupsSince(await this.directory.members(principals, sinceMs))
  }

  /** Whoever has just come into a group is noted before anything is decided by it. */
  async #withGroupsSince(people: readonly Person[]): Promise<readonly Person[]> {
    const ids = people.map(({ id }) => id)
    const remembered = await this.groupWatch.look('use', ids)
    const now = this.now()
    return people.map((person) => withGroupsSince(person, remembered, now))
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

  /** Every request whose outcome is not known yet, the oldest first. What somebody else has changed is stopped. */
  async open(): Promise<Listed> {
    return await this.#stopAltered(await this.store.listOpen())
  }

  /** The requests somebody opened, the newest first. What somebody else has changed is stopped. */
  async openedBy(person: PersonId, most: number): Promise<Listed> {
    return await this.#stopAltered(await this.store.listOpenedBy(person, most))
  }

  /** Who had a part in what was ever asked for this account, by the ledger: no list of rows is believed. */
  async parts(account: AccountRef): Promise<readonly Parts[]> {
    return partsIn(await this.ledger.entriesAbout(account))
  }

  async #stopAltered(listed: Listed): Promise<Listed> {
    for (const id of listed.altered) {
      if (this.#stopped.has(id)) continue
      // What the ledger does not know stays as it is, and is said once.
      if (!(await this.guard.stop(new RecordAltered(id)))) this.#stopped.add(id)
    }
    return listed
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
