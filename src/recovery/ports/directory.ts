import type { PersonId } from '../../ids.ts'
import type { Principal } from '../../policy/policy.ts'
import type { Someone } from '../../policy/who.ts'
import type { SeenGroups } from '../model/group.ts'

/** A person as the workspace knows them at this moment. */
export interface Person extends Someone {
  readonly id: PersonId
  /** False for guests, strangers, bots and people who have left: they may do nothing at all. */
  readonly member: boolean
}

/** The people. slack/ provides it. */
export interface Directory {
  /** Who this is now, with the user groups that the policy names. Never older than a few seconds. */
  person(id: PersonId): Promise<Person | undefined>
  /** The user groups that the policy names, as they are now. Never older than a minute. */
  groups(): Promise<SeenGroups>
  /** The member with this verified e-mail address. */
  findByEmail(email: string): Promise<PersonId | undefined>
  /**
   * Those whom these name themself, as they are now, and of each group as many members of the workspace as it takes to
   * tell whether a quorum can be met: all there are, where that is fewer. Each once.
   * @param sinceMs since when somebody is in a group: whoever has been there for longest is found first, since the others may not count yet
   */
  members(
    principals: readonly Principal[],
    sinceMs: (group: string, id: string) => number,
  ): Promise<readonly Person[]>
}
