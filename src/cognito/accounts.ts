/** cognito/ is the only room that talks to AWS, and it knows what each failure means. */

import type { EffectId, Sub } from '../ids.ts'
import type { SearchTerm } from '../lookup/terms.ts'
import type { Pool } from '../policy/policy.ts'
import type { FoundCognitoGroup, PoolState } from '../policy/references.ts'
import type { AccountRef } from '../recovery/model/account.ts'
import type { Answer, EffectKind, Failure } from '../recovery/model/effect.ts'
import type { Accounts, CallDetails, Inspection, Search } from '../recovery/ports/accounts.ts'
import type { OwnerRecovery } from '../recovery/ports/owner-recovery.ts'
import type { Secret } from '../secret.ts'
import { addressDigester, type DigestAddresses } from './address-digest.ts'
import { type ClientOptions, type Clients, openClients } from './client.ts'
import { eachOf } from './concurrency.ts'
import { notTried, perform } from './effects.ts'
import { failureOf } from './failures.ts'
import { CognitoOwnerRecovery, type RulesOf } from './owner-recovery.ts'
import { generatePassword } from './password.ts'
import type { PoolSettings } from './pool-settings.ts'
import { search } from './search.ts'
import { UserPool } from './user-pool.ts'

// Cognito's quotas are shared with the application's own users.
const atOnce = 4

export interface CognitoOptions extends ClientOptions {
  readonly pools: readonly Pool[]
  /** The secrets of the pools' app clients, by the name of the pool. */
  readonly clientSecrets?: ReadonlyMap<string, Secret>
  readonly now?: () => Date
  /** With what addresses are digested (`REKEY_SECRET_KEY`); without it they are not. */
  readonly addressKey?: Secret
}

/** The accounts in the policy's user pools. */
export class CognitoAccounts implements Accounts {
  readonly #options: CognitoOptions
  readonly #digest: DigestAddresses | undefined
  readonly #clients = new Map<string, Clients>()
  #pools: ReadonlyMap<string, UserPool> = new Map()
  #secrets: ReadonlyMap<string, Secret> = new Map()

  constructor(options: CognitoOptions) {
    this.#options = options
    this.#digest = options.addressKey && addressDigester(options.addressKey)
    this.serve(options.pools, options.clientSecrets)
  }

  /** From now on these pools and no others. What is under way goes on with the ones before. */
  serve(pools: readonly Pool[], clientSecrets: ReadonlyMap<string, Secret> = new Map()): void {
    this.#pools = new Map(pools.map((pool) => [pool.name, this.#poolOf(pool)]))
    this.#secrets = clientSecrets
  }

  /** Whether each of these pools can be described; nothing is remembered of it. */
  async findings(pools: readonly Pool[]): Promise<ReadonlyMap<string, PoolState>> {
    const states = pools.map(async (pool) => {
      const state = await stateOf(() => this.#poolOf(pool).settings())
      return [pool.name, state] as const
    })
    return new Map(await Promise.all(states))
  }

  /** Whether each of these groups is there; nothing is remembered of it. */
  groupFindings(
    groups: readonly { readonly pool: Pool; readonly group: string }[],
  ): Promise<readonly FoundCognitoGroup[]> {
    return eachOf(groups, atOnce, async ({ pool, group }) => {
      const state = await stateOf(() => this.#poolOf(pool).readGroup(group))
      return { pool: pool.name, group, state }
    })
  }

  search(terms: readonly SearchTerm[]): Promise<Search> {
    return search(terms, [...this.#pools.values()])
  }

  async inspect(poolName: string, sub: Sub): Promise<Inspection> {
    const pool = this.#pools.get(poolName)
    if (!pool) return { kind: 'failed', failure: unknownPool }
    try {
      const user = await pool.user(sub)
      // Somebody else may have taken this sub for a username.
      if (user?.sub !== sub) return { kind: 'gone' }
      return { kind: 'account', account: await pool.account(user) }
    } catch (error) {
      return { kind: 'failed', failure: failureOf(error) }
    }
  }

  /** @throws CognitoUnavailable when the pool's policy cannot be read */
  async newPassword(poolName: string): Promise<Secret> {
    const pool = this.#pools.get(poolName)
    if (!pool) throw new CognitoUnavailable(poolName, unknownPool)
    const { passwordRules } = await settingsOf(pool)
    return generatePassword(passwordRules)
  }

  async perform(
    kind: EffectKind,
    account: AccountRef,
    effect: EffectId,
    more: CallDetails = {},
  ): Promise<Answer> {
    const pool = this.#pools.get(account.pool)
    // The policy may have given the name to another pool since the request was opened.
    if (pool?.config.userPoolId !== account.userPoolId) return notTried('pool-gone', 'UnknownPool')
    const clientSecret = this.#secrets.get(account.pool)
    const answer = await perform({ ...more, kind, pool, account, effect, clientSecret })
    // Its rules are not what they were: the next password is made by those of that moment.
    if (answer.kind === 'refused' && answer.failure.kind === 'password-policy') pool.forget()
    return answer
  }

  /**
   * What the accounts' owners can do for themselves, over the same connections.
   * @param rules where the pools' rules come from, if not from Cognito
   */
  ownerRecovery(rules?: RulesOf): OwnerRecovery {
    const served = () => ({ pools: [...this.#pools.values()], clientSecrets: this.#secrets })
    return new CognitoOwnerRecovery(served, rules)
  }

  /** Lets go of every connection. */
  close(): void {
    for (const { read, write } of this.#clients.values()) {
      read.destroy()
      write.destroy()
    }
  }

  #poolOf(pool: Pool): UserPool {
    const now = this.#options.now ?? (() => new Date())
    return new UserPool(pool, this.#clientsFor(pool.region), now, this.#digest)
  }

  #clientsFor(region: string): Clients {
    const known = this.#clients.get(region)
    if (known !== undefined) return known
    const opened = openClients(region, this.#options)
    this.#clients.set(region, opened)
    return opened
  }
}

/** What it means for a pool, or for what is in it, how asking for it goes. */
async function stateOf(ask: () => Promise<unknown>): Promise<PoolState> {
  try {
    await ask()
    return 'fine'
  } catch (error) {
    const { kind, name } = failureOf(error)
    if (kind === 'pool-gone') return 'unknown'
    return name === 'AccessDeniedException' || name === 'NotAuthorizedException'
      ? 'forbidden'
      : 'unreachable'
  }
}

/** A pool that could not be read, with why; it quotes nothing of what AWS wrote. */
export class CognitoUnavailable extends Error {
  override readonly name = 'CognitoUnavailable'
  readonly failure: Failure

  constructor(pool: string, failure: Failure) {
    super(`the settings of pool ${pool} could not be read: ${failure.name}`)
    this.failure = failure
  }
}

const unknownPool: Failure = { kind: 'pool-gone', name: 'UnknownPool' }

async function settingsOf(pool: UserPool): Promise<PoolSettings> {
  try {
    return await pool.settings()
  } catch (error) {
    throw new CognitoUnavailable(pool.config.name, failureOf(error))
  }
}
