/** Who people are, asked of Slack at the moment it matters. */

import type { webApi } from '@slack/bolt'
import { type PersonId, personId } from '../../ids.ts'
import type { Policy, Principal } from '../../policy/policy.ts'
import { addressSubject, joined } from '../../policy/who.ts'
import type { Directory, Person } from '../../recovery/ports/directory.ts'
import { readFailure } from '../api/errors.ts'
import { UserGroups } from './user-groups.ts'

// Fresh enough for a click.
const freshMs = 5_000

// Of each group: enough to tell whether a quorum of five can be met, even when some of them ask; and
// users.info may be called about a hundred times a minute.
const mostMembers = 12

// Only ever asked whether there are enough people: who may do what is asked again, of each, when they do it.
const membersFreshMs = 60_000

// What the accounts that the policy lists as one person's share with others: an address, and that rarely
// changes.
const circlesFreshMs = 60_000

export interface DirectoryDeps {
  readonly client: webApi.WebClient
  readonly teamId: string
  /** The user groups that the policy names, as it is at the moment. */
  readonly groups: () => readonly string[]
  /** The accounts that belong to one person each, as the policy has them at the moment. */
  readonly samePerson: () => Policy['samePerson']
  readonly now: () => Date
}

/** What users.info says of a person, as far as it matters here. */
interface SlackUser {
  readonly id?: string | undefined
  readonly team_id?: string | undefined
  readonly deleted?: boolean | undefined
  readonly is_bot?: boolean | undefined
  readonly is_restricted?: boolean | undefined
  readonly is_ultra_restricted?: boolean | undefined
  readonly is_stranger?: boolean | undefined
  readonly is_invited_user?: boolean | undefined
  readonly is_workflow_bot?: boolean | undefined
  readonly is_connector_bot?: boolean | undefined
  readonly enterprise_user?: { readonly id?: string | undefined } | undefined
  readonly profile?: { readonly email?: string | undefined } | undefined
}

export class SlackDirectory implements Directory {
  readonly #deps: DirectoryDeps
  readonly #userGroups: UserGroups
  readonly #asked = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>()

  constructor(deps: DirectoryDeps) {
    this.#deps = deps
    this.#userGroups = new UserGroups(deps)
  }

  async person(id: PersonId): Promise<Person | undefined> {
    const [user, groups, circles] = await Promise.all([
      this.#user(id),
      this.#groupsOf(id),
      this.#circles(),
    ])
    if (user === undefined) return undefined
    return {
      id,
      groups,
      subjects: joined(subjectsOf(id, user), circles),
      member: isMember(user, this.#deps.teamId),
    }
  }

  async findByEmail(email: string): Promise<PersonId | undefined> {
    try {
      const { user } = await this.#deps.client.users.lookupByEmail({ email })
      return user?.id === undefined ? undefined : personId(user.id)
    } catch (error) {
      return absent(error, 'users_not_found')
    }
  }

  members(principals: readonly Principal[]): Promise<readonly Person[]> {
    const key = `members ${principals.map(({ id }) => id).join(' ')}`
    return this.#fresh(key, () => this.#membersNow(principals), membersFreshMs)
  }

  async #membersNow(principals: readonly Principal[]): Promise<readonly Person[]> {
    const lists = principals.map(async ({ kind, id }) =>
      kind === 'user' ? [id] : (await this.#members(id)).slice(0, mostMembers),
    )
    const ids = new Set((await Promise.all(lists)).flat())
    const people = await Promise.all([...ids].map((id) => this.person(personId(id))))
    return people.filter((person) => person !== undefined)
  }

  /** What those have in common with others whom the policy lists as one person, a circle for each. */
  #circles(): Promise<readonly (readonly string[])[]> {
    const lists = this.#deps.samePerson()
    const ask = () =>
      Promise.all(
        lists.map(async (ids) => {
          const users = await Promise.all(ids.map((id) => this.#user(personId(id))))
          return ids.flatMap((id, place) => subjectsOf(personId(id), users[place] ?? {}))
        }),
      )
    return this.#fresh(`circles ${JSON.stringify(lists)}`, ask, circlesFreshMs)
  }

  #user(id: PersonId): Promise<SlackUser | undefined> {
    return this.#fresh(`user ${id}`, async () => {
      try {
        return (await this.#deps.client.users.info({ user: id })).user
      } catch (error) {
        return absent(error, 'user_not_found')
      }
    })
  }

  async #groupsOf(id: PersonId): Promise<readonly string[]> {
    const groups = this.#deps.groups()
    const members = await Promise.all(groups.map((group) => this.#members(group)))
    return groups.filter((_, index) => members[index]?.includes(id))
  }

  /** A group that is gone or switched off has no members, so it lets nobody in. */
  async #members(group: string): Promise<readonly string[]> {
    return (await this.#userGroups.members()).get(group) ?? []
  }

  /** Asks at most once in a while; people who ask together get the one answer. Failures are not kept. */
  #fresh<Answer>(key: string, ask: () => Promise<Answer>, lifeMs = freshMs): Promise<Answer> {
    const now = this.#deps.now().getTime()
    const known = this.#asked.get(key)
    if (known !== undefined && Math.abs(now - known.at) < lifeMs)
      return known.answer as Promise<Answer>
    const answer = ask()
    this.#asked.set(key, { at: now, answer })
    answer.catch(() => this.#asked.delete(key))
    this.#forgetOld(now)
    return answer
  }

  #forgetOld(now: number): void {
    for (const [key, { at }] of this.#asked) {
      if (Math.abs(now - at) >= membersFreshMs) this.#asked.delete(key)
    }
  }
}

/** What two Slack accounts of one human being share: an id in the organization, or the address without its tag. */
export function subjectsOf(id: PersonId, { enterprise_user, profile }: SlackUser): string[] {
  const address = profile?.email
  return [id, enterprise_user?.id, address && addressSubject(address)].filter(
    (subject) => subject !== undefined,
  )
}

/**
 * Only whole members of the home workspace count. A stranger from a shared channel shows by the
 * team alone: `is_stranger` is false for people one shares a channel with.
 */
export function isMember(user: SlackUser, teamId: string): boolean {
  const lesser =
    user.deleted ||
    user.is_bot ||
    user.is_restricted ||
    user.is_ultra_restricted ||
    user.is_stranger ||
    user.is_invited_user ||
    user.is_workflow_bot ||
    user.is_connector_bot
  return !lesser && user.team_id === teamId && user.id !== 'USLACKBOT'
}

function absent(error: unknown, name: string): undefined {
  const failure = readFailure(error)
  if (failure.kind === 'refused' && failure.error === name) return undefined
  throw error
}
