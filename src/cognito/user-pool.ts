/** One user pool as Rekey reads it: its settings, its users, their groups. Everything here may be repeated. */

import {
  AdminGetUserAuthFactorsCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  DescribeUserPoolCommand,
  GetGroupCommand,
  ListUsersCommand,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Pool } from '../policy/policy.ts'
import type { Account } from '../recovery/model/account.ts'
import type { LastLook } from '../recovery/model/effect.ts'
import { accountOf, contactsOf } from './account.ts'
import type { DigestAddresses } from './address-digest.ts'
import type { Clients } from './client.ts'
import { failureOf, isUserNotFound } from './failures.ts'
import { type PoolSettings, settingsOf } from './pool-settings.ts'
import { type CognitoUser, userOf } from './user.ts'

// DescribeUserPool is shared with the whole AWS account at 15 a second. Five minutes is AWS's own
// advice for how long to keep its answer.
const settingsLifeMs = 5 * 60 * 1000
const pageSize = 60
// Pages can come back empty although there are more, so there has to be an end.
const mostPages = 5

/** A pool with no more users than this can be listed whole in one go. */
export const listableUsers = mostPages * pageSize

export class UserPool {
  readonly config: Pool
  readonly clients: Clients
  readonly #now: () => Date
  readonly #digest: DigestAddresses | undefined
  #described: { readonly at: Date; readonly settings: PoolSettings } | undefined

  constructor(config: Pool, clients: Clients, now: () => Date, digest?: DigestAddresses) {
    this.config = config
    this.clients = clients
    this.#now = now
    this.#digest = digest
  }

  async settings(): Promise<PoolSettings> {
    const at = this.#now()
    const age = this.#described && at.getTime() - this.#described.at.getTime()
    if (this.#described && age !== undefined && age < settingsLifeMs)
      return this.#described.settings
    const answer = await this.clients.read.send(new DescribeUserPoolCommand(this.#pool()))
    if (!answer.UserPool) throw new Error('Cognito described no pool')
    const settings = settingsOf(answer.UserPool)
    this.#described = { at, settings }
    return settings
  }

  /** Has the pool described anew the next time. */
  forget(): void {
    this.#described = undefined
  }

  /** The user by username, `sub` or an alias that is active; undefined where there is none. */
  async user(name: string): Promise<CognitoUser | undefined> {
    try {
      const command = new AdminGetUserCommand({ ...this.#pool(), Username: name })
      return userOf(await this.clients.read.send(command))
    } catch (error) {
      if (isUserNotFound(error)) return undefined
      throw error
    }
  }

  /** @throws ResourceNotFoundException where the pool has no such group */
  async readGroup(name: string): Promise<void> {
    await this.clients.read.send(new GetGroupCommand({ ...this.#pool(), GroupName: name }))
  }

  /** The first users whom the filter finds and `keep` keeps, at most `limit`. May lag behind. */
  async list(
    filter: string | undefined,
    limit: number,
    keep: (user: UserType) => boolean = () => true,
  ): Promise<readonly UserType[]> {
    const found: UserType[] = []
    let token: string | undefined
    for (let page = 0; page < mostPages; page += 1) {
      const answer = await this.clients.read.send(
        new ListUsersCommand({
          ...this.#pool(),
          Filter: filter,
          Limit: pageSize,
          PaginationToken: token,
        }),
      )
      found.push(...(answer.Users ?? []).filter(keep))
      token = answer.PaginationToken
      if (!token || found.length >= limit) break
    }
    return found.slice(0, limit)
  }

  /** The user as an account, with everything that has to be read for it. */
  async account(user: CognitoUser): Promise<Account> {
    const settings = await this.settings()
    const hasPassword = settings.passwordless ? await this.#hasPassword(user) : true
    const findings = {
      pool: { pool: this.config.name, userPoolId: this.config.userPoolId },
      settings,
      user,
      groups: await this.#groups(user),
      surroundings: { appClient: this.config.client !== undefined, hasPassword },
      addresses: this.#digest?.(user),
    }
    return accountOf(findings, this.#now())
  }

  /** As much of the user as there is to see without another call. */
  lookAt(user: CognitoUser): LastLook {
    const addresses = this.#digest?.(user)
    return {
      status: user.status,
      modifiedAt: user.modifiedAt,
      contacts: contactsOf(user),
      ...(addresses !== undefined && { addresses }),
    }
  }

  async #groups(user: CognitoUser): Promise<string[]> {
    const names: string[] = []
    let token: string | undefined
    do {
      const answer = await this.clients.read.send(
        new AdminListGroupsForUserCommand({
          ...this.#pool(),
          Username: user.username,
          Limit: pageSize,
          NextToken: token,
        }),
      )
      names.push(...(answer.Groups ?? []).flatMap(({ GroupName }) => GroupName ?? []))
      token = answer.NextToken
    } while (token)
    return names
  }

  // An operator may well not have granted this one. Then the user passes for one with a password.
  async #hasPassword(user: CognitoUser): Promise<boolean> {
    try {
      const command = new AdminGetUserAuthFactorsCommand({
        ...this.#pool(),
        Username: user.username,
      })
      const { ConfiguredUserAuthFactors: factors } = await this.clients.read.send(command)
      return factors?.includes('PASSWORD') ?? true
    } catch (error) {
      if (failureOf(error).kind === 'configuration') return true
      throw error
    }
  }

  #pool(): { readonly UserPoolId: string } {
    return { UserPoolId: this.config.userPoolId }
  }
}
