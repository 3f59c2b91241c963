/**
 * Who was seen to be no member: guests, bots, people who have left, whoever Slack does not show. A long group can be full of
 * them, and to ask for each of them at every request would take longer than Slack's rate for users.info allows. Only for
 * counting who could act: who may do something is asked of Slack when they do it.
 *
 * users.list would be no cheaper: it goes through the whole workspace, however short the group, may be called a fifth as
 * often, and would bring everybody's e-mail address along.
 */

// A guest who becomes a member counts after that. They may act at once.
const trustedMs = 10 * 60_000

// Of those who were seen longer ago: users.info may be called about a hundred times a minute.
const mostAgain = 20

export class Outsiders {
  /** When each was last seen to be one. */
  readonly #seen = new Map<string, number>()

  note(id: string, isMember: boolean, now: Date): void {
    if (isMember) this.#seen.delete(id)
    else this.#seen.set(id, now.getTime())
  }

  /** Whom of these to ask for: first those who may be members, then some who were not for a while. */
  worthAsking(ids: readonly string[], now: Date): readonly string[] {
    const at = (id: string) => this.#seen.get(id) ?? 0
    const again = ids
      .filter((id) => this.#seen.has(id) && Math.abs(now.getTime() - at(id)) >= trustedMs)
      .toSorted((one, other) => at(one) - at(other))
    return [...ids.filter((id) => !this.#seen.has(id)), ...again.slice(0, mostAgain)]
  }
}
