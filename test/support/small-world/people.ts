/** The people of the small world, who come, go and change their user groups, and the policy that binds them. */

import { type PersonId, personId } from '../../../src/ids.ts'
import type { Principal } from '../../../src/policy/policy.ts'
import type { SeenGroups } from '../../../src/recovery/model/group.ts'
import type { Directory, Person } from '../../../src/recovery/ports/directory.ts'
import { policyFrom } from '../examples.ts'

export const names = ['ada', 'bob', 'grace', 'mary', 'olga', 'eve'] as const

export type Name = (typeof names)[number]

export const groups = ['S0SUPPORT', 'S0LEADS', 'S0SECURITY'] as const

export type Group = (typeof groups)[number]

export const policy = policyFrom(`
version: 1
channels: { approvals: C0APPROVE, audit: C0AUDIT }
pools:
  customers: { userPoolId: us-west-2_aaaaaaaaa, client: { id: 1example2 } }
requesters: [S0SUPPORT]
security: [S0SECURITY]
tiers:
  - { name: privileged, when: { groups: [admins] }, approvers: [S0SECURITY], approvals: 2, methods: [reset, temporary-password] }
  - { name: standard, approvers: [S0LEADS], approvals: 1, methods: [reset, temporary-password, recovery-code, resend-invitation] }
identityChecks:
  - { id: callback, label: Called back, evidence: { reference: Call record, pattern: 'CALL-\\d+', example: CALL-12 } }
minimumReadingTime: 0s
newMembersWait: 0s
reminders: { times: 0 }
limits:
  lookUpsPerRequester: 10000 per 1h
  requestsPerRequester: 10000 per 1h
  requestsPerAccount: 10000 per 1h
  requestsOverall: 10000 per 1h
  approvalsPerApprover: 10000 per 1h
  executionsOverall: 10000 per 1h
`)

/** Bob may both ask and decide; Olga decides, and owns the first account; Eve is always outside. */
export const atFirst: Readonly<Record<Name, readonly Group[]>> = {
  ada: ['S0SUPPORT'],
  bob: ['S0SUPPORT', 'S0LEADS'],
  grace: ['S0LEADS', 'S0SECURITY'],
  mary: ['S0LEADS', 'S0SECURITY'],
  olga: ['S0LEADS', 'S0SECURITY'],
  eve: [],
}

export function idOf(name: Name): PersonId {
  return personId(`U0${name.toUpperCase()}`)
}

export class People implements Directory {
  readonly #members = new Map(names.map((name) => [name, new Set<Group>(atFirst[name])]))
  readonly #gone = new Set<Name>()

  isMember(name: Name): boolean {
    return !this.#gone.has(name)
  }

  isIn(name: Name, group: Group): boolean {
    return this.isMember(name) && this.#members.get(name)?.has(group) === true
  }

  toggle(name: Name, group: Group): void {
    const members = this.#members.get(name)
    if (members?.delete(group) === false) members.add(group)
  }

  toggleMembership(name: Name): void {
    if (!this.#gone.delete(name)) this.#gone.add(name)
  }

  async person(id: PersonId): Promise<Person | undefined> {
    const name = names.find((each) => idOf(each) === id)
    if (name === undefined) return undefined
    return {
      id,
      subjects: [id],
      groups: [...(this.#members.get(name) ?? [])],
      member: this.isMember(name),
    }
  }

  async members(principals: readonly Principal[]): Promise<readonly Person[]> {
    const everybody = await Promise.all(names.map((name) => this.person(idOf(name))))
    return everybody.filter(
      (one): one is Person =>
        one?.member === true &&
        principals.some(({ id }) => id === one.id || one.groups.includes(id)),
    )
  }

  /** Who comes and goes is not noted here: nobody waits. */
  async groups(): Promise<SeenGroups> {
    return { at: new Date(0), members: new Map() }
  }

  async findByEmail(email: string): Promise<PersonId | undefined> {
    return email === 'olga@example.com' ? idOf('olga') : undefined
  }
}
