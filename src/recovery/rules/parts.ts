/** Who had a part in what was asked for an account, by its entries: an approval that was voided since is one, too. */

import type { Entry } from '../../audit/entry.ts'
import { readEntry } from '../../audit/recorded-entry.ts'
import type { PersonId, RequestId } from '../../ids.ts'
import type { Policy } from '../../policy/policy.ts'
import { isSamePerson } from '../../policy/who.ts'
import type { Person } from '../ports/directory.ts'
import type { Participants } from './rights.ts'

/** The people of one request. */
export interface Parts {
  readonly request: RequestId
  readonly openedAt: Date
  readonly requestedBy: PersonId
  readonly owner?: PersonId
  /** Whoever has approved it at any time. */
  readonly approvedBy: readonly PersonId[]
  readonly isReported: boolean
}

/** @param entries all about one account, in their order */
export function partsIn(entries: readonly Entry[]): readonly Parts[] {
  const all = new Map<RequestId, Parts>()
  for (const entry of entries.map(readEntry)) {
    const { request, actor, time } = entry
    if (request === null || actor.kind !== 'person') continue
    const was = all.get(request)
    if (entry.type === 'request.opened') {
      const owner = entry.data.owner as PersonId | undefined
      all.set(request, {
        request,
        openedAt: new Date(time),
        requestedBy: actor.id,
        // A person's id when it was written.
        ...(owner === undefined ? {} : { owner }),
        approvedBy: [],
        isReported: false,
      })
    } else if (was !== undefined && entry.type === 'request.approved')
      all.set(request, { ...was, approvedBy: [...was.approvedBy, actor.id] })
    else if (was !== undefined && entry.type === 'owner.reported')
      all.set(request, { ...was, isReported: true })
  }
  return [...all.values()]
}

/** Whose parts have to be looked up. */
export function peopleOf({ requestedBy, owner, approvedBy }: Parts): readonly PersonId[] {
  return [requestedBy, ...(owner === undefined ? [] : [owner]), ...approvedBy]
}

/** Whether this person, under whichever of their accounts, asked for it or has ever approved it. */
export function hadPart(
  { requestedBy, approvedBy }: Parts,
  by: Person,
  participants: Participants,
  policy: Policy,
): boolean {
  return [requestedBy, ...approvedBy].some((id) => isPerson(id, by, participants, policy))
}

/** Whether this person is the account's owner, as far as the ledger knows them. */
export function isOwnerIn(
  { owner }: Parts,
  by: Person,
  participants: Participants,
  policy: Policy,
): boolean {
  return owner !== undefined && isPerson(owner, by, participants, policy)
}

function isPerson(id: PersonId, by: Person, participants: Participants, policy: Policy): boolean {
  const known = participants.get(id)
  return id === by.id || (known !== undefined && isSamePerson(policy, by, known))
}

/** Since when somebody has a request before their eyes, in a version from this one on. */
export function openedSince(
  entries: readonly Entry[],
  by: PersonId,
  fromVersion: number,
): Date | undefined {
  const first = entries.find(
    ({ type, actor, version }) =>
      type === 'approval.opened' &&
      actor.kind === 'person' &&
      actor.id === by &&
      (version ?? 0) >= fromVersion,
  )
  return first && new Date(first.time)
}
