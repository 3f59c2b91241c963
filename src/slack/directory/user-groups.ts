/** Who is in which user group, asked of Slack for all of them at once. */

import type { webApi } from '@slack/bolt'
import { readFailure } from '../api/errors.ts'

// usergroups.list may be called about 20 times a minute. Five seconds old is fresh enough for a click
// and keeps a flurry of clicks below that.
const freshMs = 5_000

// While Slack asks for patience: rather approvers of a minute ago than none.
const oldestMs = 60_000

export interface UserGroupsDeps {
  readonly client: webApi.WebClient
  readonly now: () => Date
}

/** The members of each user group that is enabled, by the group's id. */
export type Members = ReadonlyMap<string, readonly string[]>

/** The members, and when Slack was asked for them. */
type Asked = { readonly at: number; readonly members: Members }

export class UserGroups {
  readonly #deps: UserGroupsDeps
  #asking: Promise<Asked> | undefined
  #last: Asked | undefined
  #patience: { readonly until: number; readonly error: unknown } | undefined

  constructor(deps: UserGroupsDeps) {
    this.#deps = deps
  }

  /**
   * Five seconds old at most, and a minute while Slack asks for patience.
   * @throws what Slack answers when it cannot be asked
   */
  async seen(): Promise<Asked> {
    const fresh = this.#youngerThan(freshMs)
    if (fresh !== undefined) return fresh
    if (this.#patience !== undefined && this.#now() < this.#patience.until)
      return this.#oldOr(this.#patience.error)
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  async #ask(): Promise<Asked> {
    const at = this.#now()
    try {
      const members = await enabledGroups(this.#deps.client)
      this.#last = { at, members }
      return this.#last
    } catch (error) {
      const failure = readFailure(error)
      if (failure.kind !== 'slow-down') throw error
      this.#patience = { until: this.#now() + failure.retryAfterMs, error }
      return this.#oldOr(error)
    }
  }

  #oldOr(error: unknown): Asked {
    const old = this.#youngerThan(oldestMs)
    if (old === undefined) throw error
    return old
  }

  #youngerThan(ageMs: number): Asked | undefined {
    const at = this.#last?.at ?? Number.NEGATIVE_INFINITY
    return Math.abs(this.#now() - at) < ageMs ? this.#last : undefined
  }

  #now(): number {
    return this.#deps.now().getTime()
  }
}

/** Slack leaves out the groups that are disabled. A plan without user groups has none. */
async function enabledGroups(client: webApi.WebClient): Promise<Members> {
  try {
    const { usergroups = [] } = await client.usergroups.list({ include_users: true })
    return new Map(
      usergroups.flatMap(({ id, users = [] }) => (id === undefined ? [] : [[id, users] as const])),
    )
  } catch (error) {
    if (hasNoUserGroups(error)) return new Map()
    throw error
  }
}

/** Whether Slack's answer is that the workspace's plan has no user groups. */
export function hasNoUserGroups(error: unknown): boolean {
  const failure = readFailure(error)
  return (
    failure.kind === 'refused' &&
    (failure.error === 'paid_teams_only' || failure.error === 'plan_upgrade_required')
  )
}
