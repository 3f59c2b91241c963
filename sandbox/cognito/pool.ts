/** A simulated user pool: its settings, its app clients, its users and how they are found by a name. */

import type { PasswordPolicy } from './password-policy.ts'
import { resourceNotFound, userNotFound } from './service-exception.ts'
import { Sessions } from './sessions.ts'
import { isFederated, isVerified, newUser, type User, type UserSeed } from './user.ts'

/**
 * One line of AccountRecoverySetting; the lowest priority number comes first. AWS takes one or two of them,
 * priority 1 and 2, and `admin_only` only by itself.
 */
export type RecoveryMechanism = {
  readonly priority: number
  readonly name: 'verified_email' | 'verified_phone_number' | 'admin_only'
}

/**
 * An app client. ENABLED hides from public callers who exists; LEGACY, the default of the API, tells them.
 * Operations that want credentials tell either way.
 */
export type AppClient = {
  readonly id: string
  readonly name: string
  /** With one, public operations want a SECRET_HASH. AWS makes secrets of 24 to 64 characters. */
  readonly secret?: string
  readonly preventUserExistenceErrors: 'LEGACY' | 'ENABLED'
}

/**
 * What DescribeUserPool tells, and, below the empty line, what AWS leaves open or lets vary: there a
 * test chooses which Cognito it wants to meet.
 */
export type PoolSettings = {
  /** For usernames and aliases. On AWS, true is the default of the API, and false that of the console. */
  readonly caseSensitive: boolean
  /** What people sign in with instead of a username; it works unverified, too. Usernames are then a UUID. */
  readonly usernameAttributes: readonly ('email' | 'phone_number')[]
  /** What else people may sign in with. An e-mail or phone has to be verified for it. */
  readonly aliasAttributes: readonly ('email' | 'phone_number' | 'preferred_username')[]
  /** Only described: no operation here sends a verification message. */
  readonly autoVerifiedAttributes: readonly ('email' | 'phone_number')[]
  /** Absent in pools that were made before the setting existed: a verified phone comes first there. */
  readonly recoveryMechanisms?: readonly RecoveryMechanism[] | undefined
  readonly passwordPolicy: PasswordPolicy
  /** Only described: who is asked for a second factor is a matter of the user's own `mfa`. */
  readonly mfaConfiguration: 'OFF' | 'OPTIONAL' | 'ON'
  /** Only described. On AWS, COGNITO_DEFAULT sends 50 messages a day for the whole account. */
  readonly emailSendingAccount: 'COGNITO_DEFAULT' | 'DEVELOPER'
  /** Only described. */
  readonly tier: 'LITE' | 'ESSENTIALS' | 'PLUS'
  /** As DescribeUserPool shows it, such as `{ CustomMessage: 'arn:…' }`; nothing is run. */
  readonly triggers?: Readonly<Record<string, string>>
  /** As DescribeUserPool shows it, such as `SNSSandbox`; messages are sent all the same. */
  readonly smsConfigurationFailure?: string

  /** The hourly budget per user for ForgotPassword and ConfirmForgotPassword; AWS says 5 to 20. */
  readonly attemptsPerHour: number
  /** Whether five wrong passwords lock the user out, for 1 s at first and about 15 minutes at most. */
  readonly signInLockout: boolean
  /** What AdminResetUserPassword does for a user already in RESET_REQUIRED: unknown on AWS. */
  readonly resetAgain: 'sends-code' | 'refused'
  /** Whether a new code makes the earlier ones useless: undocumented on AWS. */
  readonly olderCodes: 'die' | 'live'
}

/** A pool to begin with. Nothing in it is checked; ids and app clients have to differ between pools. */
export type PoolSeed = {
  readonly id: string
  readonly name: string
  readonly settings: PoolSettings
  readonly clients: readonly AppClient[]
  readonly users: readonly UserSeed[]
}

/** Everything that is there when the simulator starts. */
export type CognitoSeed = { readonly pools: readonly PoolSeed[] }

/** A pool at work. Operations change the users in it; its settings change as a whole. */
export class Pool {
  readonly id: string
  readonly name: string
  readonly clients: readonly AppClient[]
  readonly sessions = new Sessions()
  readonly createdAt: Date
  settings: PoolSettings
  #users: User[]

  constructor(seed: PoolSeed, now: Date) {
    this.id = seed.id
    this.name = seed.name
    this.clients = seed.clients
    this.settings = seed.settings
    this.createdAt = now
    this.#users = seed.users.map((user) => newUser(user, now))
  }

  get users(): readonly User[] {
    return this.#users
  }

  add(user: User): void {
    this.#users.push(user)
  }

  remove(user: User): void {
    this.#users = this.#users.filter((each) => each !== user)
    this.sessions.revoke(user.sub)
  }

  /**
   * By username, `sub`, or a name that is active for signing in, in this order. An alias that several users
   * hold belongs to whoever was changed last, as the developer guide gives it to whoever verified it last. A
   * federated user's e-mail is no name.
   */
  find(name: string): User | undefined {
    return (
      this.#users.find((user) => this.#same(user.username, name)) ??
      this.#users.find((user) => user.sub === name) ??
      this.#latest(this.#users.filter((user) => this.#signsInAs(user, name)))
    )
  }

  /** As `find`; throws UserNotFoundException when there is nobody. */
  require(name: string): User {
    const user = this.find(name)
    if (!user) throw userNotFound()
    return user
  }

  /** The other users who could already sign in as `name`, by an attribute; usernames are not looked at. */
  othersNamed(name: string, except: User): User[] {
    return this.#users.filter((user) => user !== except && this.#signsInAs(user, name))
  }

  #signsInAs(user: User, name: string): boolean {
    if (isFederated(user)) return false
    const holds = (attribute: string) => this.#same(user.attributes.get(attribute), name)
    return (
      this.settings.usernameAttributes.some(holds) ||
      this.settings.aliasAttributes.some(
        (alias) => holds(alias) && (alias === 'preferred_username' || isVerified(user, alias)),
      )
    )
  }

  // A name held twice belongs to whoever got it last.
  #latest(users: readonly User[]): User | undefined {
    return users.toSorted((a, b) => b.lastModified.getTime() - a.lastModified.getTime())[0]
  }

  #same(one: string | undefined, other: string): boolean {
    if (this.settings.caseSensitive) return one === other
    return one?.toLowerCase() === other.toLowerCase()
  }
}

/** Throws ResourceNotFoundException when there is no such pool. */
export function requirePool(pools: readonly Pool[], id: string): Pool {
  const pool = pools.find((each) => each.id === id)
  if (!pool) throw resourceNotFound(`User pool ${id} does not exist.`)
  return pool
}

/** An app client and the pool it belongs to: public operations name only the former. */
export type ClientOfPool = { readonly pool: Pool; readonly client: AppClient }

/** Throws ResourceNotFoundException when no pool has this app client. */
export function requireClient(pools: readonly Pool[], clientId: string): ClientOfPool {
  for (const pool of pools) {
    const client = pool.clients.find((each) => each.id === clientId)
    if (client) return { pool, client }
  }
  throw resourceNotFound(`User pool client ${clientId} does not exist.`)
}
