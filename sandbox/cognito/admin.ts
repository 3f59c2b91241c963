/**
 * Looking at users and changing them past the API: what a test arranges and checks, and what an
 * administrator at the AWS console would do.
 */

import { liveCodes } from './codes.ts'
import { isPassword } from './password-hash.ts'
import type { AppClient, Pool, PoolSettings } from './pool.ts'
import { type Mfa, newUser, touch, type User, type UserSeed, type UserStatus } from './user.ts'

/** A user as it is now: a copy, which later changes do not reach. */
export type UserSnapshot = {
  readonly poolId: string
  readonly username: string
  readonly sub: string
  readonly status: UserStatus
  readonly enabled: boolean
  readonly attributes: Readonly<Record<string, string>>
  readonly groups: readonly string[]
  readonly mfa: readonly Mfa[]
  readonly preferredMfa: Mfa | undefined
  readonly createdAt: Date
  readonly lastModified: Date
  /** When the current password was set; undefined without one. */
  readonly passwordSetAt: Date | undefined
  readonly lastSignInAt: Date | undefined
  /** The last step of the latest sign-in that was finished. */
  readonly signedInWith: User['signedInWith']
  /** Refresh tokens that were not revoked; their 30 days are not looked at. */
  readonly sessions: number
  /** Recovery codes that still work: neither spent nor an hour old. */
  readonly liveCodes: number
}

/**
 * What to change; what is absent stays. An attribute set to undefined is removed; groups and factors are
 * replaced as a whole. Nothing is checked, so that states can be arranged which the API would not lead to.
 */
export type UserPatch = {
  readonly status?: UserStatus
  readonly enabled?: boolean
  readonly attributes?: Readonly<Record<string, string | undefined>>
  readonly groups?: readonly string[]
  readonly mfa?: readonly Mfa[]
  readonly preferredMfa?: Mfa
}

/**
 * One pool, from outside. Users are named by username, `sub` or an alias that is active for signing
 * in, as in the API; an unknown name throws the UserNotFoundException that the API would answer with.
 */
export class PoolAdmin {
  readonly #pool: Pool
  readonly #now: () => Date

  constructor(pool: Pool, now: () => Date) {
    this.#pool = pool
    this.#now = now
  }

  get id(): string {
    return this.#pool.id
  }

  get name(): string {
    return this.#pool.name
  }

  get clients(): readonly AppClient[] {
    return this.#pool.clients
  }

  get settings(): PoolSettings {
    return this.#pool.settings
  }

  /** Changes the pool's settings from the next call on; a password policy is replaced as a whole. */
  configure(patch: Partial<PoolSettings>): void {
    this.#pool.settings = { ...this.#pool.settings, ...patch }
  }

  /** Everybody, in the order they were added. */
  users(): UserSnapshot[] {
    return this.#pool.users.map((user) => this.#snapshot(user))
  }

  user(name: string): UserSnapshot {
    return this.#snapshot(this.#pool.require(name))
  }

  /** Adds a user as the seed says, without asking whether the name or the address is taken. */
  add(seed: UserSeed): UserSnapshot {
    const user = newUser(seed, this.#now())
    this.#pool.add(user)
    return this.#snapshot(user)
  }

  /**
   * Changes the user and moves the last-modified date, as any change through the API would. A new
   * list of factors without a preferred one prefers the first.
   */
  update(name: string, patch: UserPatch): UserSnapshot {
    const user = this.#pool.require(name)
    const { attributes = {}, ...fields } = patch
    Object.assign(user, fields)
    if (patch.mfa && !patch.preferredMfa) user.preferredMfa = patch.mfa[0]
    for (const [attribute, value] of Object.entries(attributes)) {
      if (value === undefined) user.attributes.delete(attribute)
      else user.attributes.set(attribute, value)
    }
    touch(user, this.#now())
    return this.#snapshot(user)
  }

  /** Takes the user away and ends their sessions; their name is free for somebody else. */
  remove(name: string): void {
    this.#pool.remove(this.#pool.require(name))
  }

  /**
   * Whether this is the user's current password, even one that is too old to sign in with; leaves no trace,
   * unlike signing in.
   */
  isPassword(name: string, password: string): boolean {
    const [current] = this.#pool.require(name).passwords
    return current !== undefined && isPassword(password, current)
  }

  #snapshot(user: User): UserSnapshot {
    const { username, sub, status, enabled, groups, mfa, preferredMfa } = user
    return {
      poolId: this.#pool.id,
      ...{ username, sub, status, enabled, groups, mfa, preferredMfa },
      attributes: Object.fromEntries(user.attributes),
      createdAt: user.createdAt,
      lastModified: user.lastModified,
      passwordSetAt: user.passwords.length > 0 ? user.passwordSetAt : undefined,
      lastSignInAt: user.lastSignInAt,
      signedInWith: user.signedInWith,
      sessions: this.#pool.sessions.count(user.sub),
      liveCodes: liveCodes(user, this.#now()).length,
    }
  }
}

/** All pools of the simulator. */
export class PoolAdmins {
  readonly #all: readonly PoolAdmin[]

  constructor(pools: readonly Pool[], now: () => Date) {
    this.#all = pools.map((pool) => new PoolAdmin(pool, now))
  }

  all(): readonly PoolAdmin[] {
    return this.#all
  }

  /** By id or name; throws when there is none. */
  get(idOrName: string): PoolAdmin {
    const found = this.#all.find(({ id, name }) => id === idOrName || name === idOrName)
    if (!found) throw new Error(`The sandbox has no user pool ${idOrName}`)
    return found
  }
}
