/** What the small world's people may do, said again in the plainest way: who asks, who decides, until when. */

import type { Sub } from '../../../src/ids.ts'
import type { Method } from '../../../src/policy/method.ts'
import type { Refusal } from '../../../src/recovery/model/decision.ts'
import type { RecoveryRequest, RequestState } from '../../../src/recovery/model/request.ts'
import { type Group, idOf, type Name, names } from '../../support/small-world/people.ts'
import { type Owned, openMethods } from '../../support/small-world/small-cognito.ts'

const open: readonly RequestState[] = ['pending', 'approved', 'executing', 'needs-attention']

/** Where a request can get to from each state, in one step or several. */
const onward: Readonly<Record<RequestState, readonly RequestState[]>> = {
  pending: ['approved', 'denied', 'withdrawn', 'expired'],
  approved: ['pending', 'executing', 'withdrawn', 'expired', 'failed'],
  executing: ['executed', 'failed', 'needs-attention'],
  'needs-attention': ['executed', 'failed', 'executing'],
  executed: ['recovered', 'lapsed'],
  recovered: [],
  lapsed: [],
  denied: [],
  withdrawn: [],
  expired: [],
  // Where something may have come of it after all.
  failed: ['executed'],
}

export class Reference {
  readonly requests: RecoveryRequest[] = []
  readonly #groups: ReadonlyMap<Name, Set<Group>>
  readonly #gone = new Set<Name>()
  readonly #frozenUntil = new Map<Sub, number>()

  constructor(atFirst: Readonly<Record<Name, readonly Group[]>>) {
    this.#groups = new Map(names.map((name) => [name, new Set(atFirst[name])]))
  }

  regroup(name: Name, group: Group): void {
    const mine = this.#groups.get(name)
    if (mine?.delete(group) === false) mine.add(group)
  }

  comeOrGo(name: Name): void {
    if (!this.#gone.delete(name)) this.#gone.add(name)
  }

  is(name: Name, group: Group): boolean {
    return !this.#gone.has(name) && this.#groups.get(name)?.has(group) === true
  }

  /** An owner has said that it was not them: for a day nobody asks for this account or approves it. */
  freeze(sub: Sub, now: Date): void {
    this.#frozenUntil.set(sub, now.getTime() + 24 * 60 * 60_000)
  }

  isFrozen(sub: Sub, now: Date): boolean {
    return now.getTime() < (this.#frozenUntil.get(sub) ?? 0)
  }

  whyNotOpen(by: Name, account: Owned, method: Method, now: Date): Refusal | undefined {
    if (!this.is(by, 'S0SUPPORT')) return 'not-a-requester'
    if (by === ownerOf(account.email)) return 'own-account'
    if (this.isFrozen(account.sub, now)) return 'account-frozen'
    const inTier = account.groups.includes('admins')
      ? ['reset', 'temporary-password']
      : ['reset', 'temporary-password', 'recovery-code', 'resend-invitation']
    if (!inTier.includes(method) || !openMethods(account.status).includes(method))
      return 'method-closed'
    if (this.openFor(account.sub) !== undefined) return 'request-open'
    return this.canBeDecided(by, account) ? undefined : 'nobody-can-decide'
  }

  canBeDecided(by: Name, account: Owned): boolean {
    const isPrivileged = account.groups.includes('admins')
    const deciders = names.filter(
      (name) =>
        this.is(name, isPrivileged ? 'S0SECURITY' : 'S0LEADS') &&
        name !== by &&
        name !== ownerOf(account.email),
    )
    return deciders.length >= (isPrivileged ? 2 : 1)
  }

  whyNotDecide(
    by: Name,
    request: RecoveryRequest,
    seenVersion: number,
    now: Date,
  ): Refusal | undefined {
    if (!this.is(by, request.tier === 'privileged' ? 'S0SECURITY' : 'S0LEADS'))
      return 'not-an-approver'
    if (idOf(by) === request.requestedBy) return 'own-request'
    if (idOf(by) === request.owner) return 'own-account'
    if (request.state === 'expired') return 'expired'
    if (request.state !== 'pending') return 'already-decided'
    if (now >= request.expiresAt) return 'expired'
    if (seenVersion < request.pendingSince || seenVersion > request.version) return 'stale-view'
    return undefined
  }

  openFor(sub: Sub): RecoveryRequest | undefined {
    return this.requests.find((each) => each.account.sub === sub && open.includes(each.state))
  }

  /** Takes over how a request stands now. @returns what cannot be true, if anything */
  adopt(request: RecoveryRequest): string | undefined {
    const index = this.requests.findIndex(({ id }) => id === request.id)
    const before = this.requests[index]
    if (before === undefined) {
      this.requests.push(request)
      return request.version === 1
        ? undefined
        : `${request.id} begins at version ${request.version}`
    }
    this.requests[index] = request
    if (request.version < before.version) return `${request.id} went back to an older version`
    if (request.version === before.version && request.state !== before.state)
      return `${request.id} moved without a version`
    if (before.state === 'failed' && request.state !== 'failed' && !request.reported)
      return `${request.id} had failed, and goes on without its owner’s report`
    if (before.reported && before.state !== 'recovered' && request.state === 'recovered')
      return `${request.id} is said to have helped an owner who had reported it`
    return reaches(before.state, request.state)
      ? undefined
      : `${request.id} went from ${before.state} to ${request.state}`
  }
}

export function ownerOf(email: string): Name | undefined {
  return email === 'olga@example.com' ? 'olga' : undefined
}

function reaches(
  from: RequestState,
  to: RequestState,
  seen: readonly RequestState[] = [],
): boolean {
  if (from === to) return true
  return onward[from].some(
    (next) => !seen.includes(next) && reaches(next, to, [...seen, from, next]),
  )
}
