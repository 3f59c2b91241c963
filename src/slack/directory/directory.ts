/** Who people are, asked of Slack at the moment it matters. */

import type { webApi } from '@slack/bolt'
import { type PersonId, personId } from '../../ids.ts'
import type { Policy, Principal } from '../../policy/policy.ts'
import { byPerson, joined } from '../../policy/who.ts'
import type { SeenGroups } from '../../recovery/model/group.ts'
import type { Directory, Person } from '../../recovery/ports/directory.ts'
import { readFailure } from '../api/errors.ts'
import type { Outsiders } from './outsiders.ts'
import { UserGroups } from './user-groups.ts'
import { isMember, type SlackUser, subjectsOf, type Unseen, unseen, userOf } from './users.ts'

// Fresh enough for a click.
const freshMs = 5_000

// Of each group: the five that a policy can ask for at most, the one who asks and the account's owner. With so many of each,
// one of each group can always be found, too.
const enoughPeople = 7

// Of each group: one round does for most, and a long group is no burst.
const atOnce = 10

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
  /** Shared between those who count the same groups. */
  readonly outsiders: Outsiders
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
    if (isUnseen(user)) return undefined
    return {
      id,
      groups,
      subjects: joined(subjectsOf(id, user), circles),
      member: isMember(user, this.#deps.teamId),
    }
  }

  /** Whether there is somebody of that id whom Slack does not show to Rekey. */
  async isHidden(id: PersonId): Promise<boolean> {
    return (await this.#user(id)) === 'not-visible'
  }

  async findByEmail(email: string): Promise<PersonId | undefined> {
    try {
      const { user } = await this.#deps.client.users.lookupByEmail({ email })
      return user?.id === undefined ? undefined : personId(user.id)
    } catch (error) {
      unseen(error)
      return undefined
    }
  }

  async groups(): Promise<SeenGroups> {
    const named = this.#deps.groups()
    if (named.length === 0) return { at: this.#deps.now(), members: new Map() }
    return seenGroups(this.#userGroups, named)
  }

  members(
    principals: readonly Principal[],
    sinceMs: SinceMs = () => 0,
  ): Promise<readonly Person[]> {
    const key = `members ${principals.map(({ id }) => id).join(' ')}`
    return this.#fresh(key, () => this.#membersNow(principals, sinceMs), membersFreshMs)
  }

  async #membersNow(
    principals: readonly Principal[],
    sinceMs: SinceMs,
  ): Promise<readonly Person[]> {
    const lists = principals.map(async ({ kind, id }) =>
      kind === 'user'
        ? [await this.person(personId(id))]
        : this.#enoughOf(longestFirst(await this.#members(id), (each) => sinceMs(id, each))),
    )
    const people = (await Promise.all(lists)).flat().filter((person) => person !== undefined)
    return [...new Map(people.map((person) => [person.id, person])).values()]
  }

  /**
   * The members of the workspace among these, until there are enough of them, however far down the list.
   * One of whom Slack cannot be asked is passed over, but where the others are too few.
   */
  async #enoughOf(ids: readonly string[]): Promise<readonly Person[]> {
    const { outsiders, now, samePerson } = this.#deps
    const left = [...outsiders.worthAsking(ids, now())]
    const found: Person[] = []
    const failures: unknown[] = []
    const isEnough = () => byPerson({ samePerson: samePerson() }, found).length >= enoughPeople
    while (left.length > 0 && !isEnough() && !failures.some(isForAll)) {
      const round = left.splice(0, atOnce).map((id) => this.#memberOrNobody(personId(id)))
      for (const each of await Promise.allSettled(round)) {
        if (each.status === 'rejected') failures.push(each.reason)
        else if (each.value !== undefined) found.push(each.value)
      }
    }
    if (failures.length > 0 && !isEnough()) throw failures[0]
    return found
  }

  async #memberOrNobody(id: PersonId): Promise<Person | undefined> {
    const user = await this.#user(id)
    const isOne = !isUnseen(user) && isMember(user, this.#deps.teamId)
    return isOne ? this.person(id) : undefined
  }

  /** What those have in common with others whom the policy lists as one person, a circle for each. */
  #circles(): Promise<readonly (readonly string[])[]> {
    const lists = this.#deps.samePerson()
    const ask = () =>
      Promise.all(
        lists.map(async (ids) => {
          const users = await Promise.all(ids.map((id) => this.#user(personId(id))))
          return ids.flatMap((id, place) => subjectsOf(personId(id), shown(users[place])))
        }),
      )
    return this.#fresh(`circles ${JSON.stringify(lists)}`, ask, circlesFreshMs)
  }

  #user(id: PersonId): Promise<SlackUser | Unseen> {
    return this.#fresh(`user ${id}`, async () => {
      const { client, teamId, outsiders, now } = this.#deps
      const user = await userOf(client, id)
      outsiders.note(id, !isUnseen(user) && isMember(user, teamId), now())
      return user
    })
  }

  async #groupsOf(id: PersonId): Promise<readonly string[]> {
    const groups = this.#deps.groups()
    const members = await Promise.all(groups.map((group) => this.#members(group)))
    return groups.filter((_, index) => members[index]?.includes(id))
  }

  /** A group that is gone or switched off has no members, so it lets nobody in. */
  async #members(group: string): Promise<readonly string[]> {
    return (await this.#userGroups.seen()).members.get(group) ?? []
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

/** Since when somebody is in a group, in milliseconds since 1970. */
type SinceMs = (group: string, id: string) => number

/** These user groups as Slack has them. @throws what Slack answers when it cannot be asked */
export async function seenGroups(
  userGroups: UserGroups,
  named: readonly string[],
): Promise<SeenGroups> {
  const { at, members } = await userGroups.seen()
  const ofNamed = [...members].filter(([group]) => named.includes(group))
  return { at: new Date(at), members: new Map(ofNamed) }
}

function longestFirst(ids: readonly string[], sinceMs: (id: string) => number): readonly string[] {
  const all = ids.map((id) => [id, sinceMs(id)] as const)
  // As Slack lists them, where they have been there for as long.
  return all.sort(([, one], [, other]) => (one === other ? 0 : one - other)).map(([id]) => id)
}

function isUnseen(user: SlackUser | Unseen): user is Unseen {
  return typeof user === 'string'
}

function shown(user: SlackUser | Unseen | undefined): SlackUser {
  return user === undefined || isUnseen(user) ? {} : user
}

/** Whether the next to be asked for would fare no better. */
function isForAll(error: unknown): boolean {
  return readFailure(error).kind !== 'unclear'
}
